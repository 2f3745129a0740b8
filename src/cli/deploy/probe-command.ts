import { createAwsProber, probeClients } from '../../adapters/aws/probe/aws-prober.ts';
import { Secrets } from '../../adapters/aws/probe/secrets.ts';
import { createNetProber } from '../../adapters/net/net-prober.ts';
import { type Probers, runProbe } from '../../adapters/prober.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { closest } from '../../config/closest-word.ts';
import { combineObservations, type Observation } from '../../core/detection/observation.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { judgesRole, type Probe } from '../../core/model/probe.ts';
import type { Service } from '../../core/model/service.ts';
import type { Site } from '../../core/model/site.ts';
import type { JsonFlag } from '../program.ts';
import { type ProbedProbe, type ProbedSite, type ProbeJson, showProbes } from '../show/probe.ts';
import { targetOf, wantedOf } from '../show/probe-words.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { readConfigFile } from './config-file.ts';

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
  const probers = probersOf(deployment);
  const services = await inParallel(deployment.services, async (service, name) => ({
    sites: await inParallel(
      Object.fromEntries(Object.entries(service.sites).filter(([site]) => isAsked(name, site))),
      (site) => probeSite(service, site, probers),
    ),
  }));
  terminal.signal.throwIfAborted();

  const asked = Object.fromEntries(Object.entries(services).filter(([, { sites }]) => Object.keys(sites).length > 0));
  const isPassed = Object.values(asked).every(({ sites }) =>
    Object.values(sites).every(({ outcome }) => outcome === 'pass'),
  );
  const json: ProbeJson = { deployment: deployment.name, isPassed, services: asked };
  if (flags.json) printJson(terminal, json);
  else terminal.out(`${showProbes(json, terminal.page)}\n`);
  return isPassed ? 0 : 1;
}

/**
 * What AWS answers is read with the credentials of whoever runs the command; secrets are those of the first control
 * region.
 */
function probersOf(deployment: Deployment): Probers {
  const clients = probeClients(deployment);
  return {
    // The self-check is about a watcher that is cut off; here the person sees that nothing at all answers.
    net: createNetProber({ controlTargets: [], controlTimeoutMs: 0 }),
    aws: createAwsProber(clients, systemClock, deployment),
    secrets: new Secrets(clients, systemClock, deployment.controlRegions[0] ?? ''),
  };
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

async function inParallel<In, Out>(
  things: Readonly<Record<string, In>>,
  work: (thing: In, name: string) => Promise<Out>,
): Promise<Readonly<Record<string, Out>>> {
  const entries = Object.entries(things).map(async ([name, thing]) => [name, await work(thing, name)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function probeSite({ mode }: Service, { probes, require }: Site, probers: Probers): Promise<ProbedSite> {
  const answers = await Promise.all(probes.map(async (each) => ({ each, observation: await runProbe(each, probers) })));
  const { outcome, report } = combineObservations(
    answers.map(({ each: { corroborating, dependency }, observation }) => ({
      observation,
      isCorroborating: corroborating,
      dependency,
    })),
    require,
  );
  const isRoleJudged = mode === 'active-passive' && probes.some(judgesRole);
  const isOther = report.role !== undefined && report.role !== 'active';
  return {
    outcome,
    require,
    probes: answers.map(({ each, observation }) => describe(each, observation)),
    report,
    roleToJudge: isRoleJudged && isOther ? (report.role ?? null) : null,
  };
}

function describe(each: Probe, observation: Observation): ProbedProbe {
  return {
    type: each.type,
    target: targetOf(each),
    wanted: wantedOf(each),
    isCorroborating: each.corroborating,
    dependency: each.dependency ?? null,
    observation,
  };
}
