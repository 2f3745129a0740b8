import { expect, test } from 'vitest';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import { type ProtectionLevel, protectionOf } from '../../../../src/core/operator/protection.ts';
import { poolWith, serving } from '../pool.fixture.ts';
import { globalData, madeMove, registerWith, runWith, service, serviceWith, step } from '../service.fixture.ts';

function input(more: Partial<DecisionInput> = {}, verdicts: Readonly<Record<string, Verdict>> = {}): DecisionInput {
  return {
    service,
    register: registerWith(),
    knowledge: { verdicts: { one: 'up', two: 'up', far: 'up', ...verdicts }, reports: {}, dependencies: {} },
    isActiveSuspected: false,
    watcherCount: 3,
    freshWatcherCount: 3,
    stopwatches: {},
    disputes: [],
    group: null,
    ...more,
  };
}

const judge = (given: DecisionInput, lacking = '') => protectionOf(given, decide(given), null, lacking);
const paused = registerWith({ pause: { by: 'eve', reason: 'drill' } });
const pool = (more: Partial<DecisionInput> = {}, verdicts: Readonly<Record<string, Verdict>> = {}) =>
  input({
    service: poolWith(),
    register: serving('virginia', 'frankfurt', 'ireland'),
    knowledge: {
      verdicts: { virginia: 'up', frankfurt: 'up', ireland: 'up', ...verdicts },
      reports: {},
      dependencies: {},
    },
    ...more,
  });

const withData = input({ service: serviceWith({ data: globalData }) });

test.each<[string, ProtectionLevel, RegExp, DecisionInput, readonly string[]]>([
  ['of another region', 'protected', /two takes over/, withData, ['region-3']],
  ['there, and another standby is left', 'protected', /^if one fails, far takes over$/, withData, ['region-1']],
  ['everywhere', 'unprotected', /^if one fails.* two, far cannot take over/, withData, ['region-1', 'region-2']],
  ['everywhere, and nothing is promoted', 'protected', /two takes over/, input(), ['region-1', 'region-2']],
])('functions that answer nobody: %s', (_, level, why, given, dark) => {
  const found = protectionOf(given, decide(given), null, '', (region) => dark.includes(region));

  expect(found).toMatchObject({ level, why: expect.stringMatching(why) });
});

test.each<[string, ProtectionLevel, RegExp, DecisionInput]>([
  ['a standby is eligible', 'protected', /^if one fails, two takes over$/, input()],
  ['the first standby is down', 'protected', /far takes over/, input({}, { two: 'down' })],
  [
    'no standby is eligible',
    'unprotected',
    /^if one fails, clients stay there: /,
    input({}, { two: 'down', far: 'down' }),
  ],
  ['it is paused', 'unprotected', /paused by eve: drill/, input({ register: paused })],
  [
    'automatic failover is off',
    'unprotected',
    /switched off/,
    input({ service: serviceWith({ failover: { automatic: false } }) }),
  ],
  [
    'the only standby was left lately',
    'unprotected',
    /recently/,
    input({ register: registerWith({ epoch: 2, maintenance: ['far'], moves: [madeMove(2)] }) }),
  ],
  [
    'it is paused, and clients could not be led to the new site',
    'stuck',
    /^address of 203.0.113.1 is not done: no answer; paused/,
    input({
      register: registerWith({
        ...paused,
        epoch: 2,
        run: runWith({
          state: 'failed',
          steps: [{ ...step('address', [], 'failed'), resource: '203.0.113.1', detail: 'no answer' }],
        }),
      }),
    }),
  ],
  ['it is paused, and down', 'stuck', /^one is down; paused/, input({ register: paused }, { one: 'down' })],
  ['too few watchers know', 'cannot-see', /too few/, input({}, { one: 'unclear' })],
  ['the others of a pool carry its load', 'protected', /if virginia fails, frankfurt, ireland carry on/, pool()],
  [
    'the last site of a pool is left',
    'unprotected',
    /if virginia fails/,
    pool({ register: serving('virginia') }, { frankfurt: 'down', ireland: 'down' }),
  ],
])('when %s, a service is %s', (_when, level, why, given) => {
  const protection = judge(given);

  expect(protection).toMatchObject({ level, isWell: level === 'protected' });
  expect(protection.why).toMatch(why);
});

test('what a majority lacks cannot be seen past', () => {
  expect(judge(input(), '1 usable watchers, 2 are needed')).toMatchObject({ level: 'cannot-see', isWell: false });
});

test.each([
  ['failover', false],
  ['withdraw', false],
  ['switchover', true],
  ['failback', true],
] as const)('a %s under way is well: %s', (kind, isWell) => {
  const given = input({ register: registerWith({ run: { ...runWith(), kind } }) });

  expect(protectionOf(given, decide(given), 'moving', '')).toMatchObject({ level: 'moving', isWell });
});

test('a grace to boot only delays a failover, so that it protects', () => {
  const booting = serviceWith({ detection: { bootGraceMs: 60_000 } });
  const given = input({ service: booting, register: registerWith({ epoch: 2 }) });

  expect(judge(given)).toMatchObject({ level: 'protected' });
});

test('a standby that would not be eligible after the grace to boot does not protect', () => {
  const booting = serviceWith({ detection: { bootGraceMs: 60_000 } });
  const given = input({ service: booting, register: registerWith({ epoch: 2 }) }, { two: 'down', far: 'down' });

  expect(judge(given)).toMatchObject({ level: 'unprotected' });
});
