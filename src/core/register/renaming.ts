import { lastResortName, type NamedService, nameNow } from '../model/service.ts';
import type { Register } from './register.ts';
import type { Run } from './run.ts';

/** New names by old ones. */
export type Renaming = Readonly<Record<string, string>>;

/** The sites that a register calls by names which the configuration says are old. */
export function renamingOf(service: NamedService, register: Register): Renaming {
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

/** The register with sites called by their new names; nothing else about it changes. */
export function withSitesRenamed(register: Register, renaming: Renaming): Register {
  const now = (site: string) => renaming[site] ?? site;
  const all = (sites: readonly string[]) => sites.map(now);
  return {
    ...register,
    active: now(register.active),
    serving: all(register.serving),
    ramp: Object.fromEntries(Object.entries(register.ramp).map(([site, percent]) => [now(site), percent])),
    maintenance: all(register.maintenance).sort(),
    lost: all(register.lost),
    run: register.run === null ? null : renamedRun(register.run, now),
  };
}

function renamedRun(run: Run, now: (site: string) => string): Run {
  const loads = Object.entries(run.basis.loads).map(([site, load]) => [now(site), load]);
  return {
    ...run,
    from: now(run.from),
    to: now(run.to),
    serving: run.serving.map(now),
    basis: { ...run.basis, loads: Object.fromEntries(loads) },
    steps: run.steps.map((step) => ({ ...step, resource: now(step.resource) })),
  };
}

/** Every site that a register names, as it names it. */
function sitesNamedIn({ active, serving, ramp, maintenance, lost, run }: Register): readonly string[] {
  const inRun = run === null ? [] : [run.from, run.to, ...run.serving];
  return [...new Set([active, ...serving, ...Object.keys(ramp), ...maintenance, ...lost, ...inRun])];
}
