import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { operate } from '../../core/operator/request.ts';
import type { ServiceStatus } from '../../core/operator/status.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import type { Target as Lost } from '../../scenario/scenario.ts';
import { type StartingState, startingStateOf, whyUnpredictable } from '../../sim/prediction/starting-state.ts';
import { readConfigFile } from '../deploy/config-file.ts';
import { duration } from '../show/layout.ts';
import { type PredictionJson, showPrediction } from '../show/prediction.ts';
import { withProgress } from '../simulate/progress.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { connect, findPlace } from './connection.ts';
import { showWhere, type Where } from './location.ts';
import type { PredictFlags } from './predict-verb.ts';
import { predictEach, seedsDefault } from './predictions.ts';
import type { Target } from './target.ts';

/**
 * Says what would happen now if a region or a site were lost: reads the real registers, opinions and lags, brings a
 * simulated deployment to the same state, and loses it there. Nothing real is touched.
 *
 * @returns the exit code: 1 when clients of a service would still fail at the end
 * @throws {FailoverError} USAGE for a name that the deployment does not have, TARGET when what is now is not known
 */
export async function predictLoss(flags: PredictFlags, terminal: Terminal): Promise<number> {
  return predictFrom(flags.atRest ? await readAtRest(flags) : await readNow(flags, terminal), flags, terminal);
}

/** The same from a state that is known. */
export async function predictFrom(now: Now, flags: PredictFlags, terminal: Terminal): Promise<number> {
  const { deployment, where, starting } = now;
  const lost = lostNamed(flags.lose, deployment);
  const seeds = flags.seeds ?? seedsDefault;
  const work = predictEach({ deployment, lost, starting }, seeds, terminal.signal);
  const services = await withProgress(terminal, systemClock, work, (ms) => `simulating, ${duration(ms)}`);
  const json: PredictionJson = { deployment: deployment.name, where, lost: flags.lose, starting, seeds, services };
  if (flags.json) printJson(terminal, json);
  else {
    if (where !== null) terminal.out(`${showWhere(deployment.name, where)}\n`);
    terminal.out(`${showPrediction(json, terminal.page)}\n`);
  }
  const failing = Object.values(json.services)
    .flat()
    .some(({ badAtEndPercent }) => badAtEndPercent > 0);
  return failing ? 1 : 0;
}

/** A deployment and what it is in the middle of. */
export interface Now {
  readonly deployment: Deployment;
  /** Null when nothing real was asked. */
  readonly where: Where | null;
  readonly starting: Readonly<Record<string, StartingState>>;
}

async function readAtRest(flags: PredictFlags): Promise<Now> {
  const place = await findPlace({ lab: flags.lab, config: flags.config });
  const deployment = place.kind === 'lab' ? place.lab.deployment : await readConfigFile(place.file);
  return { deployment, where: null, starting: {} };
}

async function readNow(flags: PredictFlags, terminal: Terminal): Promise<Now> {
  const target = await connect({ lab: flags.lab, config: flags.config, signal: terminal.signal });
  try {
    return await readState(target, terminal);
  } finally {
    target.close();
  }
}

/**
 * The state of a deployment that has been found.
 *
 * @throws {FailoverError} TARGET when it is not known, or when a move is under way
 */
export async function readState(target: Omit<Target, 'close' | 'readSilent'>, terminal: Terminal): Promise<Now> {
  const { deployment, where } = target;
  const routine = operate(deployment, { verb: 'status', service: null }, terminal.userName, target.timingProfile);
  const work = runRoutine(routine, target.ports, terminal.signal);
  const { json } = await withProgress(terminal, systemClock, work, (ms) => `reading what is now, ${duration(ms)}`);
  const { services } = json as { readonly services: Readonly<Record<string, ServiceStatus>> };
  for (const [name, status] of Object.entries(services)) {
    const why = whyUnpredictable(status);
    if (why === null) continue;
    throw new FailoverError('TARGET', `${name}: ${why}; wait, or predict from a state of rest with --at-rest`);
  }
  const starting = Object.fromEntries(
    Object.entries(services).map(([name, status]) => [name, startingStateOf(status)]),
  );
  return { deployment, where, starting };
}

/** What a name stands for: a region of the deployment, a site of every service that has it, or `SERVICE/SITE`. */
function lostNamed(name: string, { controlRegions, services }: Deployment): Lost {
  const sites = Object.entries(services).flatMap(([service, each]) =>
    Object.entries(each.sites).map(([site, { region }]) => ({ service, site, region })),
  );
  const regions = new Set([...controlRegions, ...sites.flatMap(({ region }) => region ?? [])]);
  if (regions.has(name)) return { kind: 'region', name };
  const [service, site] = name.includes('/') ? name.split('/') : [null, name];
  const found = sites.find((each) => each.site === site && (service === null || each.service === service));
  if (found !== undefined) return { kind: 'site', service: service ?? null, name: found.site };
  const names = [...new Set(sites.map((each) => each.site))];
  throw new FailoverError(
    'USAGE',
    `--lose ${name}: no region and no site has this name; there are ${[...regions].join(', ')}; ${names.join(', ')}`,
  );
}
