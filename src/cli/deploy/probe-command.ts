import { closest } from '../../config/closest-word.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { JsonFlag } from '../program.ts';
import { type ProbeJson, showProbes } from '../show/probe.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { readConfigFile } from './config-file.ts';
import { probeSites } from './site-answers.ts';

/**
 * Runs the probes of a configuration once, all at the same time, from this machine.
 *
 * They are the watchers' own probes: each is over by its `timeoutMs`. A write canary writes here as it does there.
 *
 * @param only - a site, as `SITE` in every service that has it or as `SERVICE/SITE`; null probes all
 * @returns the exit code: 0 when every site passes its `require`, else 1
 * @throws {FailoverError} CONFIG when the file cannot be used, USAGE when no site has that name
 */
export async function probe(file: string, only: string | null, flags: JsonFlag, terminal: Terminal): Promise<number> {
  const deployment = await readConfigFile(file);
  const isAsked = askedSites(deployment, only);
  const services = await probeSites(deployment, isAsked);
  terminal.signal.throwIfAborted();

  const isPassed = Object.values(services).every(({ sites }) =>
    Object.values(sites).every(({ outcome }) => outcome === 'pass'),
  );
  const json: ProbeJson = { deployment: deployment.name, isPassed, services };
  if (flags.json) printJson(terminal, json);
  else terminal.out(`${showProbes(json, terminal.page)}\n`);
  return isPassed ? 0 : 1;
}

function askedSites({ services }: Deployment, only: string | null): (service: string, site: string) => boolean {
  if (only === null) return () => true;
  const isAsked = (service: string, site: string) => only === site || only === `${service}/${site}`;
  const all = Object.entries(services).flatMap(([service, { sites }]) =>
    Object.keys(sites).map((site) => [service, site] as const),
  );
  if (all.some(([service, site]) => isAsked(service, site))) return isAsked;
  const names = [...new Set(all.map(([, site]) => site)), ...all.map(([service, site]) => `${service}/${site}`)];
  const near = closest(only, names);
  const hint = near === null ? `name one of ${names.join(', ')}` : `did you mean ${near}?`;
  throw new FailoverError('USAGE', `no site "${only}"; ${hint}`);
}
