import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';
import { lintDeployment, lintRules, openFindings } from '../../../../src/config/lint/lint.ts';
import { defineDeployment, parseDeployment } from '../../../../src/config/loader.ts';
import { balanced } from '../mode-cases.fixture.ts';
import { readRepository, shop, zones } from '../shop.fixture.ts';

type ServiceInput = DeploymentInput['services'][string];
type SiteInput = ServiceInput['sites'][string];

const told = { notify: { emails: ['oncall@shop.example'] } };

/** The shop, with changes of its service. */
function shopWith(change: (web: ServiceInput) => ServiceInput, more: Partial<DeploymentInput> = {}): DeploymentInput {
  const web = shop.services.web as ServiceInput;
  return { ...shop, ...told, services: { web: change(web) }, ...more };
}

/** The shop, with other probes of one site. */
function probing(site: string, ...probes: SiteInput['probes']): DeploymentInput {
  return shopWith((web) => ({
    ...web,
    sites: { ...web.sites, [site]: { ...(web.sites[site] as SiteInput), probes } },
  }));
}

function withDns(change: Record<string, unknown>): DeploymentInput {
  return shopWith((web) => ({ ...web, traffic: { dns: { ...web.traffic?.dns, ...change } } }) as ServiceInput);
}

const https = (url: string, authorityPem?: string) => ({
  type: 'https' as const,
  url,
  ...(authorityPem === undefined ? {} : { authorityPem }),
});

const lint = (input: DeploymentInput) => lintDeployment(defineDeployment(input));
const namesIn = (input: DeploymentInput) => lint(input).map(({ name }) => name);

test.each(readdirSync(new URL('../../../../examples', import.meta.url)))('examples/%s has no open finding', (name) => {
  const file = `examples/${name}/failover.config.yaml`;

  expect(openFindings(parseDeployment(readRepository(file), file))).toEqual([]);
});

test('a deployment with nobody to tell has one finding, and one that tells somebody none', () => {
  expect(namesIn(shop)).toEqual(['nobody-told']);
  expect(namesIn({ ...shop, ...told })).toEqual([]);
});

describe('a ramp of weights of records', () => {
  const stepping = (stepsPercent: readonly number[], pauseMs: number, ttlSeconds: number) =>
    shopWith(
      (web) =>
        ({
          ...web,
          mode: 'active-active',
          traffic: { dns: { ...web.traffic?.dns, mode: 'records', ttlSeconds, ramp: { stepsPercent, pauseMs } } },
        }) as ServiceInput,
    );
  const found = (...ramp: Parameters<typeof stepping>) =>
    lint(stepping(...ramp)).filter(({ name }) => name === 'ramp-outruns-dns');

  test('is judged before its clients have come where the pause is short', () => {
    expect(found([10, 50, 100], 30_000, 30)).toMatchObject([
      {
        path: 'services.web.traffic.dns.ramp.pauseMs',
        what: 'the pause is 30s, and clients follow an edited record within 90s',
        breaks: 'a site of web that cannot bear 10 % gets 50 % and more before anybody sees that it cannot',
        hint: 'set pauseMs to 90s or more',
      },
    ]);
  });

  test.each<[readonly number[], number, number]>([
    [[10, 50, 100], 90_000, 30],
    [[10, 100], 61_000, 1],
    [[100], 1_000, 30],
  ])('is not (steps=%j, pause=%i ms, ttl=%i s)', (...ramp) => {
    expect(found(...ramp)).toEqual([]);
  });
});

describe('a limit on lag needs a source of lag', () => {
  const limited = (change: (site: SiteInput) => SiteInput, more: Partial<ServiceInput> = {}) =>
    shopWith((web) => ({
      ...web,
      ...more,
      failover: { maxReplicationLagMs: 30_000 },
      sites: Object.fromEntries(Object.entries(web.sites).map(([name, site]) => [name, change(site)])),
    }));
  const measuring = (lag: NonNullable<SiteInput['measures']>['lag']) =>
    limited((site) => ({ ...site, measures: { lag } }));

  test('without one no site is ever chosen', () => {
    expect(lint(limited((site) => site))).toMatchObject([
      {
        name: 'lag-never-reported',
        path: 'services.web.failover.maxReplicationLagMs',
        what: 'there is a limit on lag, and nothing reports the lag of virginia and oregon',
      },
    ]);
  });

  test('one site that has one does not speak for the other', () => {
    const input = limited((site) =>
      site.region === 'us-east-1' ? { ...site, measures: { lag: { kind: 'probe' } } } : site,
    );

    expect(lint(input)).toMatchObject([{ breaks: expect.stringContaining('ever goes to oregon') }]);
  });

  test.each<[string, DeploymentInput]>([
    ['an HTTP probe that is said to report it', measuring({ kind: 'probe' })],
    ['a metric', measuring({ kind: 'metric', namespace: 'Shop', name: 'Lag' })],
    ['a heartbeat', measuring({ kind: 'heartbeat', tableName: 'beats', key: 'web', attribute: 'at' })],
    ['a global table', limited((site) => site, { data: { kind: 'dynamodb-global', tableName: 'shop' } })],
  ])('%s is one', (_, input) => {
    expect(namesIn(input)).toEqual([]);
  });

  test.each([
    ['aurora-dsql', 'dsql', {}, ['lag-never-reported']],
    ['memorydb-multi-region', 'memorydb', { globalId: 'virxk-shop' }, []],
  ] as const)('%s has a lag of its own, or none', (kind, service, more, names) => {
    const arn = (region: string) => `arn:aws:${service}:${region}:111122223333:cluster/${'a'.repeat(26)}`;
    const clusters = { virginia: arn('us-east-1'), oregon: arn('us-west-2') };

    expect(namesIn(limited((site) => site, { data: { kind, clusters, ...more } as ServiceInput['data'] }))).toEqual(
      names,
    );
  });

  test('a probe over TCP has no header to report it in', () => {
    const input = limited((site) => ({
      ...site,
      probes: [{ type: 'tcp', host: `${site.region}.shop.example`, port: 443 }],
      measures: { lag: { kind: 'probe' } },
    }));

    expect(namesIn(input)).toContain('lag-never-reported');
  });
});

describe('a limit on lag that a cut-off region exceeds before its lease ends', () => {
  const region = { kind: 'custom', functions: { virginia: 'promote', oregon: 'promote' } } as const;
  const guarded = (maxReplicationLagMs: number, isFenced = true) =>
    shopWith((web) => ({
      ...web,
      data: region,
      failover: { maxReplicationLagMs, leaseMs: 20_000 },
      sites: Object.fromEntries(
        Object.entries(web.sites).map(([name, site]) => [
          name,
          {
            ...site,
            measures: { lag: { kind: 'metric', namespace: 'Shop', name: 'Lag' } },
            ...(isFenced ? { fence: { kind: 'custom', functionName: `cut-${name}` } } : {}),
          },
        ]),
      ),
    }));

  test('leaves the service there until a person allows the loss', () => {
    const found = lint(guarded(5_000)).find(({ name }) => name === 'lag-limit-below-lease');

    expect(found).toMatchObject({
      path: 'services.web.failover.maxReplicationLagMs',
      what: 'the limit is 5 s, and a region that hears nobody writes for 20 s',
    });
  });

  test.each([
    ['a limit above the lease', guarded(20_000)],
    ['sites without a fence', guarded(5_000, false)],
  ])('is none with %s', (_, input) => {
    expect(namesIn(input)).not.toContain('lag-limit-below-lease');
  });
});

test.each([
  ['of no site', [], []],
  ['of one region of two', ['virginia'], ['backup-in-one-region']],
  ['of both', ['virginia', 'oregon'], []],
])('backups that are watched %s', (_, watched, found) => {
  const backup = { kind: 'aws-backup', vault: 'shop', resourceArn: 'arn:aws:s3:::shop' } as const;
  const input = shopWith((web) => ({
    ...web,
    sites: Object.fromEntries(
      Object.entries(web.sites).map(([name, site]) => [
        name,
        watched.includes(name) ? { ...site, measures: { backup } } : site,
      ]),
    ),
  }));

  expect(namesIn(input)).toEqual(found);
});

describe('what a failover needs', () => {
  const data = {
    kind: 'rds-replica' as const,
    instances: { virginia: 'shop-east', oregon: 'shop-west' },
  };
  const fence = { kind: 'read-only' as const, functionName: 'shop-read-only' };
  const withData = (fenced: readonly string[], by: SiteInput['fence'] = fence) =>
    shopWith((web) => ({
      ...web,
      failover: { maxReplicationLagMs: 30_000 },
      data,
      sites: Object.fromEntries(
        Object.entries(web.sites).map(([name, site]) => [name, fenced.includes(name) ? { ...site, fence: by } : site]),
      ),
    }));

  test('a fence for each site whose data is promoted', () => {
    const [finding, ...others] = lint(withData(['virginia']));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      name: 'promotion-without-fence',
      path: 'services.web.sites.oregon.fence',
      what: 'rds-replica is promoted and oregon cannot be cut off',
      breaks: 'when us-west-2 is out of contact but not dead, oregon continues to take writes of web that will be lost',
    });
    expect(namesIn(withData(['virginia', 'oregon']))).toEqual([]);
    expect(
      namesIn(shopWith((web) => ({ ...web, data: { kind: 'dynamodb-global' as const, tableName: 'shop' } }))),
    ).toEqual([]);
  });

  test('a fence that cuts standing connections, where the old writer is not stopped by AWS', () => {
    const groups = { kind: 'groups' as const, instanceIds: ['i-1'], isolationGroupId: 'sg-1' };
    const [finding, ...others] = lint(withData(['oregon'], groups)).filter(
      ({ name }) => name !== 'promotion-without-fence',
    );

    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      name: 'fence-keeps-connections',
      path: 'services.web.sites.oregon.fence.kind',
      what: 'oregon is fenced by security groups, and data is rds-replica',
      breaks:
        'when us-west-2 is out of contact but not dead, oregon continues to write for web through open connections',
    });
    expect(namesIn(withData(['oregon']))).toEqual(['promotion-without-fence']);
  });

  test('as much capacity in the rest as in the largest site, where a site is spare', () => {
    const sized = (capacity: number, spareSites?: number) =>
      shopWith((web) => ({
        ...web,
        mode: 'active-active',
        ...(spareSites === undefined ? {} : { capacity: { spareSites } }),
        sites: { ...web.sites, oregon: { ...(web.sites.oregon as SiteInput), capacity } },
      }));
    const [finding, ...others] = lint(sized(99));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      name: 'spare-too-small',
      path: 'services.web.capacity.spareSites',
      what: '1 may be lost, and without virginia the capacity is 99',
      breaks: 'when us-east-1 is lost, web has 99 to carry what 100 were declared for',
    });
    expect(namesIn(sized(100))).toEqual([]);
    expect(namesIn(sized(1, 0))).toEqual([]);
  });

  test('work that only one site has', () => {
    const work = [{ kind: 'eventbridge-rule' as const, name: 'nightly' }];
    const working = (...busy: readonly string[]) =>
      shopWith((web) => ({
        ...web,
        sites: Object.fromEntries(
          Object.entries(web.sites).map(([name, site]) => [name, busy.includes(name) ? { ...site, work } : site]),
        ),
      }));

    expect(lint(working('virginia'))).toMatchObject([
      {
        name: 'work-left-behind',
        path: 'services.web.sites.oregon.work',
        what: 'virginia has work, and oregon has none',
      },
    ]);
    expect(namesIn(working('virginia', 'oregon'))).toEqual([]);
  });

  test('more than one load balancer', () => {
    const found = lint({ ...balanced, ...told });

    expect(found.map(({ name }) => name)).toEqual(['one-region', 'one-listener']);
    expect(found[1]).toMatchObject({
      path: 'services.web.traffic.targets',
      what: 'all sites of web are behind one load balancer in us-east-1',
    });
  });
});

describe('what depends on another region', () => {
  test('records mode, on us-east-1', () => {
    const [finding, ...others] = lint(withDns({ mode: 'records' }));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ name: 'records-control-plane', path: 'services.web.traffic.dns.mode' });
    expect(finding?.breaks).toBe(
      'when us-east-1 is lost, the record cannot be edited: clients of web stay where they are, although virginia is lost with it',
    );
  });

  test.each([
    ['web-1.us-west-2.elb.amazonaws.com', 'us-west-2'],
    ['internal-web-1.eu-central-1.elb.amazonaws.com', 'eu-central-1'],
    ['abc123.execute-api.ap-southeast-2.amazonaws.com', 'ap-southeast-2'],
    ['abc123.lambda-url.us-east-2.on.aws', 'us-east-2'],
    ['shop.s3-website-us-west-1.amazonaws.com', 'us-west-1'],
    ['ec2-203-0-113-10.us-west-2.compute.amazonaws.com', 'us-west-2'],
  ])('a probe of a site in us-east-1 at %s, on %s', (host, region) => {
    const [finding, ...others] = lint(probing('virginia', { type: 'tcp', host, port: 443 }));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ name: 'probe-other-region', path: 'services.web.sites.virginia.probes.0.host' });
    expect(finding?.breaks).toContain(`when ${region} is lost, virginia counts as down although us-east-1 is well`);
  });

  test.each([
    'web-1.us-east-1.elb.amazonaws.com',
    'ec2-203-0-113-10.compute-1.amazonaws.com',
    // Not AWS's name: nothing can be said of where it is.
    'us-west-2.shop.example',
    '203.0.113.10',
  ])('but not at %s', (host) => {
    expect(namesIn(probing('virginia', { type: 'tcp', host, port: 443 }))).toEqual([]);
  });

  test('an instance of us-east-1 that a site of us-west-2 is probed at', () => {
    const probe = { type: 'tcp' as const, host: 'ec2-203-0-113-10.compute-1.amazonaws.com', port: 443 };

    expect(lint(probing('oregon', probe))).toMatchObject([
      { name: 'probe-other-region', path: 'services.web.sites.oregon.probes.0.host' },
    ]);
  });

  test('topics that are all in one region, and nothing else; two regions, or an address besides, are enough', () => {
    const topic = (region: string) => `arn:aws:sns:${region}:111122223333:ops`;
    const telling = (notify: DeploymentInput['notify']) => ({ ...shop, notify });

    expect(lint(telling({ topics: [topic('us-west-2')] }))).toMatchObject([
      { name: 'told-in-one-region', path: 'notify.topics', breaks: expect.stringContaining('when us-west-2 is lost') },
    ]);
    expect(namesIn(telling({ topics: [topic('us-west-2'), topic('eu-west-1')] }))).toEqual([]);
    expect(namesIn(telling({ topics: [topic('us-west-2')], emails: ['a@shop.example'] }))).toEqual([]);
  });

  test('a webhook whose URL is a secret, or holds one; from a secret it is none', () => {
    const to = (url: string | { readonly secret: string }) => {
      return { ...shop, notify: { ...told.notify, webhooks: [{ format: 'slack' as const, url }] } };
    };
    const finding = { name: 'secret-in-url', path: 'notify.webhooks.0.url' };

    expect(lint(to('https://hooks.slack.com/services/T0/B0/xyz'))).toMatchObject([finding]);
    expect(lint(to('https://chat.shop.example/in?token=abc'))).toMatchObject([finding]);
    expect(namesIn(to({ secret: 'shop/slack' }))).toEqual([]);
  });

  test('a header of telemetry that is a secret, and a collector that is the function itself', () => {
    const to = (endpoint: string, headers: Readonly<Record<string, string | { readonly secret: string }>> = {}) => {
      return { ...shop, ...told, telemetry: { otlp: { endpoint, headers } } };
    };
    const far = 'https://otlp.shop.example:4318';

    expect(lint(to(far, { 'x-api-key': 'abc' }))).toMatchObject([
      { name: 'secret-in-configuration', path: 'telemetry.otlp.headers.x-api-key' },
    ]);
    expect(namesIn(to(far, { 'x-api-key': { secret: 'shop/otlp' }, 'x-team': 'ops' }))).toEqual([]);
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(namesIn(to(`http://${host}:4318`))).toEqual(['telemetry-to-itself']);
    }
  });

  test('webhooks alone, and topics elsewhere: no alarm of CloudWatch is heard', () => {
    const webhooks = [{ format: 'slack' as const, url: { secret: 'shop/slack' } }];
    const far = ['arn:aws:sns:eu-west-1:111122223333:ops', 'arn:aws:sns:eu-west-2:111122223333:ops'];
    const near = ['arn:aws:sns:us-east-1:111122223333:ops'];

    expect(namesIn({ ...shop, notify: { webhooks } })).toEqual(['alarms-unheard']);
    expect(namesIn({ ...shop, notify: { topics: far } })).toEqual(['alarms-unheard']);
    expect(namesIn({ ...shop, notify: { webhooks, topics: near } })).toEqual([]);
  });

  test('an alias to a load balancer of another region', () => {
    const alias = (region: string, zoneId: string) => ({
      alias: { dnsName: `web-1.${region}.elb.amazonaws.com`, zoneId },
    });
    const addresses = {
      virginia: alias('us-west-1', 'Z368ELLRRE2KJ0'),
      oregon: alias('us-west-2', 'Z1H1FL5HABSF5'),
    };

    expect(lint(withDns({ addresses }))).toMatchObject([
      { name: 'alias-other-region', path: 'services.web.traffic.dns.addresses.virginia.alias.dnsName' },
    ]);
  });

  test.each(['d111.cloudfront.net', 'a1234.awsglobalaccelerator.com'])('a probe of the edge %s', (host) => {
    expect(namesIn(probing('virginia', https(`https://${host}/healthz`)))).toEqual(['probe-through-edge']);
  });

  test('a quorum of all three watchers, on the region that is lost; two of three are enough', () => {
    const quorumOf = (quorum: number) => shopWith((web) => ({ ...web, detection: { quorum } }));

    const [finding] = lint(quorumOf(3));
    expect(finding).toMatchObject({ name: 'quorum-needs-lost-region', path: 'services.web.detection.quorum' });
    expect(finding?.breaks).toContain('when us-east-1 or us-west-2 is lost, at most 2 watchers are left');
    expect(namesIn(quorumOf(2))).toEqual([]);
  });

  test.each([
    [
      { intervalMs: 1_000, fallCount: 2, suspectIntervalMs: 250, minDownMs: 250 },
      'a fault of 250 ms may be enough for down',
    ],
    [{ fallCount: 1 }, 'a fault of 0 ms may be enough for down'],
  ])('detection by which a blip moves traffic: %j', (fast, what) => {
    const quick = { timeoutMs: 500 };
    const input = shopWith((web) => ({
      ...web,
      detection: fast,
      sites: Object.fromEntries(
        Object.entries(web.sites).map(([name, site]) => {
          return [name, { ...site, probes: site.probes.map((probe) => ({ ...probe, ...quick })) }];
        }),
      ),
    }));

    expect(lint(input).map(({ name, what: found }) => [name, found])).toEqual([['blip-moves-traffic', what]]);
  });

  test('a suspected site that is probed more than thirty times a second by all watchers together', () => {
    const controlRegions = ['us-east-1', 'us-west-2', 'us-east-2', 'eu-west-1', 'eu-central-1'];
    const every = (suspectIntervalMs: number) =>
      shopWith((web) => ({ ...web, detection: { suspectIntervalMs } }), { controlRegions });

    const [finding] = lint(every(100));

    expect(finding).toMatchObject({
      name: 'suspicion-overloads',
      what: '5 watchers probe a suspected site up to 50 times a second',
      hint: 'set suspectIntervalMs to 167 or more',
    });
    expect(namesIn(every(167))).toEqual([]);
  });

  test('a quorum below a majority of the watchers, with what leaving it out means', () => {
    const controlRegions = ['us-east-1', 'us-west-2', 'us-east-2', 'eu-west-1', 'eu-central-1'];
    const quorumOf = (quorum: number) => shopWith((web) => ({ ...web, detection: { quorum } }), { controlRegions });

    const [finding] = lint(quorumOf(2));

    expect(finding).toMatchObject({ name: 'quorum-below-majority', path: 'services.web.detection.quorum' });
    expect(finding?.what).toBe('2 watchers of 5 may call a site down');
    expect(finding?.hint).toBe('leave quorum out, which makes it 3, or accept the finding');
    expect(namesIn(quorumOf(3))).toEqual([]);
  });

  test('more reserved concurrency than an account has by default', () => {
    const controlRegions = ['us-east-1', 'us-west-2', 'us-east-2', 'eu-west-1', 'eu-central-1'];
    const fence = { kind: 'read-only', functionName: 'fence' } as const;
    const many = (count: number): DeploymentInput => {
      const web = shop.services.web as ServiceInput;
      const endpoints = Object.fromEntries(Object.keys(web.sites).map((name) => [name, `https://${name}.example`]));
      const services = Array.from({ length: count }, (_, index) => {
        const work = [{ kind: 'eventbridge-rule' as const, name: `web-${index}` }];
        const sites = Object.entries(web.sites).map(([name, site]) => [name, { ...site, fence, work }] as const);
        const dns = { ...web.traffic?.dns, record: `web-${index}.shop.example` };
        const clients = { endpoints, fleet: 100 };
        return [`web-${index}`, { ...web, sites: Object.fromEntries(sites), traffic: { dns }, clients }] as const;
      });
      return {
        ...shop,
        ...told,
        controlRegions,
        services: Object.fromEntries(services) as DeploymentInput['services'],
      };
    };
    const found = (count: number) => lint(many(count)).filter(({ name }) => name === 'concurrency-reserved');

    const [finding] = found(50);

    expect(found(20)).toEqual([]);
    expect(finding?.what).toMatch(/ reserve \d{3,4} concurrent executions, and an account may reserve 900$/);
  });

  test('more probes than one watcher can carry out in time', () => {
    const web = shop.services.web as ServiceInput;
    const sites = Object.entries(web.sites).map(([name, site]) => {
      const probes = Array.from({ length: 10 }, (_, index) => ({
        ...https(`https://${name}.shop.example/${index}`),
        timeoutMs: 100,
      }));
      return [name, { ...site, probes }] as const;
    });
    const many = (count: number): DeploymentInput => {
      const services = Array.from({ length: count }, (_, index) => {
        const dns = { ...web.traffic?.dns, record: `web-${index}.shop.example` };
        const detection = { ...web.detection, intervalMs: 250 };
        return [`web-${index}`, { ...web, detection, sites: Object.fromEntries(sites), traffic: { dns } }] as const;
      });
      return { ...shop, ...told, services: Object.fromEntries(services) as DeploymentInput['services'] };
    };
    const found = (count: number) => lint(many(count)).filter(({ name }) => name === 'watcher-overloaded');

    // Four ticks a second of 15 ms, and of 3 ms for each of twenty probes a service.
    const [finding] = found(4);

    expect(found(2)).toEqual([]);
    expect(finding?.what).toBe('the probes of all services keep a watcher busy 102 % of the time');
    expect(finding?.hint).toMatch(/^split the services over 2 deployments, /);
  });

  test('a witness that stands beside a site of another service, unless another witness does not', () => {
    const other: ServiceInput = {
      mode: 'active-passive',
      sites: {
        ohio: { region: 'us-east-2', priority: 100, probes: [https('https://ohio.pay.example/')] },
        west: { region: 'us-west-2', priority: 50, probes: [https('https://west.pay.example/')] },
      },
      traffic: {
        dns: {
          zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
          record: 'pay.shop.example',
          addresses: { ohio: { a: '203.0.113.30' }, west: { a: '203.0.113.31' } },
        },
      },
    };
    const both = { ...shop, ...told, services: { ...shop.services, pay: other } };

    expect(lint(both).map(({ name, what }) => [name, what])).toEqual([
      ['witness-beside-site', 'web has us-east-2 for a witness, where pay has a site'],
      ['witness-beside-site', 'pay has us-east-1 for a witness, where web has a site'],
    ]);
    const regions = [...shop.controlRegions, 'eu-west-1', 'eu-central-1'];
    expect(namesIn({ ...both, controlRegions: regions })).toEqual([]);
  });
});

describe('what two sites share', () => {
  test('a probe of the record itself', () => {
    expect(lint(probing('oregon', https('https://WWW.shop.example/healthz')))).toMatchObject([
      { name: 'probe-through-record', path: 'services.web.sites.oregon.probes.0.url' },
    ]);
  });

  test('one host and port, under different paths', () => {
    const input = probing('oregon', https('https://virginia.shop.example/other'));

    expect(lint(input)).toMatchObject([
      { name: 'shared-endpoint', what: 'virginia and oregon are both probed at virginia.shop.example:443' },
    ]);
  });

  test('one host under different ports is one certificate; over http it is none', () => {
    expect(namesIn(probing('oregon', https('https://virginia.shop.example:8443/')))).toEqual(['shared-certificate']);
    expect(namesIn(probing('oregon', { type: 'http', url: 'http://virginia.shop.example:8080/' }))).toEqual([]);
  });

  test('one authority; two authorities are none', () => {
    const pem = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
    const trusting = (first: string, second: string) =>
      shopWith((web) => ({
        ...web,
        sites: {
          virginia: { ...(web.sites.virginia as SiteInput), probes: [https('https://v.shop.example/', pem(first))] },
          oregon: { ...(web.sites.oregon as SiteInput), probes: [https('https://o.shop.example/', pem(second))] },
        },
      }));

    expect(namesIn(trusting('AAAA', 'AAAA'))).toEqual(['shared-certificate']);
    expect(namesIn(trusting('AAAA', 'BBBB'))).toEqual([]);
  });

  test('one region, behind an Elastic IP that cannot leave it', () => {
    const [finding] = lint({ ...zones, ...told });

    expect(finding).toMatchObject({ name: 'one-region', path: 'services.web.sites' });
    expect(finding?.breaks).toBe(
      'when us-east-1 is lost, web has nowhere to go: its Elastic IP cannot leave the region',
    );
  });

  test('one zone', () => {
    const web = zones.services.web as ServiceInput;
    const inZones = (left: string, right: string): DeploymentInput => ({
      ...zones,
      ...told,
      services: {
        web: {
          ...web,
          sites: {
            left: { ...(web.sites.left as SiteInput), zone: left },
            right: { ...(web.sites.right as SiteInput), zone: right },
          },
        },
      },
    });

    expect(namesIn(inZones('us-east-1a', 'us-east-1a'))).toEqual(['one-region', 'one-zone']);
    expect(namesIn(inZones('us-east-1a', 'us-east-1b'))).toEqual(['one-region']);
  });
});

test.each([
  ['carts', 'write', ['shared-write-capacity']],
  ['carts', 'read', []],
  ['orders', 'write', []],
] as const)('tables of one name that two sites write (second=%s %s): %j', (table, units, names) => {
  const capacity = { kind: 'dynamodb-capacity', table: 'carts', units: 'write', size: 400 } as const;
  const warm = (site: SiteInput | undefined, more: object): SiteInput =>
    ({ ...site, standby: 'warm', scale: [{ ...capacity, ...more }] }) as SiteInput;

  const input = shopWith((web) => ({
    ...web,
    sites: { virginia: warm(web.sites.virginia, {}), oregon: warm(web.sites.oregon, { table, units }) },
  }));

  expect(namesIn(input)).toEqual(names);
});

test.each([
  [30, []],
  [60, []],
  [61, ['long-ttl']],
  [3_600, ['long-ttl']],
])('a TTL of %i s: %j', (ttlSeconds, names) => {
  expect(namesIn(withDns({ ttlSeconds }))).toEqual(names);
});

test('a TTL of 90 s is no finding where the rest of the move takes longer (ticks of 30 s)', () => {
  const detection = { intervalMs: 30_000 };
  const failover = { leaseMs: 120_000 };
  const slow = withDns({ ttlSeconds: 90 });

  expect(namesIn(slow)).toEqual(['long-ttl']);
  const web = { ...(slow.services.web as ServiceInput), detection, failover };
  expect(namesIn({ ...slow, services: { web } })).toEqual([]);
});

describe('accepting', () => {
  test('keeps the finding, with the reason, and closes it', () => {
    const deployment = defineDeployment({ ...shop, accept: { 'nobody-told': 'the pager reads the events' } });

    expect(lintDeployment(deployment)).toMatchObject([
      { name: 'nobody-told', acceptedBecause: 'the pager reads the events' },
    ]);
    expect(openFindings(deployment)).toEqual([]);
  });

  test('what is not found is found itself, and cannot be accepted', () => {
    const accept = { 'long-ttl': 'old clients', 'stale-acceptance': 'never mind' };

    expect(openFindings(defineDeployment({ ...shop, ...told, accept }))).toMatchObject([
      { name: 'stale-acceptance', path: 'accept.long-ttl', what: 'long-ttl is accepted but not found' },
      { name: 'stale-acceptance', path: 'accept.stale-acceptance' },
    ]);
  });

  test('a name that does not exist is told with the one that was meant', () => {
    const accept = { 'nobody-tolt': 'typo' };

    expect(openFindings(defineDeployment({ ...shop, ...told, accept }))).toMatchObject([
      {
        what: 'there is no finding of the name nobody-tolt',
        hint: 'did you mean nobody-told? otherwise take it out',
      },
    ]);
  });

  test('every finding has a name that a configuration can hold, and no two have the same', () => {
    const names = lintRules.map(({ name }) => name);
    const accept = Object.fromEntries(names.map((name) => [name, 'because']));

    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(defineDeployment({ ...shop, accept }).accept)).toEqual(names);
  });
});

describe('the URL of a probe', () => {
  const asking = (url: string) => probing('virginia', { type: 'https', url });

  test.each([
    ['https://virginia.shop.example/healthz?token=abc', ['secret-in-url']],
    ['https://virginia.shop.example/healthz?page=2', []],
    ['https://shop-1.us-east-1.elb.amazonaws.com/healthz', ['certificate-of-balancer']],
    ['https://shop-1-0123.elb.us-east-1.amazonaws.com/healthz', ['certificate-of-balancer']],
    ['https://shop-1.elb.example/healthz', []],
  ])('%s: %j', (url, names) => {
    expect(namesIn(asking(url))).toEqual(names);
  });

  test.each([
    ['tls', {}, ['certificate-of-balancer']],
    ['tls', { serverName: 'www.shop.example' }, []],
    ['grpc', {}, ['certificate-of-balancer']],
    ['grpc', { serverName: 'www.shop.example' }, []],
    ['grpc', { tls: false }, []],
  ] as const)('a balancer that is asked by %s under its own name (%j): %j', (type, more, names) => {
    const probe = { type, host: 'shop-1.us-east-1.elb.amazonaws.com', port: 443, ...more };

    expect(namesIn(probing('virginia', probe as SiteInput['probes'][number]))).toEqual(names);
  });

  test('a balancer that is trusted by an authority of the user may have its own name', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

    expect(namesIn(probing('virginia', https('https://shop-1.us-east-1.elb.amazonaws.com/', pem)))).toEqual([]);
  });
});

describe('a block period that is longer than the wait before a failback', () => {
  const returning = (failback: ServiceInput['failback'], blockMs: string) =>
    shopWith((web) => ({ ...web, failback, failover: { blockMs } }));

  test.each([
    [{ mode: 'automatic', healthyForMs: '1m' }, '1h', ['block-outlasts-health']],
    [{ mode: 'automatic', healthyForMs: '1m' }, '1m', []],
    [{ mode: 'automatic' }, '1h', []],
    [{ mode: 'manual', healthyForMs: '1m' }, '1h', []],
  ] as const)('%j with blockMs %s: %j', (failback, blockMs, names) => {
    expect(namesIn(returning(failback, blockMs))).toEqual(names);
  });
});

describe('an alias', () => {
  const leading = (dnsName: string, zoneId: string, record = 'www.shop.example') => {
    const oregon = { alias: { dnsName: 'web.us-west-2.elb.amazonaws.com', zoneId: 'Z1H1FL5HABSF5' } };
    return withDns({ record, addresses: { virginia: { alias: { dnsName, zoneId } }, oregon } });
  };

  test.each([
    ['web.us-east-1.elb.amazonaws.com', 'Z35SXDOTRQ7X7K', []],
    ['web.elb.us-east-1.amazonaws.com', 'Z26RNL4JYFTOTI', []],
    ['a1.awsglobalaccelerator.com', 'Z2BJ6XQ5FK7U4H', []],
    ['s3-website-us-east-1.amazonaws.com', 'Z3AQBSTGFYJSTF', []],
    ['vpce-1.us-east-1.vpce.amazonaws.com', 'Z7HUB22UULQXV', ['unknown-alias']],
    ['d1.cloudfront.net', 'Z2FDTNDATAQYW2', ['distribution-names']],
  ])('to %s in %s: %j', (dnsName, zoneId, names) => {
    expect(namesIn(leading(dnsName, zoneId))).toEqual(names);
  });

  test('to a load balancer of a region that the table does not have', () => {
    const findings = lint(leading('web.us-east-9.elb.amazonaws.com', 'Z0UNKNOWN'));

    expect(findings.map(({ name }) => name)).toEqual(['alias-other-region', 'unknown-alias']);
  });

  test.each([
    ['www.shop.example', 'www.shop.example and *.www.shop.example'],
    ['*.shop.example', '*.shop.example'],
  ])('of %s to a distribution, which must have %s', (record, names) => {
    const [finding] = lint(leading('d1.cloudfront.net', 'Z2FDTNDATAQYW2', record));

    expect(finding?.what).toBe(`d1.cloudfront.net must have ${names} as alternate domain names`);
  });
});

test.each([
  ['2600:1f18::a', ['ipv6-without-network']],
  ['::1', []],
  ['203.0.113.10', []],
])('a probe at %s without a network: %j', (host, names) => {
  expect(namesIn(probing('virginia', { type: 'tcp', host, port: 443 }))).toEqual(names);
});

test('a probe at an IPv6 address with a network in each control region has no finding', () => {
  const network = { vpcId: 'vpc-1', subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
  const vpc = Object.fromEntries(shop.controlRegions.map((region) => [region, network]));
  const probed = probing('virginia', { type: 'tcp', host: '2600:1f18::a', port: 443 });

  expect(namesIn({ ...probed, watcher: { vpc } })).toEqual([]);
});
