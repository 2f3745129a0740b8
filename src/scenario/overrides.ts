import { dotted, type Path } from '../config/document.ts';

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
  const fields = fieldsOf(value);
  return { ...fields, [key]: replaceAt(Object.hasOwn(fields, key) ? fields[key] : undefined, rest, part) };
}

/** An override below a service or a site that is not there. */
export interface StrayOverride {
  readonly override: string;
  readonly what: 'service' | 'site';
  readonly name: string;
  readonly known: readonly string[];
}

/**
 * The overrides that lead through a service or a site which neither the value nor an earlier override has: mistyped
 * names, as nobody builds a service key by key.
 */
export function strayOverrides(value: unknown, overrides: Overrides): readonly StrayOverride[] {
  const strays: StrayOverride[] = [];
  let changed = value;
  for (const [override, part] of Object.entries(overrides)) {
    const path = override.split('.');
    const stray = strayPart(changed, path);
    if (stray !== null) strays.push({ override, ...stray });
    changed = replaceAt(changed, path, part);
  }
  return strays;
}

function strayPart(value: unknown, path: readonly string[]): Omit<StrayOverride, 'override'> | null {
  const [top, service, below, site] = path;
  if (top !== 'services' || service === undefined || path.length < 3) return null;
  const services = fieldsOf(fieldsOf(value).services);
  if (!Object.hasOwn(services, service)) return { what: 'service', name: service, known: Object.keys(services) };
  if (below !== 'sites' || site === undefined || path.length < 5) return null;
  const sites = fieldsOf(fieldsOf(services[service]).sites);
  return Object.hasOwn(sites, site) ? null : { what: 'site', name: site, known: Object.keys(sites) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

/**
 * The override that has to do with a path: one that made it, or one that replaced something below it; null when none
 * has.
 */
export function overrideOf(path: Path, overrides: Overrides): string | null {
  const wanted = `${dotted(path)}.`;
  const touches = (key: string) => wanted.startsWith(`${key}.`) || `${key}.`.startsWith(wanted);
  return Object.keys(overrides).findLast(touches) ?? null;
}
