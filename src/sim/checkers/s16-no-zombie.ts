import { actingRegionOf } from '../../core/model/place.ts';
import type { NamedService } from '../../core/model/service.ts';
import type { SimEvent } from '../event.ts';
import type { SimSite } from '../world/sites.ts';
import type { World } from '../world/world.ts';
import { checkerKind, type NoteStake, Spells, serviceIn } from './checker.ts';
import { isUnknownWriter } from './facts/outside-writer.ts';
import { owed } from './facts/owed.ts';
import { SeenWell } from './facts/seen-well.ts';
import { isFenceDeployed, isFenceObeyed, leaseMsMax } from './facts/silence.ts';

type Stakes = 'replaced' | 'apart' | 'second writer' | 'released';

/** Time between two looks, in milliseconds: those of the clients. */
const lookMs = 1_000;

/**
 * S16: no site that a majority may have replaced serves clients past its lease.
 *
 * Judged by what clients and data can reach. A fenced site may be open for its lease after it was cut off from so many
 * tables that the others could decide without it, and beside another that truly took its place; time in which nobody in
 * its region could close the fence does not count. A site that has lost nothing to keep to itself, and that a majority
 * could have seen well for long enough, is a standby again.
 */
export const noZombie = checkerKind({
  property: 'S16',
  stakes: ['replaced', 'apart', 'second writer', 'released'],
  make: (world, stake: NoteStake<Stakes>) => {
    const spells = new Spells();
    const openMs = new Map<string, number>();
    const seenWell = new SeenWell(world);
    /** Sites that had a service and have not been seen well since they were left. */
    const left = new Set<string>();

    const count = (key: string, isOn: boolean, isCounted: boolean): number => {
      const before = openMs.get(key) ?? 0;
      const now = isOn ? before + (isCounted ? lookMs : 0) : 0;
      openMs.set(key, now);
      return now;
    };

    const judge = (service: NamedService, site: SimSite, home: string) => {
      const place = service.sites[site.name];
      if (place?.fence === undefined) return null;
      const key = `${service.name}/${site.name}`;
      const hasData = world.databases.writerOf(service.name) !== null;
      const isOpen = hasData ? world.exposure.isWritable(site) : world.exposure.isAnswering(site);
      const isHome = site.name === home;
      const { riseCount, intervalMs } = service.detection;
      const isSeenWell = seenWell.forMs(site) >= riseCount * intervalMs;
      if (isHome) left.add(key);
      else if (isSeenWell) left.delete(key);
      const isReplaced = !isHome && (hasData || left.has(key));
      const isApart = isHome && place.region !== undefined && world.contact.canBeReplaced(place.region);
      if (spells.begins(`${key} replaced`, isReplaced && site.state === 'running')) stake('replaced');
      if (spells.begins(`${key} apart`, isApart)) stake('apart');
      if (spells.begins(`${key} second`, isReplaced && hasData && world.databases.takesWrites(service.name, site.name)))
        stake('second writer');
      // Of a writer that a person has made, and that nobody knows yet, no region can tell that it is its own.
      const register = world.decisions.newest(service.name);
      const isPersons = [home, site.name].some((one) => isUnknownWriter(world, service.name, register, one));
      const isAble =
        isOpen &&
        !isPersons &&
        (isReplaced || isApart) &&
        world.contact.canFenceItself(actingRegionOf(place) ?? '', place) &&
        isFenceDeployed(world, service, site.name) &&
        isFenceObeyed(world, service, site.name);
      const beside = count(`${key} replaced`, isReplaced && isOpen, isAble);
      const apart = count(`${key} apart`, isApart && isOpen, isAble);
      const mostMs = leaseMsMax(world, service, [actingRegionOf(place) ?? ''].filter(Boolean));
      if (owed.isFenceKept && beside > mostMs && beside - lookMs <= mostMs)
        return `${site.name} of ${service.name} has been open beside ${home} for ${beside} ms, at most ${mostMs}`;
      if (apart > mostMs && apart - lookMs <= mostMs)
        return `${site.name} of ${service.name} has been open for ${apart} ms out of contact, at most ${mostMs}`;
      return null;
    };

    return {
      hear: (event) => {
        if (event.type === 'decided' && isReleasedByPerson(world, event)) stake('released');
        if (event.type !== 'client') return null;
        const service = serviceIn(world, event.service);
        const home = homeOf(world, service);
        if (service.mode === 'active-active' || home === null) return null;
        seenWell.look(service);
        const whys = Object.keys(service.sites).map((name) =>
          judge(service, world.sites.get(service.name, name), home),
        );
        return whys.find((why) => why !== null) ?? null;
      },
    };
  },
});

/** Whether a person has taken a fence off the register that a site had kept closed. */
function isReleasedByPerson({ deployment }: World, { previous, register }: SimEvent & { readonly type: 'decided' }) {
  const [last] = register.history;
  if (previous?.epoch !== register.epoch || last === previous.history[0]) return false;
  const isPerson = last !== undefined && !deployment.controlRegions.includes(last.by);
  return isPerson && previous.owed.some(({ site }) => !register.owed.some((fence) => fence.site === site));
}

/**
 * The site that truly has the service now: its data's writer, or whom clients are sent to. Null when none is, and
 * before the service is born: that takes every table, so nobody can be made active without the region that is cut off.
 */
function homeOf(world: World, { name, sites }: NamedService): string | null {
  const register = world.decisions.newest(name);
  if (register === null) return null;
  const writer = world.databases.writerOf(name);
  if (writer !== null) return writer;
  const [serving = ''] = register.serving;
  return sites[serving] === undefined ? null : serving;
}
