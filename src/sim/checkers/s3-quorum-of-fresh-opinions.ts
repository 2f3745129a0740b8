import type { SiteTrack } from '../../core/detection/opinion.ts';
import { groupOf } from '../../core/model/group.ts';
import type { NamedService } from '../../core/model/service.ts';
import { beginsEpoch, checkerKind, isAutomatic, type NoteStake, Readings, serviceIn, Voices } from './checker.ts';

/**
 * S3: no automatic failover or withdrawal without a quorum of fresh opinions from distinct regions, nor against a
 * majority of all watchers that finds the site up.
 */
export const quorumOfFreshOpinions = checkerKind({
  property: 'S3',
  stakes: ['condemned', 'not by all', 'seen well by some'],
  make: (world, stake: NoteStake<'condemned' | 'not by all' | 'seen well by some'>) => {
    const voices = new Voices();
    const readings = new Readings();
    return {
      hear: (event) => {
        voices.hear(event);
        readings.hear(event);
        if (event.type !== 'decided' || !beginsEpoch(event) || event.previous === null) return null;
        const { run } = event.register;
        if (run === null || !isAutomatic(world.deployment, event.register)) return null;
        const isCondemned = run.kind === 'failover' || run.kind === 'withdraw';
        if (!isCondemned || run.reason === 'site-back' || event.previous.maintenance.includes(run.from)) return null;
        const service = serviceIn(world, event.service);
        const lost = run.from;
        // The first member of a group moves for whichever of them is down.
        const members = Object.keys(groupOf(world.deployment, service.name)?.members ?? { [service.name]: [] });
        const whys = members.map((member) => whyNotCondemned(serviceIn(world, member), lost, run.by));
        return whys.includes(null) ? null : `${service.name} left ${lost} with ${whys[0]}`;
      },
    };

    /** What was missing for the site to be down for the watchers of a service; null when nothing was. */
    function whyNotCondemned(service: NamedService, site: string, by: string): string | null {
      const { deployment, nowMs } = world;
      const { quorum } = service.detection;
      const downs = voices.countHolders(service, site, nowMs, 'down', by);
      stake('condemned');
      if (downs < deployment.controlRegions.length) stake('not by all');
      if (downs < quorum) return `${downs} fresh opinions of down, quorum ${quorum}`;
      const isUp = ({ opinion }: SiteTrack) => opinion === 'up';
      const isHeard = (watcher: string) => readings.areSteady(by, watcher, nowMs);
      const ups = voices.countSteady(world, service, site, isUp, isHeard);
      if (ups > 0) stake('seen well by some');
      return ups > deployment.controlRegions.length / 2 ? `${ups} watchers that found it up all along` : null;
    }
  },
});
