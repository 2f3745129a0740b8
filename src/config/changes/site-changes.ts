import { thingPlaceOf } from '../../core/model/place.ts';
import type { NamedService } from '../../core/model/service.ts';
import { sitesByPriority } from '../../core/model/service.ts';
import type { Site } from '../../core/model/site.ts';
import { type Change, isEqual, newIn, type ServicePair } from './change.ts';

/** What changes of the sites of a service. */
export function siteChanges(pair: ServicePair): readonly Change[] {
  const { before, after } = pair;
  const gone = newIn(after.sites, before.sites);
  const added = newIn(before.sites, after.sites);
  const renamed = added.filter((site) => gone.includes(after.sites[site]?.renamedFrom ?? ''));
  const lookalikes = added
    .filter((site) => !renamed.includes(site))
    .flatMap((site) => {
      const old = gone.find((name) => isSamePlace(before.sites[name], after.sites[site]));
      return old === undefined || isTaken(after, old) ? [] : [{ site, old }];
    });
  const isExplained = (site: string) =>
    isTaken(after, site) || lookalikes.some((pairOf) => pairOf.site === site || pairOf.old === site);
  const where = (site: string) => `${after.name}/${site}`;
  return [
    ...renamed.map((site) => siteRenamed(where(site), after.sites[site]?.renamedFrom ?? '')),
    ...lookalikes.map(({ site, old }) => looksRenamed(where(site), old)),
    ...added.filter((site) => !renamed.includes(site) && !isExplained(site)).map((site) => siteAdded(where(site))),
    ...gone.filter((site) => !isExplained(site)).map((site) => siteRemoved(where(site), after.name)),
    ...keptChanges(pair),
    ...priorityChanges(pair),
  ];
}

function isTaken({ sites }: NamedService, old: string): boolean {
  return Object.values(sites).some(({ renamedFrom }) => renamedFrom === old);
}

/** Probed in the same way at the same place: one site by two names. */
function isSamePlace(before: Site | undefined, after: Site | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return thingPlaceOf(before) === thingPlaceOf(after) && isEqual(before.probes, after.probes);
}

function siteRenamed(where: string, old: string): Change {
  return {
    kind: 'site-renamed',
    where,
    effect: 'safe',
    message: `The register goes on with it in the place of "${old}"; nothing moves.`,
    hint: 'leave renamedFrom in place until "cdk-failover status" shows the new name',
  };
}

function looksRenamed(where: string, old: string): Change {
  return {
    kind: 'site-looks-renamed',
    where,
    effect: 'refused',
    message: `It has the place and the probes of "${old}", which is gone. If "${old}" serves, nobody watches it then.`,
    hint: `write renamedFrom: ${old}`,
  };
}

function siteAdded(where: string): Change {
  return {
    kind: 'site-added',
    where,
    effect: 'safe',
    message:
      'It can be chosen once every watcher knows it and finds it well; moves between the others go on meanwhile.',
    hint: null,
  };
}

function siteRemoved(where: string, service: string): Change {
  return {
    kind: 'site-removed',
    where,
    effect: 'care',
    message: 'If it serves when this is deployed, it goes on serving, nobody watches it, and nothing moves by itself.',
    hint: `move away from it first: cdk-failover switchover ${service} --to SITE`,
  };
}

/** What changes of a site that was there before, under this name or the one that it was renamed from. */
function keptChanges({ before, after }: ServicePair): readonly Change[] {
  return Object.entries(after.sites).flatMap(([site, now]) => {
    const former = Object.hasOwn(before.sites, site) ? site : (now.renamedFrom ?? '');
    const then = before.sites[former];
    if (then === undefined) return [];
    const where = `${after.name}/${site}`;
    const changes: Change[] = [];
    if (thingPlaceOf(then) !== thingPlaceOf(now)) {
      changes.push({
        kind: 'site-name-reused',
        where,
        effect: 'refused',
        message: 'Another place for the same site: the register would say that it serves where it never did.',
        hint: 'give the new place a name of its own, move there, and remove the old site in a later deployment',
      });
    } else if (!isEqual(then.fence, now.fence)) {
      changes.push({
        kind: 'fence-changed',
        where,
        effect: 'care',
        message: 'A fence that is closed in the old way now is not opened by the new one.',
        hint: 'deploy while "cdk-failover status" names no closed fence',
      });
    }
    if (
      !isEqual(before.traffic.dns?.addresses[former], after.traffic.dns?.addresses[site]) &&
      before.traffic.dns &&
      after.traffic.dns
    ) {
      changes.push({
        kind: 'address-changed',
        where,
        effect: 'care',
        message:
          'If it serves, clients go to the new address as soon as the records are deployed, and nothing is fenced.',
        hint: 'deploy while another site serves, or make sure that the new address answers: cdk-failover probe',
      });
    }
    if (then.renamedFrom !== undefined && now.renamedFrom === undefined) {
      changes.push({
        kind: 'rename-forgotten',
        where,
        effect: 'care',
        message: `Whoever still knows it as "${then.renamedFrom}" does not find it any more.`,
        hint: 'deploy once "cdk-failover status" shows the new name',
      });
    }
    return changes;
  });
}

function priorityChanges({ before, after }: ServicePair): readonly Change[] {
  const kept = (service: NamedService, other: NamedService) =>
    sitesByPriority(service).filter((site) => Object.hasOwn(other.sites, site));
  if (isEqual(kept(before, after), kept(after, before))) return [];
  const [first] = sitesByPriority(after);
  const goesBack = after.failback.mode === 'automatic' && after.failback.to === undefined;
  return [
    {
      kind: 'priorities-changed',
      where: after.name,
      effect: goesBack ? 'care' : 'safe',
      message: goesBack
        ? `Failback is automatic, so traffic goes to ${first} by itself once it has been well for long enough.`
        : 'The next failover goes by the new order. Nothing moves by itself.',
      hint: goesBack ? `write failback.to, or expect a move to ${first}` : null,
    },
  ];
}
