import type { FencingToken } from '../../register/run.ts';

/** A whole number, 0 or more. */
export function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

/** A number of whole or half units, 0 or more: Aurora counts its capacity in halves. */
export function isHalfCount(value: unknown): value is number {
  return typeof value === 'number' && isCount(value * 2);
}

/** Whether a value is a boolean. */
export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** Whether a value is a fencing token. */
export function isToken(value: unknown): value is FencingToken {
  if (typeof value !== 'object' || value === null) return false;
  const { epoch, attempt } = value as { readonly [P in keyof FencingToken]?: unknown };
  return isCount(epoch) && isCount(attempt);
}

/**
 * The entry of a mapping under an untrusted name. Names that every object inherits, such as `constructor`, give
 * undefined.
 */
export function ownOf<V>(mapping: Readonly<Record<string, V>> | undefined, name: unknown): V | undefined {
  return mapping !== undefined && typeof name === 'string' && Object.hasOwn(mapping, name) ? mapping[name] : undefined;
}

/**
 * Weights by name, when all are whole numbers from 0 to `weightMax` and at least one is above 0; else null. With all
 * weights at 0, no client would be served.
 */
export function weightsIn(value: unknown, weightMax: number): Readonly<Record<string, number>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const weights = Object.values(value);
  const isWhole = weights.every((weight) => isCount(weight) && weight <= weightMax);
  return isWhole && weights.some((weight) => weight > 0) ? (value as Readonly<Record<string, number>>) : null;
}

/** What an order says of a site that was renamed, for a function that a deployment has not reached. */
export function formerName({ renamedFrom }: { readonly renamedFrom?: string | undefined }): {
  readonly formerly?: string;
} {
  return renamedFrom === undefined ? {} : { formerly: renamedFrom };
}
