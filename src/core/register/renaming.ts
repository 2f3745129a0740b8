import { lastResortName, type NamedService, nameNow } from '../model/service.ts';
import type { Register } from './register.ts';
import type { Run } from './run.ts';

/** New names by old ones. */
export type Renaming = Readonly<Record<string, string>>;

/** The sites that a register calls by an earlier name, according to the configuration's `renamedFrom`. */
export function renamingOf(service: NamedService, register: Register): Renaming {
  if (!Object.values(service.sites).some(({ renamedFrom }) => renamedFrom !== undefined)) return {};
  return Object.fromEntries(
    sitesNamedIn(register).flatMap((site) => {
      const name = nameNow(service, site);
      return name === null || name === site ? [] : [[site, name]];
    }),
  );
}

/** Sites that a register names and that the configuration does not have, under any name; sorted. */
export function unknownSitesIn(service: NamedService, register: Register): readonly string[] {
  const serving = [register.active, ...register.serving.filter((site) => site !== lastResortName)];
  return [...new Set(serving)].filter((site) => nameNow(service, site) === null).sort();
}

/**
 * Whether the register names a site that serves, writes or has to be fenced, and that this configuration has under no
 * name. It may be one of its own sites under a name that a deployment gave it and another one has taken back: then
 * nothing that the register says of the site is known here.
 */
export function namesStranger(service: NamedService, { active, writer, serving, owed }: Register): boolean {
  const named = [active, writer, ...serving, ...owed.map(({ site }) => site)];
  return named.some((site) => site !== lastResortName && nameNow(service, site) === null);
}

/**
 * Whether a site may be one whose fence is owed under a name that is unknown here: it is not named itself as one that
 * has the service, and some fence is owed of a site that this configuration has under no name.
 */
export function mayBeOwed(service: NamedService, { active, writer, serving, owed }: Register, site: string): boolean {
  if ([active, writer, ...serving].includes(site)) return false;
  return owed.some((fence) => nameNow(service, fence.site) === null);
}

/** The register as this configuration calls its sites, before any watcher has written that. */
export function inOwnNames(service: NamedService, register: Register): Register {
  const renaming = renamingOf(service, register);
  return Object.keys(renaming).length === 0 ? register : withSitesRenamed(register, renaming);
}

/** The register with sites called by their new names; nothing else about it changes. */
export function withSitesRenamed(register: Register, renaming: Renaming): Register {
  return renamed(register, registerParts, (site) => renaming[site] ?? site);
}

type Name = (site: string) => string;

/** How each part of a value is renamed. Exhaustive by type: a new part that is missing here does not compile. */
type Parts<T> = { readonly [K in keyof T]-?: (part: T[K], name: Name) => T[K] };

const kept = <T>(part: T): T => part;
const one = (site: string, name: Name): string => name(site);
const many = (sites: readonly string[], name: Name): readonly string[] => sites.map(name);
const keys = <T>(bySite: Readonly<Record<string, T>>, name: Name): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(bySite).map(([site, value]) => [name(site), value]));

const runParts: Parts<Run> = {
  kind: kept,
  epoch: kept,
  attempt: kept,
  retries: kept,
  holder: kept,
  from: one,
  to: one,
  serving: many,
  reason: kept,
  by: kept,
  grounds: (grounds, name) =>
    grounds && {
      verdicts: keys(grounds.verdicts, name),
      opinions: keys(grounds.opinions, name),
      refused: keys(grounds.refused, name),
    },
  isDataLossAllowed: kept,
  isProofWaived: kept,
  isShortAllowed: kept,
  demand: kept,
  joining: (sites, name) => sites?.map(name),
  rampBefore: keys,
  steps: (steps, name) => steps.map((step) => ({ ...step, resource: name(step.resource) })),
  state: kept,
  times: kept,
};

const registerParts: Parts<Register> = {
  voters: kept,
  stage: kept,
  voterChange: kept,
  epoch: kept,
  active: one,
  writer: one,
  promoting: many,
  leftUnpromoted: (sites, name) => sites?.map(name),
  leftUnfenced: (sites, name) => sites?.map(name),
  owed: (fences, name) => fences.map((fence) => ({ ...fence, site: name(fence.site) })),
  setbacks: (setbacks, name) => setbacks.map((setback) => ({ ...setback, site: name(setback.site) })),
  serving: many,
  ledTo: (sites, name) => sites?.map(name).sort(),
  ramp: keys,
  pause: kept,
  planned: (plan, name) => plan && { ...plan, from: name(plan.from), to: name(plan.to) },
  gameDay: (day, name) => day && { ...day, home: name(day.home), to: name(day.to) },
  approval: (approval, name) => approval && { ...approval, from: name(approval.from) },
  maintenance: (sites, name) => sites.map(name).sort(),
  opening: many,
  lost: many,
  moves: (moves, name) => moves.map((move) => ({ ...move, from: name(move.from), to: name(move.to) })),
  run: (run, name) => (run === null ? null : renamed(run, runParts, name)),
  history: kept,
};

/** A part that only another version of this project knows stays as it is. */
function renamed<T extends object>(value: T, parts: Parts<T>, name: Name): T {
  const rename = (key: string) => (Object.hasOwn(parts, key) ? parts[key as keyof T] : kept);
  const entries = Object.entries(value).map(([key, part]) => [key, rename(key)(part, name)]);
  return Object.fromEntries(entries) as T;
}

/** Every site that a register names, as it names it. A name of something else may be among them. */
function sitesNamedIn(register: Register): readonly string[] {
  const named = new Set<string>();
  renamed(register, registerParts, (site) => {
    named.add(site);
    return site;
  });
  return [...named];
}
