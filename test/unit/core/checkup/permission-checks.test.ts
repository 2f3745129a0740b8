import { expect, test } from 'vitest';
import { accountRoleCheck, permissionChecks, type RoleAnswer } from '../../../../src/core/checkup/permission-checks.ts';

const role = 'arn:aws:iam::123456789012:role/shop-watcher';
const needed = (action: string) => ({ action, resource: 'arn:aws:x' });

function checksOf(answer: Partial<RoleAnswer>) {
  const value: RoleAnswer = { role, askedCount: 4, refused: [], unsure: [], ...answer };
  return permissionChecks([{ region: 'us-east-1', kind: 'watcher', reading: { kind: 'read', value } }]);
}

test('a refusal that rests on what only a real request has is unknown, and its keys are named', () => {
  const unsure = [
    { ...needed('ec2:A'), keys: ['aws:SourceVpc'] },
    { ...needed('ec2:B'), keys: ['aws:SourceVpc', 'aws:ResourceTag/x'] },
  ];

  expect(checksOf({ unsure })).toEqual([
    {
      name: 'permissions',
      subject: 'us-east-1/watcher',
      state: 'unknown',
      found:
        'may be refused ec2:A on arn:aws:x; ec2:B on arn:aws:x: that rests on aws:ResourceTag/x, aws:SourceVpc, which only a real request has',
      todo: `see the conditions in the policies of ${role} and in its permissions boundary`,
    },
  ]);
});

test('many refusals are counted (named=3, refused=5), and a sure one outweighs those that are not', () => {
  const refused = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...needed(`ec2:${name}`), by: 'role' as const }));

  const [check, ...others] = checksOf({ refused, unsure: [{ ...needed('ec2:f'), keys: ['aws:SourceVpc'] }] });

  expect(others).toEqual([]);
  expect(check?.state).toBe('bad');
  expect(check?.found).toBe('would be refused ec2:a on arn:aws:x; ec2:b on arn:aws:x; ec2:c on arn:aws:x; and 2 more');
});

test('what could not be asked is one line a reason', () => {
  const unread = (kind: string, why: string) => ({
    region: 'us-east-1',
    kind,
    reading: { kind: 'unread' as const, why },
  });

  const checks = permissionChecks([unread('watcher', 'late'), unread('notify', 'denied'), unread('oracle', 'late')]);

  expect(checks.map(({ state, found }) => `${state} ${found}`)).toEqual([
    'unknown of watcher, oracle: late',
    'unknown of notify: denied',
  ]);
});

test('what roles in another account allow is unknown, with the reason and who can look', () => {
  const check = accountRoleCheck({ account: '222233334444', functions: ['fence us-west-2', 'survey us-west-2'] });

  expect(check).toEqual({
    name: 'permissions',
    subject: '222233334444',
    state: 'unknown',
    found:
      'what the roles there allow (fence us-west-2, survey us-west-2): account 222233334444 is not asked: its roles trust the functions of the deployment alone',
    todo: 'look at it with credentials of account 222233334444',
  });
});
