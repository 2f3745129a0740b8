import { z } from 'zod';
import { instanceId, regionName } from './schema-site.ts';
import { strict } from './strict.ts';

/** Half a minute: what most resolvers honour, and short beside the time that detection takes. */
export const ttlSecondsDefault = 30;

const dnsName = z
  .string()
  .max(253)
  .regex(/^([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'a domain name in lower case, without the last dot');

const dnsSchema = strict({
  zone: strict({
    id: z
      .string()
      .regex(/^Z[A-Z0-9]{1,32}$/, 'a hosted zone id, such as Z0123456789ABCDEFGHIJ')
      .describe('Id of the hosted zone.'),
    name: dnsName.describe('Name of the hosted zone.'),
  }).describe('The hosted zone.'),
  record: dnsName.describe('Name that clients use.'),
  ttlSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(ttlSecondsDefault)
    .describe('How long resolvers may keep an answer.'),
  mode: z
    .enum(['oracle', 'records'])
    .default('oracle')
    .describe(
      'oracle: health checks follow the register, no record is edited. records: the record is edited, through the control plane in us-east-1.',
    ),
  addresses: z
    .record(
      z.string(),
      strict({
        a: z.ipv4({ error: 'an IPv4 address' }).optional(),
        aaaa: z.ipv6({ error: 'an IPv6 address' }).optional(),
      }),
    )
    .describe('Addresses of each site.'),
});

const addressSchema = strict({
  allocationId: z
    .string()
    .regex(/^eipalloc-[a-z0-9-]{1,40}$/, 'an allocation id, such as eipalloc-0123456789abcdef0')
    .describe('The Elastic IP.'),
  region: regionName.describe('Its region; an Elastic IP cannot leave it.'),
  instances: z.record(z.string(), instanceId).describe('Instance of each site that can hold it.'),
  fallback: z
    .enum(['dns', 'none'])
    .default('none')
    .describe(
      'dns: when the address will not move, the DNS record steers; its sites then need addresses of their own.',
    ),
});

/** What steers the clients of a service; at least one of the two. */
export const trafficSchema = strict({
  dns: dnsSchema.optional().describe('A DNS name that follows the active site.'),
  address: addressSchema.optional().describe('An Elastic IP that moves between instances of one region.'),
});
