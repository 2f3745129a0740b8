import { greyBoundMs, hasGreyRules } from '../../core/detection/grey-failure.ts';
import { isShared } from '../../core/model/data.ts';
import { groupOf } from '../../core/model/group.ts';
import { actingRegionOf, placeOf } from '../../core/model/place.ts';
import { reportsOnSite } from '../../core/model/probe.ts';
import { lastResortName, type NamedService } from '../../core/model/service.ts';
import type { Site } from '../../core/model/site.ts';
import { isFenceOwed } from '../../core/register/owed-fence.ts';
import { majorityAmong } from '../../core/register/quorum.ts';
import { hasOpenRun, type Register } from '../../core/register/register.ts';
import { leaseWaitMs, promotionMsMax, recoveryBound, warmUpMsMax } from '../../core/timing.ts';
import type { SimEvent } from '../event.ts';
import { isLagInAnswers } from '../world/probes/pages.ts';
import { type SimSite, servesClients } from '../world/sites.ts';
import type { World } from '../world/world.ts';
import { checkerKind, isAutomatic, type NoteStake, Spells, serviceIn } from './checker.ts';
import { areAtOdds } from './facts/at-odds.ts';
import { canBeFoundDead } from './facts/found-dead.ts';
import { isGrey, SeenWell } from './facts/seen-well.ts';
import { agreedTimes, isAnyOpen } from './facts/windows.ts';

type Stakes = 'dead' | 'amid faults' | 'group' | 'data' | 'fence' | 'pool' | 'open run' | 'five regions';

/** Share by which waits that watchers count together may come out longer. */
const waitShare = 1.1;
const dayMs = 86_400_000;

/**
 * L2: a dead active with a majority and an eligible standby is replaced within the computed bound, lasting faults
 * elsewhere or not.
 *
 * Owed from the instant on at which the world has all of it: a site that is dead, so many watchers in contact with each
 * other and with a majority of the tables that a quorum can condemn it and a majority can call a standby up, and a
 * standby that nothing speaks against. Two bounds: on the decision, and on what it leads to.
 */
export const deadActiveReplaced = checkerKind({
  property: 'L2',
  stakes: ['dead', 'amid faults', 'group', 'data', 'fence', 'pool', 'open run', 'five regions'],
  make: (world, stake: NoteStake<Stakes>) => {
    const spells = new Spells();
    const history = new History(world);
    const owedSinceMs = new Map<string, { readonly key: string; readonly sinceMs: number }>();

    const look = (service: NamedService, register: Register) => {
      const owed = owedOf(world, service, register, history);
      const before = owedSinceMs.get(service.name);
      if (owed === null) {
        owedSinceMs.delete(service.name);
        return null;
      }
      const sinceMs = before?.key === owed.key ? before.sinceMs : world.nowMs;
      owedSinceMs.set(service.name, { key: owed.key, sinceMs });
      for (const kind of stakesOf(world, service, register))
        if (spells.begins(`${service.name} ${sinceMs} ${kind}`, true)) stake(kind);
      const lateMs = world.nowMs - sinceMs;
      if (lateMs <= owed.boundMs || !spells.begins(`${service.name} ${sinceMs} told`, true)) return null;
      return `${owed.what} of ${service.name} was dead for ${lateMs} ms and not replaced, bound ${owed.boundMs} ms`;
    };

    return {
      hear: (event: SimEvent) => {
        history.hear(event);
        // Clients ask every second: often enough to notice, seldom enough not to cost.
        if (event.type !== 'client') return null;
        const service = serviceIn(world, event.service);
        history.seenWell.look(service);
        const register = world.decisions.newest(service.name);
        return register === null ? null : look(service, register);
      },
    };
  },
});

/** What a move depends on besides this instant. */
class History {
  readonly seenWell: SeenWell;
  readonly #world: World;
  readonly #begunAtMs = new Map<string, number>();
  readonly #automatic = new Map<string, { readonly atMs: number; readonly from: string }[]>();

  constructor(world: World) {
    this.#world = world;
    this.seenWell = new SeenWell(world);
  }

  hear(event: SimEvent): void {
    if (event.type !== 'decided' || event.register.epoch === event.previous?.epoch) return;
    this.#begunAtMs.set(event.service, event.atMs);
    // One that a person has planned counts against no limit.
    const isPlanned = event.register.run?.reason === 'planned';
    if (event.previous === null || isPlanned || !isAutomatic(this.#world.deployment, event.register)) return;
    const moves = this.#automatic.get(event.service) ?? [];
    this.#automatic.set(event.service, [...moves, { atMs: event.atMs, from: event.register.run?.from ?? '' }]);
  }

  sinceEpochMs(service: string): number {
    return this.#world.nowMs - (this.#begunAtMs.get(service) ?? 0);
  }

  automatic(service: string): readonly { readonly atMs: number; readonly from: string }[] {
    return this.#automatic.get(service) ?? [];
  }
}

/** Something that is owed now: what is dead, and by when it must be replaced. */
interface Owed {
  /** Names the debt: with another key it begins anew. */
  readonly key: string;
  readonly what: string;
  readonly boundMs: number;
}

function owedOf(world: World, service: NamedService, register: Register, history: History): Owed | null {
  const { detection, failover } = service;
  if (!failover.automatic || isPaused(world, service, register) || isAwaited(world, service, register)) return null;
  // A window of the calendar may forbid just this move.
  if (isAnyOpen(world, service)) return null;
  if (history.sinceEpochMs(service.name) < detection.bootGraceMs) return null;
  // A fault that has just begun or ended has left watchers with less knowledge than they will have.
  if (world.disturbances.unchangedMs() < calledUpMs(service)) return null;
  if (service.mode === 'active-active') {
    const judges = judgesOf(world, register);
    const owed = withdrawalOwed(world, service, register, judges, history);
    const isAtOdds = areAtOdds(world, [service.name], [null, ...Object.keys(service.sites)]);
    return owed !== null && !isAtOdds && canJudge(service, register, judges) ? owed : null;
  }
  const group = groupOf(world.deployment, service.name);
  const members = Object.keys(group?.members ?? { [service.name]: [] });
  // The first one decides for all; the others follow once all that they need have arrived.
  const isFirst = members.every((member) => member === service.name || group?.members[member]?.length !== 0);
  const [home = ''] = register.serving;
  const isAnyDead = members.some((member) => isDead(world, serviceIn(world, member), home));
  if (!isAnyDead || home === lastResortName || service.sites[home] === undefined) return null;
  const judges = judgesOf(world, register);
  if (!canJudge(service, register, judges)) return null;
  if (areAtOdds(world, members, [null, home])) return null;
  const isFree = (site: string) =>
    !areAtOdds(world, members, [site]) &&
    members.every((member) => isEligible(world, serviceIn(world, member), home, site, judges, history));
  if (!Object.keys(service.sites).some(isFree)) return null;
  const bound = recoveryBound(service);
  const decisionMs = bound.detectMs + bound.decideMs;
  if (isFirst && register.active === home && !hasOpenRun(register) && isFenceRefused(world, service, home)) return null;
  if (isFirst && register.active === home && !hasOpenRun(register))
    return { key: `${home} is to be left`, what: home, boundMs: decisionMs };
  const slowestMs = Math.max(
    ...members.flatMap((member) =>
      Object.keys(service.sites).map((site) => {
        const { promotionMs, bootMs, drainMs } = world.sites.get(member, site);
        return promotionMs + bootMs + drainMs;
      }),
    ),
  );
  return {
    key: `${home} is being left, epoch ${register.epoch}`,
    what: home,
    boundMs: (2 * (bound.shiftMs + bound.recallMs) + leaseWaitMs(service) + slowestMs) * members.length,
  };
}

/** Time that a change of the register takes, with calls that get no answer. */
const pauseEndMsMax = 5_000;

/** Whether a pause is still in force, or may rightly not have been taken off yet. */
function isPaused(world: World, { name, detection }: NamedService, { pause, voters }: Register): boolean {
  if (pause === null) return false;
  // The voters' watchers try one after another, two ticks apart.
  const lateMs = 2 * voters.length * detection.intervalMs + pauseEndMsMax;
  return pause.untilMs === undefined || Math.min(...agreedTimes(world, name)) < pause.untilMs + lateMs;
}

/** Whether a person has still to approve the failover, or may rightly be waited for a little longer. */
function isAwaited(world: World, { name, failover, detection }: NamedService, { approval, active }: Register): boolean {
  if (failover.approval === undefined) return false;
  if (approval?.from !== active) return true;
  if (approval.approvedBy !== undefined) return false;
  const lateMs = 2 * detection.intervalMs + pauseEndMsMax;
  if ((approval.atEnd ?? failover.approval.atEnd ?? 'go') !== 'go') return true;
  return approval.untilMs === undefined || Math.min(...agreedTimes(world, name)) < approval.untilMs + lateMs;
}

/**
 * Whether nobody can close a site's fence although its region answers, or although no lease runs out there: then nobody
 * may take its place either.
 */
function isFenceRefused(world: World, service: NamedService, home: string): boolean {
  const place = service.sites[home];
  const region = place && actingRegionOf(place);
  const { contact } = world;
  if (place?.fence === undefined || region === undefined) return false;
  // No lease runs out at a site outside AWS, however silent its fence's region is.
  if (place.region === undefined) return !contact.canBeFenced(region, place);
  if (world.links.isRegionDead(region)) return false;
  const isHeard = contact.ableWatchers().some((from) => contact.passes(from, region, 'lambda'));
  return isHeard && !contact.canBeFenced(region, place) && !contact.canFenceItself(region, place);
}

/**
 * A dead site gets traffic although another of the pool is well and has nothing to lose by taking it. A load balancer
 * can be shifted away from one zone alone.
 */
function withdrawalOwed(
  world: World,
  service: NamedService,
  register: Register,
  judges: readonly string[],
  { seenWell }: History,
): Owed | null {
  const hasDemand = Object.keys(service.sites).some((site) => world.sites.get(service.name, site).demand > 0);
  if ((hasDemand && service.capacity.shortage === 'shed') || hasOpenRun(register)) return null;
  const known = register.serving.filter((site) => Object.hasOwn(service.sites, site));
  const dead = known.find((site) => isDead(world, service, site));
  const isWell = (site: string) =>
    !register.maintenance.includes(site) &&
    isSeen(world, world.sites.get(service.name, site), register, judges) &&
    seenWell.forMs(world.sites.get(service.name, site)) >= calledUpMs(service);
  const isOneOut = service.traffic.zonal !== undefined && known.length < Object.keys(service.sites).length;
  if (dead === undefined || isOneOut || !known.some(isWell)) return null;
  const bound = recoveryBound(service);
  return { key: `${dead} is to be withdrawn`, what: dead, boundMs: bound.detectMs + bound.decideMs };
}

function canJudge({ detection }: NamedService, { voters }: Register, judges: readonly string[]): boolean {
  return judges.length >= Math.max(detection.quorum, majorityAmong(voters.length));
}

/** Watchers that some able one hears: those whose words a decision can rest on. A region without a vote has no say. */
function judgesOf(world: World, { voters }: Register): readonly string[] {
  const { contact } = world;
  const able = contact.ableWatchers().filter((region) => voters.some((voter) => voter.region === region));
  const circles = able.map((region) => contact.heardBy(region, able));
  const probing = (circle: readonly string[]) =>
    circle.filter((region) => contact.canCall(region, region, 'prober:Probe') && world.isConnected(region));
  return circles.map(probing).sort((a, b) => b.length - a.length)[0] ?? [];
}

/** Whether a site is dead, and its probes can tell. */
function isDead(world: World, service: NamedService, name: string): boolean {
  const place = service.sites[name];
  if (place === undefined || !canBeFoundDead(place, (region) => world.links.isRegionDead(region))) return false;
  const site = world.sites.get(service.name, name);
  return site.state !== 'running' || world.links.isRegionDead(site.place);
}

/** By then every watcher that sees a well site must call it up: its window holds nothing that was before. */
function calledUpMs({ detection }: NamedService): number {
  const windowMs = hasGreyRules(detection.grey) ? greyBoundMs(detection) : 0;
  return (detection.riseCount + 3) * detection.intervalMs + warmUpMsMax + windowMs;
}

/** Whether anybody can say how far a site is behind: its own probes, or the survey in its region, where AWS knows. */
function isLagTold({ contact }: World, service: NamedService, name: string): boolean {
  const { probes = [], region } = service.sites[name] ?? {};
  if (isLagInAnswers(service, name)) return probes.some(reportsOnSite);
  return region !== undefined && contact.canCall(region, region, 'lambda:Invoke');
}

/** How far a site is behind, as it is told: a heartbeat that is not written any more says more than the truth. */
function toldLagMs({ writes }: World, { measures }: Site, site: SimSite): number {
  if (measures.lag?.kind === 'heartbeat')
    return site.replicationLagMs + (writes.beatAgeMs(site) ?? Number.POSITIVE_INFINITY);
  return Math.max(site.replicationLagMs, writes.brokenLagMs(site));
}

/** Whether so many of the judges that a majority can call a site up get answers of its probes. */
function isSeen({ links }: World, site: SimSite, { voters }: Register, judges: readonly string[]): boolean {
  const there = [site.place, `site/${site.service}/${site.name}`];
  const seeing = judges.filter((region) => links.passes([region], there) && links.passes(there, [region]));
  return seeing.length >= majorityAmong(voters.length);
}

/** A standby that nothing speaks against. */
function isEligible(
  world: World,
  service: NamedService,
  home: string,
  name: string,
  judges: readonly string[],
  history: History,
): boolean {
  const place = service.sites[name];
  const register = world.decisions.newest(service.name);
  if (name === home || place === undefined || place.priority <= 0 || register === null) return false;
  const site = world.sites.get(service.name, name);
  const { failover, data } = service;
  const isPromotable =
    world.databases.writerOf(service.name) === null ||
    (site.veto === null &&
      site.promotionMs <= promotionMsMax &&
      !world.databases.takesWrites(service.name, name) &&
      world.databases.followsWriter(service.name, name) &&
      // Whatever promotes it claims its epoch in the table beside it.
      place.region !== undefined &&
      world.contact.canUseTable(place.region, place.region));
  const limitMs = failover.maxReplicationLagMs;
  const isKnown = limitMs === undefined ? data === undefined || isShared(data) : isLagTold(world, service, name);
  const lagMsMax = limitMs ?? Number.POSITIVE_INFINITY;
  return (
    isPromotable &&
    isKnown &&
    site.ready &&
    // A scenario has its page say whatever it likes: that nothing is known of the site, for one.
    site.page === null &&
    site.isDataUsable &&
    site.canBoot &&
    toldLagMs(world, place, site) <= lagMsMax &&
    !register.maintenance.includes(name) &&
    !register.lost.includes(name) &&
    !isSeenShut(world, place, register, name) &&
    (failover.allowedRegions?.includes(placeOf(place)) ?? true) &&
    isSeen(world, site, register, judges) &&
    servesClients({ ...site, isIsolated: false }, 1_000) &&
    !isGrey(site) &&
    // A fence may keep probes away as long as it has to; whether it is opened in time, L1 judges.
    history.seenWell.openForMs(site) >= calledUpMs(service) &&
    isAllowed(world, service, name, history)
  );
}

/** Whether a fence was last known as closed, and no call that opens it, or shows it as open, can be relied on. */
function isSeenShut({ contact }: World, place: Site, register: Register, name: string): boolean {
  const region = actingRegionOf(place);
  if (place.fence === undefined || region === undefined) return false;
  const isShut = isFenceOwed(register, name) || register.opening.includes(name);
  return isShut && !contact.canBeFenced(region, place) && !contact.canFenceItself(region, place);
}

/** Limits stand against going back to where one came from, and against many moves of one pair. */
function isAllowed(world: World, service: NamedService, name: string, history: History): boolean {
  const { blockMs, maxMovesPerDay } = service.failover;
  const moves = history.automatic(service.name);
  const sinceMs = (atMs: number) => world.nowMs - atMs;
  const isBlocked = moves.some(
    ({ atMs, from }) => from === name && sinceMs(atMs) < blockMs * waitShare + 2 * warmUpMsMax,
  );
  return !isBlocked && moves.filter(({ atMs }) => sinceMs(atMs) < dayMs * waitShare).length < maxMovesPerDay;
}

function stakesOf(world: World, service: NamedService, register: Register): readonly Stakes[] {
  const hasFence = Object.values(service.sites).some(({ fence }) => fence !== undefined);
  const found: (Stakes | null)[] = [
    'dead',
    world.disturbances.isAny() ? 'amid faults' : null,
    groupOf(world.deployment, service.name) ? 'group' : null,
    world.databases.writerOf(service.name) === null ? null : 'data',
    hasFence ? 'fence' : null,
    service.mode === 'active-active' ? 'pool' : null,
    hasOpenRun(register) ? 'open run' : null,
    world.deployment.controlRegions.length >= 5 ? 'five regions' : null,
  ];
  return found.filter((each) => each !== null);
}
