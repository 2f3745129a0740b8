import type { MakeChecker } from './checker.ts';

/** S10: in oracle mode nothing calls the Route 53, IAM or CloudFormation control planes. */
export const noControlPlane: MakeChecker = (world) => ({
  property: 'S10',
  hear: (event) => {
    if (event.type !== 'api' || !/^(route53|iam|cloudformation):/.test(event.api)) return null;
    const editsRecords = Object.values(world.deployment.services).some(
      (service) => service.traffic.dns?.mode === 'records',
    );
    return editsRecords ? null : `${event.api} was called, and no service edits records`;
  },
});
