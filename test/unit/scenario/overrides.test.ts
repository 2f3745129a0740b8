import { expect, test } from 'vitest';
import { parseDeploymentValue } from '../../../src/config/loader.ts';
import { applyOverrides, overrideOf } from '../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from '../config/shop.fixture.ts';

test('replaces by dotted path, services and sites by name, and leaves the original alone', () => {
  const before = structuredClone(shop);
  const after = applyOverrides(shop, {
    'services.web.detection.quorum': 3,
    'services.web.sites.oregon.probes.0.url': 'https://elsewhere.example/',
  });

  expect(shop).toEqual(before);
  expect(after).toMatchObject({
    services: {
      web: { detection: { quorum: 3 }, sites: { oregon: { probes: [{ url: 'https://elsewhere.example/' }] } } },
    },
  });
});

test.each([
  ['services.web.detecton.quorum', 'services.web.detecton: unknown key; did you mean "detection"?'],
  ['services.web.detection.quorom', 'services.web.detection.quorom: unknown key; did you mean "quorum"?'],
  ['services.web.sites.virginia.probes.1.url', 'services.web.sites.virginia.probes: found {"0":'],
  ['services.web.sites.virginia.probes.length', 'services.web.sites.virginia.probes: found {"0":'],
  ['services.web.sites.virginia.probes.first', 'services.web.sites.virginia.probes: found {"0":'],
  ['name.first', 'name: found {"first":"x"}, allowed a name'],
  ['', ': unknown key; allowed: name, controlRegions, services, notify'],
  ['__proto__.name', '__proto__: unknown key'],
])('a path that leads nowhere is found by the schema: %s', (path, says) => {
  const lines = complaintsOf(() => parseDeploymentValue(applyOverrides(shop, { [path]: 'x' }), 'c.yaml'));

  expect(lines.join('\n')).toContain(says);
});

test('the override that a path comes from is the last one that has to do with it', () => {
  const overrides = { 'a.b': 1, 'a.b.c': 2, x: 3 };

  expect(overrideOf(['a', 'b', 'c', 'd'], overrides)).toBe('a.b.c');
  expect(overrideOf(['a', 'b', 'z'], overrides)).toBe('a.b');
  expect(overrideOf(['a'], overrides)).toBe('a.b.c');
  expect(overrideOf(['y'], overrides)).toBeNull();
});
