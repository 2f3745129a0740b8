import { describe, expect, it, test } from 'vitest';
import { lintDeployment } from '../../../../src/config/lint/lint.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from '../shop.fixture.ts';

const site = 'services.web.sites.oregon';
const dns = 'services.web.traffic.dns';
const cutOff = { kind: 'custom', functionName: 'cut-off', region: 'us-east-2' };
const alarm = { type: 'cloudwatch-alarm', name: 'dc' };
const probes = shop.services.web?.sites.oregon?.probes ?? [];

/** The fixture with its second site in a datacenter. */
const endpointGroup = (name: string) =>
  `arn:aws:globalaccelerator::111122223333:accelerator/a/listener/l/endpoint-group/${name}`;

function outside(overrides: Overrides = {}): unknown {
  const { region: _region, ...oregon } = shop.services.web?.sites.oregon ?? {};
  return applyOverrides(shop, { [site]: { ...oregon, location: 'frankfurt-dc' }, ...overrides });
}

function complaints(overrides: Overrides): readonly string[] {
  return complaintsOf(() => parseDeploymentValue(outside(overrides), 'c.yaml'));
}

describe('a site outside AWS', () => {
  it('has a location and no region', () => {
    const { oregon } = parseDeploymentValue(outside(), 'c.yaml').services.web?.sites ?? {};

    expect(oregon).toMatchObject({ location: 'frankfurt-dc' });
    expect(oregon?.region).toBeUndefined();
  });

  it('is read from what was read, so that a function and the command line see one deployment', () => {
    const read = parseDeploymentValue(outside({ [`${site}.fence`]: cutOff }), 'c.yaml');

    expect(parseDeploymentValue(JSON.parse(JSON.stringify(read)), 'c.yaml')).toEqual(read);
  });

  it('may be fenced by a function in a control region', () => {
    expect(complaints({ [`${site}.fence`]: cutOff })).toEqual([]);
  });

  it('may be allowed by its location', () => {
    expect(complaints({ 'services.web.failover.allowedRegions': ['us-east-1', 'frankfurt-dc'] })).toEqual([]);
  });

  it('may be probed by an alarm of a named region', () => {
    expect(complaints({ [`${site}.probes`]: [...probes, { ...alarm, region: 'us-east-1' }] })).toEqual([]);
  });

  it('may be behind a name of the whole world', () => {
    const alias = { dnsName: 'd111111abcdef8.cloudfront.net', zoneId: 'Z2FDTNDATAQYW2' };

    expect(
      complaints({ [`${dns}.addresses.oregon`]: { alias }, [`${dns}.addresses.virginia`]: { a: '192.0.2.1' } }),
    ).toEqual([]);
  });

  test.each<[string, Overrides, readonly string[]]>([
    [
      'both a region and a location',
      { [`${site}.region`]: 'us-west-2' },
      [
        `${site}.location: found "frankfurt-dc", allowed either \`region\`, such as region: us-east-1, or outside AWS \`location\`, such as location: frankfurt-dc`,
      ],
    ],
    [
      "a region's name for a location",
      { [`${site}.location`]: 'eu-central-1' },
      [
        `${site}.location: found "eu-central-1", allowed a name as sites have, such as frankfurt-dc, and no AWS region; write region: eu-central-1`,
      ],
    ],
    [
      'a location with other letters',
      { [`${site}.location`]: 'Frankfurt DC' },
      [
        `${site}.location: found "Frankfurt DC", allowed a name as sites have, such as frankfurt-dc, and no AWS region; write location: frankfurt-dc`,
      ],
    ],
    [
      'a zone',
      { [`${site}.zone`]: 'us-west-2a' },
      [
        `${site}.zone: found us-west-2a, allowed none outside AWS; leave zone out; two rooms that fail apart are two sites, each with a location`,
      ],
    ],
    [
      'something to scale',
      {
        [`${site}.standby`]: 'warm',
        [`${site}.scale`]: [{ kind: 'auto-scaling-group', name: 'web', size: 2, standbySize: 1 }],
      },
      [
        `${site}.scale: found 1 to scale, allowed none outside AWS; leave scale out and write standby: hot; what shall be ready there, x-failover-ready tells in the answers of its probes`,
      ],
    ],
    [
      'work',
      { [`${site}.work`]: [{ kind: 'eventbridge-rule', name: 'nightly' }] },
      [
        `${site}.work: found 1 to turn on and off, allowed none outside AWS; leave work out; jobs there can ask cdk-failover/client whether their site is active`,
      ],
    ],
    [
      'a lag in CloudWatch',
      { [`${site}.measures`]: { lag: { kind: 'metric', namespace: 'Shop', name: 'Lag' } } },
      [
        `${site}.measures.lag: found metric, allowed none outside AWS; write lag: { kind: probe }; x-failover-lag-ms tells it in the answers of its probes`,
      ],
    ],
    [
      'a load in CloudWatch',
      { [`${site}.measures`]: { load: { namespace: 'Shop', name: 'Load' } } },
      [
        `${site}.measures.load: found a metric, allowed none outside AWS; leave load out; x-failover-load tells it in the answers of its probes`,
      ],
    ],
    [
      'a fence of EC2',
      { [`${site}.fence`]: { instanceIds: ['i-1'], isolationGroupId: 'sg-nobody' } },
      [
        `${site}.fence.kind: found groups, allowed custom or read-only outside AWS; write fence: { kind: custom, functionName: cut-off, region: us-east-1 }`,
      ],
    ],
    [
      'a fence that runs nowhere',
      { [`${site}.fence`]: { kind: 'custom', functionName: 'cut-off' } },
      [`${site}.fence.region: found nothing, allowed the region in which the function runs; write region: us-east-1`],
    ],
    [
      'a fence in a region without a watcher',
      { [`${site}.fence`]: { ...cutOff, region: 'eu-west-1' } },
      [
        `${site}.fence.region: found eu-west-1, allowed a control region: us-east-1, us-west-2, us-east-2; make eu-west-1 a control region; only an actuator there can fence`,
      ],
    ],
    [
      'an alarm of no region',
      { [`${site}.probes`]: [...probes, alarm] },
      [
        `${site}.probes.1.region: found nothing, allowed the region in which it is answered, such as region: us-east-1; the site is outside AWS`,
      ],
    ],
    [
      'data',
      { 'services.web.data': { kind: 'custom', functions: { virginia: 'promote', oregon: 'promote' } } },
      [
        'services.web.data.kind: found custom with oregon at frankfurt-dc, outside AWS, allowed sites in AWS; leave data out, and promote the data of oregon by hand before "switchover"; or make the data a service of its own, of the sites in AWS',
      ],
    ],
    [
      'an Elastic IP',
      {
        'services.web.traffic.address': {
          allocationId: 'eipalloc-1',
          region: 'us-east-1',
          instances: { virginia: 'i-1', oregon: 'i-2' },
        },
      },
      [
        'services.web.traffic.address.instances.oregon: found a site in frankfurt-dc, outside AWS, allowed sites in us-east-1: an Elastic IP cannot leave its region; give each region an address of its own and let traffic.dns choose between them',
      ],
    ],
    [
      'an alias of a load balancer',
      {
        [`${dns}.addresses.oregon`]: {
          alias: { dnsName: 'shop-1.us-west-2.elb.amazonaws.com', zoneId: 'Z1H1FL5HABSF5' },
        },
      },
      [
        `${dns}.addresses.oregon.alias.dnsName: found shop-1.us-west-2.elb.amazonaws.com, allowed no name of a region outside AWS; write a: [ADDRESS] or cname: NAME of oregon; or, if it is behind an application or classic load balancer in us-west-2, region: us-west-2 instead of location`,
      ],
    ],
    [
      'an accelerator',
      {
        'services.web.traffic.accelerator': {
          endpointGroupArns: { virginia: endpointGroup('one'), oregon: endpointGroup('two') },
        },
      },
      [
        'services.web.traffic.accelerator.endpointGroupArns: found oregon at frankfurt-dc, outside AWS, allowed sites in AWS; leave accelerator out, and let traffic.dns choose between the sites',
      ],
    ],
    [
      'a choice by latency',
      { 'services.web.mode': 'active-active', [`${dns}.policy`]: 'latency' },
      [
        `${dns}.policy: found latency with oregon at frankfurt-dc, outside AWS, allowed weighted, geolocation or multivalue; write policy: geolocation, with the locations that are near each site`,
      ],
    ],
  ])('is refused with %s', (_what, overrides, says) => {
    expect(complaints(overrides)).toEqual(says.map((line) => `c.yaml: ${line}`));
  });
});

describe('a site in AWS', () => {
  test.each([
    ['on-prem', 'if it is outside AWS, write location: on-prem'],
    ['On Prem', 'if it is outside AWS, write location: on-prem'],
    ['us-east-1a', 'write region: us-east-1 and zone: us-east-1a'],
  ])('is refused in the region %s', (region, hint) => {
    const said = complaintsOf(() =>
      parseDeploymentValue(applyOverrides(shop, { [`${site}.region`]: region }), 'c.yaml'),
    );

    expect(said).toEqual([
      `c.yaml: ${site}.region: found "${region}", allowed an AWS region, such as us-east-1; ${hint}`,
    ]);
  });

  it('is refused without a place', () => {
    const { region: _region, ...oregon } = shop.services.web?.sites.oregon ?? {};
    const said = complaintsOf(() => parseDeploymentValue(applyOverrides(shop, { [site]: oregon }), 'c.yaml'));

    expect(said).toEqual([expect.stringMatching(/sites.oregon.region: found nothing, allowed either `region`/)]);
  });

  it('has its fence in its own region', () => {
    const said = complaintsOf(() =>
      parseDeploymentValue(applyOverrides(shop, { [`${site}.fence`]: cutOff }), 'c.yaml'),
    );

    expect(said).toEqual([
      `c.yaml: ${site}.fence.region: found us-east-2, allowed us-west-2, where oregon is; leave region out`,
    ]);
  });
});

describe('findings', () => {
  const namesOf = (overrides: Overrides) =>
    lintDeployment(parseDeploymentValue(outside(overrides), 'c.yaml')).map(({ name }) => name);

  test('a fenced site outside AWS has no lease', () => {
    expect(namesOf({ [`${site}.fence`]: cutOff })).toContain('fence-without-lease');
    expect(namesOf({})).not.toContain('fence-without-lease');
  });

  test('a datacenter beside one region is no service of one region', () => {
    expect(namesOf({})).not.toContain('one-region');
  });

  test('two sites of one datacenter are a service of one place', () => {
    const { region: _region, ...virginia } = shop.services.web?.sites.virginia ?? {};

    expect(namesOf({ 'services.web.sites.virginia': { ...virginia, location: 'frankfurt-dc' } })).toContain(
      'one-region',
    );
  });
});
