import { lastResortName, sitesByPriority } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import { isShut, type RunKind } from '../register/run.ts';
import { canShiftInParts, rampPercent } from '../register/share.ts';
import { sharesWatch, upWatch } from '../tables/stopwatch.ts';
import type { SizeBasis } from './capacity.ts';
import { type Decision, type DecisionInput, hold } from './decision-input.ts';
import { demandOf } from './demand.ts';
import { forbiddenBecause } from './limits.ts';
import { percentsJoined, percentsLeft, type SharePlanInput } from './share-plan.ts';

/** Least part of a site's full share that is worth a run. Source: our own; less is within the noise of load reports. */
const gainPercentMin = 5;

/**
 * Decides about an active-active service: who leaves the pool, who comes back.
 *
 * A site that a quorum calls down is withdrawn, the last by priority first, as far as the rest can carry the demand. The
 * pool is never emptied: with every serving site down all stay (`fail-open`), or the static endpoint takes over where the
 * service asks for that. Sites come back when they have been up for `failback.healthyForMs`, whether or not a dead one can
 * leave; only coming back counts against the daily limit, so a flapping site ends outside, not inside.
 *
 * Every move gains: the dead lose traffic, or the living get room. With the same verdicts and the same demand there are
 * therefore only so many moves, and then none (ADR-0010).
 */
export function decidePool(input: DecisionInput): Decision {
  const { service, register, knowledge } = input;
  if (register.pause !== null) return hold('paused', `paused by ${register.pause.by}: ${register.pause.reason}`);
  if (!service.failover.automatic) return hold('manual-only', 'automatic failover is switched off');
  if (register.serving.includes(lastResortName)) return decideReturn(input);
  const areAllDown = Object.keys(service.sites).every((site) => knowledge.verdicts[site] === 'down');
  if (areAllDown && service.failover.allDown === 'last-resort' && service.traffic.dns?.lastResort !== undefined) {
    return toLastResort(register);
  }

  const parties = partiesOf(input);
  const readmission = decideReadmission(input);
  const decisions = [...decideWithdrawals(input, parties), ...(readmission === null ? [] : [readmission])];
  const move = decisions.find(({ kind }) => kind === 'move');
  if (move !== undefined) return move;
  if (parties.hasDown && !parties.isAnyUp) return hold('fail-open', 'no serving site is up; all stay in the pool');
  return decisions[0] ?? hold(wellReason(input), describe(register));
}

/** Who of those that get traffic has to leave, and who stays. */
interface Parties {
  /** Those that are down first, the last by priority first; then those in maintenance. */
  readonly leaving: readonly string[];
  /** By priority. Sites that get traffic though they have left the pool in part only count where no other stays. */
  readonly staying: readonly string[];
  readonly hasDown: boolean;
  readonly isAnyUp: boolean;
}

function partiesOf({ service, register, knowledge }: DecisionInput): Parties {
  const inUse = sitesByPriority(service).filter((site) => rampPercent(register, site) > 0);
  const down = inUse.filter((site) => knowledge.verdicts[site] === 'down');
  const inMaintenance = inUse.filter((site) => register.maintenance.includes(site) && !down.includes(site));
  const leaving = [...down.toReversed(), ...inMaintenance];
  const left = inUse.filter((site) => !leaving.includes(site));
  const inPool = left.filter((site) => register.serving.includes(site));
  const staying = inPool.length > 0 ? inPool : left;
  const isAnyUp = staying.some((site) => knowledge.verdicts[site] === 'up');
  return { leaving, staying, hasDown: down.length > 0, isAnyUp };
}

function wellReason({ register, isActiveSuspected, knowledge }: DecisionInput) {
  if (isActiveSuspected) return 'suspected';
  return register.serving.some((site) => knowledge.verdicts[site] === 'degraded') ? 'degraded' : 'healthy';
}

function describe({ serving }: Register): string {
  return `${serving.join(', ')} serve`;
}

/** All that have to leave at once, where the rest can carry it; else each for itself, as far as the rest can. */
function decideWithdrawals(input: DecisionInput, parties: Parties): readonly Decision[] {
  const { leaving, isAnyUp } = parties;
  const [first] = leaving;
  if (first === undefined || !isAnyUp) return [];
  const after = percentsLeft(planInputOf(input), leaving, sizeToPlanFor(input, leaving));
  const canAllLeave = leaving.every((site) => after[site] === 0);
  return canAllLeave
    ? [withdrawal(input, parties, leaving)]
    : leaving.map((site) => decideWithdrawal(input, parties, site));
}

/** Takes a site out of the pool, as far as those that are well can carry what it carries. */
function decideWithdrawal(input: DecisionInput, parties: Parties, site: string): Decision {
  const before = rampPercent(input.register, site);
  const after = percentsLeft(planInputOf(input), [site], sizeToPlanFor(input, [site]))[site] ?? 0;
  const isWorthIt = after === 0 || (canShiftInParts(input.service) && before - after >= gainPercentMin);
  if (isWorthIt) return withdrawal(input, parties, [site]);
  const rest = parties.staying.join(', ');
  return hold('over-capacity', `${rest} cannot carry what ${site} carries: ${after} % of its share has to stay`);
}

/** What has left in part waits for the others to have grown; before that it is enough that they will. */
function sizeToPlanFor({ register }: DecisionInput, leaving: readonly string[]): SizeBasis {
  return leaving.some((site) => rampPercent(register, site) < 100) ? 'present' : 'full';
}

function withdrawal(
  { register, knowledge }: DecisionInput,
  { staying }: Parties,
  leaving: readonly string[],
): Decision {
  const [from = ''] = leaving;
  const up = staying.filter((site) => knowledge.verdicts[site] === 'up');
  const [to = from] = up;
  const isKept = (site: string) => register.serving.includes(site) && !leaving.includes(site);
  const serving = [...register.serving.filter(isKept), ...up.filter((site) => !register.serving.includes(site))];
  const what = register.maintenance.includes(from) ? 'is in maintenance' : 'is down for a quorum';
  if (isFailedAlready(register, 'withdraw', serving)) {
    return hold('over-capacity', `the run that withdraws ${leaving.join(', ')} failed, and is tried again`);
  }
  return { kind: 'move', run: 'withdraw', from, to, serving, reason: 'site-down', detail: `${from} ${what}` };
}

/** Sites that have been well for long enough come back, all of them together, as far as they can carry what they get. */
function decideReadmission(input: DecisionInput): Decision | null {
  const { service, register, knowledge, stopwatches } = input;
  const { failback } = service;
  const isIn = (site: string) => register.serving.includes(site) && rampPercent(register, site) >= 100;
  const waiting = sitesByPriority(service).filter(
    (site) => !isIn(site) && !register.maintenance.includes(site) && knowledge.verdicts[site] === 'up',
  );
  if (waiting.length === 0 || failback.mode === 'manual') return null;
  const ready = waiting.filter((site) => (stopwatches[upWatch(service.name, site)] ?? 0) >= failback.healthyForMs);
  const [to] = ready;
  const seconds = failback.healthyForMs / 1_000;
  if (to === undefined) return hold('warming-up', `${waiting.join(', ')} must be up for ${seconds} s`);
  const after = percentsJoined(planInputOf(input), ready, 'full');
  const gains = ready.map((site) => (after[site] ?? 0) - rampPercent(register, site));
  const isWhole = ready.every((site) => !canShiftInParts(service) || after[site] === 100);
  if (!isWhole && Math.max(...gains) < gainPercentMin) {
    return hold('over-capacity', `${ready.join(', ')} get all that they can carry`);
  }
  const serving = sitesByPriority(service).filter((site) => ready.includes(site) || register.serving.includes(site));
  const sinceMs = stopwatches[sharesWatch(service.name, register)] ?? 0;
  if (isFailedAlready(register, 'readmit', serving) && sinceMs < failback.healthyForMs) {
    return hold('turned-back', `${ready.join(', ')} came back in vain; tried again after ${seconds} s`);
  }
  const forbidden = forbiddenBecause({ ...input, register: { ...register, block: null } });
  if (forbidden !== null) return forbidden;
  return {
    kind: 'move',
    run: 'readmit',
    from: register.active,
    to,
    serving,
    reason: 'site-back',
    detail: `${ready.join(', ')} up for ${seconds} s`,
  };
}

/** Whether the newest run was this one, and moved nothing. */
function isFailedAlready({ run, epoch, ...now }: Register, kind: RunKind, serving: readonly string[]): boolean {
  if (run === null || run.epoch !== epoch || run.kind !== kind) return false;
  const hasMoved = now.serving.join() === run.serving.join();
  return run.state === 'failed' && isShut(run) && !hasMoved && run.serving.join() === serving.join();
}

function planInputOf(input: DecisionInput): SharePlanInput {
  return { service: input.service, shares: input.register, knowledge: input.knowledge, demand: demandOf(input) };
}

function toLastResort({ active }: Register): Decision {
  return {
    kind: 'move',
    run: 'last-resort',
    from: active,
    to: active,
    serving: [lastResortName],
    reason: 'all-down',
    detail: 'every site is down; clients are sent to the static endpoint',
  };
}

/** While the static endpoint serves: back to all sites that are up. */
function decideReturn({ service, register, knowledge }: DecisionInput): Decision {
  const up = sitesByPriority(service).filter(
    (site) => knowledge.verdicts[site] === 'up' && !register.maintenance.includes(site),
  );
  const [first] = up;
  if (first === undefined) return hold('all-down', 'every site is down; the static endpoint serves');
  return {
    kind: 'move',
    run: 'recover',
    from: register.active,
    to: first,
    serving: up,
    reason: 'site-back',
    detail: `${up.join(', ')} are up again`,
  };
}
