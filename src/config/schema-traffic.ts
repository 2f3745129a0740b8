import { z } from 'zod';
import { choice, flag, named, pattern, regionField, wholeNumber } from './fields.ts';
import { instanceField, siteName } from './schema-site.ts';
import { later, strict } from './strict.ts';

/** Half a minute: most resolvers honour it, and detection takes about as long. Source: our own. */
export const ttlSecondsDefault = 30;

const dnsName = pattern(
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'a domain name in lower case, without the last dot',
);

const zoneId = pattern(/^Z[A-Z0-9]{1,32}$/, 'a hosted zone id, such as Z0123456789ABCDEFGHIJ');

const addresses = strict({
  a: z.ipv4({ error: 'an IPv4 address' }).meta({ allowed: 'an IPv4 address' }).optional().describe('Its IPv4 address.'),
  aaaa: z
    .ipv6({ error: 'an IPv6 address' })
    .meta({ allowed: 'an IPv6 address' })
    .optional()
    .describe('Its IPv6 address.'),
  alias: strict({
    dnsName: dnsName.describe('Name that AWS gave it.'),
    zoneId: zoneId.describe(
      'Hosted zone of that name, which belongs to AWS: `CanonicalHostedZoneId` of a load balancer, `regionalHostedZoneId` of an API, Z2FDTNDATAQYW2 for CloudFront.',
    ),
    ipv6: flag().default(false).describe('Whether it has IPv6 addresses too, so that an AAAA record is made.'),
  })
    .optional()
    .describe(
      'Instead of addresses, the name of a load balancer, an API or a CloudFront distribution. Resolvers keep its answers for 60 seconds, whatever `ttlSeconds` says. Its own opinion of its health is not asked for: it would move traffic without a quorum.',
    ),
});

const directCheckSchema = strict({
  type: choice(['https', 'http', 'tcp']).describe(
    'How each site is asked; 2xx and 3xx are good, and for tcp, a connection. The certificate is not verified.',
  ),
  port: wholeNumber(1, 65_535).describe('Port.'),
  path: pattern(/^\/[^\s#]{0,254}$/, 'a path of up to 255 characters that begins with /, without # and spaces')
    .optional()
    .describe('What is asked for, `/` when left out; not with tcp.'),
});

const dnsSchema = strict({
  zone: strict({
    id: zoneId.describe('Id of the hosted zone.'),
    name: dnsName.describe('Name of the hosted zone.'),
  }).describe('The hosted zone of the record.'),
  record: dnsName.describe('Name that clients use; in the zone.'),
  ttlSeconds: wholeNumber(0, 86_400)
    .default(ttlSecondsDefault)
    .describe('How long resolvers may keep an answer, in seconds.'),
  clientKeepAliveSeconds: wholeNumber(1, 86_400)
    .optional()
    .describe(
      'How long clients, or a load balancer before the sites, keep a connection to a site open after the name has another answer, in seconds. For the lint only; unknown when left out.',
    ),
  mode: choice(['oracle', 'records'])
    .default('oracle')
    .describe(
      '`oracle`: health checks follow the register, and no record is edited. `records`: the record is edited, through a control plane that is in us-east-1 only.',
    ),
  addresses: named(siteName, addresses, 'addresses').describe('What the name answers while a site serves; every site.'),
  directCheck: directCheckSchema
    .optional()
    .describe(
      "Route 53's own check of each site but the last in the chain, besides the vote: for services without data. It moves clients when all watchers are dead, and also when the register says otherwise: DNS may then name a standby that was never promoted.",
    ),
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
