import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { deploymentSchemaPlace, scenarioSchema } from '../../../src/scenario/scenario-schema.ts';
import { documents } from '../../documents/document.fixture.ts';
import { readRepository } from '../config/shop.fixture.ts';

const root = join(import.meta.dirname, '../../..');

test('schemas/scenario.schema.json is what the shapes say (npm run docs writes it)', () => {
  expect(readRepository('schemas/scenario.schema.json')).toBe(scenarioSchema());
});

/** The published texts, read as an editor does, by what the JSON schemas themselves say. */
const deployment = JSON.parse(readRepository('failover.schema.json'));
const scenario = JSON.parse(readRepository('schemas/scenario.schema.json'), (_, value) =>
  value?.$ref === deploymentSchemaPlace ? deployment : value,
);
const asScenario = z.fromJSONSchema(scenario);
const asDeployment = z.fromJSONSchema(deployment);

/** YAML files below a folder of the repository, with what is written in them. */
function filesBelow(folder: string): readonly { readonly file: string; readonly written: unknown }[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.yaml') && !name.includes('node_modules') && !name.includes('cdk.out'))
    .map((name) => ({ file: `${folder}/${name}`, written: parse(readRepository(`${folder}/${name}`)) }));
}

function faultsBy(
  schema: z.ZodType,
  files: readonly { readonly file: string; readonly written: unknown }[],
): readonly string[] {
  return files.flatMap(({ file, written }) => {
    const { error } = schema.safeParse(written);
    return error === undefined ? [] : [`${file}: ${z.prettifyError(error)}`];
  });
}

const isConfig = ({ file }: { readonly file: string }) => file.endsWith('.config.yaml');
const inScenarios = filesBelow('scenarios');

test('every scenario of the repository holds by the published schema', () => {
  const scenarios = inScenarios.filter((file) => !isConfig(file));

  expect(scenarios.length).toBeGreaterThan(500);
  expect(faultsBy(asScenario, scenarios)).toEqual([]);
});

test('every configuration of the repository holds by the published schema', () => {
  const configs = [...inScenarios, ...filesBelow('examples')].filter(isConfig);

  expect(configs.length).toBeGreaterThan(20);
  expect(faultsBy(asDeployment, configs)).toEqual([]);
});

test('docs/scenarios.md names each event and each thing that can be expected', () => {
  const text = documents.find(({ file }) => file === 'docs/scenarios.md')?.text ?? '';
  const events: readonly { readonly properties: object }[] = scenario.properties.events.items.anyOf;
  const keys = [...events, scenario.properties.expect.items].flatMap(({ properties }) => Object.keys(properties));

  expect([...new Set(keys)].filter((key) => !new RegExp(`[\`{ ,]${key}:`).test(text))).toEqual([]);
});

const config = '../examples/two-regions/failover.config.yaml';

test.each<[string, object]>([
  ['an unknown key', { title: 'x' }],
  ['an unknown event', { events: [{ at: '1s', explode: 'site/virginia' }] }],
  ['an event without a time', { events: [{ stop: 'site/virginia' }] }],
  ['an event of nothing', { events: [{ at: '1s', stop: 'virginia' }] }],
  ['two events in one', { events: [{ at: '1s', stop: 'site/virginia', start: 'site/oregon' }] }],
  ['an unknown expectation', { expect: [{ at: 'end', activ: { web: 'oregon' } }] }],
  ['an unknown alarm', { expect: [{ alarm: 'site-upside-down' }] }],
  ['an inline configuration that is none', { config: { name: 'shop' } }],
])('the schema refuses %s', (_, more) => {
  const right = { name: 'a fact', config, events: [{ at: '1s', stop: 'site/virginia', every: '5s', times: 3 }] };

  expect(asScenario.safeParse(right).success).toBe(true);
  expect(asScenario.safeParse({ ...right, ...more }).success).toBe(false);
});
