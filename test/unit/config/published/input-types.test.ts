import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defineDeployment } from '../../../../src/config/loader.ts';
import { inputTypeFiles } from '../../../../src/config/published/input-types.ts';
import { readRepository } from '../shop.fixture.ts';

const files = [...inputTypeFiles()];

test.each(files)('src/config/input/%s is what the schema says (npm run docs writes it)', (name, text) => {
  expect(readRepository(`src/config/input/${name}`)).toBe(text);
});

test('nothing else is among the types that are made from the schema', () => {
  expect(readdirSync('src/config/input').sort()).toEqual(files.map(([name]) => name).sort());
});

test('every key has the text of the schema above it', () => {
  const keys = files.flatMap(([name, text]) =>
    [...text.matchAll(/^.*\n +readonly (\w+)\??:/gm)].map((found) => [name, ...found]),
  );

  expect(keys.length).toBeGreaterThan(150);
  expect(keys.filter(([, line = '']) => !/\*\/\n/.test(line))).toEqual([]);
});

const probes = [{ type: 'tcp', host: 'shop.example', port: 443 }] as const;
const sites = {
  virginia: { region: 'us-east-1', priority: 100, probes },
  oregon: { region: 'us-west-2', priority: 50, probes },
} as const;
const zone = { id: 'Z0EXAMPLE', name: 'shop.example' };
const top = { name: 'shop', controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'] };
const addresses = { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } };

test('a site that is misspelt in the addresses does not compile', () => {
  const define = () =>
    defineDeployment({
      ...top,
      services: {
        web: {
          mode: 'active-passive',
          sites,
          traffic: {
            dns: {
              zone,
              record: 'www.shop.example',
              // @ts-expect-error -- virgina is no site of the service
              addresses: { virgina: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
            },
          },
        },
      },
    });

  expect(define).toThrow('virgina');
});

test('a site of another service does not compile as the one to return to', () => {
  const define = () =>
    defineDeployment({
      ...top,
      services: {
        web: {
          mode: 'active-passive',
          sites,
          // @ts-expect-error -- ireland is a site of the other service
          failback: { to: 'ireland' },
          traffic: { dns: { zone, record: 'www.shop.example', addresses } },
        },
        other: {
          mode: 'active-passive',
          sites: { ...sites, ireland: { region: 'eu-west-1', priority: 10, probes } },
          failback: { to: 'ireland' },
          traffic: {
            dns: { zone, record: 'other.shop.example', addresses: { ...addresses, ireland: { a: '198.51.100.30' } } },
          },
        },
      },
    });

  expect(define).toThrow('ireland');
});
