import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Rng } from '../../ports/rng.ts';

/** Upper end of the first random pause between tries, in milliseconds; it doubles with each, up to the most. */
const pauseMsFirst = 200;
const pauseMsMax = 2_000;

/** Where the time for further tries comes from, and when it is over, on the monotonic clock. */
export interface Patience {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly untilMs: number;
}

/**
 * Calls, and calls again with pauses while AWS says that it is asked too often and there is time. Nothing was done by a
 * call that was throttled.
 *
 * @throws what the last call threw
 */
export async function throughThrottling<T>({ clock, rng, untilMs }: Patience, send: () => Promise<T>): Promise<T> {
  for (let ceilingMs = pauseMsFirst; ; ceilingMs = Math.min(pauseMsMax, ceilingMs * 2)) {
    try {
      return await send();
    } catch (error) {
      const pauseMs = rng.next() * ceilingMs;
      const isOver = clock.monotonicMs() + pauseMs >= untilMs;
      if (!(error instanceof PortError) || error.fault.kind !== 'throttled' || isOver) throw error;
      await clock.sleep(pauseMs);
    }
  }
}
