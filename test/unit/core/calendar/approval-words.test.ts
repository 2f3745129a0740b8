import { describe, expect, test } from 'vitest';
import {
  approvalOf,
  approvalText,
  approvalWait,
  isApprovalOver,
  withoutApproval,
} from '../../../../src/core/calendar/approval.ts';
import type { ApprovalPolicy } from '../../../../src/core/model/policy.ts';
import type { AwaitedApproval } from '../../../../src/core/register/register.ts';
import { registerWith, serviceWith, situationWith } from '../service.fixture.ts';

const asked: AwaitedApproval = { from: 'one', askedMs: 1_000, untilMs: 61_000 };
const text = 'cdk-failover approve shop';

/** What a failover to `two` is held by, in words; null when nothing holds it. */
function waitFor(policy: ApprovalPolicy, approval: AwaitedApproval | undefined, wallMs: number | undefined = 1_000) {
  const register = registerWith(approval === undefined ? {} : { approval });
  const input = situationWith({ service: serviceWith({ failover: { approval: policy } }), register });
  return approvalWait(wallMs === undefined ? input : { ...input, wallMs }, 'two')?.detail ?? null;
}

describe('a failover that waits for a person says', () => {
  test.each<[string, ApprovalPolicy, AwaitedApproval | undefined, string]>([
    ['how to approve it', {}, undefined, `"${text}"`],
    ['who may', { by: ['anna', 'bob'] }, undefined, `"${text}" by anna or bob`],
    [
      'for how long, before anybody was asked',
      { waitMs: 60_000 },
      undefined,
      `"${text}", 60 s; then it goes by itself`,
    ],
    [
      'until when, once somebody was',
      { waitMs: 60_000 },
      asked,
      `, until 1970-01-01T00:01:01Z; then it goes by itself`,
    ],
    ['that it goes on waiting then', { waitMs: 60_000, atEnd: 'hold' }, asked, 'Z; then it goes on waiting'],
    ['that it is dropped then', { waitMs: 60_000, atEnd: 'drop' }, asked, 'Z; then it is dropped'],
  ])('%s', (_, policy, approval, words) => {
    expect(waitFor(policy, approval)).toMatch(new RegExp(`^one is down; the failover to two waits for .*${words}$`));
  });

  test.each([
    ['hold', `it is held until somebody does: "${text}"`],
    ['drop', 'it was dropped: "cdk-failover failover shop" moves by hand'],
  ] as const)('what became of it when its time was over (%s)', (atEnd, words) => {
    const lapsed = { ...asked, atEnd, lapsedMs: 61_000 };

    expect(waitFor({ waitMs: 60_000, atEnd }, lapsed)).toBe(
      `one is down; nobody had approved the failover by 1970-01-01T00:01:01Z, so ${words}`,
    );
  });
});

describe('a failover whose time is over', () => {
  test('waits while the time is not known', () => {
    expect(waitFor({ waitMs: 60_000 }, asked, 61_000)).toBeNull();
    expect(waitFor({ waitMs: 60_000 }, asked, undefined)).not.toBeNull();
  });

  test('waits where the policy of today has no end, or does not let it go then', () => {
    expect(waitFor({}, asked, 61_000)).not.toBeNull();
    expect(waitFor({ waitMs: 60_000, atEnd: 'drop' }, asked, 61_000)).not.toBeNull();
  });

  test('waits on what was written when it was asked for, whatever the policy says today', () => {
    expect(waitFor({ waitMs: 60_000 }, { ...asked, atEnd: 'hold' }, 61_000)).not.toBeNull();
  });
});

test('an approval is of the active site that it was asked about', () => {
  expect(approvalOf({ approval: asked, active: 'one' })).toBe(asked);
  expect(approvalOf({ approval: asked, active: 'two' })).toBeNull();
  expect(approvalOf({ active: 'one' })).toBeNull();
});

test('what was asked for goes on while the site is down for another member of the group', () => {
  const { knowledge } = situationWith();
  const other = { register: registerWith(), knowledge: { ...knowledge, verdicts: { one: 'down' } } } as const;
  const group = { name: 'g', leader: 'shop', needs: [], others: { db: other as never } };
  const register = registerWith({ approval: asked });

  expect(isApprovalOver({ register, knowledge, group: null })).toBe(true);
  expect(isApprovalOver({ register, knowledge, group })).toBe(false);
});

test.each([
  ['one', 'down', false],
  ['one', 'up', true],
  ['far', 'down', true],
] as const)('what was asked of one is over while %s is active and %s: %s', (active, verdict, isOver) => {
  const knowledge = { verdicts: { [active]: verdict }, reports: {}, dependencies: {} };

  expect(isApprovalOver({ register: registerWith({ active, approval: asked }), knowledge, group: null })).toBe(isOver);
});

test('nothing but the approval leaves the register with it', () => {
  expect(withoutApproval(registerWith({ approval: asked, epoch: 3 }))).toEqual(registerWith({ epoch: 3 }));
});

describe('status shows of an approval', () => {
  const open = { from: 'one', untilMs: 61_000, atEnd: 'go', lapsedMs: null, approvedBy: null, by: null } as const;

  test.each([
    [{}, 'not yet; it goes by itself at 1970-01-01T00:01:01Z'],
    [{ atEnd: 'hold' }, 'not yet; it goes on waiting at 1970-01-01T00:01:01Z'],
    [{ by: ['anna', 'bob'] }, 'not yet, by anna or bob; it goes by itself at 1970-01-01T00:01:01Z'],
    [{ untilMs: null }, 'not yet'],
    [{ approvedBy: 'anna' }, 'by anna'],
    [{ approvedBy: 'anna', lapsedMs: 61_000 }, 'by anna'],
    [{ atEnd: 'drop', lapsedMs: 61_000 }, 'nobody until 1970-01-01T00:01:01Z; it was dropped'],
    [{ atEnd: 'hold', lapsedMs: 61_000 }, 'nobody until 1970-01-01T00:01:01Z; it is held until somebody does'],
    [
      { atEnd: 'hold', lapsedMs: 61_000, by: ['anna'] },
      'nobody until 1970-01-01T00:01:01Z; it is held until somebody does, by anna',
    ],
  ] as const)('%j: %s', (more, words) => {
    expect(approvalText({ ...open, ...more })).toBe(`of the failover from one: ${words}`);
  });
});
