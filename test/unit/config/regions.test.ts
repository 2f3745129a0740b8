import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintDeployment } from '../../../src/config/lint/lint.ts';
import { defineDeployment } from '../../../src/config/loader.ts';
import {
  defaultRegions,
  isOptIn,
  knownRegions,
  partitions,
  regionsWithoutFunctionUrls,
} from '../../../src/config/regions.ts';
import { shop } from './shop.fixture.ts';

const sdkFile = '../../../node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';

/** The endpoint data of the SDK, without its pseudo regions such as `aws-global`. */
function partitionsOfSdk(): Readonly<Record<string, readonly string[]>> {
  const text = readFileSync(new URL(sdkFile, import.meta.url), 'utf8');
  const data = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as {
    readonly partitions: readonly { readonly id: string; readonly regions: object }[];
  };
  return Object.fromEntries(
    data.partitions.map(({ id, regions }) => [id, Object.keys(regions).filter((name) => !name.includes('global'))]),
  );
}

const withControl = (...controlRegions: readonly string[]) => defineDeployment({ ...shop, controlRegions });

test('the table is what the SDK of this version has', () => {
  expect(partitions).toEqual(partitionsOfSdk());
});

test('a region without function URLs is one of the table', () => {
  expect(regionsWithoutFunctionUrls.filter((region) => !knownRegions.includes(region))).toEqual([]);
});

test.each(regionsWithoutFunctionUrls)('%s can have no oracle, so it is no control region', (region) => {
  expect(() => withControl('us-east-1', 'us-west-2', region)).toThrow(
    `controlRegions.2: found ${region}, allowed a region in which Lambda functions have URLs; take another region, or put a load balancer`,
  );
});

test.each([
  ['cn-north-1', 'aws-cn has 2 regions'],
  ['us-gov-west-1', 'aws-us-gov has 2 regions'],
])('%s is of a partition that is too small', (region, few) => {
  expect(() => withControl('us-east-1', 'us-west-2', region)).toThrow(
    `controlRegions.2: found ${region}, allowed a region of the partition aws; ${few}, its accounts reach no others`,
  );
});

test('no other partition has three regions', () => {
  const { aws: _, ...others } = partitions;

  expect(Object.values(others).filter((regions) => regions.length >= 3)).toEqual([]);
});

test('the region of a site is looked at, too', () => {
  const { web } = shop.services;
  const sites = { ...web?.sites, oregon: { ...web?.sites.oregon, region: 'cn-north-1' } };

  expect(() => defineDeployment({ ...shop, services: { web: { ...web, sites } } } as never)).toThrow(
    'services.web.sites.oregon.region: found cn-north-1',
  );
});

test.each([
  ['arn:aws-cn:sns:us-east-1:111122223333:ops', 'aws-cn'],
  ['arn:aws-us-gov:sns:us-east-1:111122223333:ops', 'aws-us-gov'],
])('no ARN is of a partition that the account is not in (%s)', (arn, partition) => {
  const usual = 'arn:aws:sns:us-east-1:111122223333:ops';

  expect(() => defineDeployment({ ...shop, notify: { topics: [usual, arn] } })).toThrow(
    `notify.topics.1: found ${arn}, allowed an ARN that begins with arn:aws:; the accounts of aws reach nothing in ${partition}`,
  );
});

test.each([
  ['us-eest-2', 'write us-east-2'],
  ['eu-centrl-1', 'write eu-central-1'],
  ['xx-nowhere-9', 'correct it, or accept the finding if the region is new'],
])('%s is no region: %s', (region, hint) => {
  const found = lintDeployment(withControl('us-east-1', 'us-west-2', region));

  expect(found).toContainEqual(expect.objectContaining({ name: 'unknown-region', path: 'controlRegions.2', hint }));
});

test('a region that every account has is one of the usual partition', () => {
  expect(defaultRegions.filter((region) => !partitions.aws?.includes(region))).toEqual([]);
  expect(defaultRegions).toHaveLength(17);
});

test.each([
  ['us-east-1', false],
  ['ap-northeast-3', false],
  ['af-south-1', true],
  ['eu-south-1', true],
  ['mx-central-1', true],
  ['cn-north-1', false],
  ['xx-nowhere-9', false],
])('%s has to be enabled first: %s', (region, expected) => {
  expect(isOptIn(region)).toBe(expected);
});

test('an opt-in region is a finding, once, wherever it is named', () => {
  const found = lintDeployment(withControl('us-east-1', 'us-west-2', 'af-south-1', 'us-east-2', 'eu-south-1'));

  expect(found.filter(({ name }) => name === 'opt-in-region').map(({ path, hint }) => [path, hint])).toEqual([
    ['controlRegions.2', expect.stringContaining('aws account enable-region --region-name af-south-1')],
    ['controlRegions.4', expect.stringContaining('eu-south-1')],
  ]);
});
