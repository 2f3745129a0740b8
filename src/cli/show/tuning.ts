import { durationText } from '../../config/schema/duration.ts';
import type { Advice, PricedTrial, Setting } from '../../sim/noise/tuning.ts';
import { columns, duration, type Page, plainPage, plural, wrapAll } from './layout.ts';

/** What `cdk-failover tune --json` prints. */
export interface TuningJson {
  readonly deployment: string;
  readonly service: string;
  /** Simulated days of noise. */
  readonly days: number;
  readonly now: PricedTrial;
  /** Three ticks in a row at the present interval, without suspicion. */
  readonly plain: PricedTrial;
  readonly advice: Advice;
  readonly trials: readonly PricedTrial[];
  /** File with the plot and all settings. */
  readonly page: string;
}

const meanings: { readonly [K in keyof Advice]: string } = {
  quicker: 'sees a kill soonest, with no more false moves than now',
  calmer: 'fewest false moves, and sees a kill no later than now',
  cheaper: 'costs least, with no more false moves, and at most half as slow again',
};

/** The present setting, the best others as YAML, and where the plot is. */
export function showTuning(tuning: TuningJson, { width }: Page = plainPage): string {
  const { service, days, now, plain, advice, trials, page } = tuning;
  const names = Object.keys(meanings) as (keyof Advice)[];
  const found = names.flatMap((name) => {
    const trial = advice[name];
    return trial === null ? [] : [{ name, trial }];
  });
  const head = ['', 'kill', 'hang', 'false moves in 100 days', 'a month'];
  const rows = [{ name: 'three plain ticks', trial: plain }, { name: 'now', trial: now }, ...found].map(
    ({ name, trial }) => [
      name,
      duration(trial.killMs),
      duration(trial.hangMs),
      trial.falseMovesIn100Days.toFixed(0),
      `$${trial.listUsd.toFixed(2)}`,
    ],
  );
  const text = [
    `${service}: ${trials.length} settings on ${plural(days, 'simulated day')} of noise and on the same faults`,
    '',
    columns([head, ...rows], '  ', width),
    '',
    ...(found.length === 0
      ? ['No other setting is better by one measure and no worse by the others.']
      : found.map(({ name, trial }) => `${name}: ${meanings[name]}\n  detection: ${yamlOf(trial.setting)}`)),
    '',
    'The noise is ours: errors of 1 to 30 %, blips of 0.5 to 3 s and rolling restarts, about every ten minutes.',
    'A service in peace sees less of it, so compare the figures with each other. Then: cdk-failover validate',
    `Picture: ${page}`,
  ].join('\n');
  return wrapAll(text, width);
}

function yamlOf({ intervalMs, fallCount, suspectIntervalMs, minDownMs }: Setting): string {
  const parts = [
    `intervalMs: ${durationText(intervalMs)}`,
    `fallCount: ${fallCount}`,
    `suspectIntervalMs: ${durationText(suspectIntervalMs)}`,
    `minDownMs: ${durationText(minDownMs)}`,
  ];
  return `{ ${parts.join(', ')} }`;
}
