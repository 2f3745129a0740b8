import { beforeAll, describe, expect, test } from 'vitest';
import { oraclePath } from '../../src/core/dns/oracle-vote.ts';
import { serviceOf } from '../../src/core/model/deployment.ts';
import {
  exampleDeployment,
  plain,
  propertiesOf,
  type Resource,
  resourcesOf,
  stubBundles,
  type Template,
  templatesOf,
} from './synthesized.ts';

let bundles = '';
let chain: Template | undefined;
let direct: Template | undefined;
let many: Template | undefined;

const alias = (name: string, zoneId: string) => ({ alias: { dnsName: name, zoneId, ipv6: true } });

beforeAll(() => {
  bundles = stubBundles();
  chain = recordsOf('three-regions', { 'services.web.traffic.dns.memory': false });
  direct = recordsOf('two-regions', {
    'services.web.traffic.dns.addresses': {
      virginia: alias('one.us-east-1.elb.amazonaws.com', 'Z35SXDOTRQ7X7K'),
      oregon: alias('two.us-west-2.elb.amazonaws.com', 'Z1H1FL5HABSF5'),
    },
    'services.web.failover': {},
    'services.web.traffic.dns.directCheck': { type: 'https', port: 443, path: '/healthz' },
  });
  const deployment = exampleDeployment('two-regions');
  const web = serviceOf(deployment, 'web');
  const { dns } = web.traffic;
  if (dns === undefined) throw new TypeError('the example has DNS');
  const api = { ...web, traffic: { ...web.traffic, dns: { ...dns, record: 'api.shop.example' } } };
  many = templatesOf({ ...deployment, services: { web, api } }, bundles)['shop-failover-records'];
});

function recordsOf(example: string, overrides = {}): Template | undefined {
  return templatesOf(exampleDeployment(example, overrides), bundles)['shop-failover-records'];
}

/** The resource of a check or record, by its name or by name, type and set. */
function recordOf(template: Template | undefined, name: string, type: string, set?: string): [string, Resource] {
  const found = resourcesOf(template, 'AWS::Route53::RecordSet').find(
    ([, { Properties }]) =>
      Properties.Name === `${name}.` && Properties.Type === type && Properties.SetIdentifier === set,
  );
  if (!found) throw new RangeError(`no record ${name} ${type} ${set}`);
  return [...found];
}

function checkOf(template: Template | undefined, name: string): [string, Record<string, unknown>] {
  const found = resourcesOf(template, 'AWS::Route53::HealthCheck').find(
    ([, { Properties }]) =>
      JSON.stringify(Properties.HealthCheckTags) === JSON.stringify([{ Key: 'Name', Value: name }]),
  );
  if (!found) throw new RangeError(`no check ${name}`);
  return [found[0], found[1].Properties.HealthCheckConfig as Record<string, unknown>];
}

/** The guard of some sites, by the beginning of its name. */
function guardOf(template: Template | undefined, sites: string) {
  const names = propertiesOf(template, 'AWS::Route53::HealthCheck').map(
    ({ HealthCheckTags }) => (HealthCheckTags as readonly { Value: string }[])[0]?.Value ?? '',
  );
  return checkOf(template, names.find((name) => name.startsWith(`shop.web.${sites}.on.`)) ?? '');
}

/** Name of the tree that the record leads to. */
function headOf(template: Template | undefined): string {
  const [, record] = recordOf(template, 'www.shop.example', 'A');
  return (record.Properties.AliasTarget as { DNSName: string }).DNSName.slice(0, -1);
}

const idOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'HealthCheckId'] });

/** Everything that has to be there before a resource, directly or not. */
function neededFor(template: Template | undefined, id: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (at: string) => {
    const resource = template?.Resources[at];
    const named = JSON.stringify(resource?.Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([A-Za-z0-9]+)"/g);
    for (const next of [...(resource?.DependsOn ?? []), ...[...named].map(([, name]) => name ?? '')]) {
      if (seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(id);
  return seen;
}

describe('order', () => {
  test('no record is made before the checkers have seen that nobody is voted off', () => {
    const [[ready] = ['']] = resourcesOf(chain, 'Custom::ChecksReady');
    const records = resourcesOf(chain, 'AWS::Route53::RecordSet');

    expect(records.length).toBeGreaterThan(0);
    for (const [id] of records) expect(neededFor(chain, id)).toContain(ready);
  });

  test('the wait is for every check, and asks those that read oracles', () => {
    const [[ready, resource] = ['', undefined]] = resourcesOf(chain, 'Custom::ChecksReady');
    const checks = resourcesOf(chain, 'AWS::Route53::HealthCheck').map(([id]) => id);
    const readers = resourcesOf(chain, 'AWS::Route53::HealthCheck')
      .filter(([, { Properties }]) => (Properties.HealthCheckConfig as { Type: string }).Type === 'HTTPS')
      .map(([id]) => idOf(id));

    expect([...neededFor(chain, ready)]).toEqual(expect.arrayContaining(checks));
    expect(readers).toHaveLength(6);
    expect(resource?.Properties.Services).toEqual([expect.objectContaining({ CheckIds: readers })]);
  });

  test('the wait is for the votes of the regions that the checks ask', () => {
    const [[, resource] = ['', undefined]] = resourcesOf(chain, 'Custom::ChecksReady');

    expect(resource?.Properties).toMatchObject({
      Deployment: 'shop',
      Services: [{ Service: 'web', Regions: ['us-east-1', 'us-west-2', 'eu-west-1'] }],
    });
  });

  test('one wait is for the checks of all services: one process asks Route 53 for them', () => {
    const waits = resourcesOf(many, 'Custom::ChecksReady');
    const [[ready, resource] = ['', undefined]] = waits;
    const services = resource?.Properties.Services as readonly { readonly Service: string }[];

    expect(waits).toHaveLength(1);
    expect(services.map(({ Service }) => Service)).toEqual(['web', 'api']);
    for (const [id] of resourcesOf(many, 'AWS::Route53::RecordSet')) expect(neededFor(many, id)).toContain(ready);
  });

  test('an alias comes after the record that it leads to', () => {
    const [record] = recordOf(chain, 'www.shop.example', 'A');
    const [head] = recordOf(chain, headOf(chain), 'A', 'secondary');
    const [next] = recordOf(chain, `failover-1.${headOf(chain)}`, 'A', 'primary');

    expect(neededFor(chain, record)).toContain(head);
    expect(neededFor(chain, head)).toContain(next);
    expect(neededFor(chain, next)).not.toContain(head);
  });
});

describe('identity', () => {
  const sites = (order: readonly string[]) =>
    Object.fromEntries(order.map((site, place) => [`services.web.sites.${site}.priority`, 100 - 10 * place]));

  test('the record stays the same resource whatever it leads to, and no other record does', () => {
    const swapped = recordsOf('three-regions', sites(['ireland', 'oregon', 'virginia']));
    const idsIn = (template: Template | undefined) =>
      resourcesOf(template, 'AWS::Route53::RecordSet').map(([id]) => id);

    const kept = idsIn(swapped).filter((id) => idsIn(chain).includes(id));
    expect(kept).toEqual([recordOf(chain, 'www.shop.example', 'A')[0]]);
    expect(headOf(swapped)).not.toBe(headOf(chain));
  });

  test('each resource is one name, type and set, as the test of updates has it (record-updates.test.ts)', () => {
    for (const template of [chain, direct]) {
      const records = propertiesOf(template, 'AWS::Route53::RecordSet');
      const keys = records.map(({ Name, Type, SetIdentifier }) => `${Name} ${Type} ${SetIdentifier}`);

      expect(new Set(keys).size).toBe(keys.length);
      for (const [id, { Properties }] of resourcesOf(template, 'AWS::Route53::RecordSet')) {
        const { DNSName, HostedZoneId } = (Properties.AliasTarget ?? {}) as Record<string, unknown>;
        if (HostedZoneId !== Properties.HostedZoneId) continue;
        const led = resourcesOf(template, 'AWS::Route53::RecordSet').filter(
          ([, other]) => other.Properties.Name === DNSName && other.Properties.Type === Properties.Type,
        );
        expect(led.length).toBeGreaterThan(0);
        for (const [needed] of led) expect(template?.Resources[id]?.DependsOn).toContain(needed);
      }
    }
  });

  test('an order that leaves the same sites before a place keeps the check of the place', () => {
    const swapped = recordsOf('three-regions', sites(['oregon', 'virginia', 'ireland']));
    const both = 'oregon+virginia';

    expect(guardOf(swapped, both)[0]).toBe(guardOf(chain, both)[0]);
    expect(() => guardOf(swapped, 'virginia')).toThrow('no check');
  });
});

describe('checks', () => {
  test('each region votes by its own oracle, whose host is read while deploying', () => {
    const [hosts] = resourcesOf(chain, 'Custom::OracleHosts');
    const [, vote] = checkOf(chain, 'shop.web.virginia.off.us-west-2');

    expect(hosts?.[1].Properties).toMatchObject({
      Kind: 'OracleHosts',
      Regions: ['us-east-1', 'us-west-2', 'eu-west-1'],
      Parameter: '/shop/failover/oracle-host',
    });
    expect(vote).toEqual({
      Type: 'HTTPS',
      FullyQualifiedDomainName: { 'Fn::GetAtt': [hosts?.[0], 'us-west-2'] },
      Port: 443,
      ResourcePath: oraclePath({ deployment: 'shop', service: 'web', zoneId: 'Z0EXAMPLE' }, ['virginia']),
      RequestInterval: 10,
      FailureThreshold: 1,
      EnableSNI: true,
    });
  });

  test('a site is guarded by a majority of votes, inverted', () => {
    const votes = ['us-east-1', 'us-west-2', 'eu-west-1'].map(
      (region) => checkOf(chain, `shop.web.virginia.off.${region}`)[0],
    );

    expect(guardOf(chain, 'virginia')[1]).toEqual({
      Type: 'CALCULATED',
      ChildHealthChecks: votes.map(idOf),
      HealthThreshold: 2,
      Inverted: true,
    });
  });

  test('a direct check asks the site itself', () => {
    const asked = propertiesOf(direct, 'AWS::Route53::HealthCheck')
      .map(({ HealthCheckConfig }) => HealthCheckConfig as Record<string, unknown>)
      .filter(({ ResourcePath }) => ResourcePath === '/healthz');

    expect(asked).toContainEqual(
      expect.objectContaining({
        Type: 'HTTPS',
        FullyQualifiedDomainName: 'one.us-east-1.elb.amazonaws.com',
        Port: 443,
        EnableSNI: true,
        FailureThreshold: 3,
      }),
    );
  });
});

describe('records', () => {
  test('the preferred site stands under its guard, the rest of the chain behind it', () => {
    const [guard] = guardOf(chain, 'virginia');
    const head = headOf(chain);
    const [, record] = recordOf(chain, 'www.shop.example', 'A');
    const [, primary] = recordOf(chain, head, 'A', 'primary');
    const [, secondary] = recordOf(chain, head, 'A', 'secondary');
    const [, last] = recordOf(chain, `failover-1.${head}`, 'A', 'secondary');

    expect(record.Properties).toEqual({
      HostedZoneId: 'Z0EXAMPLE',
      Name: 'www.shop.example.',
      Type: 'A',
      AliasTarget: { DNSName: `${head}.`, HostedZoneId: 'Z0EXAMPLE', EvaluateTargetHealth: false },
    });
    expect(primary.Properties).toMatchObject({
      HostedZoneId: 'Z0EXAMPLE',
      Failover: 'PRIMARY',
      HealthCheckId: idOf(guard),
      TTL: '30',
      ResourceRecords: ['203.0.113.10'],
    });
    expect(secondary.Properties).toMatchObject({
      Failover: 'SECONDARY',
      AliasTarget: { DNSName: `failover-1.${head}.`, HostedZoneId: 'Z0EXAMPLE', EvaluateTargetHealth: true },
    });
    expect(last.Properties).toMatchObject({ Failover: 'SECONDARY', ResourceRecords: ['192.0.2.30'] });
    expect(last.Properties).not.toHaveProperty('HealthCheckId');
  });

  test('an alias to a load balancer has both types, and its own opinion moves nothing', () => {
    const targets = propertiesOf(direct, 'AWS::Route53::RecordSet').flatMap(({ Type, AliasTarget }) => {
      const { DNSName, HostedZoneId, EvaluateTargetHealth } = (AliasTarget ?? {}) as Record<string, unknown>;
      return String(DNSName).endsWith('.elb.amazonaws.com')
        ? [[Type, HostedZoneId, DNSName, EvaluateTargetHealth]]
        : [];
    });

    expect(targets).toContainEqual(['A', 'Z35SXDOTRQ7X7K', 'one.us-east-1.elb.amazonaws.com', false]);
    expect(targets).toContainEqual(['AAAA', 'Z1H1FL5HABSF5', 'two.us-west-2.elb.amazonaws.com', false]);
  });
});

describe('what runs while deploying', () => {
  test('may read the hosts, the state of checks and the registers, nothing else', () => {
    const [[, role] = []] = resourcesOf(chain, 'AWS::IAM::Role').filter(([id]) => id.includes('deployRole'));
    const host = (region: string) => `arn:aws:ssm:${region}:111122223333:parameter/shop/failover/oracle-host`;
    const table = (region: string) => `arn:aws:dynamodb:${region}:111122223333:table/shop-failover-state`;
    const regions = ['us-east-1', 'us-west-2', 'eu-west-1'];

    expect(plain(role?.Properties.Policies)).toMatchObject([
      {
        PolicyDocument: {
          Statement: [
            { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
            {
              Action: 'dynamodb:BatchGetItem',
              Resource: regions.map(table),
              Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['register#web'] } },
            },
            { Action: 'dynamodb:DescribeTable', Resource: regions.map(table) },
            { Action: 'ssm:GetParameter', Resource: regions.map(host) },
            { Action: 'route53:GetHealthCheckStatus', Resource: 'arn:aws:route53:::healthcheck/*' },
          ],
        },
      },
    ]);
    expect(resourcesOf(chain, 'AWS::IAM::Policy')).toEqual([]);
  });
});

test('there is no stack of records when the engine writes them', () => {
  const stacks = templatesOf(exampleDeployment('two-regions', { 'services.web.traffic.dns.mode': 'records' }), bundles);

  expect(Object.keys(stacks).sort()).toEqual([
    'shop-failover-us-east-1',
    'shop-failover-us-east-2',
    'shop-failover-us-west-2',
  ]);
});

test('one site with a static page: the site under its guard, and the page behind it', () => {
  const one = recordsOf('two-regions', {
    'services.web.sites': { virginia: exampleDeployment('two-regions').services.web?.sites.virginia },
    'services.web.failover': { allDown: 'last-resort' },
    'services.web.traffic.dns.addresses': { virginia: { a: '203.0.113.10' } },
    'services.web.traffic.dns.lastResort': { a: '192.0.2.99' },
    'services.web.traffic.dns.memory': false,
  });

  const head = headOf(one);
  const [, first] = recordOf(one, head, 'A', 'primary');
  const [, second] = recordOf(one, head, 'A', 'secondary');
  const [guard] = guardOf(one, 'virginia');
  expect(first.Properties).toMatchObject({
    Failover: 'PRIMARY',
    HealthCheckId: { 'Fn::GetAtt': [guard, 'HealthCheckId'] },
  });
  expect(second.Properties).toMatchObject({ Failover: 'SECONDARY', ResourceRecords: ['192.0.2.99'] });
  expect(second.Properties).not.toHaveProperty('HealthCheckId');
});
