import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { validate } from '../../src/cli/deploy/validate-command.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { valueAt } from '../../src/config/document.ts';
import { parseDeployment } from '../../src/config/loader.ts';
import { readRepository } from '../unit/config/shop.fixture.ts';

/**
 * What people really write, and what is right for it. Each file differs in one thing from a plain configuration, or is
 * a whole one (`setups/`).
 *
 * `means`: accepted, and that is what the path holds. `finds`: accepted, and a finding of this name is open. `says`:
 * refused, and each text is in a line of its own or shares one.
 */
interface Right {
  readonly means?: Readonly<Record<string, unknown>>;
  readonly finds?: readonly string[];
  readonly says?: readonly string[];
}

const dns = 'services.web.traffic.dns';
const virginia = 'services.web.sites.virginia';
const probe = `${virginia}.probes.0`;
const refused = (...says: readonly string[]): Right => ({ says });
const record = (name: string): Right => ({ means: { [`${dns}.record`]: name } });
const listener = (id: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/shop/50dc6c495c0c9188/${id}`;
const zoneId: Right = { means: { [`${dns}.zone.id`]: 'Z0EXAMPLE' } };

const cases: Readonly<Record<string, Right>> = {
  'alias/alias-dot': {
    means: { [`${dns}.addresses.virginia.alias.dnsName`]: 'shop-1.us-east-1.elb.amazonaws.com' },
  },
  'alias/alias-dualstack': {
    means: { [`${dns}.addresses.virginia.alias.dnsName`]: 'dualstack.shop-1.us-east-1.elb.amazonaws.com' },
  },
  'alias/alias-uppercase': {
    means: { [`${dns}.addresses.virginia.alias.dnsName`]: 'shop-web-1.us-east-1.elb.amazonaws.com' },
  },
  'alias/alias-apigw': { means: { [`${dns}.addresses.oregon.alias.zoneId`]: 'Z2OJLYMUO9EFXC' } },
  'alias/alias-apigw-default-endpoint': refused('make a regional custom domain name'),
  'alias/alias-lambda-url': refused('put a CloudFront distribution or a custom domain name of API Gateway before it'),
  'alias/alias-s3-bucket-website': refused('write s3-website-us-west-2.amazonaws.com'),
  'alias/alias-s3-website': {
    means: { [`${dns}.addresses.oregon.alias.dnsName`]: 's3-website-us-west-2.amazonaws.com' },
  },
  'alias/alias-wrong-zone-swapped': refused('allowed Z35SXDOTRQ7X7K', 'allowed Z1H1FL5HABSF5'),
  'duration/dur-days': { means: { 'services.web.failover.blockMs': 172_800_000 } },
  'duration/dur-iso': refused('write 1h'),
  'duration/dur-min': refused('write 1h'),
  'duration/dur-num-string': refused('write 60s'),
  'dns/record-apex': record('shop.example'),
  'dns/record-at': record('shop.example'),
  'dns/record-dot': record('www.shop.example'),
  'dns/record-idn': record('xn--bcher-kva.shop.example'),
  'dns/record-short': record('www.shop.example'),
  'dns/record-upper': record('www.shop.example'),
  'dns/record-wild': record('*.shop.example'),
  'answer/body-json': { means: { [`${probe}.expect.json`]: { status: 'UP' } } },
  'answer/body-regex': { means: { [`${probe}.expect.body`]: { regex: '"status":\\s*"UP"', ignoreCase: false } } },
  'answer/status-204': { means: { [`${probe}.expect.status`]: [[204, 204]] } },
  'answer/status-2xx': { means: { [`${probe}.expect.status`]: [[200, 299]] } },
  'answer/status-301': { means: { [`${probe}.expect.status`]: [[301, 301]] } },
  'answer/status-list': {
    means: {
      [`${probe}.expect.status`]: [
        [200, 200],
        [204, 204],
      ],
    },
  },
  'answer/status-range': { means: { [`${probe}.expect.status`]: [[200, 399]] } },
  'answer/status-string': { means: { [`${probe}.expect.status`]: [[200, 200]] } },
  'request/follow-redirects': { means: { [`${probe}.followRedirects`]: true } },
  'request/headers': {
    means: { [`${probe}.host`]: 'www.shop.example', [`${probe}.headers`]: { 'X-Api-Key': 'abc' } },
  },
  'request/host': { means: { [`${probe}.host`]: 'www.shop.example' } },
  'request/method-head': { means: { [`${probe}.method`]: 'HEAD' } },
  'probe/probe-alarm': { means: { [`${probe}.region`]: 'us-east-1' }, finds: ['blind-when-lost'] },
  'probe/probe-dns': refused('allowed: type, server, port, name, record'),
  'probe/probe-grpc': { means: { [`${probe}.service`]: '', [`${probe}.tls`]: true } },
  'probe/probe-icmp': refused('take tcp or https at a port that the site serves'),
  'probe/probe-lambda': refused('write type: function, with functionName'),
  'probe/probe-tls': { means: { [`${probe}.port`]: 443 } },
  'probe/probe-udp': refused('either `send` or `sendHex`'),
  'request/sni': { means: { [`${probe}.serverName`]: 'www.shop.example' } },
  'keys/accelerator': refused(
    'write virginia: arn:aws:globalaccelerator::',
    'write oregon: arn:aws:globalaccelerator::',
  ),
  'keys/notify-slack': refused('write webhooks: [{ format: slack, url: { secret: NAME } }]'),
  'keys/notify-sns': refused('write topics: [arn:aws:sns:us-east-1:111122223333:ops]'),
  'keys/routes': refused('write route: {'),
  'keys/schedule-window': refused('write forMs: 2h'),
  'keys/site-account': { means: { 'services.web.sites.oregon.account': '222233334444' } },
  'dns/zone-private': refused('write private: true; the zone itself knows its networks'),
  'request/insecure': refused('write authorityPem'),
  'request/tcp-hostport': refused('host: virginia.shop.example and port: 22'),
  'request/tcp-smtp-banner': { means: { [`${probe}.expectBanner`]: '220 ' } },
  'request/url-fragment': refused('https://virginia.shop.example/health'),
  'request/url-port': { means: { [`${probe}.url`]: 'https://virginia.shop.example:8443/healthz' } },
  'request/url-query-token': { finds: ['secret-in-url'] },
  'request/url-template': refused('in failover.config.ts, write the URL as a template literal'),
  'request/url-trailing-dot': { means: { [`${probe}.url`]: 'https://virginia.shop.example/healthz' } },
  'request/url-userinfo': refused('https://virginia.shop.example/healthz, and write auth: { basic: { secret: NAME } }'),
  'dns/zone-id-arn': zoneId,
  'dns/zone-id-lower': refused('write Z0EXAMPLE'),
  'dns/zone-id-prefixed': zoneId,
  'dns/zone-name-dot': { means: { [`${dns}.zone.name`]: 'shop.example' } },
  'keys/scale-k8s': {
    means: {
      'services.web.sites.oregon.scale': [
        { kind: 'eks-nodegroup', cluster: 'c', name: 'n', size: 3, asActive: false, standbySize: 0 },
      ],
    },
  },
  'keys/scale-rule': refused('write work: [{ kind: eventbridge-rule, name: nightly }]'),
  'keys/site-onprem': refused('write location: on-prem'),
  'setups/scale-by-own-function': { means: { 'services.web.sites.oregon.scale.0.functionName': 'scale-eks' } },
  'setups/address-on-an-interface': {
    finds: ['one-region'],
    means: { 'services.vip.traffic.address.instances.a': [{ networkInterfaceId: 'eni-0123456789abcdef0' }] },
  },
  'setups/address-on-a-private-address': {
    finds: ['one-region'],
    means: {
      'services.vip.traffic.address.instances.b': [
        { networkInterfaceId: 'eni-0123456789abcdef1', privateIpAddress: '10.0.22.116' },
      ],
    },
  },
  // An instance stands for its primary private address, which holds one Elastic IP: a second one would take it off.
  'setups/two-addresses-in-a-list': refused(
    'write a: [i-0123456789abcdef0, { instanceId: i-0123456789abcdef0, privateIpAddress: ... }]',
    'write b: [i-0123456789abcdef1, { instanceId: i-0123456789abcdef1, privateIpAddress: ... }]',
  ),
  'setups/two-addresses-two-services': refused(
    'write a: { instanceId: i-0123456789abcdef0, privateIpAddress: ... }',
    'write b: { instanceId: i-0123456789abcdef1, privateIpAddress: ... }',
  ),
  'setups/patient-confirmation': { means: { 'services.web.failover.leaseMs': 50250 } },
  'setups/five-sites': { means: { 'services.web.sites.tokyo.region': 'ap-northeast-1' } },
  'setups/three-names-group': { means: { 'services.api.traffic.dns.record': 'api.shop.example' } },
  'setups/aurora/aurora-alone': { means: { 'services.db.data.kind': 'aurora-global' } },
  // Nobody can tell that the region is a false one. The same with `location` is in examples/datacenter.
  'setups/onprem-as-region': { means: { 'services.web.sites.datacenter.region': 'eu-central-1' } },
  'setups/alb-own-name-https': { finds: ['certificate-of-balancer'] },
  'dns/a-comma': refused('allowed a list: [203.0.113.10, 203.0.113.11]'),
  'dns/a-hostname': refused('for a name, cname: ec2-203-0-113-10.compute-1.amazonaws.com'),
  'dns/a-list': { means: { [`${dns}.addresses.oregon.a`]: ['198.51.100.20', '198.51.100.21'] } },
  'dns/record-list': { means: { [`${dns}.record`]: 'www.shop.example', [`${dns}.moreRecords`]: ['shop.example'] } },
  'dns/cname-target': { means: { [`${dns}.addresses.oregon.cname`]: 'west.partner.example' } },
  'setups/aurora/aurora-clients-only': { means: { 'services.db.traffic': {} } },
  'setups/aurora/aurora-cname': {
    means: { 'services.db.traffic.dns.addresses.oregon.cname': 'shop.cluster-def.us-west-2.rds.amazonaws.com' },
  },
  'setups/aurora/aurora-no-dns': { means: { 'services.db.traffic': {} } },
  'setups/geo-with-secondary': { means: { [`${dns}.locations.oregon`]: [] } },
  'setups/aurora/aurora-alias': refused('write cname: shop.cluster-abc.us-east-1.rds.amazonaws.com'),
  'setups/eip-ipv6-probe-vpc': { finds: ['one-region'] },
  'setups/failback-1m': { finds: ['block-outlasts-health'] },
  'setups/fifty-services': refused('allowed 500', 'split the services over 2 deployments of at most 25 services'),
  'setups/two-listeners-list': {
    finds: ['one-listener'],
    means: {
      'services.both.traffic.targets.listenerArn': [listener('f2f7dc8efc522ab2'), listener('f2f7dc8efc522ab3')],
    },
  },
  'setups/two-listeners-same-tgs': refused('make the two one service, with a list of listeners in listenerArn'),
  'setups/one-check-for-two-sites': refused('another target than that of virginia'),
  'setups/punycode-tld': record('www.xn--e1afmkfd.xn--p1ai'),
};

describe.each(Object.entries(cases))('%s', (name, { means = {}, finds = [], says = [] }) => {
  const path = fileURLToPath(new URL(`${name}.yaml`, import.meta.url));

  it(`exits with ${exitOf(finds, says)}`, async () => {
    expect((await run(path)).exit).toBe(exitOf(finds, says));
  });

  it.each(says)('is refused: %s', async (text) => {
    expect((await run(path)).err).toContain(text);
  });

  it.each(finds)('is accepted with the finding %s', async (finding) => {
    expect((await run(path)).out).toContain(`  ${finding} at `);
  });

  it.each(Object.entries(means))('%s is %j', (at, value) => {
    const deployment = parseDeployment(readRepository(`test/cases/${name}.yaml`), `${name}.yaml`);

    expect(valueAt(deployment, at.split('.'))).toEqual(value);
  });
});

test('every file has a row, and every row a file', () => {
  const names = readdirSync(new URL('.', import.meta.url), { recursive: true }).map(String);
  const files = names.filter((name) => name.endsWith('.yaml')).map((name) => name.replace(/\.yaml$/, ''));

  expect(files.sort()).toEqual(Object.keys(cases).sort());
});

function exitOf(finds: readonly string[], says: readonly string[]): number {
  return says.length > 0 ? 2 : finds.length > 0 ? 1 : 0;
}

/** What `cdk-failover validate` prints of a file, and its exit code. */
async function run(path: string): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  const printed = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    isErrWatched: false,
    page: { width: 120, mark: (_tone, text) => text },
    userName: 'nobody',
    signal: new AbortController().signal,
  };
  return { exit: await validate([path], {}, terminal), ...printed };
}
