import { join } from 'node:path';
import { systemClock } from '../../adapters/system/clock.ts';
import { costOf } from '../../config/cost/cost.ts';
import { FailoverError } from '../../core/errors.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import type { NamedService } from '../../core/model/service.ts';
import { tunePage } from '../../dashboard/tune-page.ts';
import { adviseFrom, grid, type PricedTrial, type Setting, type Trial, Tuning } from '../../sim/noise/tuning.ts';
import { makeFolder, writeText } from '../lab/out-folder.ts';
import type { TuneFlags } from '../program.ts';
import { duration } from '../show/layout.ts';
import { showTuning, type TuningJson } from '../show/tuning.ts';
import { ProgressLine } from '../simulate/progress.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { readConfigFile } from './config-file.ts';

/** Days of noise for each setting: enough to tell ten false moves in a hundred days from none. */
const daysDefault = 10;
const outDefault = 'out';
/** Failures in a row of the way that is put beside all others. Source: Route 53's and HAProxy's defaults. */
const plainFallCount = 3;
/** Deadline of a probe for a service whose probes have none of their own; the schema's default. */
const timeoutMsDefault = 1_500;

/**
 * Tries detection settings for a service on simulated noise and faults, beside what the service has now: how soon each
 * sees a fault, how often it moves for nothing, and what it costs. Writes a page with a plot.
 *
 * @returns the exit code, 0
 * @throws {FailoverError} CONFIG when the file cannot be used, USAGE for a service that is not there
 */
export async function tune(
  file: string,
  service: string | undefined,
  flags: TuneFlags,
  terminal: Terminal,
): Promise<number> {
  const deployment = await readConfigFile(file);
  const chosen = chosenService(deployment, service);
  const days = flags.days ?? daysDefault;
  const out = flags.out ?? outDefault;
  await makeFolder(out);
  const tuning = new Tuning(detectorOf(deployment, chosen), days);
  const price = async (setting: Setting): Promise<PricedTrial> => ({
    ...(await tryIt(tuning, setting, terminal.signal)),
    listUsd: costOf(withDetection(deployment, chosen, setting)).listUsd,
  });
  const { intervalMs, fallCount, suspectIntervalMs, minDownMs } = chosen.detection;
  const now = await price({ intervalMs, fallCount, suspectIntervalMs, minDownMs });
  // As most checkers do it: so many ticks in a row, and nothing between them.
  const plain = await price({ intervalMs, fallCount: plainFallCount, suspectIntervalMs: intervalMs, minDownMs: 0 });
  const progress = new ProgressLine(terminal, systemClock);
  const trials: PricedTrial[] = [];
  for (const setting of grid) {
    progress.show((ms) => `${trials.length} of ${grid.length} settings, ${duration(ms)}`);
    trials.push(await price(setting));
  }
  progress.clear();
  const page = join(out, 'tune.html');
  const json: TuningJson = {
    deployment: deployment.name,
    service: chosen.name,
    days,
    now,
    plain,
    advice: adviseFrom(now, trials),
    trials,
    page,
  };
  await writeText(page, tunePage({ ...json, named: { now, 'three plain ticks': plain, ...json.advice } }));
  if (flags.json) printJson(terminal, json);
  else terminal.out(`${showTuning(json, terminal.page)}\n`);
  return 0;
}

/** One trial, in which an interruption is heard at each step. */
async function tryIt(tuning: Tuning, setting: Setting, signal: AbortSignal): Promise<Trial> {
  const steps = tuning.try(setting);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await systemClock.sleep(0, signal);
  }
}

function chosenService(deployment: Deployment, name: string | undefined): NamedService {
  const names = Object.keys(deployment.services);
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  if (chosen !== undefined && names.includes(chosen)) return serviceOf(deployment, chosen);
  const what = name === undefined ? 'name a service' : `unknown service "${name}"`;
  throw new FailoverError('USAGE', `${what}; this deployment has: ${names.join(', ')}`);
}

function detectorOf({ controlRegions }: Deployment, { detection, sites }: NamedService) {
  const timeouts = Object.values(sites).flatMap(({ probes }) =>
    probes.flatMap((probe) => ('timeoutMs' in probe ? [probe.timeoutMs] : [])),
  );
  return {
    detection,
    watcherCount: controlRegions.length,
    quorum: detection.quorum,
    timeoutMs: timeouts.length === 0 ? timeoutMsDefault : Math.max(...timeouts),
  };
}

function withDetection(deployment: Deployment, { name, detection, ...service }: NamedService, setting: Setting) {
  const changed = { ...service, detection: { ...detection, ...setting } };
  return { ...deployment, services: { ...deployment.services, [name]: changed } };
}
