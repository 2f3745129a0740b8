import type { SiteReport } from '../../core/detection/observation.ts';
import { groupOf } from '../../core/model/group.ts';
import { actingRegionOf, placeOf } from '../../core/model/place.ts';
import type { NamedService } from '../../core/model/service.ts';
import { isFenceOwed, possibleWriters } from '../../core/register/owed-fence.ts';
import type { Register } from '../../core/register/register.ts';
import type { RunKind } from '../../core/register/run.ts';
import type { World } from '../world/world.ts';
import {
  asDecided,
  beginsEpoch,
  checkerKind,
  deciderOf,
  isAutomatic,
  type NoteStake,
  serviceIn,
  Voices,
} from './checker.ts';
import { FirstAccepts, type Proposal } from './facts/first-accepts.ts';
import { Windows } from './facts/windows.ts';

/** Longest that what a survey said counts, with an opinion on top: docs/data.md, "When a person moves the data". */
const surveyCountsMs = 60_000;

/** Runs after which another site is active. */
const movingKinds: readonly RunKind[] = ['failover', 'switchover', 'failback', 'follow'];

/** What was to be seen of a site when a move to it was first accepted. */
interface Seen {
  readonly service: NamedService;
  readonly isCutOff: boolean;
  /** Its window of work was open. */
  readonly isAtWork: boolean;
  readonly isBesideIneligible: boolean;
  /** Watchers that called it up. */
  readonly ups: number;
  /** Whether every watcher that spoke of it called it ready. */
  readonly isReady: boolean;
  /** Its data takes writes of its own, and no move may have made it do so. */
  readonly isApart: boolean;
  /** DNS leads there once it serves, or nobody has seen yet where DNS leads. */
  readonly isLedTo: boolean;
}

/**
 * S4: never to an ineligible site.
 *
 * Judged by the register as it was before the move and by what the watchers themselves said when a table first accepted
 * it, not by what the decider made of it. An operator's force waives the opinions, nothing waives maintenance or
 * priority 0.
 */
export const eligibleTarget = checkerKind({
  property: 'S4',
  stakes: ['move', 'beside an ineligible one'],
  make: (world, stake: NoteStake<'move' | 'beside an ineligible one'>) => {
    const voices = new Voices(world);
    const firsts = new FirstAccepts((name) => world.decisions.newest(name), see);
    return {
      hear: (event) => {
        voices.hear(event);
        firsts.hear(event);
        if (event.type !== 'decided' || !beginsEpoch(event) || event.previous === null) return null;
        const { register, previous } = event;
        const seen = firsts.of(event);
        const isMove = register.run !== null && movingKinds.includes(register.run.kind);
        if (seen === null || !isMove || seen.service.mode === 'active-active') return null;
        stake('move');
        const { service } = seen;
        const site = service.sites[register.active];
        const move = `${service.name} moved to ${register.active}`;
        if (!site || site.priority <= 0) return `${move}, which is never eligible`;
        if (previous.maintenance.includes(register.active)) return `${move}, which is in maintenance`;
        if (service.failover.allowedRegions?.includes(placeOf(site)) === false)
          return `${move}, out of the allowed regions`;
        if (!isAutomatic(world.deployment, register) || followsPerson(world, service.name, register)) return null;

        if (seen.isAtWork) return `${move}, whose window of work is open`;
        if (seen.isCutOff) return `${move}, which is cut off by its fence`;
        if (seen.isApart) return `${move}, whose data takes writes of its own beside the writer's`;
        if (!seen.isLedTo) return `${move}, where no DNS record leads`;
        if (seen.isBesideIneligible) stake('beside an ineligible one');
        const isCold = site.standby === 'cold';
        if (!isCold && seen.ups <= previous.voters.length / 2)
          return `${move}, which only ${seen.ups} watchers called up`;
        return seen.isReady ? null : `${move}, which was not ready`;
      },
    };

    function see({ service: name, atMs, register, previous }: Proposal): Seen {
      const { active, run } = register;
      const by = run === null ? '' : deciderOf(run);
      const configured = asDecided(world, by, name);
      const service = configured.find(({ sites }) => sites[active]) ?? serviceIn(world, name);
      const windows = new Windows(world, configured);
      // Who has no data in the configuration, or had none when deciding, asks nobody for its role.
      const isAsked = configured.every(({ data }) => data !== undefined);
      return {
        service,
        isCutOff: isCutOff(world, service, active) && isKnownShut({ world, voices, service, previous, site: active }),
        isAtWork: windows.isAtWork(active),
        isApart: isAsked && isApart(world, name, active, previous),
        isLedTo: previous.ledTo === undefined || world.names.isLedTo(name, active),
        isBesideIneligible: Object.keys(service.sites)
          .filter((site) => site !== active && site !== previous.active)
          .some(
            (site) =>
              previous.maintenance.includes(site) ||
              windows.isAtWork(site) ||
              !world.sites.get(name, site).ready ||
              (isAsked && isApart(world, name, site, previous)),
          ),
        ups: voices.countHolders(service, active, atMs, ['up'], by),
        isReady: !isSaid({ world, voices, service, site: active }, ({ ready }) => ready === false),
      };
    }
  },
});

interface Asked {
  readonly world: World;
  readonly voices: Voices;
  readonly service: NamedService;
  readonly site: string;
}

/** Probes pass a fence that is read-only: one that its own region closed is known only while somebody says so. */
function isKnownShut({ previous, ...asked }: Asked & { readonly previous: Register }): boolean {
  const { service, site } = asked;
  if (service.sites[site]?.fence?.kind !== 'read-only') return true;
  const isNamed = isFenceOwed(previous, site) || previous.opening.includes(site);
  return isNamed || isSaid(asked, ({ isSelfFenced }) => isSelfFenced === true);
}

/** Whether some watcher of the configuration says so of a site, and was surely heard. */
function isSaid({ world, voices, service, site }: Asked, says: (report: SiteReport) => boolean): boolean {
  const count = voices.countSteady(
    world,
    service,
    site,
    ({ report }) => says(report),
    (watcher) => world.deployment.controlRegions.includes(watcher),
  );
  return count > 0;
}

/** Whether the fence of a site is closed in the cloud. */
function isCutOff({ cloud }: World, { name, sites }: NamedService, site: string): boolean {
  const place = sites[site];
  const region = place && actingRegionOf(place);
  if (place?.fence === undefined || region === undefined) return false;
  return cloud.isIsolated({ region, service: name, site, fence: place.fence });
}

/** Whether a site's data takes writes of its own, though no move before can have made it do so. */
function isApart({ databases, nowMs }: World, service: string, site: string, previous: Register): boolean {
  // A person has done so, and what the last surveys said may still count.
  const sinceMs = databases.writerByHandSinceMs(service, site);
  if (sinceMs !== null && nowMs - sinceMs < surveyCountsMs) return false;
  return databases.roleByApi(service, site) === 'takes-writes' && !possibleWriters(previous).includes(site);
}

/** Whether a member follows its group to where a person has sent it: what was allowed for one holds for all. */
function followsPerson({ deployment, decisions }: World, service: string, { active, run }: Register): boolean {
  if (run?.kind !== 'follow') return false;
  return Object.keys(groupOf(deployment, service)?.members ?? {}).some((member) => {
    const ahead = decisions.newest(member);
    return ahead?.active === active && ahead.run !== null && !isAutomatic(deployment, ahead);
  });
}
