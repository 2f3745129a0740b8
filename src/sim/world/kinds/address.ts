import type { SimKind } from './kind.ts';

/** Elastic IPs, each at one instance or at none. */
export const address: SimKind<'address'> = {
  apisOf: ({ region }) => ({ read: 'ec2:DescribeAddresses', write: 'ec2:AssociateAddress', region }),
  read: ({ cloud }, { region, allocationId }) => ({ instanceId: cloud.locate(region, allocationId) }),
  write: ({ cloud }, { region, allocationId, instanceId }) => cloud.associate(region, allocationId, instanceId),
  targetOf: ({ allocationId }) => allocationId,
  wantedText: ({ instanceId }) => instanceId,
  seenText: ({ instanceId }) => String(instanceId),
};
