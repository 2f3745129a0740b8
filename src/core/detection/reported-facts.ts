import type { ReportPaths } from '../model/probe.ts';
import { jsonPathOf, valueAtPath } from './answer.ts';
import type { SiteReport } from './observation.ts';

/** Longest role that is read, in characters. */
export const roleLengthMax = 32;

/** What of a report has a path, in the order of its keys. */
const factsByPath = { role: 'role', lag: 'replicationLagMs', load: 'load', ready: 'ready' } as const;

/**
 * Prepares the reading of what JSON says of a site, by paths.
 *
 * @returns puts what the JSON says in place of what the headers said, fact by fact. A fact that has a path and cannot
 *   be read there is not known, whatever a header says of it; `undefined` is what is no JSON
 */
export function factsReader(paths: ReportPaths): (json: unknown, ofHeaders: SiteReport) => SiteReport {
  const keysOf = (path: string | undefined) => (path === undefined ? null : (jsonPathOf(path) ?? [path]));
  const keys = {
    role: keysOf(paths.role),
    lag: keysOf(paths.lag),
    load: keysOf(paths.load),
    ready: keysOf(paths.ready),
  };
  return (json, ofHeaders) => {
    const at = (path: readonly string[] | null) => (path === null ? undefined : valueAtPath(json, path));
    const role = roleOf(at(keys.role), paths.activeRoles);
    const lag = amountOf(at(keys.lag));
    const load = amountOf(at(keys.load));
    const ready = readinessOf(at(keys.ready));
    const kept = Object.entries(ofHeaders).filter(([fact]) =>
      Object.entries(factsByPath).every(([name, its]) => its !== fact || keys[name as keyof typeof keys] === null),
    );
    return {
      ...Object.fromEntries(kept),
      ...(role === null ? {} : { role }),
      ...(lag === null ? {} : { replicationLagMs: lag * paths.lagUnitMs }),
      ...(load === null ? {} : { load }),
      ...(ready === null ? {} : { ready }),
    };
  };
}

function roleOf(value: unknown, activeRoles: readonly string[]): string | null {
  if (typeof value !== 'string' || value.trim() === '') return null;
  const role = value.trim().toLowerCase().slice(0, roleLengthMax);
  return activeRoles.includes(role) ? 'active' : role;
}

/** A number, or the text of one, at least 0: databases often write theirs as text. */
function amountOf(value: unknown): number | null {
  const amount = typeof value === 'string' && /^\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : value;
  return typeof amount === 'number' && Number.isFinite(amount) && amount >= 0 ? amount : null;
}

function readinessOf(value: unknown): boolean | null {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : null;
}
