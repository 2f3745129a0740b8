import { describe, expect, test } from 'vitest';
import { type Command, obey } from '../../../../src/core/operator/command.ts';
import type { CommandContext, CommandOutcome } from '../../../../src/core/operator/command-outcome.ts';
import { fence, madeMove, registerWith, runWith, service, serviceWith, step } from '../service.fixture.ts';

function context(more: Partial<CommandContext> = {}): CommandContext {
  return {
    service,
    register: registerWith(),
    knowledge: { verdicts: { one: 'up', two: 'up', far: 'up' }, reports: {}, dependencies: {} },
    stopwatches: {},
    group: null,
    disputes: [],
    by: 'eve',
    wallMs: 77,
    votersMs: 77,
    ...more,
  };
}

function acceptedBy(outcome: CommandOutcome) {
  if (outcome.outcome !== 'accepted') throw new Error(`${outcome.outcome}: ${outcome.message}`);
  return outcome.register;
}

const pause: Command = { verb: 'pause', reason: 'release' };
const paused = registerWith({ pause: { by: 'bob', reason: 'audit' } });
const running = registerWith({ epoch: 2, run: runWith() });
const away = registerWith({ active: 'two' });
const maintain = (site: string, isOn: boolean, isFailoverAllowed = false): Command => ({
  verb: 'maintenance',
  site,
  isOn,
  isFailoverAllowed,
});
const switchover = (to: string | null): Command => ({ verb: 'switchover', to });
const failover = (to: string | null, isForced = false, isDataLossAllowed = false): Command => ({
  verb: 'failover',
  to,
  isForced,
  isDataLossAllowed,
  isProofWaived: false,
});
const oneDown: CommandContext['knowledge'] = {
  verdicts: { one: 'down', two: 'up', far: 'up' },
  reports: {},
  dependencies: {},
};

test.each<[string, Command, CommandContext, object]>([
  ['pause', pause, context(), { pause: { by: 'eve', reason: 'release' } }],
  ['resume', { verb: 'resume' }, context({ register: paused }), { pause: null }],
  [
    'ack',
    { verb: 'ack' },
    context({ register: registerWith({ epoch: 2, moves: [madeMove(2)] }) }),
    { moves: [madeMove(2, { isAcknowledged: true })], epoch: 2 },
  ],
  ['maintenance on', maintain('two', true), context(), { maintenance: ['two'], active: 'one', epoch: 1 }],
  [
    'maintenance off',
    maintain('two', false),
    context({ register: registerWith({ maintenance: ['two'] }) }),
    { maintenance: [] },
  ],
  [
    'maintenance on the active',
    maintain('one', true, true),
    context(),
    { maintenance: ['one'], active: 'two', epoch: 2 },
  ],
  ['switchover', switchover(null), context(), { active: 'two', epoch: 2, lost: [] }],
  ['switchover to a named site', switchover('far'), context(), { active: 'far', epoch: 2 }],
  ['switchover while paused', switchover('far'), context({ register: paused }), { active: 'far' }],
  ['failover', failover(null), context({ knowledge: oneDown }), { active: 'two', lost: ['one'] }],
  ['forced failover', failover('far', true), context(), { active: 'far', lost: ['one'] }],
  ['failback', { verb: 'failback' }, context({ register: away }), { active: 'one', epoch: 2, lost: [] }],
])('%s is accepted', (_, command, given, expected) => {
  const register = acceptedBy(obey(command, given));

  expect(register).toMatchObject(expected);
  expect(register.history[0]).toMatchObject({ by: 'eve', atMs: 77, epoch: register.epoch });
});

describe('a site that the register calls by an earlier name', () => {
  const fence = { kind: 'custom' as const, functionName: 'fence' };
  const renamed = serviceWith({ sites: { one: { fence, renamedFrom: 'first' }, two: { renamedFrom: 'second' } } });
  const old = { active: 'first', writer: 'first', serving: ['first'] };

  test('is left under its new name, behind its fence', () => {
    const register = acceptedBy(obey(switchover('two'), context({ service: renamed, register: registerWith(old) })));

    expect(register).toMatchObject({ active: 'two', writer: 'one', owed: [{ site: 'one' }], run: { from: 'one' } });
  });

  test('is refused for what the register says of it', () => {
    const register = registerWith({ ...old, owed: [{ site: 'second', epoch: 1, proof: 'closed' }] });

    expect(obey(switchover('two'), context({ service: renamed, register })).outcome).toBe('refused');
  });
});

test.each<[string, Command, CommandContext, string]>([
  ['pause', pause, context({ register: paused }), 'already paused by bob'],
  ['resume', { verb: 'resume' }, context(), 'not paused'],
  ['ack of nothing', { verb: 'ack' }, context(), 'nothing to acknowledge'],
  [
    'ack once more',
    { verb: 'ack' },
    context({ register: registerWith({ moves: [madeMove(2, { isAcknowledged: true })] }) }),
    'nothing to acknowledge',
  ],
  ['maintenance on', maintain('two', true), context({ register: registerWith({ maintenance: ['two'] }) }), 'already'],
  ['maintenance off', maintain('two', false), context(), 'not in maintenance'],
  ['switchover', switchover('one'), context(), 'already active'],
  ['failover', failover('one', true), context(), 'already active'],
  ['failback', { verb: 'failback' }, context(), 'already active'],
])('%s changes nothing when it is so already', (_, command, given, says) => {
  const outcome = obey(command, given);

  expect(outcome).toEqual({ outcome: 'unchanged', message: expect.stringContaining(says) });
});

const limited = serviceWith({ failover: { maxReplicationLagMs: 500 } });

test.each<[string, Command, CommandContext, string]>([
  ['maintenance on the active', maintain('one', true), context(), 'one is active'],
  [
    'maintenance on the active without a standby',
    maintain('one', true, true),
    context({ register: registerWith({ maintenance: ['far', 'two'] }) }),
    'no eligible site',
  ],
  ['switchover during a run', switchover(null), context({ register: running }), 'failover to two is in progress'],
  ['failover during a run', failover(null), context({ register: running, knowledge: oneDown }), 'in progress'],
  ['failback during a run', { verb: 'failback' }, context({ register: running }), 'in progress'],
  [
    'switchover to a site in maintenance',
    switchover('two'),
    context({ register: registerWith({ maintenance: ['two'] }) }),
    'maintenance off',
  ],
  [
    'switchover to a site that is not up',
    switchover('two'),
    context({ knowledge: { verdicts: { two: 'unclear' }, reports: {}, dependencies: {} } }),
    'not-up',
  ],
  ['switchover that may lose data', switchover('two'), context({ service: limited }), '--allow-data-loss'],
  [
    'switchover without a candidate',
    switchover(null),
    context({ register: registerWith({ maintenance: ['far', 'two'] }) }),
    'no eligible site: two: in-maintenance; far: in-maintenance',
  ],
  ['failover from a site that is up', failover(null), context(), 'one is up'],
  [
    'forced failover to a site that is down',
    failover('two', true),
    context({ knowledge: { verdicts: { two: 'down' }, reports: {}, dependencies: {} } }),
    'not-up',
  ],
  [
    'forced failover that may lose data',
    failover('two', true),
    context({
      service: limited,
      knowledge: { ...oneDown, reports: { two: { replicationLagMs: 900 } }, dependencies: {} },
    }),
    'lag-over-limit',
  ],
  [
    'failback to a site that was lost',
    { verb: 'failback' },
    context({ register: { ...away, lost: ['one'] } }),
    'lost-in-last-failover',
  ],
])('%s is refused, and leaves no register', (_, command, given, says) => {
  const outcome = obey(command, given);

  expect(outcome).toEqual({ outcome: 'refused', message: expect.stringContaining(says) });
});

test('a move by an operator is held by nobody, blocks nothing and does not count against the daily limit', () => {
  const register = acceptedBy(obey(failover(null), context({ knowledge: oneDown })));

  expect(register.run).toMatchObject({ holder: null, by: 'eve', reason: 'operator' });
  expect(register).toMatchObject({ moves: [] });
});

test('data loss that was allowed is journaled', () => {
  const knowledge = { ...oneDown, reports: { two: { replicationLagMs: 900 } }, dependencies: {} };

  const register = acceptedBy(obey(failover('two', true, true), context({ service: limited, knowledge })));

  expect(register.run?.isDataLossAllowed).toBe(true);
  expect(register.history[0]?.what).toContain('data loss allowed');
});

const halfWay = registerWith({ epoch: 2, active: 'two', serving: ['one'], run: runWith({ state: 'running' }) });
const failedRun = registerWith({
  epoch: 2,
  active: 'two',
  serving: ['one'],
  run: runWith({ state: 'failed', attempt: 3 }),
});
const force = (to: string | null): Command => ({
  verb: 'failover',
  to,
  isForced: true,
  isDataLossAllowed: true,
  isProofWaived: false,
});

test('a forced failover takes the place of a run that is under way, and leaves the site that still serves', () => {
  const outcome = obey(force('far'), context({ register: halfWay }));

  expect(outcome).toMatchObject({
    outcome: 'accepted',
    register: { epoch: 3, active: 'far', run: { from: 'one', to: 'far', state: 'running' } },
  });
});

test('a failover that is not forced does not take the place of a run that is under way', () => {
  const outcome = obey(
    { verb: 'failover', to: 'far', isForced: false, isDataLossAllowed: false, isProofWaived: false },
    context({ register: halfWay }),
  );

  expect(outcome).toMatchObject({ outcome: 'refused' });
});

test('a forced failover to where a failed run was to go opens it again, and never says that it is there', () => {
  const outcome = obey(force('two'), context({ register: failedRun }));

  expect(outcome).toMatchObject({ outcome: 'accepted', register: { epoch: 2, run: { state: 'running', attempt: 4 } } });
});

test('a forced failover to where a move is taken back to goes on as a failover, with what the person allows', () => {
  const steps = [step('fence', [], 'fallback'), step('promote', ['fence'], 'failed')];
  const run = runWith({ kind: 'recover', state: 'failed', reason: 'turned-back', steps });
  const register = registerWith({ epoch: 2, active: 'two', writer: 'two', run });

  const outcome = obey(force('two'), context({ register }));

  expect(outcome).toMatchObject({
    outcome: 'accepted',
    register: {
      epoch: 2,
      run: { kind: 'failover', from: 'one', to: 'two', isDataLossAllowed: true, state: 'running' },
    },
  });
});

/** The register with all that {@link force} allows. */
function allowed(register: typeof halfWay): typeof halfWay {
  return { ...register, run: register.run && { ...register.run, isDataLossAllowed: true } };
}

test('a forced failover to where the service is under way goes on with what the person allows', () => {
  const outcome = obey(force('two'), context({ register: halfWay }));

  expect(outcome).toMatchObject({
    outcome: 'accepted',
    register: {
      epoch: halfWay.epoch,
      run: { state: 'running', holder: null, isDataLossAllowed: true, attempt: 2 },
      history: [{ what: expect.stringMatching(/^go on with .*, data loss allowed$/) }],
    },
    message: expect.stringContaining('goes on with what you allow'),
  });
});

test.each<[string, CommandContext, string]>([
  ['the move that is under way', context({ register: halfWay }), 'two'],
  ['one that has failed, with what it lacked', context({ register: failedRun }), 'two'],
  [
    'the best other site, when the new one is down by now',
    context({ register: halfWay, knowledge: { ...oneDown, verdicts: { one: 'down', two: 'down', far: 'up' } } }),
    'far',
  ],
])('a forced failover that names no site goes on with %s', (_, given, active) => {
  expect(acceptedBy(obey(force(null), given))).toMatchObject({ active });
});

test.each<[string, CommandContext, string]>([
  ['is under way, as it was allowed', context({ register: allowed(halfWay) }), 'is under way and goes on'],
  ['is there', context({ register: registerWith({ active: 'two', serving: ['two'] }) }), 'already active'],
])('a forced failover to where the service %s changes nothing', (_, given, says) => {
  const outcome = obey(force('two'), given);

  expect(outcome).toMatchObject({ outcome: 'unchanged', message: expect.stringContaining(says) });
});

/** The site \`one\` has a fence and a name of before; the register calls it so. */
const renamed = serviceWith({ sites: { one: { renamedFrom: 'old', fence } } });
const byOldName = registerWith({ active: 'old', writer: 'old', serving: ['old'] });

test.each<[string, Partial<CommandContext>, string]>([
  [
    'that watchers know by its former name only',
    { service: renamed, register: byOldName, disputes: [{ site: 'old', regions: ['region-2'] }] },
    'old is called one here, and the watchers in region-2 know it as old',
  ],
  [
    'that the configuration of this command does not have',
    { register: byOldName, disputes: [{ site: 'old', regions: ['region-1', 'region-2'] }] },
    'this configuration does not have old, and the watchers in region-1, region-2 know it as old',
  ],
])('S11: nobody is forced away from a site %s: from here it would not be fenced', (_, more, said) => {
  expect(obey(failover('two', true), context(more))).toMatchObject({
    outcome: 'refused',
    message: expect.stringContaining(said),
  });
});

test('S11: a site that nobody knows by its former name is left by its new one, behind its fence', () => {
  const { run, owed } = acceptedBy(obey(failover('two', true), context({ service: renamed, register: byOldName })));

  expect(run?.from).toBe('one');
  expect(owed).toMatchObject([{ site: 'one', proof: 'none' }]);
});

/** A service that follows another one, which is at \`two\`; its own site is configured no more. */
const stranded = registerWith({ active: 'gone', writer: 'gone', serving: ['gone'] });
const following = (ahead: string): Partial<CommandContext> => ({
  register: stranded,
  group: {
    name: 'all',
    leader: 'db',
    needs: [],
    others: { db: { service, register: registerWith({ active: ahead }), knowledge: oneDown } },
  } as never,
});

test.each([
  ['where the first member is', failover('two', true)],
  ['without a name', failover(null, true)],
])('a member of a group at a site that is configured no more is forced after the first one: %s', (_, command) => {
  const { active, run } = acceptedBy(obey(command, context(following('two'))));

  expect([active, run?.kind, run?.from]).toEqual(['two', 'follow', 'gone']);
});

test.each<[string, Command, Partial<CommandContext>, string]>([
  ['elsewhere', failover('far', true), following('two'), 'shop can only go after it, to two'],
  ['without force', failover('two'), following('two'), 'shop follows db in group all'],
  ['while the first one is there too', failover('two', true), following('gone'), 'shop follows db in group all'],
  [
    'while its site is configured',
    failover('two', true),
    { ...following('two'), register: registerWith() },
    'shop follows db in group all',
  ],
])('a member of a group is not sent after the first one: %s', (_, command, more, said) => {
  expect(obey(command, context(more))).toMatchObject({ outcome: 'refused', message: expect.stringContaining(said) });
});

/** A move to \`two\` that cannot close the fence of a site which is configured no more. */
const waiting = (state: 'pending' | 'failed') =>
  registerWith({
    epoch: 3,
    active: 'two',
    writer: 'gone',
    serving: ['gone'],
    run: runWith({
      epoch: 3,
      from: 'gone',
      to: 'two',
      state: state === 'failed' ? 'failed' : 'running',
      steps: [step('fence', [], state), step('dns', ['fence'], state)],
    }),
  });

test.each(['pending', 'failed'] as const)(
  'a move that waits for a site that is configured no more is begun again by force, without its fence (%s)',
  (state) => {
    const outcome = obey(failover('two', true), context({ register: waiting(state) }));
    const { epoch, run } = acceptedBy(outcome);

    expect([epoch, run?.from, run?.to, run?.steps.some(({ name }) => name === 'fence')]).toEqual([
      4,
      'gone',
      'two',
      false,
    ]);
    expect(outcome.message).toContain('nobody cuts off gone, which this configuration does not have');
  },
);

test('a member that waits so goes on after the first one by force', () => {
  const { epoch, run } = acceptedBy(
    obey(failover('two', true), context({ ...following('two'), register: waiting('pending') })),
  );

  expect([epoch, run?.kind, run?.from, run?.to]).toEqual([4, 'follow', 'gone', 'two']);
});

test('a move whose site is configured goes on as it is, forced or not', () => {
  const register = { ...waiting('pending'), serving: ['one'], run: runWith({ epoch: 3, from: 'one', to: 'two' }) };

  expect(obey(failover('two', true), context({ register }))).toMatchObject({ outcome: 'unchanged' });
});
