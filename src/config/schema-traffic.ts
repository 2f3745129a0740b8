import { z } from 'zod';
import { choice, named, pattern, regionField, wholeNumber } from './fields.ts';
import { instanceField, siteName } from './schema-site.ts';
import { later, strict } from './strict.ts';

/** Half a minute: most resolvers honour it, and detection takes about as long. Source: our own. */
export const ttlSecondsDefault = 30;

const dnsName = pattern(
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'a domain name in lower case, without the last dot',
);

const addresses = strict({
  a: z.ipv4({ error: 'an IPv4 address' }).meta({ allowed: 'an IPv4 address' }).optional().describe('Its IPv4 address.'),
  aaaa: z
    .ipv6({ error: 'an IPv6 address' })
    .meta({ allowed: 'an IPv6 address' })
    .optional()
    .describe('Its IPv6 address.'),
});

const dnsSchema = strict({
  zone: strict({
    id: pattern(/^Z[A-Z0-9]{1,32}$/, 'a hosted zone id, such as Z0123456789ABCDEFGHIJ').describe(
      'Id of the hosted zone.',
    ),
    name: dnsName.describe('Name of the hosted zone.'),
  }).describe('The hosted zone of the record.'),
  record: dnsName.describe('Name that clients use; in the zone.'),
  ttlSeconds: wholeNumber(0, 86_400)
    .default(ttlSecondsDefault)
    .describe('How long resolvers may keep an answer, in seconds.'),
  mode: choice(['oracle', 'records'])
    .default('oracle')
    .describe(
      '`oracle`: health checks follow the register, and no record is edited. `records`: the record is edited, through a control plane that is in us-east-1 only.',
    ),
  addresses: named(siteName, addresses, 'addresses').describe('What the name answers while a site serves; every site.'),
});

const addressSchema = strict({
  allocationId: pattern(/^eipalloc-[a-z0-9-]{1,40}$/, 'an allocation id, such as eipalloc-0123456789abcdef0').describe(
    'The Elastic IP.',
  ),
  region: regionField.describe('Its region, a control region; an Elastic IP cannot leave it.'),
  instances: named(siteName, instanceField, 'instances').describe('Instance of each site that can hold it.'),
  fallback: choice(['dns', 'none'])
    .default('none')
    .describe(
      'What happens when the address will not move. `dns`: the record steers, so these sites need DNS addresses of their own.',
    ),
});

/** What steers the clients of a service; at least one of the two. */
export const trafficSchema = strict({
  dns: dnsSchema.optional().describe('A DNS name that follows the active site.'),
  address: addressSchema.optional().describe('An Elastic IP that moves between instances of one region.'),
  targets: later('load balancers are not built'),
});
