import type { ScaleState } from '../calls.ts';
import type { RecordValues } from '../dns/record-values.ts';
import type { Answer, Fault } from '../fault.ts';
import { isOlder, tokenOf } from '../register/run.ts';
import { call, type Routine, readTime, withRetries } from '../routine.ts';
import type { Order, StepReport } from './order.ts';
import type { Publication } from './publication.ts';

/**
 * Oldest a claim may be when its write starts. A function frozen after its claim must ask again before it writes: the
 * claim may have been overtaken meanwhile. As long as the look at the thing takes when all is well, so that a write costs
 * one claim; a freeze between the last claim and the write itself cannot be told from a slow network by anybody.
 */
const claimFreshMs = 100;

/** Reads are harmless to repeat; a stuck API is left to the caller's own attempts. */
const readRetries = { attemptsMax: 3, pauseMs: 100, pauseMsMax: 1_000 };

/** How a thing compares with the order; `on-its-way`: it was asked for, and only time is missing. */
type Sight = 'as-ordered' | 'on-its-way' | 'differs';

/** How one kind of thing is read and written. */
interface Handle {
  readonly look: () => Routine<Answer<Sight>>;
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

  const before = yield* withRetries(handle.look, readRetries);
  if (!before.ok) return failed(before.fault);
  if (before.value !== 'differs') return reportOf(before.value, false);

  if ((yield* readTime()).monotonicMs - claimedAtMs > claimFreshMs) {
    const refusal = yield* claim(order, region);
    if (refusal) return refusal;
  }
  const written = yield* handle.write();
  const after = yield* withRetries(handle.look, readRetries);
  if (after.ok && after.value !== 'differs') return reportOf(after.value, true);
  if (!written.ok) return failed(written.fault);
  return failed(
    after.ok ? { kind: 'unavailable', detail: 'the write was accepted but did not take effect' } : after.fault,
  );
}

function reportOf(sight: Exclude<Sight, 'differs'>, hasWritten: boolean): StepReport {
  return sight === 'as-ordered'
    ? { outcome: 'as-ordered', hasWritten }
    : { outcome: 'pending', hasWritten, detail: 'asked for, not there yet' };
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
        look: () =>
          compare(call('locateAddress', { region, allocationId }), (seen) => same(seen.instanceId === instanceId)),
        write: () => call('associateAddress', { region, allocationId, instanceId }),
      };
    }
    case 'isolation': {
      const { service, site, fence, isIsolated } = order;
      const input = { region, service, site, fence };
      return {
        look: () =>
          compare(call('readIsolation', input), (seen) => same(isIsolated ? seen.isIsolated : seen.isReleased)),
        write: () => call('setIsolation', { ...input, isIsolated }),
      };
    }
    case 'record': {
      const { zoneId, name, ttlSeconds, values } = order;
      return {
        look: () => compare(call('readRecord', { zoneId, name }), (seen) => same(isSameRecord(seen, values))),
        write: () => call('writeRecord', { zoneId, name, ttlSeconds, values }),
      };
    }
    case 'record-weights': {
      const { zoneId, name, weights } = order;
      return {
        // Records that somebody else added to the name are theirs.
        look: () => compare(call('readRecordWeights', { zoneId, name }), (seen) => same(hasWeights(seen, weights))),
        write: () => call('writeRecordWeights', { zoneId, name, weights }),
      };
    }
    case 'weights': {
      const { listenerArn, weights } = order;
      return {
        look: () => compare(call('readWeights', { region, listenerArn }), (seen) => same(isSameWeights(seen, weights))),
        write: () => call('setWeights', { region, listenerArn, weights }),
      };
    }
    case 'scale': {
      const { scalable, size, isExact } = order;
      return {
        look: () => compare(call('readScale', { region, scalable }), (seen) => compareScale(seen, size, isExact)),
        write: () => call('setScale', { region, scalable, size }),
      };
    }
    case 'promotion': {
      const { service, data, from, to, isPlanned, isDataLossAllowed } = order;
      return {
        look: () =>
          compare(call('readWriter', { region, service, data }), ({ writer, isMoving }) =>
            isMoving ? 'on-its-way' : same(writer === to),
          ),
        write: () => call('promote', { region, service, data, from, to, isPlanned, isDataLossAllowed }),
      };
    }
    case 'publication': {
      const { service, publication } = order;
      return {
        look: () =>
          compare(call('readPublication', { region, service }), (seen) => same(isSamePublication(seen, publication))),
        write: () => call('publish', { region, publication }),
      };
    }
  }
}

function* compare<T>(read: Routine<Answer<T>>, sightOf: (seen: T) => Sight): Routine<Answer<Sight>> {
  const seen = yield* read;
  return seen.ok ? { ok: true, value: sightOf(seen.value) } : seen;
}

function same(isSame: boolean): Sight {
  return isSame ? 'as-ordered' : 'differs';
}

function isSameRecord(a: RecordValues, b: RecordValues): boolean {
  return a.a === b.a && a.aaaa === b.aaaa;
}

/** Whether what is wanted is so, whatever else there is. */
function hasWeights(seen: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): boolean {
  return Object.entries(wanted).every(([name, weight]) => seen[name] === weight);
}

/** Weights of 0 and no weight at all send nobody. */
function isSameWeights(seen: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): boolean {
  const names = new Set([...Object.keys(seen), ...Object.keys(wanted)]);
  return [...names].every((name) => (seen[name] ?? 0) === (wanted[name] ?? 0));
}

/** Down to a size is done once it was asked for: nobody waits for what stops. */
function compareScale({ wanted, ready }: ScaleState, size: number, isExact: boolean): Sight {
  if (isExact ? wanted !== size : wanted < size) return 'differs';
  return isExact || ready >= size ? 'as-ordered' : 'on-its-way';
}

/** A newer epoch published by somebody else is left alone: the claim decides who may write. */
function isSamePublication(seen: Publication | null, wanted: Publication): boolean {
  return seen !== null && JSON.stringify(canonical(seen)) === JSON.stringify(canonical(wanted));
}

function canonical({ service, epoch, endpoints, isReadOnly }: Publication): unknown {
  return [service, epoch, endpoints.map(({ site, url }) => [site, url]), isReadOnly];
}

function failed(fault: Fault): StepReport {
  return { outcome: 'failed', fault };
}
