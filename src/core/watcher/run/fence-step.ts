import { fence, fenceFor } from '../../kinds/fence.ts';
import { actingRegionOf, hasLease } from '../../model/place.ts';
import type { NamedService } from '../../model/service.ts';
import { isHookedFence } from '../../model/site.ts';
import { type FenceProof, isFenceClosed } from '../../register/owed-fence.ts';
import { all, inParallel, pause, type Routine, readTime, unfinished } from '../../routine.ts';
import { closingMsMax, hookEndMs, leaseWaitMs, tableCallMs } from '../../timing.ts';
import { hasAnswered } from '../reach.ts';
import { hasEnded } from './hook-turns.ts';
import { attemptFailed, endOf, giveOrder } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Pause between two looks at a fence that cannot be reached. */
const pollMs = 500;

/** The result of fencing one site. */
type SiteEnd =
  | { readonly kind: Exclude<FenceProof, 'none'>; readonly detail: string }
  | { readonly kind: 'failed' | 'stale'; readonly detail: string };

/**
 * Cuts off every site whose fence the run owes, with proof.
 *
 * The end of the lease stands in for proof only while a region is silent. Then the region's own watcher, if it lives,
 * must have cut the site off by the end of the lease. A region that answers, even with refusals, is not silent: the
 * run waits for proof, and fails without it. At a site outside AWS no watcher counts a lease, so there is proof, or a
 * person who answers for it.
 */
export function* fenceOldSite(context: StepContext): Routine<StepEnd> {
  const sites = sitesOf(context);
  if (sites.length === 0) return { state: 'done', detail: fence.nothingToDo };
  const ends = yield* all(sites.map((site) => fenceSite(context, site)));
  const stale = ends.find(({ kind }) => kind === 'stale');
  if (stale !== undefined) return { state: 'stale', detail: stale.detail };
  const detail = sites.map((site, index) => (sites.length > 1 ? `${site}: ` : '') + ends[index]?.detail).join('; ');
  const proofs = Object.fromEntries(
    sites.map((site, index) => [site, ends[index]?.kind]).filter(([, kind]) => kind === 'closed' || kind === 'lease'),
  );
  const isFailed = ends.some(({ kind }) => kind === 'failed');
  return {
    state: isFailed ? 'failed' : ends.some(({ kind }) => kind === 'lease') ? 'fallback' : 'done',
    detail,
    proofs,
  };
}

/** Sites that the step fences. The new site's own owed fence is not among them. */
function sitesOf({ register, run }: StepContext): readonly string[] {
  return register()
    .owed.map(({ site }) => site)
    .filter((site) => site !== run.to);
}

/** What the orders of one fence have shown before the first. */
const nothingSeen = {
  answeredMs: Number.NEGATIVE_INFINITY,
  detail: 'no answer',
  isOver: false,
  tries: 0,
  isDisagreed: false,
  /** A function of the user may still be at it, so that the next order waits for its turn. */
  isRunning: false,
  /** When nothing was left to be ordered: the fence closes by itself, and a new run would begin its time anew. */
  closingMs: Number.NEGATIVE_INFINITY,
};

/**
 * Orders one fence until it is closed, and checks in parallel for other ends of the wait. An order that hangs does not
 * make the wait longer.
 */
function* fenceSite(context: StepContext, site: string): Routine<SiteEnd> {
  const { service } = context;
  const [placed] = fenceFor(service, site, true);
  if (placed === undefined) return yield* awaitLease(context, site);
  const { region } = placed;
  const seen = { ...nothingSeen };
  const [first, second] = yield* inParallel<SiteEnd | null>([order(), watch()], (results) =>
    results.some((result) => result !== unfinished && result !== null),
  );
  seen.isOver = true;
  const end = first === unfinished || first === null ? second : first;
  return end === undefined || end === unfinished || end === null ? { kind: 'failed', detail: seen.detail } : end;

  function* order(): Routine<SiteEnd | null> {
    if (placed === undefined) return null;
    while (!seen.isOver) {
      const answer = yield* giveOrder(context, placed);
      if (hasAnswered(answer)) seen.answeredMs = (yield* readTime()).monotonicMs;
      seen.isRunning = !hasEnded(answer);
      const end = endOf(answer);
      if (end.state === 'done') return { kind: 'closed', detail: end.detail };
      if (end.state === 'stale') return { kind: 'stale', detail: end.detail };
      seen.detail = end.detail;
      if (answer.ok && answer.value.outcome === 'pending') seen.closingMs = (yield* readTime()).monotonicMs;
      seen.isDisagreed = answer.ok && answer.value.outcome === 'disagreed';
      seen.tries += 1;
      // The order is repeated many times, so only the first failure is reported.
      if (seen.tries === 1) yield* context.tell(attemptFailed(context, placed, end.detail));
      yield* pause(pollMs);
    }
    return null;
  }

  function* watch(): Routine<SiteEnd> {
    const [turnMs, limitMs] = [turnMsOf(service, site), leaseWaitMs(service)];
    const isWaited = context.register().owed.some((fence) => fence.site === site && fence.proof === 'lease');
    const waitMs = isWaited ? 2 * tableCallMs : context.leaseWaitMs(region);
    // An answer counts until the next attempt should have been answered.
    const heardMs = turnMs + service.failover.stepTimeoutMs + 2 * pollMs;
    const startedMs = (yield* readTime()).monotonicMs;
    let contactMs = startedMs;
    let answeringMs = 0;
    for (let lastMs = startedMs; ; ) {
      yield* pause(pollMs);
      const nowMs = (yield* readTime()).monotonicMs;
      if (isSeenClosed(context, site)) {
        return { kind: 'closed', detail: 'closed by its own region' };
      }
      const countedMs = yield* context.silentMs(region, nowMs - contactMs);
      const isContact = countedMs === null || nowMs - seen.answeredMs <= heardMs;
      if (isContact) contactMs = nowMs;
      if (isContact) answeringMs += nowMs - lastMs;
      lastMs = nowMs;
      const silentMs = Math.min(isContact ? 0 : countedMs, Math.max(nowMs - startedMs, context.stepAgeMs()));
      if (silentMs >= waitMs)
        return endOfWait(context, site, isWaited, `${region} has been silent for ${Math.round(silentMs / 1_000)} s`);
      // A function of another configuration is waited for until a deployment has reached it.
      // One answer that says nothing does not end the wait for a fence that closes by itself.
      const isClosing = nowMs - seen.closingMs < limitMs;
      const patienceMs = isClosing ? closingMsMax : limitMs + (seen.isRunning ? turnMs : 0);
      if (answeringMs >= patienceMs && !seen.isDisagreed) {
        return { kind: 'failed', detail: `${region} answers, but the fence cannot be closed (${seen.detail})` };
      }
      if (site === context.run.from && isAutomatic(context) && (yield* isWell(context, site))) {
        return { kind: 'failed', detail: `${site} is up again, and its fence is not closed` };
      }
    }
  }
}

/** Whether some watcher has noted by now that the fence is closed. */
function isSeenClosed(context: StepContext, site: string): boolean {
  const register = context.seen();
  return register !== null && isFenceClosed(register, site);
}

/**
 * The fence is owed, and this configuration has none: it was taken out while the move was under way. Nobody here can
 * close it, and that it is not configured is no proof that the site is cut off. Whoever still has it closes it by the
 * end of the lease.
 */
function* awaitLease(context: StepContext, site: string): Routine<SiteEnd> {
  const place = context.service.sites[site];
  const region = (place && actingRegionOf(place)) ?? context.ownRegion;
  const waitMs = context.leaseWaitMs(region);
  for (;;) {
    if (isSeenClosed(context, site)) return { kind: 'closed', detail: 'closed by its own region' };
    if (context.stepAgeMs() >= waitMs)
      return endOfWait(context, site, false, `${site} has no fence in this configuration any more`);
    yield* pause(pollMs);
  }
}

/** How long an order may wait for its turn: a function of the user that gave no answer is not asked again at once. */
function turnMsOf({ sites, failover }: NamedService, site: string): number {
  return isHookedFence(sites[site]?.fence) ? hookEndMs(failover) : 0;
}

/**
 * A region has been silent for the lease: that stands in for proof, unless proof is demanded, or nobody there closes
 * the fence by then: there is no lease, or the region was last heard with a configuration that does not have the fence.
 *
 * @param isTrusted - whether an earlier run went on without proof of this fence: outside AWS on a person's word
 */
function endOfWait({ service, run, isUnclosed }: StepContext, site: string, isTrusted: boolean, said: string): SiteEnd {
  const isDemanded = service.failover.requireFenceProof && !run.isProofWaived;
  if (isDemanded) return { kind: 'failed', detail: `${said}, and proof of the fence is demanded` };
  if (isUnclosed(site, 'fence') && !run.isProofWaived && !isTrusted)
    return {
      kind: 'failed',
      detail: `${said}; its watcher, or its function, was deployed without this fence, so nobody cuts ${site} off`,
    };
  if (hasLease(service.sites[site])) return { kind: 'lease', detail: `by lease, unproven: ${said}` };
  return run.isProofWaived || isTrusted
    ? { kind: 'lease', detail: `unproven, on a person's word: ${said}` }
    : { kind: 'failed', detail: `${said}, and ${site} is outside AWS, where no lease runs out` };
}

/** Whether the site that is to be left is up again, for all that leave it together. */
function* isWell(context: StepContext, site: string): Routine<boolean> {
  const { verdicts } = yield* context.look();
  return verdicts[site] === 'up' && (yield* context.isUpInGroup(site));
}

/** A person who forces a move knows that the site looks well. */
function isAutomatic({ run, controlRegions }: StepContext): boolean {
  return run.kind === 'failover' && controlRegions.includes(run.by);
}
