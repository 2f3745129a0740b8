import { describe, expect, test } from 'vitest';
import type { DecisionInput, Reason } from '../../../../src/core/decision/decision-input.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import { lastResortName } from '../../../../src/core/model/service.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { madeMove, oracleDns, registerWith, serviceWith, situationWith } from '../service.fixture.ts';

const verdictsOf = (one: Verdict, two: Verdict = 'up', far: Verdict = 'up'): DecisionInput['knowledge'] => ({
  verdicts: { one, two, far },
  reports: {},
  dependencies: {},
});

/** The decision while the active site, `one`, is down and the others are up. */
const whileDown = (more: Partial<DecisionInput> = {}) =>
  decide(situationWith({ knowledge: verdictsOf('down'), ...more }));

describe('how many watchers it takes', () => {
  test.each([
    [3, 'active-down'],
    [4, 'quorum-unreachable'],
  ])('a quorum of all 3 watchers can be reached, one of more cannot (quorum=%i)', (quorum, reason) => {
    expect(whileDown({ service: serviceWith({ detection: { quorum } }) })).toMatchObject({ reason });
  });

  test.each([
    [2, 'no-majority'],
    [3, 'active-down'],
  ])('half of the watchers are no majority (watchers=4, fresh=%i)', (freshWatcherCount, reason) => {
    expect(whileDown({ watcherCount: 4, freshWatcherCount })).toMatchObject({ reason });
  });
});

describe('watchers with different configurations', () => {
  const disputeOf = (site: string | null) => ({ disputes: [{ site, regions: ['region-2'] }] });

  test.each([[null], ['one'], ['two']])('no move while they differ about what it touches (%s)', (site) => {
    expect(whileDown(disputeOf(site))).toMatchObject({ kind: 'hold', reason: 'configurations-differ' });
  });

  test('a move goes on while they differ about another site only', () => {
    const to = whileDown();

    const decision = whileDown(disputeOf('far'));

    expect(to).toMatchObject({ kind: 'move', to: 'two' });
    expect(decision).toEqual(to);
  });
});

test('no move to a site that the register still calls by an earlier name: what it says of it counts for nothing yet', () => {
  const service = serviceWith({ sites: { two: { renamedFrom: 'second' } } });
  const owed = [{ site: 'second', epoch: 1, proof: 'closed' as const }];

  const decision = whileDown({ service, register: registerWith({ owed }) });

  expect(decision).toMatchObject({ kind: 'hold', reason: 'configurations-differ' });
  expect(whileDown({ service })).toMatchObject({ kind: 'move', to: 'two' });
});

test('an active site that the configuration does not have is never left: nobody watches it', () => {
  const decision = decide(situationWith({ register: registerWith({ active: 'gone', serving: ['gone'] }) }));

  expect(decision).toMatchObject({ kind: 'hold', reason: 'unknown-site' });
  expect(decision).toMatchObject({ detail: expect.stringContaining('gone') });
});

describe('a service that was a pool before', () => {
  const pooled = registerWith({ serving: ['one', 'two'] });

  test('is left with its active site, once that is up', () => {
    expect(decide(situationWith({ register: pooled }))).toMatchObject({
      kind: 'move',
      run: 'withdraw',
      from: 'two',
      to: 'one',
      serving: ['one'],
      reason: 'mode-changed',
      detail: expect.stringMatching(/^two served beside one/),
    });
  });

  test.each<[string, Partial<DecisionInput>, Reason]>([
    ['it is paused', { register: { ...pooled, pause: { by: 'eve', reason: 'drill' } } }, 'paused'],
    [
      'it is moved by hand',
      { register: pooled, service: serviceWith({ failover: { automatic: false } }) },
      'manual-only',
    ],
    ['its active site fails', { register: pooled, knowledge: verdictsOf('degraded') }, 'degraded'],
    ['its active site gets no traffic', { register: registerWith({ serving: ['two', 'far'] }) }, 'healthy'],
    ['one site serves', { register: registerWith() }, 'healthy'],
  ])('nothing is taken out while %s', (_, more, reason) => {
    expect(decide(situationWith(more))).toMatchObject({ kind: 'hold', reason });
  });

  test('is left with the new site alone when its active site is down', () => {
    expect(whileDown({ register: pooled })).toMatchObject({ run: 'failover', to: 'two', serving: ['two'] });
  });
});

describe('a site that is down is not left', () => {
  test('while it was behind its own fence a moment ago: it is given the time to answer', () => {
    const register = registerWith({ epoch: 2, opening: ['one'] });

    const decision = whileDown({ register });

    expect(decision).toMatchObject({ kind: 'hold', reason: 'self-fenced', detail: expect.stringMatching(/^one was/) });
  });

  test.each([
    [1, 'once'],
    [2, '2 times'],
  ])('soon after it could not be cut off; how often that was tried is told (%i)', (count, often) => {
    const register = registerWith({
      epoch: 2,
      setbacks: [{ site: 'far', epoch: 2, count, step: 'fence', detail: 'denied', kind: 'fence' }],
    });

    const decision = whileDown({ register });

    expect(decision).toMatchObject({ kind: 'hold', reason: 'fence-waits' });
    expect(decision).toMatchObject({ detail: expect.stringMatching(`denied.*tried ${often};`) });
  });

  test('while it may still boot; for how long it has been active is told in seconds', () => {
    const decision = whileDown({
      service: serviceWith({ detection: { bootGraceMs: 90_000 } }),
      register: registerWith({ epoch: 2 }),
      stopwatches: { 'epoch:shop:2': 30_000 },
    });

    expect(decision).toMatchObject({ reason: 'boot-grace', detail: expect.stringContaining(' 30 s ago') });
  });
});

test('a failover sends all clients to the new site', () => {
  expect(whileDown()).toMatchObject({ to: 'two', serving: ['two'] });
});

describe('the static endpoint', () => {
  const lastResort = { a: ['192.0.2.250'] };
  const withLast = serviceWith({
    failover: { allDown: 'last-resort' },
    traffic: { dns: { ...oracleDns, lastResort } },
  });
  const allDown = verdictsOf('down', 'down', 'down');
  const lastServes = (more: Partial<Register> = {}) => registerWith({ epoch: 2, serving: [lastResortName], ...more });
  const byHand = { ...withLast, failover: { ...withLast.failover, automatic: false } };

  test.each([
    ['is there and is not asked for', serviceWith({ traffic: { dns: { ...oracleDns, lastResort } } })],
    ['is asked for without DNS', serviceWith({ failover: { allDown: 'last-resort' }, traffic: {} })],
  ])('does not take over while it %s', (_, given) => {
    expect(whileDown({ service: given, knowledge: allDown })).toMatchObject({ reason: 'no-eligible-site' });
  });

  test('does not take over where moves are made by hand', () => {
    expect(whileDown({ service: byHand, knowledge: allDown })).toMatchObject({ kind: 'hold', reason: 'manual-only' });
  });

  test.each<[string, DecisionInput['knowledge'], Reason]>([
    ['no site is up: that is what keeps it', allDown, 'all-down'],
    ['another site is up: a person has to move there', verdictsOf('down', 'down', 'up'), 'manual-only'],
  ])('serves on where moves are made by hand, while %s', (_, knowledge, reason) => {
    expect(whileDown({ service: byHand, register: lastServes(), knowledge })).toMatchObject({ kind: 'hold', reason });
  });

  test('says which limit it is that keeps it from giving way', () => {
    const register = lastServes({ maintenance: ['far'], moves: [madeMove(2)] });

    const decision = whileDown({ service: withLast, register, knowledge: verdictsOf('down', 'up', 'down') });

    expect(decision).toMatchObject({ kind: 'hold', reason: 'blocked' });
  });
});
