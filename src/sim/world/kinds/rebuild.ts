import type { SimKind } from './kind.ts';

const apis = { read: 'rds:DescribeDBInstances', write: 'rds:CreateDBInstanceReadReplica' };

/** Instances of RDS that are made anew as replicas. A rename and a creation are one sort of write here. */
export const rebuild: SimKind<'rebuild'> = {
  apis: [apis],
  apisOf: ({ region }) => ({ ...apis, region }),
  read: ({ databases }, { service, site }) => ({ role: databases.roleOf(service, site) }),
  write: ({ databases }, { service, site, aside }) => databases.rebuild(service, site, aside),
  targetOf: ({ service, site }) => `${service}/${site}`,
  wantedText: () => 'replica',
  seenText: ({ role }) => role,
};
