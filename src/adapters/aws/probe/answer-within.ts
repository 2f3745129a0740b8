import type { Observation } from '../../../core/detection/observation.ts';
import { deadline } from '../../system/deadline.ts';
import { toPortError } from '../faults.ts';

/**
 * Runs a probe that an AWS API answers, within its deadline.
 *
 * @param api - whose answer it is, in words
 * @param ask - told how to read the milliseconds that have passed
 * @returns `unknown` by the deadline, and when the API did not answer as it should: that is no failure of the site.
 *   Never rejects
 */
export function answerWithin(
  timeoutMs: number,
  api: string,
  ask: (passedMs: () => number) => Promise<Observation>,
): Promise<Observation> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const cancel = deadline(timeoutMs, () =>
      resolve({ outcome: 'unknown', detail: `${api} did not answer within ${timeoutMs} ms` }),
    );
    void ask(() => performance.now() - startMs)
      .catch((error: unknown): Observation => {
        const { kind, detail } = toPortError(error).fault;
        return { outcome: 'unknown', detail: `${api}: ${kind}: ${detail}` };
      })
      .then((observation) => {
        cancel();
        resolve(observation);
      });
  });
}
