import { expect, test } from 'vitest';
import { bodyAttribute, bodyText } from '../../../../src/adapters/aws/tables/opinion-body.ts';
import { steadyOpinions } from '../../../../src/config/cost/workload.ts';
import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';
import { defineDeployment } from '../../../../src/config/loader.ts';
import { opinionBytesOf, writeUnitBytes } from '../../../../src/config/plan/opinion-size.ts';

/** What a watcher of so many services, with so many sites each, writes while all is well. */
function opinionsOf(serviceCount: number, siteCount: number): string {
  const regions = ['us-east-1', 'us-west-2', 'us-east-2', 'eu-west-1', 'eu-central-1'];
  const names = Array.from({ length: siteCount }, (_, index) => `site-${index}`);
  const sites = Object.fromEntries(
    names.map((name, index) => [
      name,
      {
        region: regions[index % regions.length],
        priority: 100 - index,
        probes: [{ type: 'tcp', host: name, port: 1 }],
      },
    ]),
  );
  const serviceOfNumber = (index: number) => ({
    mode: 'active-passive',
    sites,
    traffic: {
      dns: {
        zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
        record: `service-${index}.shop.example`,
        addresses: Object.fromEntries(names.map((name, place) => [name, { a: `203.0.113.${place + 1}` }])),
      },
    },
  });
  const services = Array.from({ length: serviceCount }, (_, index) => [`service-${index}`, serviceOfNumber(index)]);
  const input = { name: 'shop', controlRegions: regions.slice(0, 3), services: Object.fromEntries(services) };
  return JSON.stringify(steadyOpinions(defineDeployment(input as DeploymentInput)));
}

function storedBytes(text: string): number {
  const { S, B } = bodyAttribute(text);
  return Buffer.byteLength(S ?? B ?? '');
}

test.each([
  [1, 2],
  [9, 2],
  [50, 10],
])('what %i services of %i sites say is read as it was written', (services, sites) => {
  const text = opinionsOf(services, sites);

  expect(bodyText(bodyAttribute(text))).toBe(text);
});

test('one service is stored as text that a person can read', () => {
  expect(bodyAttribute(opinionsOf(1, 2)).S).toContain('"passStreak"');
});

test('nine services of two sites fit in one unit of a write', () => {
  const text = opinionsOf(9, 2);

  expect(text.length).toBeGreaterThan(4 * writeUnitBytes);
  expect(opinionBytesOf(text.length)).toBeLessThanOrEqual(writeUnitBytes);
  expect(storedBytes(text)).toBeLessThan(opinionBytesOf(text.length));
});

test.each([
  [2, 2],
  [3, 5],
  [9, 3],
  [20, 2],
  [50, 2],
  [50, 10],
])('the reckoned size of %i services of %i sites is above the true one by a half at most', (services, sites) => {
  const text = opinionsOf(services, sites);
  const frameBytes = opinionBytesOf(0);

  expect(opinionBytesOf(text.length) / (frameBytes + storedBytes(text))).toBeGreaterThanOrEqual(1);
  expect(opinionBytesOf(text.length) / (frameBytes + storedBytes(text))).toBeLessThan(1.5);
});

test.each([
  ['has none', undefined],
  ['is a number', { N: '1' }],
  ['is no deflated text', { B: Buffer.from('{"tracks":{}}') }],
])('an item whose body %s is told as invalid', (_, stored) => {
  expect(() => bodyText(stored as never)).toThrow(
    expect.objectContaining({ fault: expect.objectContaining({ kind: 'invalid' }) }),
  );
});
