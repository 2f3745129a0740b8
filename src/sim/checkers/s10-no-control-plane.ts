import { beginsEpoch, checkerKind, type NoteStake } from './checker.ts';

/** S10: in oracle mode nothing calls the Route 53, IAM or CloudFormation control planes. */
export const noControlPlane = checkerKind({
  property: 'S10',
  stakes: ['move'],
  make: (world, stake: NoteStake<'move'>) => ({
    hear: (event) => {
      const isMove = event.type === 'decided' && beginsEpoch(event);
      const isCall = event.type === 'api' && /^(route53|iam|cloudformation):/.test(event.api);
      if (!isMove && !isCall) return null;
      const editsRecords = Object.values(world.deployment.services).some(
        (service) => service.traffic.dns?.mode === 'records',
      );
      if (editsRecords) return null;
      if (isMove) stake('move');
      return isCall ? `${event.api} was called, and no service edits records` : null;
    },
  }),
});
