import { z } from 'zod';
import { canonicalAddress } from '../../core/dns/ip-address.ts';
import type { GeoLocation } from '../../core/model/traffic.ts';
import { routeSchema } from '../kinds/route.ts';
import { duration } from './duration.ts';
import { choice, flag, list, named, pattern, regionField, wholeNumber } from './fields.ts';
import { siteName } from './site.ts';
import { instanceField, targetGroupField } from './standby.ts';
import { strict } from './strict-object.ts';

/** Half a minute: most resolvers honour it, and detection takes about as long. Source: our own. */
const ttlSecondsDefault = 30;

const dnsName = pattern(
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'a domain name in lower case, without the last dot',
);

const zoneId = pattern(/^Z[A-Z0-9]{1,32}$/, 'a hosted zone id, such as Z0123456789ABCDEFGHIJ');

const addresses = strict({
  a: z.ipv4({ error: 'an IPv4 address' }).meta({ allowed: 'an IPv4 address' }).optional().describe('Its IPv4 address.'),
  aaaa: z
    .ipv6({ error: 'an IPv6 address' })
    .overwrite(canonicalAddress)
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

/** Half a minute: several ticks of latency, errors and load at the new share. Source: our own. */
const rampPauseMsDefault = 30_000;

const rampSchema = strict({
  stepsPercent: list(wholeNumber(1, 100), 1, 20, 'percentages')
    .default([100])
    .describe('Percentages of its own share that a site gets, rising, the last one 100. One alone shifts all at once.'),
  pauseMs: duration(1_000, 3_600_000)
    .default(rampPauseMsDefault)
    .describe(
      'Pause after each step, in which health and load are looked at; when they get worse, the shift turns back.',
    ),
}).superRefine(({ stepsPercent }, context) => {
  const isRising = stepsPercent.every((step, index) => index === 0 || step > (stepsPercent[index - 1] ?? 0));
  if (isRising && stepsPercent.at(-1) === 100) return;
  context.addIssue({ code: 'custom', path: ['stepsPercent'], message: 'rising percentages, the last one 100' });
});

/** Source: ISO 3166-1 alpha-2 for countries; Route 53 API Reference, "GeoLocation", for continents. */
const location = pattern(
  /^(\*|AF|AN|AS|EU|NA|OC|SA|[A-Z]{2})$/,
  'a continent (AF, AN, AS, EU, NA, OC, SA), a country such as DE, or *',
);
const continents = ['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'];

/** `NA` and `SA` are countries as well: Namibia and Saudi Arabia; as locations they are the continents. */
function locationOf(code: string): GeoLocation {
  if (code === '*') return { kind: 'default' };
  return { kind: continents.includes(code) ? 'continent' : 'country', code };
}

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
  policy: choice(['failover', 'weighted', 'latency', 'geolocation', 'multivalue'])
    .optional()
    .describe(
      'How the name chooses among serving sites. Left out: `failover`, the chain by priority, in active-passive; `weighted` by capacity in active-active.',
    ),
  locations: named(siteName, list(location, 1, 50, 'locations'), 'locations')
    .optional()
    .transform((written) =>
      written === undefined
        ? undefined
        : Object.fromEntries(Object.entries(written).map(([site, codes]) => [site, codes.map(locationOf)])),
    )
    .describe('With policy `geolocation`: where the clients of each site are; one site has `*`, everywhere else.'),
  ramp: rampSchema
    .optional()
    .describe('Steps in which record weights are shifted; policy `weighted` with mode `records` only.'),
  lastResort: addresses
    .optional()
    .describe('A static endpoint that the name answers with when every site is down; see `failover.allDown`.'),
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

const listenerForm =
  /^arn:aws[a-z-]*:elasticloadbalancing:([a-z0-9-]+):\d{12}:listener(-rule)?\/(app|net)\/[A-Za-z0-9-]{1,32}(\/[a-z0-9]+){2,3}$/;

const targetsSchema = strict({
  listenerArn: pattern(listenerForm, 'the ARN of a listener or of a listener rule').describe(
    'Listener, whose default action is set, or listener rule. Not one with an action `authenticate-cognito`: Elastic Load Balancing wants whoever writes it to be able to read the user pool client, its secret included.',
  ),
  region: regionField.optional().describe('Its region, a control region; taken from the ARN when left out.'),
  targetGroups: named(siteName, targetGroupField, 'target groups').describe('Target group of each site behind it.'),
  corroborating: flag()
    .default(false)
    .describe(
      'Whether targets that the balancer finds healthy turn a site that is down into one that is degraded. Its view is up to half a minute old, and a move waits as long.',
    ),
  ramp: rampSchema.prefault({}).describe('Steps in which traffic is shifted while nothing is broken.'),
}).transform((targets) => ({
  ...targets,
  region: targets.region ?? listenerForm.exec(targets.listenerArn)?.[1] ?? '',
}));

/** What steers the clients of a service; at least one of the four. */
export const trafficSchema = strict({
  dns: dnsSchema.optional().describe('A DNS name that follows the active site.'),
  address: addressSchema.optional().describe('An Elastic IP that moves between instances of one region.'),
  route: routeSchema.optional().describe('Routes of EC2 route tables that move between targets of one region.'),
  targets: targetsSchema.optional().describe('Weights of target groups behind one load balancer.'),
});
