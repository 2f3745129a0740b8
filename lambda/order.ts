import type { Desired, Order } from '../src/core/order.ts';

/** An order whose parts may be missing or of any type. */
type Unchecked<K extends Desired['kind']> = {
  readonly [P in keyof Extract<Desired, { readonly kind: K }>]?: unknown;
};

/**
 * Whether the parts of a thing are there, by kind. What they name is for the function to judge.
 *
 * Nothing may be left out: an isolation that does not say which way would be taken for a release.
 */
const isComplete: { readonly [K in Desired['kind']]: (thing: Unchecked<K>) => boolean } = {
  address: ({ allocationId, instanceId }) => isText(allocationId) && isText(instanceId),
  record: ({ zoneId, name, ttlSeconds, values }) =>
    isText(zoneId) && isText(name) && Number.isInteger(ttlSeconds) && isRecordValues(values),
  isolation: ({ instanceIds, groupId, isIsolated, isSelfFence }) =>
    Array.isArray(instanceIds) &&
    instanceIds.every(isText) &&
    isText(groupId) &&
    typeof isIsolated === 'boolean' &&
    typeof isSelfFence === 'boolean',
};

/** Whether an event is an order with all of its parts, whoever sent it. */
export function isOrder(event: unknown): event is Order {
  if (typeof event !== 'object' || event === null) return false;
  const { service, kind, manner, token } = event as Partial<Order>;
  const isToken = Number.isInteger(token?.epoch) && Number.isInteger(token?.attempt);
  const isManner = manner === 'enforce' || manner === 'repair';
  return isText(service) && isKind(kind) && isManner && isToken && isComplete[kind](event);
}

function isKind(kind: unknown): kind is Desired['kind'] {
  return typeof kind === 'string' && Object.hasOwn(isComplete, kind);
}

function isRecordValues(values: unknown): boolean {
  if (typeof values !== 'object' || values === null) return false;
  const { a, aaaa } = values as { readonly a?: unknown; readonly aaaa?: unknown };
  return [a, aaaa].every((value) => value === null || isText(value));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
