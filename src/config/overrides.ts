import { dotted, type Path } from './document.ts';

/** Parts of a configuration that a scenario replaces, by dotted path. */
export type Overrides = Readonly<Record<string, unknown>>;

/**
 * A copy of a plain value with parts replaced.
 *
 * What a path leads through is made where it is missing, so that a schema which refuses unknown keys finds a mistyped
 * path. An index outside a list turns the list into a mapping, which no schema takes for a list.
 */
export function applyOverrides(value: unknown, overrides: Overrides): unknown {
  return Object.entries(overrides).reduce<unknown>(
    (changed, [path, part]) => replaceAt(changed, path.split('.'), part),
    value,
  );
}

function replaceAt(value: unknown, path: readonly string[], part: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return part;
  if (Array.isArray(value) && Object.hasOwn(value, key) && key !== 'length') {
    return value.map((item, index) => (String(index) === key ? replaceAt(item, rest, part) : item));
  }
  const fields = value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  return { ...fields, [key]: replaceAt(Object.hasOwn(fields, key) ? fields[key] : undefined, rest, part) };
}

/** The override that has to do with a path: one that made it, or one that replaced something below it; null when none has. */
export function overrideOf(path: Path, overrides: Overrides): string | null {
  const wanted = `${dotted(path)}.`;
  const touches = (key: string) => wanted.startsWith(`${key}.`) || `${key}.`.startsWith(wanted);
  return Object.keys(overrides).findLast(touches) ?? null;
}
