import { expect, test } from 'vitest';
import { obey } from '../../../../src/core/operator/command.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { registerWith, runWith, service } from '../service.fixture.ts';

const asked = { from: 'one', askedMs: 1_000 };

const approve = (register: Partial<Register>, by?: readonly string[], principal?: string | null) =>
  obey(
    { verb: 'approve', ...(principal === undefined ? {} : { principal }) },
    {
      service: { ...service, failover: { ...service.failover, approval: { by } } },
      register: registerWith(register),
      knowledge: { verdicts: {}, reports: {}, dependencies: {} },
      stopwatches: {},
      group: null,
      disputes: [],
      by: 'eve',
      wallMs: 5,
      votersMs: 5,
    },
  );

test('an approval names who gave it, in the register and in the history', () => {
  expect(approve({ approval: asked })).toMatchObject({
    outcome: 'accepted',
    register: {
      epoch: 1,
      approval: { ...asked, approvedBy: 'eve' },
      history: [{ by: 'eve', what: 'approve the failover from one' }],
    },
  });
});

test.each<[string, Partial<Register>]>([
  ['nothing waits', {}],
  ['another site was asked about', { approval: { ...asked, from: 'far' } }],
  ['a run is under way', { approval: asked, epoch: 2, run: runWith() }],
])('is refused while %s', (_why, register) => {
  expect(approve(register)).toMatchObject({
    outcome: 'refused',
    message: expect.stringContaining('waits for approval'),
  });
});

test('a second approval changes nothing', () => {
  expect(approve({ approval: { ...asked, approvedBy: 'bob' } })).toMatchObject({ outcome: 'unchanged' });
});

test('one that was dropped is approved no more, and one that is held still is', () => {
  const lapsed = { ...asked, untilMs: 2_000, lapsedMs: 3_000 };

  expect(approve({ approval: { ...lapsed, atEnd: 'drop' } })).toEqual({
    outcome: 'refused',
    message:
      'the failover from one was dropped at 1970-01-01T00:00:03Z, not approved; "cdk-failover failover shop" moves by hand',
  });
  expect(approve({ approval: { ...lapsed, atEnd: 'hold' } })).toMatchObject({ outcome: 'accepted' });
});

const [role, user] = ['arn:aws:iam::111122223333:role/ops/OnCall', 'arn:aws:iam::111122223333:user/ops/eve'];
const session = 'arn:aws:sts::111122223333:assumed-role/OnCall/eve@shop';

test.each<[string, readonly string[], string | null | undefined, boolean]>([
  ['a role by its name', ['Other', 'OnCall'], session, true],
  ['a role by its ARN, path or not', [role], session, true],
  ['a role of another account', [role.replace('1111', '2222')], session, false],
  ['another role', ['Developer'], session, false],
  ['a role whose name only begins so', ['On'], session, false],
  ['the name of a session', ['eve@shop'], session, false],
  ['a session by its ARN', [session], session, true],
  ['a user by its name', ['eve'], user, true],
  ['a user by its ARN', [user], user, true],
  ['a user of the same name elsewhere', [user.replace('/ops/', '/dev/')], user, false],
  ['a role with the name of the user', ['arn:aws:iam::111122223333:role/eve'], user, false],
  ['nobody whom AWS does not name', ['eve'], null, false],
  ['an operator of the lab', ['eve'], undefined, true],
  ['another operator of the lab', ['bob'], undefined, false],
])('those who may approve: %s', (_who, by, principal, isTaken) => {
  const { outcome } = approve({ approval: asked }, by, principal);

  expect(outcome).toBe(isTaken ? 'accepted' : 'refused');
});

test('a refusal names who may, and who asked', () => {
  expect(approve({ approval: asked }, ['OnCall', 'bob'], user)).toMatchObject({
    message: `a failover of shop is approved by OnCall or bob, and you are ${user}; nothing was changed`,
  });
  expect(approve({ approval: asked }, ['OnCall'], null)).toMatchObject({
    message: expect.stringContaining('AWS does not say who you are'),
  });
});

test('on AWS the ARN goes into the register and the history', () => {
  expect(approve({ approval: asked }, undefined, session)).toMatchObject({
    register: {
      approval: { approvedBy: `eve (${session})` },
      history: [{ by: 'eve', what: `approve the failover from one, as ${session}` }],
    },
  });
});
