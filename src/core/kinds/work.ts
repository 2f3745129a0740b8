import type { NamedService, Service } from '../model/service.ts';
import type { Work } from '../model/site.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { readySteps as dueSteps, movesActive, type Run } from '../register/run.ts';
import { type Kind, type Placed, type RestFacts, readySteps } from './kind.ts';
import { formerName, isFlag, ownOf } from './order/parts.ts';

/** Whether the work of a site must be on. */
export interface WorkDesired {
  readonly kind: 'work';
  readonly site: string;
  readonly isOn: boolean;
  /** Whether the site's own region turns it off because it is out of contact. Such an order needs no claim. */
  readonly isSelfFence: boolean;
  /** Whether a function of another configuration carries it out, too, on the work that it knows. */
  readonly isAnyhow?: true;
  /** What the site was called before, for a function that a deployment has not reached. */
  readonly formerly?: string;
}

/** All work of a site, and whether it must be on. */
export interface WorkThing {
  readonly region: string;
  /** Account that it is in; absent: that of the deployment. */
  readonly account?: string | undefined;
  readonly work: readonly Work[];
  readonly isOn: boolean;
}

/** State of one piece of work. What is turning off may still begin something. */
export type WorkSeen = 'on' | 'off' | 'turning-on' | 'turning-off';

/** State of each piece of a site's work, in the order of the configuration. */
export type WorkState = readonly WorkSeen[];

/**
 * Longest wait for work that is turning on or off. Lambda names no bound for an event source mapping. Source: our own.
 */
const turnMsMax = 300_000;

/**
 * Has what only one site may do (schedules, consumers) done by the active site: off everywhere else first, then on
 * here.
 */
export const work: Kind<WorkDesired, WorkThing, WorkState> = {
  name: 'work',
  isOfSites: true,
  isIn: ({ sites }, region) => Object.values(sites).some((site) => site.region === region && site.work.length > 0),
  plan: (service, outline) => {
    const sites = sitesWithWork(service);
    return movesActive(outline) && sites.length > 0
      ? { resource: sites.join('+'), region: null, after: readySteps }
      : null;
  },
  mannerOf: () => ({ kind: 'in-turn' }),
  inRun: ({ service, run }) => [...workElsewhere(service, run.to), ...workFor(service, run.to, true)],
  riskOfSkipping: (from, to) => `scheduled work and consumers may run at ${from} and at ${to}, or at neither`,
  nothingToDo: 'no work to hand over',
  patienceMs: turnMsMax,
  fallbackOf: () => null,
  atRest: workAtRest,
  sitesOf: ({ site }) => [site],
  nameOf: ({ site }) => `work of ${site}`,
  thingOf: ({ site, isOn, isSelfFence }, service, region) => {
    const place = ownOf(service.sites, site);
    if (place?.region !== region || place.work.length === 0 || !isFlag(isOn) || !isFlag(isSelfFence)) return null;
    return { region, account: place.account, work: place.work, isOn };
  },
  compare: ({ isOn }, seen) => {
    const [wanted, turning] = isOn ? ['on', 'turning-on'] : ['off', 'turning-off'];
    if (seen.every((one) => one === wanted)) return 'as-ordered';
    return seen.every((one) => one === wanted || one === turning) ? 'on-its-way' : 'differs';
  },
  isFreeOfClaim: ({ isOn, isSelfFence }) => !isOn && isSelfFence,
  meantOf: ({ site }, { sites }) => {
    const place = ownOf(sites, site);
    return place === undefined || place.work.length === 0 ? null : [place.account, place.work];
  },
  isFreeOfAgreement: ({ isOn, isAnyhow }) => !isOn && isAnyhow === true,
};

/** The work of a site, on or off; empty when it has none. */
export function workFor(
  service: NamedService,
  site: string,
  isOn: boolean,
  isSelfFence = false,
): readonly Placed<WorkDesired>[] {
  const place = service.sites[site];
  if (place?.region === undefined || place.work.length === 0) return [];
  return [{ region: place.region, desired: { kind: 'work', site, isOn, isSelfFence, ...formerName(place) } }];
}

/** The work of every site but one, off. */
export function workElsewhere(service: NamedService, here: string): readonly Placed<WorkDesired>[] {
  return sitesWithWork(service).flatMap((site) => (site === here ? [] : workFor(service, site, false)));
}

/**
 * The desired work at rest: on at the active site, off elsewhere.
 *
 * When the run could not turn it off elsewhere, that comes first here too, and nothing is turned on before it is seen.
 * When the run got no further than making the new site ready, nothing is changed: its clients are where they were.
 *
 * It is turned off by whatever the function there knows of it: a region that was dark has missed every deployment, and
 * its schedules begin again with it.
 */
function workAtRest({ service, register }: Pick<RestFacts, 'service' | 'register'>): readonly Placed<WorkDesired>[] {
  const { active, epoch, run } = register;
  const step = run?.epoch === epoch ? run.steps.find(({ name }) => name === 'work') : undefined;
  const elsewhere = workElsewhere(service, active).map(({ region, desired }) => ({
    region,
    desired: { ...desired, isAnyhow: true as const },
  }));
  if (run === null || step?.state !== 'failed') return [...elsewhere, ...workFor(service, active, true)];
  return hasMoved(run) ? elsewhere : [];
}

/** Whether the work of a site is to be off now: in an open run once its turn has come, else at rest. */
export function isOffDue(service: NamedService, register: Register, site: string): boolean {
  if (hasOpenRun(register)) {
    const isTurn = dueSteps(register.run).some(({ name }) => name === 'work');
    return isTurn && site !== register.run.to;
  }
  return workAtRest({ service, register }).some(({ desired }) => desired.site === site && !desired.isOn);
}

/** Whether the steps that make a site ready have ended well. */
function hasMoved({ steps }: Run): boolean {
  return readySteps.every((name) => steps.every((step) => step.name !== name || step.state !== 'failed'));
}

function sitesWithWork({ sites }: Service): readonly string[] {
  return Object.keys(sites).filter((site) => (sites[site]?.work.length ?? 0) > 0);
}
