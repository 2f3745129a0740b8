import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import {
  ill,
  type Protection,
  type ProtectionLevel,
  protectionOf,
  protectionText,
  withLeading,
  withTime,
} from '../../../../src/core/operator/protection.ts';
import { poolWith, serving } from '../pool.fixture.ts';
import {
  globalData,
  madeMove,
  oracleDns,
  registerWith,
  runWith,
  service,
  serviceWith,
  step,
  warm,
} from '../service.fixture.ts';

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

const withStart = input({ service: serviceWith({ sites: { two: warm, far: warm } }) });

test('functions that answer nobody are said with their region, and a standby that only boots needs them, too', () => {
  const found = protectionOf(withStart, decide(withStart), null, '', () => true);

  expect(found).toEqual({
    level: 'unprotected',
    why: 'if one fails, clients stay there: two, far cannot take over while no function in region-1, region-2 answers',
    isWell: false,
    reason: 'no-eligible-site',
  });
});

test('functions answer where nobody says that they do not', () => {
  expect(judge(withData)).toMatchObject({ level: 'protected', why: 'if one fails, two takes over' });
});

test('a site outside AWS needs no function of its region', () => {
  const { region: _region, ...outside } = service.sites.two ?? {};
  const given = { ...withData.service, sites: { ...withData.service.sites, two: outside as typeof service.sites.two } };
  const found = protectionOf(input({ service: given as typeof service }), decide(input()), null, '', () => true);

  expect(found.why).toBe('if one fails, two takes over');
});

const withPage = serviceWith({
  failover: { allDown: 'last-resort' },
  traffic: { dns: { ...oracleDns, lastResort: { cname: ['page.example.com'] } as never } },
});

test.each<[string, string, Readonly<Record<string, Verdict>>, readonly string[]]>([
  ['no site is left', 'if one fails, the static endpoint takes over', { two: 'down', far: 'down' }, []],
  [
    'functions answer nobody',
    'if one fails, the static endpoint takes over',
    { two: 'down', far: 'down' },
    ['region-1'],
  ],
])('a static endpoint takes over when %s', (_, why, verdicts, dark) => {
  const given = input({ service: withPage }, verdicts);

  expect(protectionOf(given, decide(given), null, '', (region) => dark.includes(region)).why).toBe(why);
});

test.each([
  ['is stuck', 'stuck', { level: 'stuck', why: 'two takes over', isWell: false }],
  ['moves', 'moving', { level: 'moving', why: 'two takes over', isWell: false }],
] as const)('a service that %s says what is decided', (_, state, expected) => {
  const decision = { kind: 'hold', reason: 'run-in-progress', detail: 'two takes over' } as const;
  const given = input({ register: registerWith({ run: runWith({ kind: 'failover' }) }) });

  expect(protectionOf(given, decision, state, '')).toEqual(expected);
});

test.each([
  ['is a failover', 'failover', false],
  ['is a return', 'failback', true],
] as const)('a move that is about to begin and %s is well or not', (_, run, isWell) => {
  const move = {
    kind: 'move',
    run,
    from: 'one',
    to: 'two',
    serving: ['two'],
    reason: 'active-down',
    detail: '',
  } as const;

  expect(protectionOf(input(), move, 'moving', '').isWell).toBe(isWell);
});

test('a service that waits to begin a move it may not begin yet is not well', () => {
  const decision = { kind: 'hold', reason: 'approval-waits', detail: '' } as const;

  expect(protectionOf(input(), decision, 'moving', '').isWell).toBe(false);
});

test.each([
  ['goes by itself then', { waitMs: 60_000, atEnd: 'go' }, 'protected'],
  ['is dropped then', { waitMs: 60_000, atEnd: 'drop' }, 'unprotected'],
  ['waits for a person for ever', {}, 'unprotected'],
] as const)('a failover that a person is asked about, and that %s', (_, approval, level) => {
  expect(judge(input({ service: serviceWith({ failover: { approval } }) })).level).toBe(level);
});

test('a site that only its own fence hides is judged as one that fails', () => {
  const given = input();
  const reports = { one: { isSelfFenced: true }, two: { replicationLagMs: 60_000 } };
  const limited = serviceWith({ data: globalData, failover: { maxReplicationLagMs: 30_000 } });
  const behind = { ...given, service: limited, knowledge: { ...given.knowledge, reports } };

  expect(judge({ ...given, knowledge: { ...given.knowledge, reports } }).level).toBe('protected');
  // What others report still counts.
  expect(judge(behind).why).toMatch(/two.*lag/);
});

test('what a standby reports still counts once the active site is lost', () => {
  const given = input();
  const reports = { two: { ready: false } };

  expect(judge({ ...given, knowledge: { ...given.knowledge, reports } }).why).toBe('if one fails, far takes over');
});

test('what DNS would do is not said where no oracle is asked', () => {
  const dns = { leadsTo: null, state: 'unknown', followLeftMs: null, oracles: null, memories: null } as const;
  const protection = judge(input());

  expect(withLeading(protection, dns, ['one'])).toBe(protection);
});

test('of a pool each site that clients are sent to is judged, and no other', () => {
  const given = pool({ register: serving('virginia', 'frankfurt') });

  expect(judge(given).why).toBe('if virginia fails, frankfurt carry on; if frankfurt fails, virginia carry on');
});

test('of a service with one active site that site alone is judged, whoever else serves', () => {
  const given = input({ register: registerWith({ active: 'far', serving: ['far', 'one'] }) });

  expect(judge(given).why).toBe('if far fails, one takes over');
});

describe('for how long a service has been unprotected', () => {
  const bad: Protection = ill('unprotected', 'nobody is left');
  const watch = { 'unprotected:shop': 61_000 };

  test('is what its watchers have counted', () => {
    expect(withTime(bad, 'shop', watch)).toEqual({ ...bad, forMs: 61_000 });
  });

  test('is not known where none has', () => {
    expect(withTime(bad, 'other', watch)).toEqual({ ...bad, forMs: null });
  });

  test.each(['protected', 'moving', 'stuck', 'cannot-see'] as const)('is not said of one that is %s', (level) => {
    expect(withTime(ill(level, ''), 'shop', watch)).toEqual(ill(level, ''));
  });

  test.each([
    [undefined, 'nobody is left'],
    [null, 'nobody is left; since when is not known'],
    [59_999, 'nobody is left; for less than a minute'],
    [60_000, 'nobody is left; for 1 min or a little more'],
    [119_999, 'nobody is left; for 1 min or a little more'],
    [120_000, 'nobody is left; for 2 min or a little more'],
    [7_199_999, 'nobody is left; for 119 min or a little more'],
  ])('is said in whole minutes (%s ms)', (forMs, text) => {
    expect(protectionText({ ...bad, ...(forMs === undefined ? {} : { forMs }) })).toBe(text);
  });
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

test('a block period that is over does not begin anew with the loss that is thought of', () => {
  const register = registerWith({ epoch: 2, maintenance: ['far'], moves: [madeMove(2)] });

  expect(judge(input({ register, stopwatches: { 'epoch:shop:2': 7_200_000 } })).why).toBe(
    'if one fails, two takes over',
  );
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
