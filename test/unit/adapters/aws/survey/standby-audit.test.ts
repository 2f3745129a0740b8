import { expect, test } from 'vitest';
import {
  type AuditPair,
  auditFindings,
  counterparts,
  type StandbyFacts,
} from '../../../../../src/adapters/aws/survey/standby-audit.ts';

const group = { kind: 'auto-scaling-group', name: 'web', size: 6, asActive: false, standbySize: 2 } as const;
const facts: StandbyFacts = {
  wanted: 2,
  ready: 2,
  image: 'web-7',
  instanceType: 'm7g.large',
  openPorts: ['tcp 443'],
  quota: { what: 'vCPUs', limit: 12, needEach: 2 },
};
const find = (pair: Partial<AuditPair>) =>
  auditFindings([{ scalable: group, standby: facts, serving: { ...facts, wanted: 6 }, ...pair }], 'virginia');

test('finds nothing where both sides are alike', () => {
  expect(find({})).toEqual([]);
});

test('finds nothing where nothing is known', () => {
  expect(find({ standby: {} })).toEqual([]);
  expect(find({ serving: {} })).toEqual([]);
  expect(find({ serving: null })).toEqual([]);
});

test.each([
  ['a size below the standby size', { standby: { ...facts, wanted: 1 } }, /stands by with 1, less than its 2/],
  ['one that is not ready', { standby: { ...facts, ready: 1 } }, /only 1 of 2 are ready/],
  ['a size below what serves', { serving: { ...facts, wanted: 7 } }, /raised to 6, and virginia has 7/],
  ['another image', { standby: { ...facts, image: 'web-6' } }, /image is web-6, on virginia web-7/],
  ['another type', { standby: { ...facts, instanceType: 't3.micro' } }, /instance type is t3.micro/],
  ['a closed port', { standby: { ...facts, openPorts: [] } }, /keep out tcp 443/],
  ['a port too many', { standby: { ...facts, openPorts: ['tcp 22', 'tcp 443'] } }, /let in tcp 22/],
  ['suspended launching', { standby: { ...facts, isLaunchSuspended: true } }, /launching is suspended/],
  ['an instance that is gone', { standby: { ...facts, gone: ['i-2'] } }, /i-2 terminated: put what replaces each/],
  [
    'that it is not there',
    { standby: { flaw: 'no Auto Scaling group web in us-west-2' } },
    /cannot be started: no Auto/,
  ],
  [
    'a quota that is too low',
    { standby: { ...facts, quota: { what: 'vCPUs', limit: 11, needEach: 2 } } },
    /needs 12 vCPUs, and the account's quota is 11/,
  ],
] as const)('finds %s, and nothing else', (_, pair, line) => {
  expect(find(pair)).toEqual([expect.stringMatching(line)]);
});

test('a size that follows the active site is never too small, and needs its quota', () => {
  const scalable = { ...group, asActive: true };

  expect(find({ scalable, serving: { ...facts, wanted: 7 } })).toEqual([expect.stringMatching(/needs 14 vCPUs/)]);
});

test('pairs the things of two sites by kind and order', () => {
  const instances = { kind: 'instances', instanceIds: ['i-1'] } as const;

  expect(counterparts([group, instances, group], [instances, group])).toEqual([1, 0, null]);
});
