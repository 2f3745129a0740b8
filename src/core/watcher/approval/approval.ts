import { approvalOf, isApprovalOver, withoutApproval } from '../../calendar/approval.ts';
import { secondOf } from '../../calendar/pause.ts';
import type { DecisionInput } from '../../decision/decision-input.ts';
import { decide } from '../../decision/service-decision.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { type AwaitedApproval, hasOpenRun, type Register, withHistory } from '../../register/register.ts';
import { pause, type Routine, readTime } from '../../routine.ts';
import { proposerFor, type WatcherState } from '../state.ts';

/** Time between two watchers that ask for the same approval: about one register change between far regions. */
const askStaggerMs = 150;

/** Whether a person has to be asked, or need not be asked any more. */
export function isApprovalDue(input: DecisionInput): boolean {
  return nextAsked(input, 0, '') !== null;
}

/**
 * Writes into the register that a failover waits for a person, so that all watchers count from one instant; or takes
 * that out again. It is judged again inside the change, from the newest value. The watchers do so one after another.
 *
 * @param inputOf - everything that a decision about a value is made from
 */
export function* keepApproval(
  state: WatcherState,
  service: NamedService,
  inputOf: (register: Register) => DecisionInput,
): Routine<void> {
  const rank = [...state.setup.deployment.controlRegions].sort().indexOf(state.setup.region);
  yield* pause(rank * askStaggerMs);
  const { wallMs, monotonicMs } = yield* readTime();
  const proposer = proposerFor(state, service.name, monotonicMs + service.detection.opinionTtlMs);
  yield* changeRegister(proposer, (current) =>
    current === null ? null : nextAsked(inputOf(current), wallMs, state.setup.region),
  );
}

/** The register as it shall be about an approval; null when it is so. */
function nextAsked(input: DecisionInput, atMs: number, by: string): Register | null {
  const { service, register, wallMs } = input;
  if (hasOpenRun(register)) return null;
  const { epoch } = register;
  if (isApprovalOver(input)) {
    const what = `the failover from ${register.approval?.from} waits for nobody any more`;
    return withHistory(withoutApproval(register), { epoch, atMs, by, what });
  }
  const policy = service.failover.approval;
  const asked = approvalOf(register);
  if (asked !== null) return nextLapsed(register, asked, wallMs, { atMs, by });
  if (policy === undefined || wallMs === undefined) return null;
  if (decide(input).reason !== 'approval-waits') return null;
  const { waitMs, atEnd } = policy;
  const untilMs = waitMs === undefined ? undefined : wallMs + waitMs;
  const until = untilMs === undefined ? '' : ` until ${secondOf(untilMs)}`;
  const what = `the failover from ${register.active} waits for approval${until}`;
  const approval = {
    from: register.active,
    askedMs: wallMs,
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(atEnd === undefined || atEnd === 'go' ? {} : { atEnd }),
  };
  return withHistory({ ...register, approval }, { epoch, atMs, by, what });
}

/** The register once nobody has approved in time what does not go by itself then; null while there is no such news. */
function nextLapsed(
  register: Register,
  asked: AwaitedApproval,
  wallMs: number | undefined,
  { atMs, by }: { readonly atMs: number; readonly by: string },
): Register | null {
  const { from, untilMs, atEnd, lapsedMs, approvedBy } = asked;
  if (atEnd === undefined || approvedBy !== undefined || lapsedMs !== undefined) return null;
  if (untilMs === undefined || wallMs === undefined || wallMs < untilMs) return null;
  const end = atEnd === 'drop' ? 'it is dropped' : 'it is held';
  const what = `nobody approved the failover from ${from} until ${secondOf(untilMs)}: ${end}`;
  return withHistory(
    { ...register, approval: { ...asked, lapsedMs: wallMs } },
    { epoch: register.epoch, atMs, by, what },
  );
}
