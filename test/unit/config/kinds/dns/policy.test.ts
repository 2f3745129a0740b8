import { describe, expect, it } from 'vitest';
import { dnsPolicyRules } from '../../../../../src/config/kinds/dns/policy.ts';
import type { NamedService } from '../../../../../src/core/model/service.ts';
import type { DnsTraffic } from '../../../../../src/core/model/traffic.ts';
import { controlRegions, lastResort, locations, poolWith } from '../../../core/pool.fixture.ts';
import { serviceWith } from '../../../core/service.fixture.ts';

const deployment = {
  name: 'shop',
  controlRegions,
  services: {},
  notify: { emails: [], topics: [], webhooks: [] },
  watcher: { tracing: false },
  doctor: { hourly: true },
  accept: {},
  groups: {},
};

/** Where a service breaks a rule, and what was found there. */
function breachesOf(service: NamedService): readonly string[] {
  return dnsPolicyRules
    .flatMap(({ check }) => check(service, [], deployment))
    .map(({ path, found }) => `${path.join('.')}: ${found}`);
}

const alias = { dnsName: 'lb.elb.amazonaws.com', zoneId: 'Z1BALANCERS', ipv6: false };
const cloudFront = { dnsName: 'd1.cloudfront.net', zoneId: 'Z2FDTNDATAQYW2', ipv6: true };
const ramp = { stepsPercent: [10, 100], pauseMs: 60_000 };
const europe = { allowedRegions: ['eu-central-1', 'eu-west-1'] };
const lasting = { allDown: 'last-resort' } as const;
const { addresses } = poolWith().traffic.dns as DnsTraffic;
const chain = serviceWith({});
const chainDns = chain.traffic.dns as DnsTraffic;

describe('a policy of DNS', () => {
  it.each<[string, NamedService]>([
    ['a chain', chain],
    ['a chain with a last resort', serviceWith({ failover: lasting, traffic: { dns: { ...chainDns, lastResort } } })],
    ['no DNS', { ...poolWith(), traffic: {} }],
    ['a weighted pool', poolWith()],
    ['edited weights with a ramp', poolWith({ mode: 'records', ramp })],
    ['latency', poolWith({ policy: 'latency' })],
    ['multivalue', poolWith({ policy: 'multivalue' })],
    ['geolocation', poolWith({ policy: 'geolocation', locations })],
    ['geolocation that keeps to Europe', poolWith({ policy: 'geolocation', locations }, europe)],
    ['a pool with a last resort', poolWith({ lastResort }, lasting)],
    ['edited weights with a last resort', poolWith({ mode: 'records', lastResort }, lasting)],
    ['CloudFront in a pool', poolWith({ addresses: { ...addresses, virginia: { alias: cloudFront } } })],
    [
      'CloudFront before a last resort',
      poolWith(
        { lastResort, addresses: { ...addresses, virginia: { alias: { ...cloudFront, ipv6: false } } } },
        lasting,
      ),
    ],
  ])('is taken: %s', (_, service) => {
    expect(breachesOf(service)).toEqual([]);
  });

  it.each<[NamedService, string]>([
    [
      poolWith({ policy: 'multivalue', addresses: { ...addresses, ireland: { alias } } }),
      'traffic.dns.addresses.ireland: an alias',
    ],
    [poolWith({ lastResort: {} }, lasting), 'traffic.dns.lastResort: none of them'],
    [poolWith({ lastResort: { a: ['192.0.2.9'], alias } }, lasting), 'traffic.dns.lastResort: addresses and alias'],
    [poolWith({ lastResort: { alias }, mode: 'records' }, lasting), 'traffic.dns.lastResort: an alias'],
    [poolWith({ lastResort: { aaaa: ['2001:db8::9'] } }, lasting), 'traffic.dns.lastResort: no a'],
  ])('is refused (%#: $traffic.dns.policy)', (service, expected) => {
    expect(breachesOf(service)).toContain(expected);
  });

  it('takes no two sites of one region by latency', () => {
    const service = poolWith({ policy: 'latency' });
    const { virginia, ireland } = service.sites;
    if (!virginia || !ireland) throw new Error('the fixture has them');

    const beside = { ...service, sites: { ...service.sites, ireland: { ...virginia, priority: 1 } } };

    expect(breachesOf(beside)).toEqual(['traffic.dns.policy: latency with virginia and ireland in us-east-1']);
  });
});
