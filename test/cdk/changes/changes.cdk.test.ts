import { readFileSync } from 'node:fs';
import { fullDiff } from '@aws-cdk/cloudformation-diff';
import { beforeAll, describe, expect, test } from 'vitest';
import { changesBetween } from '../../../src/config/changes/changes.ts';
import { parseDocument } from '../../../src/config/document.ts';
import { parseDeploymentValue } from '../../../src/config/loader.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { resourcesOf, stubBundles, type Template, templatesOf } from '../synthesized.ts';
import { inMode, type Section, sections } from './sections.fixture.ts';

/**
 * Each section of docs/changes.md as CloudFormation carries it out. It makes and updates what is new, and only then
 * removes what is needed no more. What would be replaced, it would have to remove first or under another name: a table
 * would be empty, a topic without its subscribers, and Route 53 refuses a record that is there.
 */

interface Deployed {
  readonly deployment: Deployment;
  readonly templates: Readonly<Record<string, Template>>;
}

interface Difference {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly impact: string;
}

const headings = readFileSync('docs/changes.md', 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((text) => text.split('\n')[0] ?? '');
const bundles = { one: '', other: '' };

beforeAll(() => {
  bundles.one = stubBundles('one version');
  bundles.other = stubBundles('another version');
});

/** What answers follow: whom Route 53's checkers ask, or only what the watchers write (docs/dns.md). */
const modes = ['oracle', 'memory'] as const;

function deployed(
  example: string,
  edit: Section['after'],
  mode: (typeof modes)[number],
  bundleFolder: string,
): Deployed {
  const path = `examples/${example}/failover.config.yaml`;
  const draft = structuredClone(parseDocument(readFileSync(path, 'utf8'), path).value);
  edit(draft);
  inMode(draft, mode);
  const deployment = parseDeploymentValue(draft, path);
  return { deployment, templates: templatesOf(deployment, bundleFolder) };
}

/** What `cdk deploy --all` does to each resource. It leaves stacks alone that the app has no more. */
function differencesOf(before: Deployed['templates'], after: Deployed['templates']): readonly Difference[] {
  const found: Difference[] = [];
  for (const [stack, template] of Object.entries(after)) {
    fullDiff(before[stack] ?? {}, template).resources.forEachDifference((id, { changeImpact, resourceType }) => {
      found.push({ stack, id, type: resourceType ?? '', impact: changeImpact });
    });
  }
  return found;
}

const part = ({ stack }: Difference) => (/-(records|account-\d+)$/.test(stack) ? 'records' : 'region');
const shortType = ({ type }: Difference) => type.split('::')[2];

/** Logical ids of the records by which clients ask. */
function publicRecords({ templates }: Deployed, names: readonly string[]): readonly string[] {
  const records = Object.values(templates).flatMap((template) =>
    ['AWS::Route53::RecordSet', 'Custom::ZoneRecords'].flatMap((type) => resourcesOf(template, type)),
  );
  const isNamed = (text: string) => names.some((name) => text.includes(`"${name}"`) || text.includes(`"${name}."`));
  return records.filter(([, { Properties }]) => isNamed(JSON.stringify(Properties))).map(([id]) => id);
}

test('Uninstall: the tables are kept, by every stack that has one', () => {
  const { templates } = deployed('three-regions', () => {}, 'oracle', bundles.one);
  const tables = Object.values(templates).flatMap((template) => resourcesOf(template, 'AWS::DynamoDB::Table'));

  expect(tables.map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(['Retain', 'Retain', 'Retain']);
});

/** Whether some check of these records asks an oracle. */
function asksOracles({ templates }: Deployed): boolean {
  return Object.values(templates)
    .flatMap((template) => resourcesOf(template, 'AWS::Route53::HealthCheck'))
    .some(([, { Properties }]) => JSON.stringify(Properties).includes('"HTTPS"'));
}

test.each([
  ['oracle', 'memory'],
  ['memory', 'oracle'],
] as const)('a name that followed %s follows %s after one update in place', (from, to) => {
  const then = deployed('three-regions', () => {}, from, bundles.one);
  const now = deployed('three-regions', () => {}, to, bundles.one);
  const names = [then.deployment.services.web?.traffic.dns?.record ?? ''];

  expect([asksOracles(then), asksOracles(now)]).toEqual([from === 'oracle', to === 'oracle']);
  expect(differencesOf(then.templates, now.templates).filter(({ impact }) => /REPLACE/.test(impact))).toEqual([]);
  expect(publicRecords(then, names).length).toBeGreaterThan(0);
  expect(publicRecords(now, names)).toEqual(expect.arrayContaining([...publicRecords(then, names)]));
});

test('each section of docs/changes.md is deployed here', () => {
  expect([...Object.keys(sections), 'Uninstall']).toEqual(headings);
});

const cases = modes.flatMap((mode) =>
  Object.entries(sections).map(([heading, section]) => ({ mode, heading, ...section })),
);

describe.each(cases)(
  '$heading (mode=$mode)',
  ({ mode, example, before = () => {}, after, isOtherVersion, kinds, gone }) => {
    let then: Deployed;
    let now: Deployed;
    let differences: readonly Difference[];

    beforeAll(() => {
      then = deployed(example, before, mode, bundles.one);
      now = deployed(example, after, mode, isOtherVersion ? bundles.other : bundles.one);
      differences = differencesOf(then.templates, now.templates);
    });

    test('validate --against calls it so', () => {
      expect([...new Set(changesBetween(then.deployment, now.deployment).map(({ kind }) => kind))]).toEqual(kinds);
    });

    test('checks ask oracles, or only what the watchers write', () => {
      expect([asksOracles(then), asksOracles(now)]).toEqual([mode === 'oracle', mode === 'oracle']);
    });

    test('nothing is replaced', () => {
      expect(differences.filter(({ impact }) => /REPLACE/.test(impact))).toEqual([]);
    });

    test('what goes', () => {
      const going = differences.filter(({ impact }) => impact === 'WILL_DESTROY' || impact === 'WILL_ORPHAN');
      const types = going.map((each) => `${part(each)}: ${shortType(each)}`);

      expect([...new Set(types)].toSorted()).toEqual([...gone].toSorted());
    });

    test('names by which clients ask keep their records', () => {
      const named = Object.entries(then.deployment.services).filter(([name]) => now.deployment.services[name]);
      const names = named.map(([, { traffic }]) => traffic.dns?.record ?? '');
      const old = publicRecords(then, names);

      expect(old.length).toBeGreaterThan(0);
      expect(publicRecords(now, names)).toEqual(expect.arrayContaining([...old]));
    });
  },
);
