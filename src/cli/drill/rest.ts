import { chooseCandidate, explainCandidates } from '../../core/decision/eligibility.ts';
import type { SiteKnowledge } from '../../core/detection/site-knowledge.ts';
import { FailoverError } from '../../core/errors.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { sitePlaceText } from '../../core/model/place.ts';
import { type NamedService, sitesByPriority } from '../../core/model/service.ts';
import { genesis } from '../../core/register/register.ts';
import type { FirstAnswer } from '../../dashboard/drill-result.ts';
import { probeSites } from '../deploy/site-answers.ts';
import type { ProbedSite } from '../show/probe.ts';
import { sawOf } from '../show/probe-words.ts';
import { isOfClients } from './client.ts';

/** What the sites answered before the drill, and what forbids to begin. */
export interface Rest {
  /** The site that will be active first. */
  readonly answers: readonly FirstAnswer[];
  /** Null when all is at rest. */
  readonly fault: string | null;
}

/** Asks all sites of a service once, with the watchers' own probes, and judges whether a failover could be seen. */
export async function readRest(deployment: Deployment, name: string): Promise<Rest> {
  const probed = await probeSites(deployment, (service) => service === name);
  return judgeRest(serviceOf(deployment, name), probed[name]?.sites ?? {});
}

/** @throws {FailoverError} USAGE with what is not as it must be */
export function refuseRest(service: string, { fault }: Rest): void {
  if (fault === null) return;
  throw new FailoverError('USAGE', `the drill of ${service} begins only when all is well: ${fault}`);
}

/**
 * Judges the first answers of a service: each site passes, the one that becomes active may be, and another one could
 * take over by the engine's own rules.
 */
export function judgeRest(service: NamedService, probed: Readonly<Record<string, ProbedSite>>): Rest {
  const order = sitesByPriority(service);
  const [active = ''] = order;
  const answers = order.flatMap((site) => {
    const answer = probed[site];
    return answer === undefined ? [] : [firstAnswer(service, site, site === active, answer)];
  });
  return { answers, fault: siteFault(answers) ?? roleFault(active, probed[active]) ?? standbyFault(service, probed) };
}

function firstAnswer(
  { sites, mode }: NamedService,
  site: string,
  isActive: boolean,
  { outcome, probes }: ProbedSite,
): FirstAnswer {
  const plain = probes.filter(({ isCorroborating }) => !isCorroborating);
  const shown = plain.find(({ observation }) => observation.outcome !== 'pass' && outcome !== 'pass') ?? plain[0];
  const place = sites[site];
  return {
    site,
    place: place === undefined ? '' : sitePlaceText(place),
    isActive,
    isServing: isActive || mode === 'active-active',
    outcome,
    asked: shown === undefined ? '' : `${shown.type} ${shown.target}`,
    saw: shown === undefined ? 'no probe' : sawOf(shown.observation),
  };
}

function siteFault(answers: readonly FirstAnswer[]): string | null {
  const bad = answers.find(({ outcome }) => outcome !== 'pass');
  if (bad === undefined) return null;
  const verb = bad.outcome === 'fail' ? 'fails' : 'cannot be judged from here';
  return `${bad.site} ${verb} (${bad.asked}: ${bad.saw}); "cdk-failover probe FILE" shows each answer`;
}

function roleFault(active: string, probed: ProbedSite | undefined): string | null {
  const role = probed?.roleToJudge ?? null;
  return role === null
    ? null
    : `${active}, which comes first by priority, says that it is ${role}: let it say active, or give another site the highest priority`;
}

function standbyFault(service: NamedService, probed: Readonly<Record<string, ProbedSite>>): string | null {
  const order = sitesByPriority(service);
  const [active = ''] = order;
  if (order.length < 2) return `${active} is its only site: there is no other to move to`;
  const unasked = order.find((site) => !service.sites[site]?.probes.some(isOfClients));
  if (unasked !== undefined) return `no probe of ${unasked} is a request that a client could make; give it one`;

  const shared = sharedAddress(service);
  if (shared !== null) return shared;

  const register = genesis(active);
  const knowledge: SiteKnowledge = {
    verdicts: Object.fromEntries(order.map((site) => [site, 'up'])),
    reports: Object.fromEntries(order.map((site) => [site, probed[site]?.report ?? {}])),
    dependencies: {},
  };
  if (chooseCandidate(service, register, knowledge) !== null) return null;
  return `no site could take over (${explainCandidates(service, register, knowledge)})`;
}

/** The client knows a site by the address that DNS answers. */
function sharedAddress({ traffic }: NamedService): string | null {
  const all = Object.entries(traffic.dns?.addresses ?? {}).flatMap(([site, { a = [], aaaa = [] }]) =>
    [...a, ...aaaa].map((address) => ({ site, address })),
  );
  for (const { site, address } of all) {
    const other = all.find((each) => each.address === address && each.site !== site);
    if (other !== undefined)
      return `${site} and ${other.site} have the same address ${address}: the client could not tell them apart`;
  }
  return null;
}
