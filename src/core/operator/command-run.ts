import { newEvent } from '../alerting/event.ts';
import { groupViewOf } from '../decision/group-view.ts';
import { noKnowledge } from '../detection/site-knowledge.ts';
import { type Deployment, majorityOf } from '../model/deployment.ts';
import type { NamedService } from '../model/service.ts';
import { makeMark, noBallot } from '../register/ballot.ts';
import { changeRegister, type Proposer } from '../register/proposer.ts';
import { majorityAmong } from '../register/quorum.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { unfinishedSteps } from '../register/run.ts';
import { call, pause, type Routine, random, readTime, type TimeReading } from '../routine.ts';
import { composeServiceView } from '../tables/service-view.ts';
import { leaseWaitMs, longestShiftMs } from '../timing.ts';
import { type Command, obey } from './command.ts';
import type { CommandContext, CommandOutcome } from './command-outcome.ts';
import type { OperatorResult } from './result.ts';
import { type DeploymentView, noRegister, readDeployment, readTables } from './table-survey.ts';

/**
 * Has a command judged and, when it is accepted, written to the register; then waits for the run it opened, if asked
 * to.
 *
 * @param by - name of the operator, for the history
 */
export function* giveCommand(
  deployment: Deployment,
  service: NamedService,
  command: Command,
  by: string,
  isWaiting: boolean,
): Routine<OperatorResult> {
  const begun = yield* readTime();
  const deploymentView = needsKnowledge(command) ? yield* readDeployment(deployment) : null;
  const mark = makeMark('operator', Math.floor((yield* random()) * 36 ** 8).toString(36), 1);
  const { wallMs } = yield* readTime();
  let outcome: CommandOutcome = {
    outcome: 'refused',
    message: `${service.name}: ${noRegister}; "cdk-failover status ${service.name}" says which`,
  };

  let before: Register | null = null;

  const change = yield* changeRegister(
    { service: service.name, regions: deployment.controlRegions, mark, floor: noBallot, ...ageLimit(begun) },
    (current) => {
      if (current === null || hasOwnMark(current, outcome)) return null;
      before = current;
      outcome = obey(command, contextOf(deployment, service, current, deploymentView, by, wallMs));
      return outcome.outcome === 'accepted' ? outcome.register : null;
    },
  );
  if (change.outcome === 'outdated') return outdated(service.name);
  if (change.outcome === 'no-majority' || change.outcome === 'contended') return unanswered(change, deploymentView);
  // The change function ran in this call, which the type checker cannot see.
  const judged = outcome as CommandOutcome;
  if (judged.outcome !== 'accepted') {
    return {
      exit: judged.outcome === 'unchanged' ? 0 : judged.isMistake ? 2 : 1,
      message: judged.message,
      json: { outcome: judged.outcome, message: judged.message },
    };
  }
  yield* call('log', {
    event: newEvent('operator-command', service.name, `${by}: ${judged.message}`, { data: { verb: command.verb } }),
  });
  if (!isWaiting || !hasBegunRun(judged.register, before))
    return { exit: 0, message: judged.message, json: { outcome: 'accepted', message: judged.message } };
  return yield* awaitRun(deployment, service, judged.register, judged.message);
}

/**
 * What a command on a register is judged by.
 *
 * @param deploymentView - what was read of the sites; null where the command needs none of it
 */
function contextOf(
  deployment: Deployment,
  service: NamedService,
  register: Register,
  deploymentView: DeploymentView | null,
  by: string,
  wallMs: number,
): CommandContext {
  const { knowledge = noKnowledge, testimonies, disputes = [] } = deploymentView?.serviceViews[service.name] ?? {};
  const group = groupViewOf(deployment, service.name, ({ name }) => deploymentView?.serviceViews[name] ?? null);
  const stopwatches = deploymentView?.stopwatches ?? {};
  const votersMs = votersTimeMs(register, deploymentView);
  return { service, register, knowledge, testimonies, stopwatches, group, disputes, by, wallMs, votersMs };
}

/** The time by the clocks of a majority of the voters; null where fewer are heard. */
function votersTimeMs({ voters }: Register, view: DeploymentView | null): number | null {
  const heard = voters.filter(({ region }) => view?.items[region] !== undefined);
  return heard.length < majorityAmong(voters.length) ? null : (view?.wallMs ?? null);
}

/**
 * Judges a command without giving it: the outcome if nothing changes until it is given. Null while the register cannot
 * be read.
 */
export function previewCommand(
  deployment: Deployment,
  service: NamedService,
  command: Command,
  by: string,
  deploymentView: DeploymentView,
): CommandOutcome | null {
  const view = deploymentView.serviceViews[service.name]?.register;
  if (view === undefined || !('register' in view)) return null;
  return obey(command, contextOf(deployment, service, view.register, deploymentView, by, deploymentView.wallMs ?? 0));
}

/**
 * Longest time from a person's command to its effect. Source: our own; it is enough for reading the watchers' opinions
 * and for two calls to a slow table, and short enough that the person still waits for the effect.
 */
export const commandAgeMsMax = 60_000;

/** The deadlines until which a command may take effect, on both clocks of the operator's machine. */
export function ageLimit({ monotonicMs, wallMs }: TimeReading): Pick<Proposer, 'deadlineMs' | 'deadlineWallMs'> {
  return { deadlineMs: monotonicMs + commandAgeMsMax, deadlineWallMs: wallMs + commandAgeMsMax };
}

/**
 * The answer when a command is too old. A laptop that slept in the middle of a command must not carry it out with what
 * it had read before.
 */
function outdated(service: string): OperatorResult {
  const message = `given up: more than ${commandAgeMsMax / 1_000} s have passed since the command was given, for example because this machine slept; look with "cdk-failover status ${service}", then give the command again`;
  return { exit: 1, message, json: { outcome: 'outdated', message } };
}

/** Whether a command has opened a run, or opened one again. */
function hasBegunRun(register: Register, before: Register | null): boolean {
  const { run } = register;
  return hasOpenRun(register) && (run?.epoch !== before?.run?.epoch || run?.attempt !== before?.run?.attempt);
}

/** Whether the register already holds this command's own result: its line is in the history. */
function hasOwnMark(current: Register, outcome: CommandOutcome): boolean {
  const own = outcome.outcome === 'accepted' ? outcome.register.history[0] : undefined;
  if (own === undefined) return false;
  return current.history.some(
    (line) => line.by === own.by && line.atMs === own.atMs && line.epoch === own.epoch && line.what === own.what,
  );
}

/** Whether a command needs what the watchers say: a move and a release do, and a pause that ends by their clocks. */
function needsKnowledge(command: Command): boolean {
  return (
    command.verb === 'switchover' ||
    command.verb === 'plan-switchover' ||
    command.verb === 'failover' ||
    command.verb === 'failback' ||
    command.verb === 'release' ||
    command.verb === 'continue' ||
    command.verb === 'skip' ||
    (command.verb === 'pause' && command.forMs !== undefined) ||
    (command.verb === 'maintenance' && command.isOn)
  );
}

function unanswered(
  change: { readonly outcome: string; readonly detail?: string },
  deploymentView: DeploymentView | null,
): OperatorResult {
  const silent = Object.keys(deploymentView?.silent ?? {}).join(', ');
  const message =
    change.outcome === 'contended'
      ? 'others kept changing the register at the same time; nothing was changed, try again'
      : `no majority of state tables answers (${change.detail ?? silent}), and without one nothing can be changed; whether the command still took effect is not known, look with "cdk-failover status"`;
  return { exit: 1, message, json: { outcome: change.outcome, message } };
}

/** Pause between two looks at a run. */
const runPauseMs = 250;

/** Waits for the run that a command opened; a watcher carries it out. */
function* awaitRun(
  deployment: Deployment,
  service: NamedService,
  opened: Register,
  accepted: string,
): Routine<OperatorResult> {
  const { epoch } = opened;
  const shiftMs = longestShiftMs(service, opened.run ?? { from: opened.active, to: opened.active });
  const limitMs = 2 * shiftMs + leaseWaitMs(service) + service.detection.opinionTtlMs * 4;
  const deadlineMs = (yield* readTime()).monotonicMs + limitMs;
  let passedOver: readonly string[] = [];
  let holder: string | null = null;
  while ((yield* readTime()).monotonicMs < deadlineMs) {
    yield* pause(runPauseMs);
    const { views, unreachable } = yield* readTables(deployment, [service], passedOver);
    // A table that did not answer within its deadline would slow down every read while a majority does without it.
    const dark = [...passedOver, ...unreachable];
    passedOver = Object.keys(views).length >= majorityOf(deployment) ? dark : [];
    const view = composeServiceView(deployment, service, views, {}).register;
    const run = 'register' in view ? view.register.run : null;
    holder = run?.holder?.region ?? holder;
    if (run === null || view.kind !== 'decided' || (run.epoch === epoch && run.state === 'running')) continue;
    if (run.epoch !== epoch) return ended(1, accepted, `epoch ${run.epoch} has begun meanwhile`, run);
    const failed = run.steps.filter((step) => step.state === 'failed').map((step) => `${step.name}: ${step.detail}`);
    if (run.state !== 'done') return ended(1, accepted, `failed: ${failed.join('; ')}`, run);
    // What a person has skipped is missing as it was asked for.
    const partial = unfinishedSteps(run).filter(({ state }) => state !== 'skipped');
    const missing = partial.map(({ name, resource, detail }) => `; ${name} of ${resource} is not done: ${detail}`);
    return ended(missing.length === 0 ? 0 : 1, accepted, `done: ${run.to} is active${missing.join('')}`, run);
  }
  const passed = `after ${Math.round(limitMs / 1_000)} s`;
  const how =
    holder === null
      ? `not begun ${passed}: no watcher has taken it up; it stands, and the first watcher that runs carries it out. "cdk-failover status ${service.name}" shows the watchers`
      : `not finished ${passed}; the watcher of ${holder} carries it out. Watch it with "cdk-failover status ${service.name}"`;
  return ended(1, accepted, how, opened.run);
}

function ended(exit: 0 | 1, accepted: string, how: string, run: Register['run']): OperatorResult {
  return { exit, message: `${accepted}\n${how}`, json: { outcome: exit === 0 ? 'done' : 'failed', message: how, run } };
}
