import { createAwsProber, probeClients } from '../../adapters/aws/probe/aws-prober.ts';
import { Secrets } from '../../adapters/aws/probe/secrets.ts';
import { createNetProber } from '../../adapters/net/net-prober.ts';
import { type Probers, runProbe } from '../../adapters/prober.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { combineObservations, type Observation } from '../../core/detection/observation.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { judgesRole, type Probe } from '../../core/model/probe.ts';
import type { Service } from '../../core/model/service.ts';
import type { Site } from '../../core/model/site.ts';
import type { ProbedProbe, ProbedSite, ProbeJson } from '../show/probe.ts';
import { targetOf, wantedOf } from '../show/probe-words.ts';

/**
 * Runs the probes of the sites that are asked for once, all at the same time, from this machine.
 *
 * @returns what each site answers, by service and site; a service of which no site is asked for is not in it
 */
export async function probeSites(
  deployment: Deployment,
  isAsked: (service: string, site: string) => boolean,
): Promise<ProbeJson['services']> {
  const probers = probersOf(deployment);
  const services = await inParallel(deployment.services, async (service, name) => ({
    sites: await inParallel(
      Object.fromEntries(Object.entries(service.sites).filter(([site]) => isAsked(name, site))),
      (site) => probeSite(service, site, probers),
    ),
  }));
  return Object.fromEntries(Object.entries(services).filter(([, { sites }]) => Object.keys(sites).length > 0));
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
