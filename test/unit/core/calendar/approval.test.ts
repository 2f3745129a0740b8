import { describe, expect, test } from 'vitest';
import { isApprovalOver } from '../../../../src/core/calendar/approval.ts';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import { protectionOf } from '../../../../src/core/operator/protection.ts';
import type { AwaitedApproval, Register } from '../../../../src/core/register/register.ts';
import { withSitesRenamed } from '../../../../src/core/register/renaming.ts';
import { registerWith, service } from '../service.fixture.ts';

const asked: AwaitedApproval = { from: 'one', askedMs: 1_000, untilMs: 61_000 };

function input(one: Verdict, register: Partial<Register>, more: Partial<DecisionInput> = {}): DecisionInput {
  return {
    service: { ...service, failover: { ...service.failover, approval: { waitMs: 60_000 } } },
    register: registerWith(register),
    knowledge: { verdicts: { one, two: 'up', far: 'up' }, reports: {}, dependencies: {} },
    isActiveSuspected: false,
    watcherCount: 3,
    freshWatcherCount: 3,
    stopwatches: {},
    disputes: [],
    group: null,
    wallMs: 1_000,
    ...more,
  };
}

const endless: DecisionInput['service'] = { ...service, failover: { ...service.failover, approval: {} } };
const { untilMs: _, ...endlessly } = asked;

describe('a failover that is due', () => {
  test.each<[string, DecisionInput, string]>([
    ['is not begun before anybody was asked', input('down', {}), 'approval-waits'],
    ['waits once a person was asked', input('down', { approval: asked }), 'approval-waits'],
    ['waits until its end', input('down', { approval: asked }, { wallMs: 60_999 }), 'approval-waits'],
    ['goes at its end', input('down', { approval: asked }, { wallMs: 61_000 }), 'active-down'],
    ['goes when approved', input('down', { approval: { ...asked, approvedBy: 'eve' } }), 'active-down'],
    [
      'waits when another site was asked about',
      input('down', { approval: { ...asked, from: 'far', approvedBy: 'eve' } }),
      'approval-waits',
    ],
    [
      'waits for ever without an end',
      input('down', { approval: endlessly }, { service: endless, wallMs: 9e12 }),
      'approval-waits',
    ],
    ...(['hold', 'drop'] as const).map((atEnd): [string, DecisionInput, string] => [
      `waits past its end until that is written (${atEnd})`,
      input('down', { approval: { ...asked, atEnd } }, { wallMs: 61_000 }),
      'approval-waits',
    ]),
    [
      'is held after its end',
      input('down', { approval: { ...asked, atEnd: 'hold', lapsedMs: 61_000 } }),
      'approval-lapsed',
    ],
    ['is dropped', input('down', { approval: { ...asked, atEnd: 'drop', lapsedMs: 61_000 } }), 'approval-lapsed'],
    [
      'goes when approved while it is held',
      input('down', { approval: { ...asked, atEnd: 'hold', lapsedMs: 61_000, approvedBy: 'eve' } }),
      'active-down',
    ],
    [
      'is dropped whatever is written of it then',
      input('down', { approval: { ...asked, atEnd: 'drop', lapsedMs: 61_000, approvedBy: 'eve' } }),
      'approval-lapsed',
    ],
    ['goes at once where nobody is asked', input('down', {}, { service }), 'active-down'],
    [
      'is stopped by a pause though approved',
      input('down', { approval: { ...asked, approvedBy: 'eve' }, pause: { by: 'bob', reason: 'no' } }),
      'paused',
    ],
  ])('%s', (_name, given, reason) => {
    expect(decide(given).reason).toBe(reason);
  });

  test('nothing waits while the site is well', () => {
    expect(decide(input('up', { approval: asked }))).toMatchObject({ reason: 'healthy' });
  });
});

test('what was asked for is over once the site is left or well', () => {
  expect(isApprovalOver(input('down', { approval: asked }))).toBe(false);
  expect(isApprovalOver(input('unclear', { approval: asked }))).toBe(false);
  expect(isApprovalOver(input('up', { approval: asked }))).toBe(true);
  expect(isApprovalOver(input('down', { approval: asked, active: 'two' }))).toBe(true);
  expect(isApprovalOver(input('up', {}))).toBe(false);
});

test('a wait that ends by itself protects, and one without an end does not', () => {
  const levelOf = (given: DecisionInput) => protectionOf(given, decide(given), null, '').level;

  expect(levelOf(input('up', {}))).toBe('protected');
  expect(levelOf(input('up', {}, { service: endless }))).toBe('unprotected');
  for (const atEnd of ['hold', 'drop'] as const) {
    const held = { ...service, failover: { ...service.failover, approval: { waitMs: 60_000, atEnd } } };
    expect(levelOf(input('up', {}, { service: held }))).toBe('unprotected');
  }
});

test('a site that is renamed is still the one that was asked about', () => {
  expect(withSitesRenamed(registerWith({ approval: asked }), { one: 'cork' }).approval).toEqual({
    ...asked,
    from: 'cork',
  });
});
