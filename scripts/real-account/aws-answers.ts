/**
 * The parts of AWS's answers that are read here. They come as JSON from the AWS CLI, so nothing about them is certain.
 */
export type Answer = Readonly<Record<string, unknown>>;

/** The object itself, or one without fields. */
export function objectIn(value: unknown): Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : {};
}

/** The objects of a list in a field; none when there is no list. */
export function listIn(value: unknown, field: string): readonly Answer[] {
  const list = objectIn(value)[field];
  return Array.isArray(list) ? list.map(objectIn) : [];
}

/** The texts of a list in a field; none when there is no list. */
export function textsIn(value: unknown, field: string): readonly string[] {
  const list = objectIn(value)[field];
  return Array.isArray(list) ? list.filter((text): text is string => typeof text === 'string') : [];
}

/** @throws {Error} when the field holds no text */
export function textIn(value: unknown, field: string): string {
  const text = objectIn(value)[field];
  if (typeof text !== 'string') throw new Error(`AWS answered without ${field}`);
  return text;
}
