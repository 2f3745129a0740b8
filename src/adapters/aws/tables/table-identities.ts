import type { DescribeTableCommandOutput } from '@aws-sdk/client-dynamodb';
import type { Fault } from '../../../core/fault.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PortError } from '../../../ports/port-error.ts';

/**
 * Longest time between two answers of a table in which another table cannot have replaced it, in milliseconds.
 *
 * A replacement means that the table is deleted and one with the same content is created under its name. Each takes
 * seconds, even when somebody copies the items by hand, and calls are refused with `ResourceNotFoundException` in
 * between.
 */
export const sightMsMax = 10_000;

/**
 * Longest gap between answers, in milliseconds, after which a known table still counts as the same when `DescribeTable`
 * does not answer and no call has found the table missing. A restore takes minutes: from a backup "usually less than an
 * hour", to a point in time at least 20 minutes. Source: AWS re:Post, "Why does my DynamoDB table take a long time to
 * restore?".
 */
export const absenceMsMax = 60_000;

/**
 * Time between two `DescribeTable` calls without an answer, in milliseconds, so that a slow answer does not delay
 * reads.
 */
export const askAgainMs = 2_000;

/** One instant on both clocks: the monotonic one may stand still while an execution environment is frozen. */
interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** What is known of one region's table. */
interface Known {
  readonly identity: string;
  /** When the last answered call was sent. */
  readonly seenAt: Instant;
}

/**
 * Which table stands behind the name in each region: a table that was restored from a backup holds the same items under
 * the same name, and is another table.
 *
 * DynamoDB gives each table a `TableId` of its own (API reference, `TableDescription`), but takes writes by name alone.
 * So a process calls `DescribeTable` once, and knows the table for as long as the table keeps answering, because it
 * cannot be replaced in that time. After a gap it asks again. Once the identity is known, calls on the failover path do
 * not need that API.
 */
export class TableIdentities {
  readonly #describe: (region: string) => Promise<DescribeTableCommandOutput>;
  readonly #clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<string>>();
  readonly #refused = new Map<string, { readonly fault: Fault; readonly at: Instant }>();

  /** @param describe - one `DescribeTable` of the region's table; rejects with a `PortError` */
  constructor(
    describe: (region: string) => Promise<DescribeTableCommandOutput>,
    clock: Pick<Clock, 'monotonicMs' | 'wallMs'>,
  ) {
    this.#describe = describe;
    this.#clock = clock;
  }

  /**
   * Makes a call to a region's table, and says which table it was.
   *
   * @param send - the call; its answer extends the time for which the table is known
   * @returns the answer, with the identity, or with why that cannot be told
   * @throws what `send` throws
   */
  async tell<T>(
    region: string,
    send: () => Promise<T>,
  ): Promise<{ readonly answer: T; readonly identity: string | Fault }> {
    const askedAt = this.#now();
    const identity = this.#identityOf(region, askedAt).catch(faultIn);
    const answer = await this.#watching(region, askedAt, send);
    return { answer, identity: await identity };
  }

  async #watching<T>(region: string, askedAt: Instant, send: () => Promise<T>): Promise<T> {
    try {
      const answer = await send();
      const known = this.#known.get(region);
      if (known !== undefined) this.#known.set(region, { ...known, seenAt: askedAt });
      return answer;
    } catch (error) {
      // The name stands for nothing now, and for another table later.
      if (isMissing(error)) this.#known.delete(region);
      throw error;
    }
  }

  async #identityOf(region: string, now: Instant): Promise<string> {
    const known = this.#known.get(region);
    if (known !== undefined && ageMs(known.seenAt, now) <= sightMsMax) return known.identity;
    const mayKeep = known !== undefined && ageMs(known.seenAt, now) <= absenceMsMax;
    const refused = this.#refused.get(region);
    const isTooSoon = refused !== undefined && ageMs(refused.at, now) < askAgainMs;
    if (isTooSoon && !mayKeep) throw new PortError(refused.fault);
    try {
      return isTooSoon && mayKeep ? known.identity : await this.#ask(region, now);
    } catch (error) {
      // Only what no call has found missing meanwhile.
      const kept = this.#known.get(region);
      if (!mayKeep || kept === undefined) throw error;
      return kept.identity;
    }
  }

  /** Asks for it; questions that come meanwhile share the answer. */
  #ask(region: string, now: Instant): Promise<string> {
    const pending = this.#asking.get(region);
    if (pending !== undefined) return pending;
    const asked = this.#read(region, now).finally(() => this.#asking.delete(region));
    this.#asking.set(region, asked);
    return asked;
  }

  async #read(region: string, now: Instant): Promise<string> {
    try {
      const identity = identityIn(await this.#describe(region));
      this.#known.set(region, { identity, seenAt: now });
      this.#refused.delete(region);
      return identity;
    } catch (error) {
      if (isMissing(error)) this.#known.delete(region);
      this.#refused.set(region, { fault: faultIn(error), at: now });
      throw error;
    }
  }

  #now(): Instant {
    return { monotonicMs: this.#clock.monotonicMs(), wallMs: this.#clock.wallMs() };
  }
}

/**
 * The table's own identity: `TableId`, or when it was made where an endpoint gives no id (moto_server 5.2.1).
 *
 * @throws {PortError} `unavailable` for a table that is being made or deleted: DescribeTable is eventually consistent
 *   then (API reference, `DescribeTable`)
 */
function identityIn({ Table }: DescribeTableCommandOutput): string {
  const identity = Table?.TableId ?? Table?.CreationDateTime?.getTime().toString(36);
  if (identity === undefined) throw new PortError({ kind: 'invalid', detail: 'DescribeTable gave no TableId' });
  if (Table?.TableStatus !== 'ACTIVE' && Table?.TableStatus !== 'UPDATING') {
    throw new PortError({ kind: 'unavailable', detail: `the table is ${Table?.TableStatus}` });
  }
  return identity;
}

function isMissing(error: unknown): boolean {
  return error instanceof PortError && error.cause instanceof Error && error.cause.name === 'ResourceNotFoundException';
}

function faultIn(error: unknown): Fault {
  return error instanceof PortError ? error.fault : { kind: 'unavailable', detail: String(error) };
}

/** The longer of the two clocks' times, so that a wall clock that was set back does not matter. */
function ageMs(from: Instant, to: Instant): number {
  return Math.max(to.monotonicMs - from.monotonicMs, to.wallMs - from.wallMs);
}
