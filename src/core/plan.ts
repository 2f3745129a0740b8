import { isToday, type Reason, type Situation } from './decision.ts';
import type { NamedService } from './deployment.ts';
import type { RunTimes } from './ledger.ts';
import { type Register, withHistory } from './register/register.ts';
import { endStep, type Run, type RunHolder, type RunKind, readySteps, type Step, type StepName } from './run.ts';

/** A move as it was decided. */
export interface Move {
  readonly kind: RunKind;
  readonly to: string;
  readonly reason: Reason;
  /** Control region or operator. */
  readonly by: string;
  readonly holder: RunHolder | null;
  readonly isDataLossAllowed: boolean;
  readonly times: RunTimes;
}

/**
 * The steps of a move, in order.
 *
 * The old site is fenced before any traffic moves; address and DNS do not wait for each other; people are told while
 * the result is still being verified.
 */
export function planSteps(service: NamedService, from: string, to: string): readonly Step[] {
  const steps: Step[] = [];
  const add = (name: StepName, resource: string, region: string | null, after: readonly StepName[]) =>
    steps.push({ name, resource, region, after, state: 'pending', detail: '' });
  const { address, dns } = service.traffic;
  const origin = service.sites[from];

  if (origin?.fence) add('fence', from, origin.region, []);
  if (address?.instances[to] !== undefined) add('address', address.allocationId, address.region, ['fence']);
  if (dns) add('dns', dns.record, null, ['fence']);
  add('verify', to, null, ['address', 'dns']);
  add('notify', service.name, null, ['address', 'dns']);
  return steps;
}

/**
 * Opens the run of a move: one value with the next epoch, the new active and the journal of every step, so that intent
 * is accepted by a majority before any effect.
 */
export function openRun(service: NamedService, register: Register, move: Move, automatic: Situation | null): Register {
  const epoch = register.epoch + 1;
  const run: Run = {
    kind: move.kind,
    epoch,
    attempt: 1,
    holder: move.holder,
    from: register.active,
    to: move.to,
    reason: move.reason,
    by: move.by,
    isDataLossAllowed: move.isDataLossAllowed,
    steps: planSteps(service, register.active, move.to),
    state: 'running',
    times: move.times,
  };
  const opened: Register = {
    ...register,
    epoch,
    active: move.to,
    // The site that is gone to is not lost, and a site that was left because it failed is, until it has been seen well.
    lost: [
      ...register.lost.filter((site) => site !== move.to && site !== register.active),
      ...(move.kind === 'failover' ? [register.active] : []),
    ],
    block: automatic !== null && move.kind === 'failover' ? { epoch, isAcknowledged: false } : register.block,
    automaticEpochs: automatic === null ? register.automaticEpochs : [...epochsToday(automatic), epoch],
    run,
  };
  const loss = move.isDataLossAllowed ? ', data loss allowed' : '';
  const what = `${move.kind} ${register.active} > ${move.to} (${move.reason}${loss})`;
  return settle(
    service,
    withHistory(opened, { epoch, atMs: move.times.decidedMs, by: move.by, what }),
    move.times.decidedMs,
  );
}

/** Automatic epochs that still count against the daily limit; older ones are forgotten. */
function epochsToday(situation: Situation): readonly number[] {
  return situation.register.automaticEpochs.filter((epoch) => isToday(situation, epoch));
}

/** Notes the end of a step in the register, and everything that follows from it. */
export function settleStep(
  service: NamedService,
  register: Register,
  name: StepName,
  end: { readonly state: 'done' | 'fallback' | 'failed'; readonly detail: string },
  wallMs: number,
): Register {
  if (register.run === null) return register;
  const run = endStep(register.run, name, end.state, end.detail);
  return settle(service, { ...register, run: { ...run, times: timesAfter(run, wallMs) } }, wallMs);
}

/**
 * Does what the register itself does: with DNS by oracle, the moment that nothing is left before the `dns` step, the
 * serving site changes in the same value. The accepted value is the effect; there is nothing to carry out.
 */
function settle(service: NamedService, register: Register, wallMs: number): Register {
  const { run } = register;
  if (run === null || service.traffic.dns?.mode !== 'oracle') return withServing(service, register);
  if (!readySteps(run).some((step) => step.name === 'dns')) return register;
  const ended = endStep(run, 'dns', 'done', `oracles vote for ${run.to}`);
  return { ...register, serving: [run.to], run: { ...ended, times: timesAfter(ended, wallMs) } };
}

/**
 * Without oracles, serving follows the step that moves the traffic once that has ended, however it ended: the register
 * says what shall be, and what could not be moved in time is left to drift repair.
 */
function withServing(service: NamedService, register: Register): Register {
  const { run } = register;
  if (run === null) return register;
  const decisive: StepName = service.traffic.dns ? 'dns' : 'address';
  const isOver = run.steps.some((step) => step.name === decisive && step.state !== 'pending');
  return isOver ? { ...register, serving: [run.to] } : register;
}

function timesAfter(run: Run, wallMs: number): RunTimes {
  const isOver = (names: readonly StepName[]) =>
    run.steps.every((step) => !names.includes(step.name) || step.state !== 'pending');
  const isDone = (name: StepName) => run.steps.some((step) => step.name === name && step.state === 'done');
  return {
    ...run.times,
    fencedMs: run.times.fencedMs ?? (isDone('fence') ? wallMs : null),
    shiftedMs: run.times.shiftedMs ?? (isOver(['address', 'dns']) ? wallMs : null),
    verifiedMs: run.times.verifiedMs ?? (isDone('verify') ? wallMs : null),
  };
}

/**
 * The watchers in the order in which they step forward, to begin a move or to finish one that nobody carries out: the one
 * beside the new active first, then by the deployment's order.
 */
export function heirs(service: NamedService, controlRegions: readonly string[], to: string): readonly string[] {
  const home = service.sites[to]?.region;
  return [...controlRegions].sort((a, b) => Number(b === home) - Number(a === home));
}
