import type { RecordValues } from './calls.ts';
import type { Order, StepReport } from './order.ts';
import { type Answer, call, type Fault, type Routine, readTime, withRetries } from './routine.ts';
import { isOlder, tokenOf } from './run.ts';

/**
 * Oldest a claim may be when its write starts. A function frozen after its claim must ask again before it writes: the
 * claim may have been overtaken meanwhile. As long as the look at the thing takes when all is well, so that a write costs
 * one claim; a freeze between the last claim and the write itself cannot be told from a slow network by anybody.
 */
const claimFreshMs = 100;

/** Reads are harmless to repeat; a stuck API is left to the caller's own attempts. */
const readRetries = { attemptsMax: 3, pauseMs: 100, pauseMsMax: 1_000 };

/** How one kind of thing is read and written. */
interface Handle {
  /** Whether it is as ordered. */
  readonly isAsOrdered: () => Routine<Answer<boolean>>;
  readonly write: () => Routine<Answer<null>>;
}

/**
 * Carries out one order, in the region of what it touches.
 *
 * Claim the token, read, write only a difference (under a claim made just before), read back. An answer that was lost after the effect is found by the
 * read back; a write that an API swallowed is found by it too. Repeating an order is harmless.
 *
 * @param region - where the claim is made: the actuator's own
 * @returns `stale` when a newer token was claimed here; nothing was written then
 */
export function* actuate(order: Order, region: string): Routine<StepReport> {
  const handle = handleOf(order, region);
  let claimedAtMs = Number.NEGATIVE_INFINITY;
  if (order.manner === 'enforce') {
    const refusal = yield* claim(order, region);
    if (refusal) return refusal;
    claimedAtMs = (yield* readTime()).monotonicMs;
  }

  const before = yield* withRetries(handle.isAsOrdered, readRetries);
  if (!before.ok) return failed(before.fault);
  if (before.value) return { outcome: 'as-ordered', hasWritten: false };

  if ((yield* readTime()).monotonicMs - claimedAtMs > claimFreshMs) {
    const refusal = yield* claim(order, region);
    if (refusal) return refusal;
  }
  const written = yield* handle.write();
  const after = yield* withRetries(handle.isAsOrdered, readRetries);
  if (after.ok && after.value) return { outcome: 'as-ordered', hasWritten: true };
  if (!written.ok) return failed(written.fault);
  return failed(
    after.ok ? { kind: 'unavailable', detail: 'the write was accepted but did not take effect' } : after.fault,
  );
}

/**
 * Claims the order's token in this region's table; null when it may be carried out.
 *
 * The table's own copy of the register counts too: it may know of a newer run whose orders have not come here yet. A
 * table that holds no register was lost and cannot vouch for anything until it has been given one again.
 */
function* claim(order: Order, region: string): Routine<StepReport | null> {
  const { service, token } = order;
  const sight = yield* withRetries(() => call('readTable', { region, services: [service] }), readRetries);
  if (!sight.ok) return isSelfFence(order) ? null : failed(sight.fault);
  const known = sight.value.acceptors[service]?.accepted ?? null;
  if (known === null) return failed({ kind: 'unavailable', detail: `the table in ${region} holds no register` });
  const newest = tokenOf(known.epoch, known.run);
  if (isOlder(token, newest)) return { outcome: 'stale', claimed: newest };

  const answer = yield* withRetries(() => call('claimToken', { region, service, token }), readRetries);
  if (!answer.ok) return isSelfFence(order) ? null : failed(answer.fault);
  return answer.value.isGranted ? null : { outcome: 'stale', claimed: answer.value.claimed };
}

/** A site that fences itself may have lost its own table too; cutting it off needs nobody's leave. */
function isSelfFence(order: Order): boolean {
  return order.kind === 'isolation' && order.isIsolated && order.isSelfFence;
}

function handleOf(order: Order, region: string): Handle {
  switch (order.kind) {
    case 'address': {
      const { allocationId, instanceId } = order;
      return {
        isAsOrdered: () =>
          matches(call('locateAddress', { region, allocationId }), (seen) => seen.instanceId === instanceId),
        write: () => call('associateAddress', { region, allocationId, instanceId }),
      };
    }
    case 'isolation': {
      const { instanceIds, groupId, isIsolated } = order;
      return {
        isAsOrdered: () =>
          matches(call('readIsolation', { region, instanceIds, groupId }), (seen) =>
            isIsolated ? seen.isIsolated : seen.isReleased,
          ),
        write: () => call('setIsolation', { region, instanceIds, groupId, isIsolated }),
      };
    }
    case 'record': {
      const { zoneId, name, ttlSeconds, values } = order;
      return {
        isAsOrdered: () => matches(call('readRecord', { zoneId, name }), (seen) => isSameRecord(seen, values)),
        write: () => call('writeRecord', { zoneId, name, ttlSeconds, values }),
      };
    }
  }
}

function* matches<T>(read: Routine<Answer<T>>, isAsOrdered: (seen: T) => boolean): Routine<Answer<boolean>> {
  const seen = yield* read;
  return seen.ok ? { ok: true, value: isAsOrdered(seen.value) } : seen;
}

function isSameRecord(a: RecordValues, b: RecordValues): boolean {
  return a.a === b.a && a.aaaa === b.aaaa;
}

function failed(fault: Fault): StepReport {
  return { outcome: 'failed', fault };
}
