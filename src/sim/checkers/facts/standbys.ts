import { greyBoundMs, hasGreyRules } from '../../../core/detection/grey-failure.ts';
import { isShared } from '../../../core/model/data.ts';
import { actingRegionOf, placeOf } from '../../../core/model/place.ts';
import { reportsOnSite } from '../../../core/model/probe.ts';
import type { NamedService } from '../../../core/model/service.ts';
import type { Site } from '../../../core/model/site.ts';
import { isFenceOwed, possibleWriters } from '../../../core/register/owed-fence.ts';
import { majorityAmong } from '../../../core/register/quorum.ts';
import type { Register } from '../../../core/register/register.ts';
import { promotionMsMax, warmUpMsMax } from '../../../core/timing.ts';
import { isLagInAnswers } from '../../world/probes/pages.ts';
import { type SimSite, servesClients } from '../../world/sites.ts';
import type { World } from '../../world/world.ts';
import { canBeFoundDead } from './found-dead.ts';
import { isGrey, type SeenWell } from './seen-well.ts';

/** Share by which waits that watchers count together may come out longer. */
const waitShare = 1.1;
const dayMs = 86_400_000;

/** What a site must have been for a while, and what limits moves. */
export interface Past {
  readonly seenWell: SeenWell;
  /** Moves of a service that the watchers decided, the oldest first. */
  automatic(service: string): readonly { readonly atMs: number; readonly from: string }[];
}

/** Whether those who are heard are enough to condemn a site, and to call another one up. */
export function canJudge({ detection }: NamedService, { voters }: Register, judges: readonly string[]): boolean {
  return judges.length >= Math.max(detection.quorum, majorityAmong(voters.length));
}

/** Watchers that some able one hears: those whose words a decision can rest on. A region without a vote has no say. */
export function judgesOf(world: World, { voters }: Register): readonly string[] {
  const { contact } = world;
  const able = contact.ableWatchers().filter((region) => voters.some((voter) => voter.region === region));
  const circles = able.map((region) => contact.heardBy(region, able));
  const probing = (circle: readonly string[]) =>
    circle.filter((region) => contact.canCall(region, region, 'prober:Probe') && world.isConnected(region));
  return circles.map(probing).sort((a, b) => b.length - a.length)[0] ?? [];
}

/** Whether a site is dead, and its probes can tell. */
export function isDead(world: World, service: NamedService, name: string): boolean {
  const place = service.sites[name];
  if (place === undefined || !canBeFoundDead(place, (region) => world.links.isRegionDead(region))) return false;
  const site = world.sites.get(service.name, name);
  return site.state !== 'running' || world.links.isRegionDead(site.place);
}

/** By then every watcher that sees a well site must call it up: its window holds nothing that was before. */
export function calledUpMs({ detection }: NamedService): number {
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
export function isSeen({ links }: World, site: SimSite, { voters }: Register, judges: readonly string[]): boolean {
  const there = [site.place, `site/${site.service}/${site.id}`];
  const seeing = judges.filter((region) => links.passes([region], there) && links.passes(there, [region]));
  return seeing.length >= majorityAmong(voters.length);
}

/** A standby that nothing speaks against. */
export function isEligible(
  world: World,
  service: NamedService,
  home: string,
  name: string,
  judges: readonly string[],
  history: Past,
): boolean {
  const place = service.sites[name];
  const register = world.decisions.newest(service.name);
  if (name === home || place === undefined || place.priority <= 0 || register === null) return false;
  const site = world.sites.get(service.name, name);
  const { failover, data } = service;
  const writer = world.databases.writerOf(service.name);
  const idOf = (one: string) => world.sites.idOf(service.name, one);
  const isPromotable =
    writer === null ||
    // What a person has made the writer without a word to the register is moved by nobody but a person.
    (possibleWriters(register).some((site) => idOf(site) === idOf(writer)) &&
      site.veto === null &&
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
function isAllowed(world: World, service: NamedService, name: string, history: Past): boolean {
  const { blockMs, maxMovesPerDay } = service.failover;
  const moves = history.automatic(service.name);
  const sinceMs = (atMs: number) => world.nowMs - atMs;
  const isBlocked = moves.some(
    ({ atMs, from }) => from === name && sinceMs(atMs) < blockMs * waitShare + 2 * warmUpMsMax,
  );
  return !isBlocked && moves.filter(({ atMs }) => sinceMs(atMs) < dayMs * waitShare).length < maxMovesPerDay;
}
