import { expect, test } from 'vitest';
import { parseShape } from '../../../../../src/config/loader.ts';
import { blastRadius, unnamedMovers } from '../../../../../src/core/operator/gameday/blast-radius.ts';

const site = (region: string, priority: number) => ({
  region,
  priority,
  probes: [{ type: 'http', url: `http://${region}.shop.example/` }],
});

const deployment = parseShape(
  {
    name: 'shop',
    controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
    services: Object.fromEntries(
      ['web', 'api', 'mail'].map((name, index) => [
        name,
        {
          mode: 'active-passive',
          sites: { [name === 'mail' ? 'east' : 'virginia']: site('us-east-1', 100), oregon: site('us-west-2', 50) },
          traffic: {
            dns: {
              zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
              record: `${name}.shop.example`,
              addresses: {
                [name === 'mail' ? 'east' : 'virginia']: { a: `203.0.113.1${index}` },
                oregon: { a: `198.51.100.2${index}` },
              },
            },
          },
        },
      ]),
    ),
  },
  'fixture',
);

const at = (active: string) => ({ active, serving: [active] });
const registers = { web: at('virginia'), api: at('virginia'), mail: at('east') };
const loss = { kind: 'site', site: 'virginia', region: 'us-east-1' } as const;

test('a service that serves from a site of the same name moves too; one beside it is told', () => {
  expect(blastRadius(deployment, registers, loss, 'web')).toEqual([
    { service: 'api', sites: ['virginia'], moves: 'yes', why: 'has a site virginia too' },
    { service: 'mail', sites: ['east'], moves: 'no', why: 'also in us-east-1, under another name' },
  ]);
});

test('the loss of a region takes every site in it', () => {
  const hits = blastRadius(deployment, registers, { kind: 'region', region: 'us-east-1' }, 'web');

  expect(hits.map(({ service, sites, moves }) => [service, sites, moves])).toEqual([
    ['api', ['virginia'], 'yes'],
    ['mail', ['east'], 'yes'],
  ]);
});

test('whoever has its standby there does not move, and an unreadable register is not known', () => {
  const hits = blastRadius(deployment, { ...registers, api: at('oregon'), mail: null }, loss, 'web');
  const wide = blastRadius(deployment, { mail: null }, { kind: 'region', region: 'us-east-1' }, 'web');

  expect(hits.find(({ service }) => service === 'api')?.moves).toBe('no');
  expect(wide.map(({ moves }) => moves)).toEqual(['unknown', 'unknown']);
});

test('members of the group move with it', () => {
  const grouped = { ...deployment, groups: { shop: { members: { web: [], mail: [] } } } };

  expect(blastRadius(grouped, registers, loss, 'web')).toContainEqual({
    service: 'mail',
    sites: [],
    moves: 'yes',
    why: 'follows in group shop',
  });
});

test('only who was not named and may move forbids the fault', () => {
  const hits = blastRadius(deployment, { ...registers, mail: null }, { kind: 'region', region: 'us-east-1' }, 'web');

  expect(unnamedMovers(hits, [])).toEqual(['api', 'mail']);
  expect(unnamedMovers(hits, ['api', 'mail'])).toEqual([]);
});
