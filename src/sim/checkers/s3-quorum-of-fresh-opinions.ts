import type { SiteTrack } from '../../core/detection/opinion.ts';
import type { NamedService } from '../../core/model/service.ts';
import {
  asDecided,
  beginsEpoch,
  checkerKind,
  isAutomatic,
  membersAsDecided,
  type NoteStake,
  Readings,
  serviceIn,
  Voices,
} from './checker.ts';
import { FirstAccepts, type Proposal } from './facts/first-accepts.ts';
import { unreachedOf } from './facts/led-to.ts';
import { OwnFences } from './facts/own-fences.ts';
import { Windows } from './facts/windows.ts';

/**
 * S3: no automatic failover or withdrawal without a quorum of fresh opinions from distinct regions, nor against a
 * majority, of all watchers or of those with an opinion, that finds the site up; judged at the instant at which a table
 * first accepted it. Nor for a site's own fence, whose end its probes have not seen yet.
 */
export const quorumOfFreshOpinions = checkerKind({
  property: 'S3',
  stakes: ['condemned', 'not by all', 'seen well by some'],
  make: (world, stake: NoteStake<'condemned' | 'not by all' | 'seen well by some'>) => {
    const voices = new Voices(world);
    const readings = new Readings();
    const firsts = new FirstAccepts((name) => world.decisions.newest(name), whyForbidden);
    const ownFences = new OwnFences(world, voices);
    return {
      hear: (event) => {
        voices.hear(event);
        ownFences.hear(event);
        readings.hear(event);
        firsts.hear(event);
        return event.type === 'decided' && beginsEpoch(event) ? firsts.of(event) : null;
      },
    };

    function whyForbidden({ service: name, register, previous }: Proposal): string | null {
      const { run } = register;
      if (run === null || !isAutomatic(world.deployment, register)) return null;
      const isCondemned = run.kind === 'failover' || run.kind === 'withdraw';
      if (!isCondemned || run.reason === 'site-back' || previous.maintenance.includes(run.from)) return null;
      const service = serviceIn(world, name);
      // A pool does without a site while its window of work is open.
      if (new Windows(world, asDecided(world, run.by, name)).mayBeAtWork(run.from)) return null;
      // One that is configured to be a pool no more gives up what serves beside the active site, down or not.
      const isPoolOver = asDecided(world, run.by, name).some(({ mode }) => mode === 'active-passive');
      if (isPoolOver && run.kind === 'withdraw' && run.from !== previous.active) return null;
      // Who is left is whoever clients are still sent to: a site that a move could not make serve is no loss. A move to
      // where they are leaves the site that it is from: the data may be there.
      const [serving = run.from] = previous.serving;
      const isFrom = service.mode === 'active-active' || previous.serving.includes(run.from) || run.to === serving;
      const lost = isFrom ? run.from : serving;
      if (run.kind === 'failover' && ownFences.hides(service, lost)) return `${name} left ${lost} for its own fence`;
      const voters = previous.voters.map(({ region }) => region);
      // The first member of a group moves for whichever of them is down.
      const members = membersAsDecided(world, run.by, service.name);
      const whysOf = (site: string) =>
        members.map((member) => whyNotCondemned(serviceIn(world, member), site, run.by, voters));
      const whys = whysOf(lost);
      if (whys.includes(null)) return null;
      // Clients may be with another site still, because what leads them could not be moved.
      const unreached = unreachedOf(world, service, previous);
      const isCondemnedThere = unreached !== null && whysOf(unreached.site).includes(null);
      return isCondemnedThere ? null : `${service.name} left ${lost} with ${whys[0]}`;
    }

    /** What was missing for the site to be down for the watchers of a service; null when nothing was. */
    function whyNotCondemned(
      service: NamedService,
      site: string,
      by: string,
      voters: readonly string[],
    ): string | null {
      const { nowMs } = world;
      // Whoever decided goes by the configuration that it began with; a predecessor may still be there, too.
      const quorums = asDecided(world, by, service.name).map(({ detection }) => detection.quorum);
      const quorum = quorums.length > 0 ? Math.min(...quorums) : service.detection.quorum;
      const downs = voices.countHolders(service, site, nowMs, ['down'], by);
      stake('condemned');
      if (downs < voters.length) stake('not by all');
      if (downs < quorum) return `${downs} fresh opinions of down, quorum ${quorum}`;
      const isUp = ({ opinion }: SiteTrack) => opinion === 'up';
      const isHeard = (watcher: string) =>
        voters.includes(watcher) && readings.areSteady(by, watcher, nowMs, service.detection.intervalMs);
      const ups = voices.countSteady(world, service, site, isUp, isHeard);
      if (ups > 0) stake('seen well by some');
      const doubts = voices.countHolders(service, site, nowMs, ['down', 'suspect'], by);
      const isVetoed = ups > voters.length / 2 || ups > doubts;
      return isVetoed ? `${ups} watchers that found it up all along` : null;
    }
  },
});
