import type { CheckupTimes } from '../../../core/checkup/checkup-times.ts';
import { passedTime } from '../../../core/checkup/passed-time.ts';
import type { Reading } from '../../../core/checkup/reading.ts';
import { PortError } from '../../../ports/port-error.ts';
import { systemClock } from '../../system/clock.ts';
import { explainCall } from './fault-explanation.ts';

/** What is waited for, and no longer than a checkup has time: whatever has not answered by then is not known. */
export class Patience {
  readonly #times: CheckupTimes;
  readonly #ended = new AbortController();
  readonly #late: Promise<Reading<never>>;

  /** It begins to run at once. */
  constructor(times: CheckupTimes) {
    this.#times = times;
    const late: Reading<never> = { kind: 'unread', why: `no answer within ${passedTime(times.patienceMs)}` };
    this.#late = systemClock.sleep(times.patienceMs, this.#ended.signal).then(
      () => late,
      () => late,
    );
  }

  /** Aborted when nobody waits any more. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** What is read, or why it was not: a fault in words, or that it took too long. */
  async read<T>(work: Promise<T>): Promise<Reading<T>> {
    const read = work.then(
      (value): Reading<T> => ({ kind: 'read', value }),
      (error: unknown): Reading<T> => {
        if (!(error instanceof PortError)) throw error;
        return { kind: 'unread', why: explainCall(error, this.#times.answerMsMax) };
      },
    );
    return await Promise.race([read, this.#late]);
  }

  /** Ends all waiting. */
  end(): void {
    this.#ended.abort();
  }
}
