import { ConfigError } from '../../config/config-error.ts';
import { parseDeploymentValue } from '../../config/loader.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { groupOrder } from '../../core/model/group.ts';
import { sitesByPriority } from '../../core/model/service.ts';
import type { ScenarioEvent } from '../../scenario/scenario.ts';
import type { SeededRandom } from '../random.ts';
import type { TroubleTime } from './rescue-draws.ts';
import type { Edit, Reshape } from './reshape.ts';
import { type AddedSite, editedServices, withoutSite, withSite, withSiteRenamed } from './site-edits.ts';
import { event, pick } from './trouble.ts';
import type { ServiceInput } from './variations.ts';

/** Changes of what a service is made of, each in an order that `validate --against` does not refuse. */

/** What a site is called that is added. */
const addedName = 'added';
/** What a site is called that is renamed. */
export const renamedName = 'renamed';
/** From a deployment until whoever made it goes on, at least and at most: both versions have met, or have not. */
export const goOnMsMin = 20_000;
const goOnMsMax = 120_000;
/** From the healing until a person looks whether a service is where no configuration has it, and once more. */
const lookMs = [75_000, 110_000] as const;
/** After the first member of a group has been sent away, the others are, one after another. */
const memberMs = 10_000;
/** By then it has been removed, and whoever looks stops it. */
const stopMs = 65_000;
/** By then whoever founds a lost register again has asked for every other site. */
const foundMs = 70_000;
/** Share of the sites that are removed once the service has been sent elsewhere; of others it is not known. */
const inOrderShare = 0.7;
/** Share of the sites that are removed and come back. */
export const backShare = 0.5;
/** Share of the sites that are added to which a person sends the service. */
const sentShare = 0.6;
/** Kinds of data that a function of the user's may promote as well, and what it is called. */
const changing: readonly string[] = ['aurora-global', 'custom'];
const otherFunction = 'promote-b';
/** By how much a lease changes. */
export const leaseShares = [0.5, 0.7, 1.5, 3] as const;

/** Whether the loader takes a configuration. */
export function isDeployable(configuration: unknown): boolean {
  try {
    parseDeploymentValue(configuration, 'drawn');
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

/** When a change begins. */
export const beginOf = (random: SeededRandom, { fromMs, forMs }: TroubleTime): number =>
  Math.round(fromMs + random() * forMs);

/** From a deployment until whoever made it goes on, in milliseconds. */
export const goOnMs = (random: SeededRandom): number => Math.round(goOnMsMin + random() * (goOnMsMax - goOnMsMin));

/** A command of whoever is on call. */
export const ordered = (atMs: number, commandLine: string): ScenarioEvent => {
  const ms = Math.round(atMs);
  return event(ms, { kind: 'operator', commandLine, as: `op${ms} ${commandLine}`, isStale: false });
};

/** Services that have the same sites because they are in a group; the one that a person moves is the first. */
export function drawServices(random: SeededRandom, { services, groups }: Deployment): readonly [string, ...string[]] {
  const name = pick(random, Object.keys(services));
  const group = Object.values(groups).find(({ members }) => Object.hasOwn(members, name));
  const [first = name, ...others] = group === undefined ? [] : groupOrder(group);
  return [first, ...others];
}

/** Takes a change back. */
export const asBefore: Edit = (configuration) => configuration;

/** An edit of some services. */
export function editing(names: readonly string[], edit: (service: ServiceInput) => ServiceInput): Edit {
  return (configuration) => editedServices(configuration, names, edit);
}

/** A lease gets shorter or longer. */
const lease: Reshape = (random, deployment, time) => {
  const name = pick(random, Object.keys(deployment.services));
  const leaseMs = Math.round(serviceOf(deployment, name).failover.leaseMs * pick(random, leaseShares));
  const edit = editing([name], (service) => ({ ...service, failover: { ...service.failover, leaseMs } }));
  return { steps: [{ atMs: beginOf(random, time), edit }], events: [], healing: [], isSteady: true };
};

/** What a site like another one is in a service: preferred more than all of them, or less. */
export function addedSite(random: SeededRandom, deployment: Deployment, service: string): AddedSite {
  const { sites } = serviceOf(deployment, service);
  const like = pick(random, Object.keys(sites));
  const own = sites[like]?.region ?? '';
  const regions = deployment.controlRegions.filter((region) =>
    Object.values(sites).every((site) => site.region !== region),
  );
  const priorities = Object.values(sites).map(({ priority }) => priority);
  const priority = random() < 0.3 ? Math.max(...priorities) + 5 : Math.max(1, Math.min(...priorities) - 5);
  return { name: addedName, like, region: random() < 0.5 ? own : pick(random, [own, ...regions]), priority };
}

/**
 * What a person puts right of a site that is not there from the start: its data, and a register that was lost while the
 * service was there.
 */
export function siteHealed(names: readonly string[], { healedMs }: TroubleTime): readonly ScenarioEvent[] {
  const replicas = [0, 60_000].flatMap((afterMs) =>
    names.map((service) =>
      event(healedMs + afterMs, { kind: 'set', site: { service, name: addedName }, facts: { data: 'replica' } }),
    ),
  );
  return [...replicas, ...names.map((name) => ordered(healedMs + foundMs, `found ${name} --active ${addedName}`))];
}

/** A site is added, and perhaps a person sends the service there. */
const addSite: Reshape = (random, deployment, time) => {
  const names = drawServices(random, deployment);
  const site = addedSite(random, deployment, names[0]);
  const atMs = beginOf(random, time);
  const isSent = random() < sentShare && deployment.services[names[0]]?.mode === 'active-passive';
  const sentMs = atMs + goOnMs(random);
  return {
    steps: [{ atMs, edit: editing(names, (service) => withSite(service, site)) }],
    events: isSent ? [ordered(sentMs, `switchover ${names[0]} --to ${addedName}`)] : [],
    healing: siteHealed(names, time),
    isSteady: true,
  };
};

/**
 * A site that no configuration has is stopped for good, and the service is sent to another one, if it is not there: as
 * whoever does that is told to.
 */
function leftForGood(
  names: readonly string[],
  dropped: string,
  [site = '']: readonly string[],
  { healedMs }: TroubleTime,
): readonly ScenarioEvent[] {
  return [
    ...names.map((service) =>
      event(healedMs + stopMs, { kind: 'stop', target: { kind: 'site', service, name: dropped } }),
    ),
    // Whoever was refused, because nothing tells a lag any more, says it again at any loss.
    ...lookMs.flatMap((afterMs, index) =>
      names.map((name, place) => {
        const risk = index > 0 ? ' --allow-data-loss' : '';
        return ordered(healedMs + afterMs + place * memberMs, `failover ${name} --to ${site} --force${risk}`);
      }),
    ),
  ];
}

/** A site is removed, mostly after the service was sent elsewhere. */
const dropSite: Reshape = (random, deployment, time) => {
  const names = drawServices(random, deployment);
  const { mode, sites } = serviceOf(deployment, names[0]);
  const dropped = pick(random, Object.keys(sites));
  const left = sitesByPriority({ sites }).filter((site) => site !== dropped);
  if (left.length < 2 || mode !== 'active-passive') return null;
  const isInOrder = random() < inOrderShare;
  const atMs = beginOf(random, time);
  const sentMs = atMs - goOnMs(random);
  const isBack = random() < backShare;
  return {
    steps: [
      { atMs, edit: editing(names, (service) => withoutSite(service, dropped)) },
      ...(isBack ? [{ atMs: time.healedMs, edit: asBefore }] : []),
    ],
    events: isInOrder ? [ordered(Math.max(0, sentMs), `switchover ${names[0]} --to ${left[0]}`)] : [],
    healing: isBack ? [] : leftForGood(names, dropped, left, time),
    isSteady: isBack,
  };
};

/** A site moves: the new place is added, the service is sent there, and the old one is removed. */
const moveSite: Reshape = (random, deployment, time) => {
  const names = drawServices(random, deployment);
  const { mode, sites } = serviceOf(deployment, names[0]);
  const site = addedSite(random, deployment, names[0]);
  if (mode !== 'active-passive') return null;
  const atMs = beginOf(random, time);
  const sentMs = Math.min(atMs + goOnMs(random), time.healedMs);
  const droppedMs = Math.min(sentMs + goOnMs(random), time.healedMs + goOnMsMin);
  const others = [addedName, ...Object.keys(sites)].filter((other) => other !== site.like);
  const isBack = random() < backShare;
  const added = editing(names, (service) => withSite(service, site));
  return {
    steps: [
      { atMs, edit: added },
      {
        atMs: droppedMs,
        edit: editing(names, (service) => withoutSite(withSite(service, site), site.like)),
      },
      ...(isBack ? [{ atMs: time.healedMs + 3 * goOnMsMin, edit: added }] : []),
    ],
    events: [ordered(sentMs, `switchover ${names[0]} --to ${addedName}`)],
    healing: [...siteHealed(names, time), ...(isBack ? [] : leftForGood(names, site.like, others, time))],
    isSteady: isBack,
  };
};

/** A site is renamed. What people say afterwards, they say of the new name. */
const renameSite: Reshape = (random, deployment, time) => {
  const names = drawServices(random, deployment);
  const site = pick(random, Object.keys(serviceOf(deployment, names[0]).sites));
  const edit = editing(names, (service) => withSiteRenamed(service, site, renamedName));
  const atMs = beginOf(random, time);
  return {
    steps: [{ atMs, edit }],
    events: [],
    healing: [],
    renamed: { from: site, to: renamedName, fromMs: atMs },
    isSteady: true,
  };
};

/** Other members lead a group, or wait for other ones; or its services fail over alone, for a while or for good. */
const changeGroup: Reshape = (random, { groups }, time) => {
  const found = Object.entries(groups);
  if (found.length === 0) return null;
  const [name, group] = pick(random, found);
  const [first = '', ...others] = groupOrder(group);
  const members = pick(random, [
    null,
    { [first]: others, ...Object.fromEntries(others.map((other) => [other, []])) },
    Object.fromEntries([first, ...others].map((each) => [each, []])),
  ]);
  const { [name]: _left, ...kept } = groups;
  const changed = members === null ? kept : { ...kept, [name]: { members } };
  const isBack = random() < backShare;
  return {
    steps: [
      { atMs: beginOf(random, time), edit: (configuration) => ({ ...configuration, groups: changed }) },
      ...(isBack ? [{ atMs: time.healedMs, edit: asBefore }] : []),
    ],
    events: [],
    healing: [],
    isSteady: true,
  };
};

/** A function of the user's promotes the data that AWS's own API did, or another function. */
const changeData: Reshape = (random, { services }, time) => {
  const found = Object.entries(services).filter(([, { data }]) => changing.includes(data?.kind ?? ''));
  if (found.length === 0) return null;
  const [name, { sites }] = pick(random, found);
  const functions = Object.fromEntries(Object.keys(sites).map((site) => [site, otherFunction]));
  const edit = editing([name], (service) => ({ ...service, data: { kind: 'custom', functions } }));
  const isBack = random() < backShare;
  const atMs = beginOf(random, time);
  return {
    steps: [
      { atMs, edit },
      ...(isBack ? [{ atMs: Math.min(atMs + goOnMs(random), time.healedMs), edit: asBefore }] : []),
    ],
    events: [],
    healing: [],
    isSteady: true,
  };
};

/** Every kind of change, by what changes. */
export const reshapes = { lease, addSite, dropSite, moveSite, renameSite, changeGroup, changeData } satisfies Readonly<
  Record<string, Reshape>
>;
