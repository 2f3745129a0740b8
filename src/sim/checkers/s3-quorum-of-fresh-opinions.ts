import { groupOf } from '../../core/model/group.ts';
import { beginsEpoch, isAutomatic, type MakeChecker, serviceIn, Voices } from './checker.ts';

/** S3: no automatic failover or withdrawal without a quorum of fresh opinions from distinct regions. */
export const quorumOfFreshOpinions: MakeChecker = (world) => {
  const voices = new Voices();
  return {
    property: 'S3',
    hear: (event) => {
      voices.hear(event);
      if (event.type !== 'decided' || !beginsEpoch(event) || event.previous === null) return null;
      const { run } = event.register;
      if (run === null || !isAutomatic(world.deployment, event.register)) return null;
      const isCondemned = run.kind === 'failover' || run.kind === 'withdraw';
      if (!isCondemned || run.reason === 'site-back' || event.previous.maintenance.includes(run.from)) return null;
      const service = serviceIn(world, event.service);
      const lost = run.from;
      // The first member of a group moves for whichever of them is down.
      const members = Object.keys(groupOf(world.deployment, service.name)?.members ?? { [service.name]: [] });
      const downs = Math.max(
        ...members.map((member) =>
          voices.count(serviceIn(world, member), lost, event.atMs, ({ opinion }) => opinion === 'down'),
        ),
      );
      if (downs >= service.detection.quorum) return null;
      return `${service.name} left ${lost} with ${downs} fresh opinions of down, quorum ${service.detection.quorum}`;
    },
  };
};
