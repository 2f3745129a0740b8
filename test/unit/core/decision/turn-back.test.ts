import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import type { SiteReport } from '../../../../src/core/detection/observation.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import type { Run } from '../../../../src/core/register/run.ts';
import { upWatch } from '../../../../src/core/tables/stopwatch.ts';
import { registerWith, runWith, serviceWith, situationWith, step } from '../service.fixture.ts';

const knowledge = (one: 'up' | 'down', two: SiteReport = {}) =>
  ({ verdicts: { one, two: 'down', far: 'up' }, reports: { two }, dependencies: {} }) as const;

/** The return from `two` to `one`, after a move whose promotion may have come through. */
const returning = (run: Partial<Run>, more: Partial<Register> = {}) =>
  registerWith({
    epoch: 3,
    active: 'one',
    writer: 'one',
    serving: ['one'],
    promoting: ['two'],
    owed: [
      { site: 'one', epoch: 3, proof: 'closed' },
      { site: 'two', epoch: 3, proof: 'closed' },
    ],
    run: runWith({
      kind: 'recover',
      epoch: 3,
      from: 'two',
      to: 'one',
      serving: ['one'],
      reason: 'turned-back',
      ...run,
    }),
    ...more,
  });

const unpromoted: Partial<Run> = { state: 'failed', steps: [step('promote', [], 'failed')] };
const unfenced: Partial<Run> = { state: 'failed', steps: [step('fence', [], 'failed')] };
const given = (register: Register, more: Partial<DecisionInput> = {}) =>
  decide(situationWith({ register, knowledge: knowledge('down', { dataRole: 'takes-writes' as const }), ...more }));

describe('a move whose promotion came through, and that cannot be taken back from there', () => {
  test('goes forward again, with nothing lost, although its site is down behind its own fence', () => {
    expect(given(returning(unpromoted))).toMatchObject({
      kind: 'move',
      run: 'recover',
      from: 'one',
      to: 'two',
      serving: ['two'],
      reason: 'turned-back',
    });
  });

  test('goes forward, too, where the fence of its site lets readers in, who find it up', () => {
    const readers = { knowledge: knowledge('up', { dataRole: 'takes-writes' as const }) };

    expect(given(returning(unpromoted), readers)).toMatchObject({ run: 'recover', from: 'one', to: 'two' });
  });

  test('goes forward to the site that has the data, where a later move was to leave another one', () => {
    const later = returning({ ...unpromoted, from: 'far' });

    expect(given(later)).toMatchObject({ run: 'recover', from: 'one', to: 'two' });
  });

  test('does not while that fence is not proven closed', () => {
    const owed = returning(unpromoted).owed.map((fence) => ({ ...fence, proof: 'lease' as const }));
    const readers = { knowledge: knowledge('up', { dataRole: 'takes-writes' as const }) };

    expect(given(returning(unpromoted, { owed }), readers)).not.toMatchObject({ run: 'recover', to: 'two' });
  });

  test.each<[string, Register, Partial<DecisionInput>]>([
    [
      'its data is a replica',
      returning(unpromoted),
      { knowledge: knowledge('down', { dataRole: 'replica' as const }) },
    ],
    ['nobody says what its data is', returning(unpromoted), { knowledge: knowledge('down') }],
    [
      'the old site is up, and its fence is not owed',
      returning(unpromoted, { owed: [{ site: 'two', epoch: 3, proof: 'closed' }] }),
      { knowledge: knowledge('up', { dataRole: 'takes-writes' as const }) },
    ],
    ['no promotion of it was ordered', returning(unpromoted, { promoting: [] }), {}],
    ['it is in maintenance', returning(unpromoted, { maintenance: ['two'] }), {}],
    ['the service is paused', returning(unpromoted, { pause: { by: 'eve', reason: 'drill' } }), {}],
    ['moves are made by hand', returning(unpromoted), { service: serviceWith({ failover: { automatic: false } }) }],
    ['what failed is the fence', returning(unfenced), {}],
    [
      'it was tried a moment ago',
      returning(unpromoted, {
        setbacks: [{ site: 'two', epoch: 2, count: 1, step: 'promote', detail: '', kind: 'move' }],
      }),
      {},
    ],
  ])('not while %s', (_, register, more) => {
    expect(given(register, more)).not.toMatchObject({ run: 'recover', to: 'two' });
  });
});

describe('a site that was cut off for a move that was taken back', () => {
  const done: Partial<Run> = { state: 'done', steps: [] };
  const opening = { owed: [], promoting: [], opening: ['one'] };
  const opened = (sinceMs: number) => ({ stopwatches: { 'reopening:shop:3': sinceMs } });

  test.each<[string, Register, Partial<DecisionInput>]>([
    ['while its fence is being opened', returning(done, opening), {}],
    ['until it has had the time to answer', returning(done, { ...opening, opening: [] }), opened(1_000)],
  ])('is not left for its own fence, %s', (_, register, more) => {
    expect(given(register, more)).toMatchObject({ kind: 'hold', reason: 'self-fenced' });
  });

  test.each<[string, Register, Partial<DecisionInput>]>([
    ['it has had that time', returning(done, opening), opened(120_000)],
    ['it was not cut off', returning(done, { ...opening, opening: [] }), {}],
    ['it was down before, for a quorum', returning({ ...done, reason: 'failover-undone' }, opening), {}],
  ])('is left when %s', (_, register, more) => {
    expect(given(register, more)).toMatchObject({ kind: 'move', run: 'failover', to: 'far' });
  });

  test('waits for the fence of the other site, which a move further away would meet as well', () => {
    expect(given(returning(unfenced))).toMatchObject({ kind: 'hold', reason: 'fence-waits' });
    expect(given(returning({ ...unfenced, reason: 'failover-undone' }))).toMatchObject({ kind: 'move', to: 'far' });
  });
});

describe('a failover from a site that is down, whose promotion failed at the next one', () => {
  /** `one` is down and writes; the promotion of `two` may have been ordered. */
  const failed = (more: Partial<Run> = {}) =>
    registerWith({
      epoch: 2,
      active: 'two',
      writer: 'one',
      serving: ['one'],
      run: runWith({
        kind: 'failover',
        epoch: 2,
        from: 'one',
        to: 'two',
        state: 'failed',
        steps: [step('fence', [], 'fallback'), step('promote', ['fence'], 'failed')],
        ...more,
      }),
      setbacks: [{ site: 'two', epoch: 2, count: 1, step: 'promote', detail: 'denied', kind: 'move' }],
    });
  const facts = (one: 'up' | 'down', far: 'up' | 'down' = 'up') =>
    ({ knowledge: { verdicts: { one, two: 'up', far }, reports: {}, dependencies: {} } }) as const;

  const frozen = { maintenance: [], freeze: { moves: 'all', untilMs: 1 } } as unknown as DecisionInput['calendar'] & {};

  test('goes on to a third site at once, also while the second may boot', () => {
    const booting = serviceWith({ detection: { bootGraceMs: 600_000 } });

    for (const more of [{}, { service: booting }]) {
      expect(given(failed(), { ...facts('down'), ...more })).toMatchObject({
        kind: 'move',
        run: 'failover',
        from: 'one',
        to: 'far',
        serving: ['far'],
        reason: 'active-down',
      });
    }
  });

  test.each<[string, Register, Partial<DecisionInput>]>([
    ['the site that was left is up again', failed(), facts('up')],
    ['no third site is eligible', failed(), facts('down', 'down')],
    ['a person paused', { ...failed(), pause: { by: 'eve', reason: 'drill' } }, facts('down')],
    [
      'the fence failed, which a third site would meet as well',
      failed({ steps: [step('fence', [], 'failed')] }),
      {
        ...facts('down'),
      },
    ],
    ['a person had ordered the move', failed({ reason: 'operator' }), facts('down')],
    ['a freeze of all moves is open', failed(), { ...facts('down'), calendar: frozen }],
  ])('is taken back first where %s', (_, register, more) => {
    expect(given(register, more)).toMatchObject({ kind: 'move', run: 'recover', to: 'one' });
  });
});

describe('a move that failed before its service became a pool', () => {
  const pool = serviceWith({ mode: 'active-active', failback: { mode: 'automatic', healthyForMs: 60_000 } });
  const failed = registerWith({
    epoch: 2,
    active: 'two',
    writer: 'one',
    serving: ['one'],
    promoting: ['two'],
    run: runWith({ epoch: 2, from: 'one', to: 'two', reason: 'operator', ...unpromoted }),
  });

  const allDown = {
    knowledge: { verdicts: { one: 'down', two: 'down', far: 'down' }, reports: {}, dependencies: {} },
  } as const;

  test('is taken back where the pool moves nothing', () => {
    expect(given(failed, { service: pool, ...allDown })).toMatchObject({
      run: 'recover',
      from: 'two',
      to: 'one',
      reason: 'turned-back',
    });
  });

  test('is no change of a pool, which is tried again as one', () => {
    const readmitted = { ...failed, writer: 'two', run: runWith({ ...failed.run, kind: 'readmit' }) };

    expect(given(readmitted, { service: pool, knowledge: knowledge('up') }).kind).toBe('hold');
  });

  test('is left behind by a pool that moves', () => {
    const wellFor = Object.fromEntries(['two', 'far'].map((site) => [upWatch('shop', site), 86_400_000]));

    expect(
      given(failed, {
        service: pool,
        knowledge: { verdicts: { one: 'down', two: 'up', far: 'up' }, reports: {}, dependencies: {} },
        stopwatches: wellFor,
      }),
    ).toMatchObject({ kind: 'move', run: 'readmit' });
  });
});
