import type { NamedService } from '../model/service.ts';
import { isFenceClosed, possibleWriters } from '../register/owed-fence.ts';
import type { Register } from '../register/register.ts';
import { hasFailedGate, movesActive, obstacleOf, type Run } from '../register/run.ts';
import { reopeningWatch, type Stopwatches } from '../tables/stopwatch.ts';
import { reopenMsMax } from '../timing.ts';
import type { Decision, DecisionInput } from './decision-input.ts';
import { type Ineligibility, ineligibilities } from './eligibility.ts';
import { isEligibleForOthers } from './group-view.ts';
import { stoppedBecause } from './limits.ts';
import { isWriting } from './rejoin.ts';
import { isResting, setbackOf } from './setback.ts';

/** Why a move is taken back. */
const turnBackReasons = ['turned-back', 'failover-undone'] as const;
type TurnBackReason = (typeof turnBackReasons)[number];

/**
 * Decides the return to the site that truly writes, after a move that failed.
 *
 * Such a move has fenced a site that is needed, because no other site can serve. So the return checks neither the
 * health of that site, nor a pause, nor limits. No traffic moves; what was begun is taken back. Once the site is active
 * again, later decisions treat it like any other active site.
 */
export function decideTurnBack(input: DecisionInput): Decision | null {
  const { service, register, knowledge } = input;
  const { run, active, writer, serving } = register;
  if (run === null || run.epoch !== register.epoch || run.state !== 'failed') return null;
  // Of several moves that were taken back, one may have come through, whichever the last one was to leave.
  for (const site of new Set([run.from, ...register.promoting])) {
    const forward = decideForward(input, site);
    if (forward !== null) return forward;
  }
  if (writer !== active && service.sites[writer] !== undefined) {
    // When the run asked nothing of the new site, there is nothing to take back there.
    const isUntouched = hasFailedGate(run) && possibleWriters(register).length === 1;
    const from = isUntouched ? writer : active;
    const reason = wasDown(run) ? 'failover-undone' : 'turned-back';
    return back(from, writer, `the move to ${active} failed and ${writer} still writes`, reason);
  }
  // The data has moved, but the clients have not. The data goes back to the site of the clients, if that site is well
  // and nothing forbids it.
  const [still] = serving;
  const isLeft = run.kind === 'failover' || still === undefined || still === active;
  if (isLeft || knowledge.verdicts[still] !== 'up' || register.pause !== null) return null;
  return back(active, still, `the move to ${active} failed and ${still} still serves`);
}

/**
 * What a closed fence hides, or makes unknown, and what the failed run itself says of the site that it was to leave: no
 * reason against that site.
 */
const madeByMove: readonly Ineligibility[] = [
  'not-up',
  'fence-owed',
  'lag-unknown',
  'lag-over-limit',
  'lost-in-last-failover',
];

/**
 * Decides to go forward again after a move that could not be taken back, by the product or by a person, because its
 * promotion came through after all. Then the old site is down, or still behind its fence, and cannot be promoted.
 * Nobody can write anywhere, while the new site has the data and waits behind its fence. The API of the data must say
 * that it takes writes: a replica is opened, and left to the next decision. The run fences the old site again and lets
 * nothing be lost; where it fails, each further try waits longer.
 *
 * @param to - the site that the failed run was to leave, or another one whose promotion was ordered before
 */
function decideForward(input: DecisionInput, to: string): Decision | null {
  const { service, register, knowledge, group } = input;
  const { run, active, writer, promoting } = register;
  // No move leads to the writer but one that takes another move back.
  const isStuck = run !== null && movesActive(run) && obstacleOf(run)?.name === 'promote' && writer === active;
  if (!isStuck || !promoting.includes(to) || service.sites[to] === undefined) return null;
  // Where its fence lets readers in, the old site is found up behind it.
  const isOff = knowledge.verdicts[active] === 'down' || isFenceClosed(register, active);
  const isRightful = isOff && isWriting(knowledge.reports[to]);
  if (!isRightful || stoppedBecause(input) !== null) return null;
  const faults = ineligibilities(service, register, knowledge, to).filter((fault) => !madeByMove.includes(fault));
  const setback = setbackOf(register, to);
  const isWaiting = setback !== null && isResting(input, setback);
  if (faults.length > 0 || isWaiting || !isEligibleForOthers(group, to)) return null;
  return back(active, to, `the return to ${active} failed, and ${to} was promoted after all`);
}

/** Whether a quorum had called the site down that a run was to leave, before the run cut it off. */
function wasDown({ kind, reason }: Run): boolean {
  return kind === 'failover' && reason !== 'operator';
}

function back(from: string, to: string, detail: string, reason: TurnBackReason = 'turned-back'): Decision {
  return {
    kind: 'move',
    run: 'recover',
    from,
    to,
    serving: [to],
    reason,
    detail,
  };
}

/** Whether the newest run took back a move that failed, so that the active site has served all the time. */
export function isTurnBack({ run, epoch }: Pick<Register, 'run' | 'epoch'>): boolean {
  return run?.epoch === epoch && turnBackReasons.some((reason) => reason === run.reason);
}

/**
 * Whether the active site was well before it was cut off, and its return waits for the fence of another site. Any move
 * would meet that fence, so the return is tried again, and no site further away.
 */
export function isReturnFenced(register: Pick<Register, 'epoch' | 'run'>): boolean {
  const { run } = register;
  if (run === null || !isTurnBack(register) || run.reason === 'failover-undone') return false;
  return run.state === 'failed' && obstacleOf(run)?.name === 'fence';
}

/**
 * Whether the active site was behind its own fence until a moment ago, so that its probes say nothing of it yet. No
 * site is left for its own fence. One that was down before it was cut off is another matter: it has had its time.
 *
 * A fence that cannot be opened is waited for no longer than one that can: then the site is judged like any other.
 */
export function isReopening(
  service: Pick<NamedService, 'name' | 'detection' | 'failover'>,
  register: Pick<Register, 'epoch' | 'active' | 'opening' | 'run'>,
  stopwatches: Stopwatches,
): boolean {
  if (isTurnBack(register) && register.run?.reason === 'failover-undone') return false;
  const sinceMs = stopwatches[reopeningWatch(service.name, register.epoch)];
  return sinceMs === undefined ? register.opening.includes(register.active) : sinceMs < reopenMsMax(service);
}
