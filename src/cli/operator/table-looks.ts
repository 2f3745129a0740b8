import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { type Look, lookAgain } from '../../core/operator/table-survey.ts';
import { call } from '../../core/routine.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import type { Target } from './target.ts';

/** Pause before a table that gave no answer is asked again; it doubles with each further silence. Source: our own. */
const firstRetryMs = 1_000;
/** Longest such pause: a table that is back is seen no later. Source: our own. */
const retryMsMax = 30_000;
/** Looks in a row that may come too late to judge the watchers by, before that is said. */
const slowLooksMax = 3;

/** A deployment that is looked at again and again. */
export type Watched = Pick<Target, 'deployment' | 'ports'>;

/** The shortest time for which an opinion counts, of all services, in milliseconds. */
export function shortestTtlMs({ services }: Deployment): number {
  return Math.min(...Object.values(services).map(({ detection }) => detection.opinionTtlMs));
}

/**
 * Looks at the state tables again and again, for somebody who watches.
 *
 * A table that gave no answer within its deadline is left out of the looks that follow and asked beside them, less and
 * less often: otherwise each look would take as long as that deadline, and with short ticks the living watchers would
 * seem silent meanwhile. After a look that came too late to time the watchers by, they are listened to anew.
 */
export class TableLooks {
  readonly #watched: Watched;
  readonly #signal: AbortSignal;
  readonly #onBack: () => void;
  readonly #dark = new Map<string, string>();
  #before: Look | null = null;
  #slow = 0;

  /**
   * @param signal - ends the questions to dark tables
   * @param onBack - told when a table answers again
   */
  constructor(watched: Watched, signal: AbortSignal, onBack: () => void = () => {}) {
    this.#watched = watched;
    this.#signal = signal;
    this.#onBack = onBack;
  }

  /**
   * One look.
   *
   * @returns null while the watchers have not been listened to for long enough
   * @throws {FailoverError} `FAULT` when looks come too late again and again
   */
  async next(): Promise<Look | null> {
    const { deployment, ports } = this.#watched;
    const before = this.#before;
    const look = await runRoutine(lookAgain(deployment, before, Object.fromEntries(this.#dark)), ports);
    for (const [region, why] of Object.entries(look.dark)) if (!this.#dark.has(region)) this.#leaveOut(region, why);
    if (before !== null && look.atMs - before.atMs > shortestTtlMs(deployment)) return this.#listenAnew(look, before);
    this.#before = look;
    if (!look.hasHeardAll) return null;
    this.#slow = 0;
    return look;
  }

  #listenAnew(look: Look, before: Look): null {
    this.#before = null;
    this.#slow += 1;
    if (this.#slow < slowLooksMax) return null;
    const [tookMs, ttlMs] = [Math.round(look.atMs - before.atMs), shortestTtlMs(this.#watched.deployment)];
    throw new FailoverError(
      'FAULT',
      `two readings are ${tookMs} ms apart, and a watcher's word counts for ${ttlMs} ms: nobody can be heard from here`,
    );
  }

  #leaveOut(region: string, why: string): void {
    this.#dark.set(region, why);
    void this.#askUntilBack(region).catch(() => undefined);
  }

  async #askUntilBack(region: string): Promise<void> {
    const { deployment, ports } = this.#watched;
    const ask = () => call('readTable', { region, services: Object.keys(deployment.services) });
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(2 * waitMs, retryMsMax)) {
      await ports.clock.sleep(waitMs, this.#signal);
      this.#signal.throwIfAborted();
      const answer = await runRoutine(ask(), ports, this.#signal);
      if (!answer.ok && answer.fault.kind === 'timeout') continue;
      this.#dark.delete(region);
      this.#onBack();
      return;
    }
  }
}
