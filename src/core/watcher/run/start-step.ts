import { sitesToStart, sizesFor } from '../../kinds/start.ts';
import { all, pause, type Routine } from '../../routine.ts';
import { startWaitMs } from '../../timing.ts';
import { executeOrder, worstOf } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Pause between two looks at what the watchers hold of a site that boots. */
const pollMs = 500;

/**
 * Brings the sites that gain traffic to their full size, and waits until they are ready: everything that was asked for
 * is in service, and the watchers find the site up by its own probes.
 */
export function* startSites(context: StepContext): Routine<StepEnd> {
  const { service, run } = context;
  const { verdicts, reports } = yield* context.look();
  const activeSize = reports[run.from]?.size ?? null;
  // A site of the pool that is down itself, and stays in it for want of room elsewhere, is not waited for.
  const isInVain = (site: string) => run.kind === 'withdraw' && verdicts[site] === 'down';
  const sites = sitesToStart(service, run).filter((site) => !isInVain(site));
  const ends = yield* all(
    sites.map(function* (site): Routine<StepEnd> {
      const patienceMs = startWaitMs(service, service.sites[site]?.bootMs ?? 0);
      const scaled = worstOf(
        yield* all(
          sizesFor(service, site, true, activeSize).map((placed) => executeOrder(context, placed, patienceMs)),
        ),
      );
      if (scaled.state !== 'done') return { ...scaled, detail: `${site}: ${scaled.detail}` };
      return yield* awaitReady(context, site, patienceMs);
    }),
  );
  return worstOf(ends);
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
