import { flag, list, named, pattern, regionField, wholeNumber } from './fields.ts';
import { strict } from './strict-object.ts';

const vpcSchema = strict({
  vpcId: pattern(/^vpc-[a-z0-9-]{1,40}$/, 'a VPC id, such as vpc-0123456789abcdef0').describe('The VPC.'),
  subnetIds: list(
    pattern(/^subnet-[a-z0-9-]{1,40}$/, 'a subnet id, such as subnet-0123456789abcdef0'),
    1,
    16,
    'subnets',
  ).describe('Subnets that reach the sites, the state tables and the functions of every control region.'),
  securityGroupIds: list(
    pattern(/^sg-[a-z0-9-]{1,40}$/, 'a security group id, such as sg-0123456789abcdef0'),
    1,
    5,
    'security groups',
  ).describe('Security groups of the watcher.'),
});

/** How the watchers run. */
export const watcherSchema = strict({
  memoryMb: wholeNumber(128, 10_240)
    .optional()
    .describe(
      'Memory of the function in MiB, which also sets its share of a processor. Left out: it follows from the number of probes.',
    ),
  tracing: flag().default(false).describe('Whether the functions send traces to X-Ray.'),
  vpc: named(regionField, vpcSchema, 'networks')
    .optional()
    .describe('VPC to run in, by control region, for sites without a public address.'),
});
