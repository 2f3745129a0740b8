import { sitesToStart, sizesFor } from '../../kinds/start.ts';
import { all, pause, type Routine } from '../../routine.ts';
import { startWaitMs } from '../../timing.ts';
import { executeOrder, worstOf } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Pause between two checks of the verdict on a site that boots, in milliseconds. */
const pollMs = 500;

/**
 * Brings the sites that gain traffic to their full size, and waits until they are ready: the whole size is in service,
 * and a quorum finds the site up by its own probes.
 */
export function* startSites(context: StepContext): Routine<StepEnd> {
  const { service, run } = context;
  const { verdicts, reports } = yield* context.look();
  const activeSize = reports[run.from]?.size ?? null;
  // A site of the pool that is down, and stays in the pool because the others have no room, is not waited for.
  const isInVain = (site: string) => run.kind === 'withdraw' && verdicts[site] === 'down';
  const sites = sitesToStart(service, run).filter((site) => !isInVain(site));
  return worstOf(yield* all(sites.map((site) => startSite(context, site, activeSize))));
}

/**
 * When a site may serve at less than its full size, the size is ordered and not waited for. Then only its probes count.
 */
function* startSite(context: StepContext, site: string, activeSize: number | null): Routine<StepEnd> {
  const { service, run } = context;
  const patienceMs = startWaitMs(service, service.sites[site]?.bootMs ?? 0);
  const sizePatienceMs = run.isShortAllowed ? 0 : patienceMs;
  const sizes = sizesFor(service, site, true, activeSize);
  const scaled = worstOf(yield* all(sizes.map((placed) => executeOrder(context, placed, sizePatienceMs))));
  // Where clients are sent already, nobody waits behind this step: whether the site is well is for the verdicts.
  const isServing = run.isShortAllowed && context.register().serving.includes(site);
  if (scaled.state === 'done') return isServing ? scaled : yield* awaitReady(context, site, patienceMs);
  if (scaled.state === 'stale' || !run.isShortAllowed) return { ...scaled, detail: `${site}: ${scaled.detail}` };
  if (!isServing) {
    const ready = yield* awaitReady(context, site, patienceMs);
    if (ready.state !== 'done') return ready;
  }
  return { state: 'fallback', detail: `${site} serves at less than its full size: ${scaled.detail}` };
}

function* awaitReady({ service, look, stepAgeMs }: StepContext, site: string, patienceMs: number): Routine<StepEnd> {
  for (;;) {
    const { verdicts, reports } = yield* look();
    if (verdicts[site] === 'up' && reports[site]?.ready !== false) return { state: 'done', detail: `${site} is ready` };
    if (stepAgeMs() >= patienceMs) {
      return { state: 'failed', detail: `${site} runs, but its probes find it ${verdicts[site] ?? 'unclear'}` };
    }
    yield* pause(Math.min(pollMs, service.detection.intervalMs / 4));
  }
}
