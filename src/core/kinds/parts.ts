/** A whole number, 0 or more. */
export function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

/** Whether a value says yes or no. */
export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** What a mapping has under a name that came from elsewhere; nothing for names that every object has. */
export function ownOf<V>(mapping: Readonly<Record<string, V>> | undefined, name: unknown): V | undefined {
  return mapping !== undefined && typeof name === 'string' && Object.hasOwn(mapping, name) ? mapping[name] : undefined;
}

/**
 * Weights by name, when they are whole numbers from 0 to the largest, at least one of them above 0; else null. With all
 * at 0, nobody would be answered.
 */
export function weightsIn(value: unknown, weightMax: number): Readonly<Record<string, number>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const weights = Object.values(value);
  const isWhole = weights.every((weight) => isCount(weight) && weight <= weightMax);
  return isWhole && weights.some((weight) => weight > 0) ? (value as Readonly<Record<string, number>>) : null;
}
