import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDeploymentValue } from '../../../src/config/loader.ts';
import { digestsOf } from '../../../src/core/model/digest.ts';
import { applyOverrides } from '../../../src/scenario/overrides.ts';
import { shop } from './shop.fixture.ts';

/** The ways in which people write one thing, by its path. The first of each is the canonical one. */
const spellings: Readonly<Record<string, readonly unknown[]>> = {
  'services.web.traffic.dns.record': [
    'www.shop.example',
    'www.shop.example.',
    'WWW.Shop.Example',
    'www',
    'Www',
    ' www.shop.example ',
  ],
  'services.web.traffic.dns.zone.id': [
    'Z0EXAMPLE',
    '/hostedzone/Z0EXAMPLE',
    'hostedzone/Z0EXAMPLE',
    'arn:aws:route53:::hostedzone/Z0EXAMPLE',
  ],
  'services.web.traffic.dns.zone.name': ['shop.example', 'shop.example.', 'SHOP.example'],
  'services.web.traffic.dns.ttlSeconds': [30, '30'],
  'services.web.traffic.dns.addresses.virginia': [
    { a: '203.0.113.10', aaaa: '2001:db8::a' },
    { a: '203.0.113.10', aaaa: '2001:DB8:0:0:0:0:0:A' },
    { a: '203.0.113.10', aaaa: '2001:0db8::000a' },
  ],
  'services.web.traffic.dns.addresses.oregon': [
    { a: '198.51.100.20', aaaa: '2001:db8::b' },
    { a: '198.51.100.20', aaaa: '2001:db8:0::0:b' },
  ],
  'services.web.failover.blockMs': [172_800_000, '2d', '48h', '2880m'],
  'services.web.sites.virginia.priority': [100, '100'],
  'services.web.sites.virginia.probes.0.url': [
    'https://virginia.shop.example/healthz',
    'https://virginia.shop.example./healthz',
    'HTTPS://Virginia.Shop.Example/healthz',
  ],
};

const drawn = fc.record(
  Object.fromEntries(Object.entries(spellings).map(([path, all]) => [path, fc.constantFrom(...all)])),
);

test('one thing is one thing, however it is written: the same deployment and the same digests', () => {
  const canonical = Object.fromEntries(Object.entries(spellings).map(([path, [first]]) => [path, first]));
  const expected = parseDeploymentValue(applyOverrides(shop, canonical), 'c.yaml');

  fc.assert(
    fc.property(drawn, (written) => {
      const deployment = parseDeploymentValue(applyOverrides(shop, written), 'c.yaml');

      expect(deployment).toEqual(expected);
      expect(digests(deployment)).toEqual(digests(expected));
    }),
  );
});

function digests(deployment: ReturnType<typeof parseDeploymentValue>): unknown {
  return Object.entries(deployment.services).map(([name, service]) => digestsOf({ name, ...service }));
}
