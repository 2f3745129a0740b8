import { quantile } from '../src/cli/drill/quantile.ts';
import { createEndpoints } from '../src/client/endpoints.ts';
import type { Publication } from '../src/core/kinds/publication.ts';

/** What the clients' library adds to a call when all is well; bound: 50 microseconds. */
export interface ClientBench {
  /** A call through the library, of a function that answers at once; median, in microseconds. */
  readonly callUs: number;
  /** The same function, called directly; median. */
  readonly directUs: number;
  /** `callUs` less `directUs`. */
  readonly addedUs: number;
  readonly p99Us: number;
  /** One `pick`, as the mean over a batch; median of the batches. */
  readonly pickUs: number;
  readonly calls: number;
}

/** Calls before the clock counts, so that both sides are compiled. */
const warmUpCalls = 5_000;

/** Picks that are timed together: one alone is shorter than the clock can tell. */
const picksABatch = 1_000;

const list: Publication = {
  service: 'web',
  epoch: 1,
  endpoints: ['one', 'two', 'three'].map((site) => ({ site, url: `https://${site}.example` })),
  isReadOnly: false,
};

/**
 * Times calls through the library and direct ones in turn, in one run, so that both see the same machine.
 *
 * @param calls - of each kind
 */
export async function benchClient(calls: number): Promise<ClientBench> {
  // A source that answers with the same list: the background work goes on as it would.
  const endpoints = createEndpoints({ service: 'web', sources: [async () => JSON.stringify(list)], initial: list });
  const work = async (endpoint: { readonly url: string }) => endpoint.url.length;
  const [target = { site: '', url: '' }] = list.endpoints;
  const byLibrary = () => endpoints.call(work);
  const byHand = () => work(target);
  await timesOf([byLibrary, byHand], warmUpCalls);
  const [library = [], direct = []] = await timesOf([byLibrary, byHand], calls);
  const pickUs = quantile(
    timesOfPicks(() => endpoints.pick(), Math.ceil(calls / picksABatch)),
    0.5,
  );
  endpoints.stop();
  const [callUs, directUs] = [quantile(library, 0.5), quantile(direct, 0.5)];
  return { callUs, directUs, addedUs: callUs - directUs, p99Us: quantile(library, 0.99), pickUs, calls };
}

/** Microseconds of each call, for each kind; the kinds take turns. */
async function timesOf(kinds: readonly (() => Promise<number>)[], calls: number): Promise<readonly number[][]> {
  const times = kinds.map((): number[] => []);
  for (let count = 0; count < calls; count += 1) {
    for (const [index, kind] of kinds.entries()) {
      const startMs = performance.now();
      await kind();
      times[index]?.push((performance.now() - startMs) * 1_000);
    }
  }
  return times;
}

function timesOfPicks(pick: () => unknown, batches: number): readonly number[] {
  return Array.from({ length: batches }, () => {
    const startMs = performance.now();
    for (let count = 0; count < picksABatch; count += 1) pick();
    return ((performance.now() - startMs) * 1_000) / picksABatch;
  });
}
