/**
 * A record with what each name has; the same as `Object.fromEntries` of pairs, and the keys in the same order.
 *
 * For what is made at every tick: there V8 takes four times as long over pairs (220 ns against 50 ns for three names).
 *
 * @param names - of regions, services or sites; none is a name that every object has, such as `__proto__`
 */
export function recordOf<T>(names: readonly string[], partOf: (name: string) => T): Record<string, T> {
  const record: Record<string, T> = {};
  for (const name of names) record[name] = partOf(name);
  return record;
}
