import { expect, test } from 'vitest';
import { type Group, groupOf, groupOrder } from '../../../../src/core/model/group.ts';
import { deploymentOf, memberWith } from '../group.fixture.ts';

const order = (members: Group['members']) => groupOrder({ members });

test('each member comes after all that it needs, whatever the order of their declaration', () => {
  const members = { app: ['broker', 'data'], traffic: ['app'], data: [], broker: ['data'] };

  expect(order(members)).toEqual(['data', 'broker', 'app', 'traffic']);
});

test('members that need nothing of each other are in the order of their names, so that all watchers agree', () => {
  expect(order({ c: [], a: [], b: [] })).toEqual(['a', 'b', 'c']);
  expect(order({ b: [], a: ['c'], c: [] })).toEqual(['b', 'c', 'a']);
});

test.each<[string, Group['members']]>([
  ['of two', { a: ['b'], b: ['a'] }],
  ['of one', { a: ['a'] }],
  ['behind a member that is free', { free: [], a: ['free', 'c'], b: ['a'], c: ['b'] }],
  ['on somebody who is no member', { a: ['stranger'] }],
])('a cycle %s is refused', (_, members) => {
  expect(() => order(members)).toThrow(RangeError);
});

test('a service is found in the group that has it as a member, by its own name only', () => {
  const deployment = deploymentOf({ data: memberWith({}), app: memberWith({}) }, { data: [], app: ['data'] });

  expect(groupOf(deployment, 'app')?.name).toBe('shop');
  expect([groupOf(deployment, 'other'), groupOf(deployment, 'toString')]).toEqual([null, null]);
});
