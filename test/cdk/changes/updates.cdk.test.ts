import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { refusedRecords } from '../../../src/cli/deploy/record-update.ts';
import type { Change, ChangeKind } from '../../../src/config/changes/change.ts';
import { changesBetween } from '../../../src/config/changes/changes.ts';
import { parseDocument } from '../../../src/config/document.ts';
import { parseDeploymentValue } from '../../../src/config/loader.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { everything } from '../everything.fixture.ts';
import { exampleDeployment, type StackOf, stacksOf, stubBundles } from '../synthesized.ts';
import { edits } from './configurations.fixture.ts';
import { type Deployed, resourcesDeployed, unknownTypes, updateFaults } from './update.fixture.ts';

/**
 * Every configuration that is deployed where another one runs: what CloudFormation cannot do, or what would be lost,
 * `validate --against` has to say.
 */

interface Case {
  readonly title: string;
  readonly deployment: Deployment;
  readonly deployed: Deployed;
}

const path = 'examples/three-regions/failover.config.yaml';
const { value } = parseDocument(readFileSync(path, 'utf8'), path);
let all: readonly Case[];
let bundles = '';

beforeAll(() => {
  bundles = stubBundles();
  all = Object.entries(edits).map(([title, edit]) => {
    const draft = structuredClone(value);
    edit(draft);
    const deployment = parseDeploymentValue(draft, title);
    return { title, deployment, deployed: resourcesDeployed(deployment, stacksOf(deployment, bundles)) };
  });
}, 120_000);

function changesOf(before: Case, after: Case): readonly Change[] {
  return [
    ...changesBetween(before.deployment, after.deployment),
    ...refusedRecords(before.deployment, after.deployment),
  ];
}

/** What says beforehand that something is refused by AWS, besides all that is `refused`. */
const warnings: readonly ChangeKind[] = ['roles-moved'];

/** Faults of which `validate --against` says nothing. */
function untold(faults: readonly string[], changes: readonly Change[]): readonly string[] {
  if (changes.some(({ kind, effect }) => effect === 'refused' || warnings.includes(kind))) return [];
  const isRenamed = changes.some(({ kind }) => kind === 'roles-renamed');
  return faults.filter((fault) => !(isRenamed && fault.endsWith('AWS::IAM::Role is replaced')));
}

test('it is known of every type when CloudFormation makes another resource, and what it has to itself', () => {
  const deployments = [everything, exampleDeployment('accounts'), exampleDeployment('internal-clients')];
  const others = deployments.map((each) => resourcesDeployed(each, stacksOf(each, bundles)));

  // A new type: npx tsx scripts/replaced-by-type.ts AWS::SERVICE::TYPE, and its names in update.fixture.ts.
  expect([...new Set([...others, ...all.map(({ deployed }) => deployed)].flatMap(unknownTypes))]).toEqual([]);
});

test('what cannot be deployed, or would be lost, is said before (every ordered pair of 41 configurations)', () => {
  const pairs = all.flatMap((before) => all.map((after) => [before, after] as const));
  const faults = pairs
    .map((pair) => [...pair, updateFaults(pair[0].deployed, pair[1].deployed)] as const)
    .filter(([, , found]) => found.length > 0);
  const silent = faults.flatMap(([before, after, found]) =>
    untold(found, changesOf(before, after)).map((fault) => `${before.title} -> ${after.title}: ${fault}`),
  );

  expect(all.length).toBe(41);
  expect(faults.length).toBeGreaterThan(100);
  expect(silent).toEqual([]);
}, 120_000);

/** Names of records that somebody makes anew while somebody else has one: Route 53 lets few stand side by side. */
function handedOver(before: Deployed, after: Deployed): readonly string[] {
  const namesOf = (these: Deployed, others: Deployed) =>
    [...these]
      .filter(([key]) => !others.has(key))
      .flatMap(([, { places }]) => places.filter((place) => place.startsWith('record ')))
      .map((place) => place.split(' ').slice(1, 3).join(' '));
  const left = new Set(namesOf(before, after));
  return namesOf(after, before).filter((name) => left.has(name));
}

test('what is refused as handed over is handed over', () => {
  const kinds: readonly ChangeKind[] = ['record-owner-changed', 'records-moved'];
  const [asItIs, ...others] = all;
  const pairs = others.flatMap((other) => [[asItIs, other] as const, [other, asItIs] as const]) as [Case, Case][];
  const needless = pairs.filter(([before, after]) => {
    const told = changesBetween(before.deployment, after.deployment);
    const isRefused = told.some(({ kind, effect }) => effect === 'refused' && kinds.includes(kind));
    return isRefused && handedOver(before.deployed, after.deployed).length === 0;
  });

  expect(needless.map(([before, after]) => `${before.title} -> ${after.title}`)).toEqual([]);
});

test.each<[string, string]>([
  ['as it is', 'regions in another order, records where they were'],
  ['as it is', 'another last region'],
  ['an edited record', 'a renamed service with an edited record'],
])('nothing stands in the way: %s -> %s', (then, now) => {
  const [before, after] = [then, now].map((name) => all.find(({ title }) => title === name)) as [Case, Case];

  expect(updateFaults(before.deployed, after.deployed)).toEqual([]);
});

describe('planted faults that are found', () => {
  type Edit = (stack: StackOf) => StackOf;
  const plantedIn = (edit: Edit) => {
    const deployment = exampleDeployment('three-regions');
    const stacks = stacksOf(deployment, bundles);
    return updateFaults(resourcesDeployed(deployment, stacks), resourcesDeployed(deployment, stacks.map(edit))).join(
      '\n',
    );
  };
  const withResources =
    (change: (id: string, type: string) => { id?: string; properties?: object; type?: string }): Edit =>
    (stack) => {
      const resources = Object.entries(stack.template.Resources).map(([id, resource]) => {
        const { id: other = id, properties = {}, type = resource.Type } = change(id, resource.Type);
        return [other, { ...resource, Type: type, Properties: { ...resource.Properties, ...properties } }] as const;
      });
      return { ...stack, template: { Resources: Object.fromEntries(resources) } };
    };
  const of = (type: string, change: (id: string) => object) =>
    withResources((id, its) => (its === type ? change(id) : {}));

  test.each<[string, Edit, string]>([
    [
      'a table with another key',
      of('AWS::DynamoDB::Table', () => ({ properties: { KeySchema: [] } })),
      'under its own name',
    ],
    [
      'a table without its name',
      of('AWS::DynamoDB::Table', () => ({ properties: { TableName: undefined } })),
      'is replaced',
    ],
    ['a rule with another id', of('AWS::Events::Rule', (id) => ({ id: `${id}X` })), 'is made while'],
    ['a subscription with another id', of('AWS::SNS::Subscription', (id) => ({ id: `${id}X` })), 'is made while'],
    [
      'an alarm that becomes a composite one',
      of('AWS::CloudWatch::Alarm', () => ({ type: 'AWS::CloudWatch::CompositeAlarm' })),
      'becomes',
    ],
    [
      'a check of another type',
      of('AWS::Route53::HealthCheck', () => ({ properties: { HealthCheckConfig: { Type: 'TCP' } } })),
      'HealthCheck is replaced',
    ],
    [
      'another provider',
      of('Custom::ChecksReady', () => ({ properties: { ServiceToken: 'another' } })),
      'another service token',
    ],
    ['a followed alarm', of('AWS::CloudWatch::Alarm', () => ({ properties: { Threshold: 7 } })), 'as it was'],
    [
      'a stack of another region',
      (stack) => ({ ...stack, region: 'eu-south-1' }),
      'record Z0EXAMPLE www.shop.example. A',
    ],
  ])('%s', (_, edit, says) => {
    expect(plantedIn(edit)).toContain(says);
    expect(plantedIn((stack) => stack)).toBe('');
  });
});
