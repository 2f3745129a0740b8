import { beginsEpoch, isAutomatic, type MakeChecker, serviceIn, Voices, voiceAgeMaxMs } from './checker.ts';

/** S3: no automatic failover without a quorum of fresh opinions from distinct regions. */
export const quorumOfFreshOpinions: MakeChecker = (world) => {
  const voices = new Voices();
  return {
    property: 'S3',
    hear: (event) => {
      voices.hear(event);
      if (event.type !== 'decided' || !beginsEpoch(event) || event.previous === null) return null;
      if (!isAutomatic(world.deployment, event.register) || event.register.run?.kind !== 'failover') return null;
      const service = serviceIn(world, event.service);
      const lost = event.previous.active;
      const downs = voices
        .lately(service.name, lost, event.atMs, voiceAgeMaxMs(service))
        .filter(({ track }) => track.opinion === 'down');
      if (downs.length >= service.detection.quorum) return null;
      return `${service.name} left ${lost} with ${downs.length} fresh opinions of down, quorum ${service.detection.quorum}`;
    },
  };
};
