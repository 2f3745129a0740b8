import { describe, expect, it } from 'vitest';
import { dnsTree, recordNames } from '../../../../src/core/dns/record-tree.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { DnsTraffic } from '../../../../src/core/model/traffic.ts';
import { zoneBreaches } from '../../../../src/sim/world/dns/zone-rules.ts';
import { service as template } from '../service.fixture.ts';

const owner = { name: 'shop', controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'] };
const balancer = (site: string) => ({
  alias: { dnsName: `${site}.us-east-1.elb.amazonaws.com`, zoneId: 'Z35SXDOTRQ7X7K', ipv6: false },
});

function serviceAt(record: string, change: Partial<DnsTraffic> = {}): NamedService {
  const addresses = Object.fromEntries(Object.keys(template.sites).map((site) => [site, balancer(site)]));
  const dns: DnsTraffic = {
    zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
    record,
    ttlSeconds: 30,
    mode: 'oracle',
    policy: 'failover',
    addresses,
    ...change,
  };
  const sites = Object.entries(template.sites).map(([site, place], index) => [
    site,
    { ...place, region: `r-${index}` },
  ]);
  return { ...template, sites: Object.fromEntries(sites), traffic: { dns } };
}

describe.each<Partial<DnsTraffic>>([
  { policy: 'failover' },
  { policy: 'failover', memory: true },
  { policy: 'failover', lastResort: balancer('page') },
  { policy: 'weighted' },
  { policy: 'weighted', memory: true, lastResort: balancer('page') },
  { policy: 'latency' },
])('the tree of a wildcard record (%j)', (change) => {
  it('has no name in which an asterisk is a plain character', () => {
    const { records } = dnsTree(owner, serviceAt('*.shop.example', change));

    expect(zoneBreaches(records)).toEqual([]);
  });

  it('and the tree of what it stands below have no name in common', () => {
    const wild = recordNames(serviceAt('*.shop.example', change));
    const apex = recordNames(serviceAt('shop.example', change));

    expect(wild.filter((name) => apex.includes(name))).toEqual([]);
  });
});

it('a tree below the asterisk is found by the rules of the zone', () => {
  const { records } = dnsTree(owner, serviceAt('*.shop.example'));
  const below = records.map((record) => ({ ...record, name: record.name.replace(/^(v[^.]*)\./, '$1.*.') }));

  expect(zoneBreaches(below)).toContainEqual(expect.stringContaining('a plain character'));
});
