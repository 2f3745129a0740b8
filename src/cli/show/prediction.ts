import { describePlanned } from '../../core/calendar/planned-words.ts';
import type { ServiceOutcome } from '../../sim/prediction/prediction.ts';
import type { StartingState } from '../../sim/prediction/starting-state.ts';
import { bootMsDefault, promotionMsDefault } from '../../sim/world/sites.ts';
import { quantile } from '../drill/quantile.ts';
import type { Where } from '../operator/location.ts';
import { duration, type Page, plainPage, plural, wrap, wrapAll } from './layout.ts';

/** What `cdk-failover predict --json` prints. */
export interface PredictionJson {
  readonly deployment: string;
  /** Where the state was read; null with `--at-rest`. */
  readonly where: Where | null;
  readonly lost: string;
  readonly starting: Readonly<Record<string, StartingState>>;
  readonly seeds: number;
  /** An outcome a seed, by service. */
  readonly services: Readonly<Record<string, readonly ServiceOutcome[]>>;
}

/** What would happen, a block a service: where it goes, how long clients wait, what is lost. */
export function showPrediction(json: PredictionJson, page: Page = plainPage): string {
  const { lost, where, starting, seeds, services } = json;
  const from = where === null ? 'a state of rest' : 'what is now';
  const limits = [
    `Simulated are AWS and the sites, with a boot of ${duration(bootMsDefault)}, or of bootMs where that is less,`,
    `and a promotion of ${duration(promotionMsDefault)}. What a site can carry, how long its data takes, and what else`,
    'fails with a region is not known to the simulation: rehearse it by a game day.',
  ];
  const text = [
    `If ${lost} were lost, from ${from} (simulated ${plural(seeds, 'time')}; nothing was touched):`,
    ...Object.entries(services).map(([name, outcomes]) => showService(name, outcomes, starting[name])),
    '',
    ...(Number.isFinite(page.width) ? [wrap(limits.join(' '), page.width, '')] : limits),
  ].join('\n');
  return wrapAll(text, page.width);
}

function showService(name: string, outcomes: readonly ServiceOutcome[], start: StartingState | undefined): string {
  const moved = outcomes.filter(({ decidedMs }) => decidedMs !== null);
  const lines =
    moved.length === 0 ? showStaying(outcomes) : [...showMoves(moved), ...showRest(outcomes.length - moved.length)];
  const failing = outcomes.filter(({ badAtEndPercent }) => badAtEndPercent > 0);
  const [worst] = [...failing].sort((a, b) => b.badAtEndPercent - a.badAtEndPercent);
  const blocked = start === undefined || start.blockLeftMs === 0 ? null : duration(start.blockLeftMs);
  return [
    `  ${name}`,
    ...lines,
    ...(worst === undefined
      ? []
      : [`    ${Math.round(worst.badAtEndPercent)} % of requests fail in the end: ${worst.detail}`]),
    ...(blocked === null
      ? []
      : [`    for ${blocked} more no automatic move goes back to a site that was left (cdk-failover ack ends that)`]),
    ...(start?.planned === undefined
      ? []
      : [`    without the ${describePlanned(start.planned)}; a failover before that makes it void`]),
  ].join('\n');
}

function showStaying(outcomes: readonly ServiceOutcome[]): readonly string[] {
  const [first] = outcomes;
  const worstMs = Math.max(...outcomes.map(({ lastBadMs }) => lastBadMs));
  const felt = worstMs === 0 ? 'no client notices' : `bad answers for up to ${duration(worstMs)}`;
  return [`    stays at ${first?.from.join(', ')}; ${felt}`];
}

function showMoves(moved: readonly ServiceOutcome[]): readonly string[] {
  const targets = [...new Set(moved.map(({ to }) => to.join(', ')))].join(' or ');
  const decided = moved.map(({ decidedMs }) => decidedMs ?? 0);
  const bad = moved.map(({ lastBadMs }) => lastBadMs);
  const losses = moved.flatMap(({ lossMs }) => (lossMs === null ? [] : [lossMs]));
  const spread = (values: readonly number[]) =>
    `${duration(quantile(values, 0.5))} (median; ${duration(Math.max(...values))} at worst)`;
  return [
    `    ${moved[0]?.from.join(', ')} -> ${targets}`,
    `    decided after ${spread(decided)}, good answers after ${spread(bad)}`,
    ...(losses.length === 0 ? [] : [`    at most the writes of the last ${duration(Math.max(...losses))} are lost`]),
  ];
}

function showRest(count: number): readonly string[] {
  return count === 0 ? [] : [`    in ${plural(count, 'case')} of them it stays where it is`];
}
