import type { SiteTrack } from '../../core/detection/opinion.ts';
import type { RunKind } from '../../core/register/run.ts';
import { asDecided, beginsEpoch, checkerKind, isAutomatic, type NoteStake, serviceIn, Voices } from './checker.ts';

/** Runs after which another site is active. */
const movingKinds: readonly RunKind[] = ['failover', 'switchover', 'failback', 'follow'];

/**
 * S4: never to an ineligible site.
 *
 * Judged by the register as it was before the move and by what the watchers themselves said, not by what the decider
 * made of it. An operator's force waives the opinions, nothing waives maintenance or priority 0.
 */
export const eligibleTarget = checkerKind({
  property: 'S4',
  stakes: ['move', 'beside an ineligible one'],
  make: (world, stake: NoteStake<'move' | 'beside an ineligible one'>) => {
    const voices = new Voices();
    return {
      hear: (event) => {
        voices.hear(event);
        if (event.type !== 'decided' || !beginsEpoch(event) || event.previous === null) return null;
        const { register, previous } = event;
        const configured = asDecided(world, register.run?.by ?? '', event.service);
        const service = configured.find(({ sites }) => sites[register.active]) ?? serviceIn(world, event.service);
        const isMove = register.run !== null && movingKinds.includes(register.run.kind);
        if (!isMove || service.mode === 'active-active') return null;
        stake('move');
        const site = service.sites[register.active];
        const move = `${service.name} moved to ${register.active}`;
        if (!site || site.priority <= 0) return `${move}, which is never eligible`;
        if (previous.maintenance.includes(register.active)) return `${move}, which is in maintenance`;
        if (service.failover.allowedRegions?.includes(site.region) === false)
          return `${move}, out of the allowed regions`;
        if (!isAutomatic(world.deployment, register)) return null;

        const { region, fence } = site;
        if (
          fence !== undefined &&
          world.cloud.isIsolated({ region, service: service.name, site: register.active, fence })
        )
          return `${move}, which is cut off by its fence`;
        const others = Object.keys(service.sites).filter(
          (name) => name !== register.active && name !== previous.active,
        );
        const isIneligible = (name: string) =>
          previous.maintenance.includes(name) || !world.sites.get(service.name, name).ready;
        if (others.some(isIneligible)) stake('beside an ineligible one');
        const count = (says: (track: SiteTrack) => boolean) => voices.count(service, register.active, event.atMs, says);
        const ups = voices.countHolders(service, register.active, event.atMs, 'up', register.run?.by ?? '');
        const isCold = site.standby === 'cold';
        if (!isCold && ups <= world.deployment.controlRegions.length / 2)
          return `${move}, which only ${ups} watchers called up`;
        const speakers = count(() => true);
        return count(({ report }) => report.ready !== false) < speakers ? `${move}, which was not ready` : null;
      },
    };
  },
});
