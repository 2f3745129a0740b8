import type { Desired, Order } from '../src/core/kinds/order.ts';
import { recordWeightMax, targetWeightMax } from '../src/core/register/share.ts';
import {
  isDataResource,
  isFence,
  isFlag,
  isPublication,
  isRecordValues,
  isScalable,
  isSize,
  isText,
  isWeights,
} from './order-parts.ts';

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
    isText(zoneId) && isText(name) && isSize(ttlSeconds) && isRecordValues(values),
  'record-weights': ({ zoneId, name, weights }) =>
    isText(zoneId) && isText(name) && isWeights(weights, recordWeightMax),
  isolation: ({ site, fence, isIsolated, isSelfFence }) =>
    isText(site) && isFence(fence) && isFlag(isIsolated) && isFlag(isSelfFence),
  weights: ({ listenerArn, weights }) => isText(listenerArn) && isWeights(weights, targetWeightMax),
  scale: ({ site, scalable, size, isExact }) => isText(site) && isScalable(scalable) && isSize(size) && isFlag(isExact),
  promotion: ({ data, from, to, isPlanned, isDataLossAllowed }) =>
    isDataResource(data) && isText(from) && isText(to) && isFlag(isPlanned) && isFlag(isDataLossAllowed),
  publication: ({ publication }) => isPublication(publication),
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
  return isText(kind) && Object.hasOwn(isComplete, kind);
}
