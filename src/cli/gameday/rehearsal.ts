import { serviceOf } from '../../core/model/deployment.ts';
import { type ObservedThing, observeThings, rehearseMove } from '../../core/operator/gameday/rehearsed-move.ts';
import type { RehearsalReport } from '../../core/operator/gameday/report.ts';
import { compareSnapshots, type Snapshot, type Unchanged } from '../../core/operator/gameday/unchanged.ts';
import { readTables } from '../../core/operator/table-survey.ts';
import type { Register } from '../../core/register/register.ts';
import { composeServiceView } from '../../core/tables/service-view.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import type { ProbedSite } from '../show/probe.ts';
import { sawOf } from '../show/probe-words.ts';
import type { Ground } from './ground.ts';
import type { Preparation } from './preparation.ts';

/** What a rehearsal found, and whether the active side is as before. */
export interface Rehearsal {
  readonly report: RehearsalReport;
  readonly unchanged: Unchanged;
}

/**
 * Asks the function of each step to look and to write nothing, and reads the active side before and after.
 *
 * @param to - the standby
 */
export async function rehearse(
  ground: Ground,
  { service, register }: Pick<Preparation, 'service' | 'register'>,
  to: string,
  signal: AbortSignal,
): Promise<Rehearsal> {
  const { target, asking } = ground;
  const before = await takeSnapshot(ground, service.name, signal);
  const facts = factsOf(ground, service.name, register);
  const steps = await runRoutine(rehearseMove(facts, to, target.ports.clock.wallMs()), asking, signal);
  const standby = await ground.probe(service.name, to);
  const after = await takeSnapshot(ground, service.name, signal);
  const unchanged = compareSnapshots(before, after);
  const { outcome, saw } = answerOf(standby);
  return { report: { steps, standby: { site: to, outcome, saw }, active: unchanged.facts }, unchanged };
}

/** Reads what must not change in a rehearsal: the register, every thing at rest, the name, the active site. */
async function takeSnapshot(ground: Ground, service: string, signal: AbortSignal): Promise<Snapshot> {
  const register = await readRegister(ground, service, signal);
  const [things, answers, probed] = await Promise.all([
    register === null ? [] : observe(ground, service, register, signal),
    resolveName(ground, service),
    register === null ? null : ground.probe(service, register.active),
  ]);
  return { register, things, answers, active: answerOf(probed).outcome };
}

function observe(
  ground: Ground,
  service: string,
  register: Register,
  signal: AbortSignal,
): Promise<readonly ObservedThing[]> {
  return runRoutine(observeThings(factsOf(ground, service, register)), ground.asking, signal);
}

function factsOf({ target: { deployment } }: Ground, name: string, register: Register) {
  const { controlRegions } = deployment;
  const service = serviceOf(deployment, name);
  return { service, register, ownRegion: controlRegions[0] ?? '', controlRegions };
}

/** The register as a majority of the tables has it now; null when none answers. */
export async function readRegister({ target }: Ground, name: string, signal: AbortSignal): Promise<Register | null> {
  const { deployment, ports } = target;
  const service = serviceOf(deployment, name);
  const { views } = await runRoutine(readTables(deployment, [service]), ports, signal);
  const { register } = composeServiceView(deployment, service, views, {});
  return 'register' in register ? register.register : null;
}

/** Addresses that the name of a service leads to now; null without a name, or without an answer. */
export async function resolveName({ target, resolve }: Ground, service: string): Promise<readonly string[] | null> {
  const record = target.deployment.services[service]?.traffic.dns?.record;
  if (record === undefined) return null;
  try {
    return (await resolve(record)).addresses;
  } catch {
    return null;
  }
}

function answerOf(probed: ProbedSite | null): Pick<RehearsalReport['standby'], 'outcome' | 'saw'> {
  if (probed === null) return { outcome: 'unknown', saw: 'no probe' };
  const { outcome, probes } = probed;
  const shown = probes.find(({ observation }) => observation.outcome !== 'pass' && outcome !== 'pass') ?? probes[0];
  return {
    outcome,
    saw: shown === undefined ? 'no probe' : `${shown.type} ${shown.target}: ${sawOf(shown.observation)}`,
  };
}
