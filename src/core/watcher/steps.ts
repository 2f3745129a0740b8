import type { NamedService } from '../deployment.ts';
import { type Happening, happen } from '../happening.ts';
import { addressFor, isolationFor, type Order, type Placed, recordFor, type StepReport } from '../order.ts';
import { type Answer, call, inParallel, pause, type Routine, random, unfinished } from '../routine.ts';
import { type Run, type Step, type StepState, tokenOf } from '../run.ts';
import { leaseWaitMs, verifyLimitMs } from '../timing.ts';

/** How a step ended; `stale` means that another watcher has the run now and this one must stop. */
export type StepEnd =
  | { readonly state: Exclude<StepState, 'pending'>; readonly detail: string }
  | { readonly state: 'stale'; readonly detail: string };

/** How a step tells of what went wrong on the way. */
export type Tell = (happening: Happening) => Routine<void>;

function* silently(): Routine<void> {}

/** Upper end of the first random pause between attempts at a step. */
const attemptPauseMs = 200;
const attemptPauseMsMax = 5_000;
/** Pause between two looks at a fence that cannot be reached, and between two verifications. */
const pollMs = 500;

/**
 * Does one step, within its limits. Every step is idempotent: it may have been done already by an earlier holder.
 *
 * @param ageMs - how long the run's epoch has been known, as counted by this watcher and its predecessors
 * @param tell - hears of each attempt that failed
 */
export function* performStep(
  service: NamedService,
  run: Run,
  step: Step,
  ownRegion: string,
  ageMs: () => number,
  tell: Tell = silently,
): Routine<StepEnd> {
  switch (step.name) {
    case 'fence':
      return yield* fenceOldSite(service, run, tell);
    case 'address':
      return yield* moveAddress(service, run, tell);
    case 'dns':
      return yield* editRecord(service, run, ownRegion, tell);
    case 'verify':
      return yield* verifyTraffic(service, run, ageMs);
    case 'notify':
      return yield* notifyPeople(service, run);
  }
}

function orderOf(service: NamedService, run: Run, placed: Placed): Order {
  return { service: service.name, token: tokenOf(run.epoch, run), manner: 'enforce', ...placed.desired };
}

function attemptFailed(service: NamedService, run: Run, { region, desired }: Placed, why: string): Happening {
  const step = desired.kind === 'isolation' ? 'fence' : desired.kind === 'record' ? 'dns' : desired.kind;
  return happen('attempt-failed', service.name, `${step} in ${region}: ${why}`, {
    data: { step, region, epoch: run.epoch, attempt: run.attempt },
  });
}

/** Gives an order until it is done, stale, or out of attempts. */
function* insist(service: NamedService, run: Run, placed: Placed, tell: Tell): Routine<StepEnd> {
  const { stepAttemptsMax } = service.failover;
  let last = 'not tried';
  for (let made = 0; made < stepAttemptsMax; made += 1) {
    if (made > 0) yield* pause((yield* random()) * Math.min(attemptPauseMsMax, attemptPauseMs * 2 ** made));
    const answer = yield* call('invoke', { region: placed.region, order: orderOf(service, run, placed) });
    const end = endOf(answer);
    if (end.state !== 'failed') return end;
    last = end.detail;
    yield* tell(attemptFailed(service, run, placed, end.detail));
  }
  return { state: 'failed', detail: `${last} (${stepAttemptsMax} attempts)` };
}

function endOf(answer: Answer<StepReport>): StepEnd {
  if (!answer.ok) return { state: 'failed', detail: `actuator: ${answer.fault.kind}, ${answer.fault.detail}` };
  const report = answer.value;
  switch (report.outcome) {
    case 'as-ordered':
      return { state: 'done', detail: report.hasWritten ? 'written and read back' : 'was so already' };
    case 'stale':
      return {
        state: 'stale',
        detail: `epoch ${report.claimed.epoch}, attempt ${report.claimed.attempt} is in charge`,
      };
    case 'failed':
      return { state: 'failed', detail: `${report.fault.kind}: ${report.fault.detail}` };
  }
}

/**
 * Cuts the old site off, with proof, or waits until its own region must have done so.
 *
 * The wait counts from this routine's start, on this machine's monotonic clock: later than the decision, so never too
 * short. An order that hangs does not lengthen it.
 */
function* fenceOldSite(service: NamedService, run: Run, tell: Tell): Routine<StepEnd> {
  const placed = isolationFor(service, run.from, true);
  if (placed === null) return { state: 'done', detail: 'nothing to fence' };
  let isOver = false;
  const [proof] = yield* inParallel<StepEnd | null>([orderFence(), runOutLease()], (results) =>
    results.some((result) => result !== unfinished),
  );
  return proof === unfinished || proof === undefined || proof === null
    ? { state: 'fallback', detail: 'no proof of the fence, but the lease has run out' }
    : proof;

  function* orderFence(): Routine<StepEnd | null> {
    if (placed === null) return null;
    for (let made = 0; !isOver; made += 1) {
      const end = endOf(yield* call('invoke', { region: placed.region, order: orderOf(service, run, placed) }));
      if (end.state !== 'failed') return end;
      // Asked again at once for as long as the lease runs: the first failure says it for all.
      if (made === 0) yield* tell(attemptFailed(service, run, placed, end.detail));
      yield* pause(pollMs);
    }
    return null;
  }

  function* runOutLease(): Routine<null> {
    yield* pause(leaseWaitMs(service));
    isOver = true;
    return null;
  }
}

function* moveAddress(service: NamedService, run: Run, tell: Tell): Routine<StepEnd> {
  const placed = addressFor(service, run.to);
  if (placed === null) return { state: 'done', detail: 'the site has no part in the address' };
  const end = yield* insist(service, run, placed, tell);
  const isDnsFallback = service.traffic.address?.fallback === 'dns';
  return end.state === 'failed' && isDnsFallback
    ? { state: 'fallback', detail: `${end.detail}; DNS steers instead` }
    : end;
}

function* editRecord(service: NamedService, run: Run, ownRegion: string, tell: Tell): Routine<StepEnd> {
  const placed = recordFor(service, run.to, ownRegion);
  if (placed === null) return { state: 'done', detail: 'oracles steer' };
  return yield* insist(service, run, placed, tell);
}

/**
 * Waits until what clients are told names the new site.
 *
 * The limit counts from the epoch's beginning, over all holders of the run, so that a run handed on does not start anew.
 */
function* verifyTraffic(service: NamedService, run: Run, ageMs: () => number): Routine<StepEnd> {
  const failed = run.steps.filter(({ name, state }) => (name === 'dns' || name === 'address') && state === 'failed');
  if (failed.length > 0)
    return { state: 'failed', detail: `nothing to verify: ${failed.map(({ name }) => name).join(', ')} failed` };
  for (;;) {
    const missing = yield* whatIsMissing(service, run);
    if (missing === null) return { state: 'done', detail: 'clients are sent to the new site' };
    if (ageMs() >= verifyLimitMs(service)) return { state: 'failed', detail: missing };
    yield* pause(Math.min(pollMs, service.detection.intervalMs / 4));
  }
}

function* whatIsMissing(service: NamedService, run: Run): Routine<string | null> {
  const { dns } = service.traffic;
  if (dns) {
    const answer = yield* call('resolve', { name: dns.record });
    if (!answer.ok) return `${dns.record}: ${answer.fault.kind}`;
    const { addresses } = answer.value;
    const { a, aaaa, alias } = dns.addresses[run.to] ?? {};
    const isThere = alias === undefined ? isSame(addresses, [a, aaaa]) : yield* isAnsweredBy(alias.dnsName, addresses);
    if (!isThere) return `${dns.record} still answers ${addresses.join(', ') || 'nothing'}`;
  }
  // Whether the address moved was read back by its own step; a step that took its fallback has nothing more to show.
  return null;
}

function isSame(addresses: readonly string[], wanted: readonly (string | undefined)[]): boolean {
  const known = wanted.filter((address) => address !== undefined).sort();
  return addresses.join() === known.join();
}

/** Whether some address is one of the name's: a load balancer answers with a changing choice of many. */
function* isAnsweredBy(name: string, addresses: readonly string[]): Routine<boolean> {
  const answer = yield* call('resolve', { name });
  return answer.ok && answer.value.addresses.some((address) => addresses.includes(address));
}

/** What the run has done by now, for people. */
function stepsSoFar(run: Run): string {
  const ended = run.steps.filter(({ state }) => state !== 'pending');
  return ended.map(({ name, state, detail }) => `${name}: ${state} (${detail})`).join('; ');
}

function* notifyPeople(service: NamedService, run: Run): Routine<StepEnd> {
  const detail = `${service.name}: ${run.kind} from ${run.from} to ${run.to}, epoch ${run.epoch} (${run.reason}, by ${run.by})`;
  const happening = happen('failover', service.name, detail, {
    site: run.to,
    data: { epoch: run.epoch, kind: run.kind, from: run.from, to: run.to, reason: run.reason, steps: stepsSoFar(run) },
  });
  yield* call('log', { happening });
  const answer = yield* call('notify', { happening });
  // People who cannot be told do not make the move a failure: the register and the log say the same.
  return answer.ok
    ? { state: 'done', detail: 'sent' }
    : { state: 'fallback', detail: `not sent (${answer.fault.kind}); see the log` };
}
