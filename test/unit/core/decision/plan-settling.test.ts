import { describe, expect, test } from 'vitest';
import {
  fencesFor,
  type Move,
  notBegun,
  openRun,
  type SettledEnd,
  settleLater,
  settleStep,
  takeoverOrder,
} from '../../../../src/core/decision/plan.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import { lastResortName } from '../../../../src/core/model/service.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import type { Grounds, Run, StepName } from '../../../../src/core/register/run.ts';
import { describeRun } from '../../../../src/core/register/run-words.ts';
import {
  address,
  fence,
  globalData,
  noTimes,
  oracleDns,
  recordsDns,
  registerWith,
  runWith,
  service,
  serviceWith,
  situationWith,
  step,
  targets,
  warm,
  weightedDns,
} from '../service.fixture.ts';

const move: Move = {
  kind: 'failover',
  from: 'one',
  to: 'two',
  serving: ['two'],
  reason: 'active-down',
  by: 'region-1',
  holder: null,
  isDataLossAllowed: false,
  isProofWaived: false,
  isShortAllowed: false,
  demand: null,
  times: noTimes,
};
const moveWith = (more: Partial<Move>): Move => ({ ...move, ...more });
const poolOf = (given: NamedService): NamedService => ({ ...given, mode: 'active-active' });
const namesIn = (register: Register) => register.run?.steps.map(({ name }) => name);
const end = (state: SettledEnd['state'] = 'done'): SettledEnd => ({ state, detail: '' });
const bare = serviceWith({ traffic: { dns: recordsDns } });

/** Ends steps of a run one after another, at 70 ms. */
function ended(
  given: NamedService,
  register: Register,
  ...ends: readonly (readonly [StepName, SettledEnd['state']])[]
) {
  return ends.reduce((now, [name, state]) => settleStep(given, now, name, end(state), 70), register);
}

describe('a run that is opened', () => {
  test('does not fence the site that it goes to, though that owes a fence', () => {
    const given = serviceWith({ sites: { one: { fence }, two: { fence } } });
    const register = registerWith({ owed: [{ site: 'two', epoch: 1, proof: 'closed' }] });

    expect(fencesFor(given, register, move)).toEqual(['one']);
  });

  test('keeps what it was decided by, where anything was read', () => {
    const grounds: Grounds = { verdicts: { one: 'down' }, opinions: {}, refused: {} };

    expect(openRun(bare, registerWith(), moveWith({ grounds }), null).run?.grounds).toEqual(grounds);
    expect(openRun(bare, registerWith(), move, null).run).not.toHaveProperty('grounds');
  });

  test.each<[readonly string[], boolean]>([
    [['one'], false],
    [['two'], true],
    [['one', 'two'], true],
  ])('starts a site unless all it leads to serve already (from one to %j: %s)', (serving, isStarted) => {
    const given = serviceWith({ sites: { one: warm, two: warm }, traffic: { dns: recordsDns } });
    const recover = moveWith({ kind: 'recover', from: 'two', to: serving[0] ?? '', serving });

    const names = namesIn(openRun(given, registerWith({ active: 'two' }), recover, null));

    expect(names?.includes('start')).toBe(isStarted);
    expect(names).toContain('dns');
  });

  test('starts the site of any other move, serving or not: it may have been brought down to a part', () => {
    const given = serviceWith({ sites: { one: warm }, traffic: { dns: recordsDns } });
    const readmit = moveWith({ kind: 'readmit', from: 'two', to: 'one', serving: ['one'] });

    expect(namesIn(openRun(poolOf(given), registerWith(), readmit, null))).toContain('start');
  });

  test('remembers who may have been promoted before, but for the writer', () => {
    const promoting = runWith({ steps: [step('fence', [], 'done'), step('promote', ['fence'])] });
    const register = registerWith({ epoch: 2, promoting: ['far'], run: promoting });

    expect(openRun(bare, register, move, null).promoting).toEqual(['far', 'two']);
    expect(openRun(bare, registerWith(), move, null).promoting).toEqual([]);
  });

  test.each([
    ['two', ['one']],
    ['one', []],
  ])('names the site that a failover leaves as lost once, and none that stays (to %s)', (to, lost) => {
    const register = registerWith({ lost: ['one'] });

    expect(openRun(bare, register, moveWith({ to, serving: [to] }), null).lost).toEqual(lost);
  });

  test('tells of each step that has ended in the very change when that was', () => {
    const { run } = openRun(service, registerWith(), move, null);

    expect(run?.steps.map(({ name, endedMs }) => [name, endedMs])).toEqual([
      ['dns', noTimes.decidedMs],
      ['verify', undefined],
      ['notify', undefined],
    ]);
  });

  test('begins a planned switchover once: the plan is gone', () => {
    const planned = { from: 'one', to: 'two', atMs: 1, latestMs: 2, by: 'eve', reason: '' };
    const register = registerWith({ planned });

    expect(openRun(bare, register, moveWith({ reason: 'planned' }), null)).not.toHaveProperty('planned');
    expect(openRun(bare, register, move, null).planned).toEqual(planned);
  });

  test('leaves out what a person has skipped, with the reason, and the history says so', () => {
    const given = serviceWith({ sites: { one: { fence } }, traffic: { dns: recordsDns } });

    const opened = openRun(given, registerWith(), moveWith({ skipped: { fence: 'it is off' } }), null);

    expect(opened.run?.steps[0]).toMatchObject({ name: 'fence', state: 'skipped', detail: 'it is off' });
    expect(opened.history[0]?.what).toBe('failover one > two (active-down, fence skipped)');
  });

  test.each<[Move['kind'], string]>([
    ['withdraw', 'withdraw one'],
    ['readmit', 'readmit two'],
    ['last-resort', 'last resort, one and all others are down'],
    ['recover', 'recover one > two'],
  ])('is told in a few words (%s)', (kind, words) => {
    expect(describeRun({ kind, from: 'one', to: 'two' })).toBe(words);
  });
});

describe('the pool of a run', () => {
  const pool = poolOf(serviceWith({ traffic: { dns: weightedDns }, sites: { one: { fence } } }));
  const readmit = moveWith({ kind: 'readmit', from: 'one', to: 'two', serving: ['one', 'two'] });

  test('names whom it gives more traffic, and whose clients are still on their way, while they serve', () => {
    const register = registerWith({ epoch: 2, run: runWith({ state: 'done', joining: ['far', 'two'] }) });

    const opened = openRun(pool, register, readmit, situationWith({ service: pool, register }));

    expect(opened.run?.joining).toEqual(['two']);
    expect(openRun(bare, registerWith(), move, null).run).not.toHaveProperty('joining');
  });

  test('has its first site as the active one, whoever is given traffic, and as the writer', () => {
    expect(openRun(pool, registerWith(), readmit, null)).toMatchObject({ active: 'one', writer: 'one' });
  });

  test('keeps its active site while the static endpoint serves', () => {
    const last = moveWith({ kind: 'last-resort', to: 'one', serving: [lastResortName] });

    expect(openRun(pool, registerWith(), last, null).active).toBe('one');
  });

  test('owes no fence for a change of shares, and keeps what it owes', () => {
    const owed = ['far', 'two'].map((site) => ({ site, epoch: 1, proof: 'closed' as const }));
    const withdraw = moveWith({ kind: 'withdraw', from: 'one', to: 'two', serving: ['two'] });
    const register = registerWith({ serving: ['one', 'two'] });

    expect(openRun(pool, register, withdraw, null).owed).toEqual([]);
    expect(openRun(pool, { ...register, owed }, withdraw, null)).toMatchObject({ owed, opening: [] });
  });

  test('has its first site as the writer after a return from the static endpoint, too', () => {
    const recover = moveWith({ kind: 'recover', from: 'far', to: 'far', serving: ['far'] });
    const register = registerWith({ active: 'two', writer: 'two', serving: ['two'] });

    expect(openRun(pool, register, recover, null).writer).toBe('far');
  });
});

test('a site that serves again and was never replaced owes no fence; it is to be opened', () => {
  const owed = ['one', 'far'].map((site) => ({ site, epoch: 2, proof: 'closed' as const }));
  const recover = moveWith({ kind: 'recover', from: 'one', to: 'one', serving: ['one'] });

  const opened = openRun(bare, registerWith({ epoch: 2, owed }), recover, null);

  expect(opened.owed.map(({ site }) => site)).toEqual(['far']);
  expect(opened.opening).toEqual(['one']);
});

test('a static endpoint that serves makes nobody the writer of the data', () => {
  const given = serviceWith({
    data: globalData,
    traffic: { dns: { ...oracleDns, lastResort: { a: ['192.0.2.250'] } } },
  });
  const register = registerWith({ epoch: 2, active: 'two', writer: 'one', serving: ['one'] });
  const toPage = moveWith({
    kind: 'last-resort',
    from: 'two',
    to: 'two',
    serving: [lastResortName],
    reason: 'all-down',
  });

  expect(openRun(given, register, toPage, null)).toMatchObject({ writer: 'one', serving: [lastResortName] });
});

test('a run that is not begun leaves the fence of another site owed, and not that of the site that serves', () => {
  const given = serviceWith({ sites: { one: { fence }, far: { fence } }, traffic: { dns: recordsDns } });
  const before = registerWith({ epoch: 2, owed: [{ site: 'far', epoch: 2, proof: 'closed' }] });
  const opened = openRun(given, before, moveWith({ kind: 'switchover', reason: 'operator' }), null);

  expect(opened.owed.map(({ site }) => site)).toEqual(['one', 'far']);
  expect(notBegun(given, opened, 'not begun', 70).owed.map(({ site }) => site)).toEqual(['far']);
});

describe('who writes while data is promoted', () => {
  const given = serviceWith({ traffic: { dns: recordsDns }, data: globalData });
  const setbacks = ['two', 'far'].map((site) => {
    return { site, epoch: 1, count: 1, step: 'start' as const, detail: '', kind: 'move' as const };
  });
  const register = registerWith({
    promoting: ['far'],
    setbacks,
    owed: [{ site: 'two', epoch: 1, proof: 'closed' }],
  });
  const opened = openRun(given, register, move, null);

  test('is the new site once the data says so, before any client is sent there', () => {
    const promoted = ended(given, opened, ['promote', 'done']);

    expect(promoted).toMatchObject({ writer: 'two', promoting: [], serving: ['one'], owed: [] });
    expect(promoted.setbacks.map(({ site }) => site)).toEqual(['far']);
  });

  test.each(['failed', 'fallback'] as const)('is the old site while the promotion is %s', (state) => {
    expect(ended(given, opened, ['promote', state])).toMatchObject({ writer: 'one', promoting: ['far'] });
  });

  test('is the old site while only something else has been done', () => {
    const fenced = serviceWith({ traffic: { dns: recordsDns }, data: globalData, sites: { one: { fence } } });

    const cutOff = ended(fenced, openRun(fenced, register, move, null), ['fence', 'done']);

    expect(cutOff).toMatchObject({ writer: 'one', promoting: ['far'] });
  });

  test('is, where a person has skipped the promotion, the new site once clients are sent there', () => {
    const skipped = openRun(given, register, moveWith({ skipped: { promote: 'done by hand' } }), null);

    expect(skipped.writer).toBe('one');
    expect(ended(given, skipped, ['dns', 'done']).writer).toBe('two');
  });

  test('is known although the site then fails to start, and that failure is kept', () => {
    const scaled = serviceWith({ traffic: { dns: recordsDns }, data: globalData, sites: { two: warm } });

    const failed = ended(
      scaled,
      openRun(scaled, registerWith(), move, null),
      ['promote', 'done'],
      ['start', 'failed'],
      ['notify', 'done'],
    );

    expect(failed).toMatchObject({ writer: 'two', serving: ['one'], run: { state: 'failed' } });
    expect(failed.setbacks).toMatchObject([{ site: 'two', step: 'start', count: 1 }]);
  });
});

describe('where clients are sent without oracles', () => {
  test('stays as it is where nothing leads to the new site', () => {
    const given = serviceWith({ traffic: { address } });

    expect(openRun(given, registerWith(), moveWith({ to: 'far', serving: ['far'] }), null).serving).toEqual(['one']);
  });

  test('does not change for a step that is left out, before what it would have waited for is there', () => {
    const given = serviceWith({ traffic: { dns: recordsDns }, data: globalData });
    const opened = openRun(given, registerWith(), moveWith({ skipped: { dns: 'by eve' } }), null);

    expect(opened).toMatchObject({ serving: ['one'] });
    expect(ended(given, opened, ['promote', 'done'])).toMatchObject({ serving: ['two'] });
  });

  test('changes once every switch has been thrown', () => {
    const given = serviceWith({
      traffic: { address, edge: { storeArn: 's', key: 'k', originIds: { one: 'a', two: 'b' } } },
    });
    const half = ended(given, openRun(given, registerWith(), move, null), ['address', 'done']);

    expect(half).toMatchObject({ serving: ['one'], run: { times: { shiftedMs: null } } });
    expect(ended(given, half, ['edge', 'done'])).toMatchObject({ serving: ['two'], run: { times: { shiftedMs: 70 } } });
  });
});

describe('the ramp', () => {
  const both = serviceWith({ traffic: { targets, dns: weightedDns } });
  const ramp = { one: 40, two: 60 };
  const shifting = (given: NamedService, more: Partial<Run> = {}, register: Partial<Register> = {}) => {
    const opened = openRun(given, registerWith(), move, null);
    return { ...opened, ramp, ...register, run: { ...(opened.run as Run), ...more } };
  };

  test('with oracles, is kept while a balancer is shifted', () => {
    const given = serviceWith({ traffic: { targets, dns: oracleDns }, sites: { one: { fence } } });

    expect(ended(given, shifting(given), ['fence', 'done']).ramp).toEqual(ramp);
    expect(ended(given, shifting(given), ['fence', 'done'], ['targets', 'done']).ramp).toEqual({});
  });

  test('is kept while one of two switches is still shifted', () => {
    expect(ended(both, shifting(both), ['dns', 'done']).ramp).toEqual(ramp);
    expect(ended(both, shifting(both), ['targets', 'done']).ramp).toEqual(ramp);
  });

  test('is not as it was before where one of two switches was thrown before the start failed', () => {
    const given = serviceWith({ traffic: { targets, dns: weightedDns }, sites: { two: warm } });
    const opened = shifting(poolOf(given), { rampBefore: { one: 30, far: 20 }, kind: 'withdraw' });
    const ends = [
      ['targets', 'done'],
      ['dns', 'turned-back'],
    ] as const;

    expect(ended(given, opened, ...ends, ['start', 'failed']).ramp).not.toEqual({ one: 30, far: 20 });
  });

  test('keeps what had to stay behind at one switch, though another was thrown in full', () => {
    expect(ended(both, shifting(both), ['targets', 'fallback'], ['dns', 'done']).ramp).toEqual(ramp);
  });

  test('of a pool stays as far as the write came that failed; any other is put right in full', () => {
    const ends = [
      ['targets', 'failed'],
      ['dns', 'done'],
    ] as const;

    expect(ended(poolOf(both), shifting(both), ...ends).ramp).toEqual(ramp);
    expect(ended(poolOf(both), shifting(both), ['targets', 'done'], ['dns', 'done']).ramp).toEqual({});
    expect(ended(both, shifting(both), ...ends).ramp).toEqual({});
  });

  test('of a pool whose one record is edited at once is put right in full', () => {
    const given = serviceWith({ traffic: { dns: recordsDns } });

    expect(ended(poolOf(given), shifting(given), ['dns', 'failed']).ramp).toEqual({});
  });

  const before = { rampBefore: { one: 30, far: 20 } };

  test('is as it was before when the shift is turned back', () => {
    const given = serviceWith({ traffic: { targets } });

    expect(ended(given, shifting(given, before), ['targets', 'turned-back'])).toMatchObject({ serving: ['one'] });
    expect(ended(given, shifting(given, before), ['targets', 'turned-back']).ramp).toEqual(before.rampBefore);
  });

  test('is what a return to a pool was turned back to, where the others cannot carry more', () => {
    const given = poolOf(serviceWith({ traffic: { targets } }));
    const opened = { ...shifting(given, { kind: 'readmit', rampBefore: {} }), ramp: { two: 40 } };

    expect(ended(given, opened, ['targets', 'turned-back'])).toMatchObject({ serving: ['one'], ramp: { two: 40 } });
  });

  test('is not as it was before once some of it was shifted, though the site then failed to start', () => {
    const given = poolOf(serviceWith({ traffic: { targets }, sites: { two: warm } }));
    const opened = shifting(given, { ...before, kind: 'withdraw' });

    expect(ended(given, opened, ['targets', 'done'], ['start', 'failed']).ramp).not.toEqual(before.rampBefore);
  });

  test('keeps of other sites what no shift has changed, and nothing of the two that it was about', () => {
    const given = serviceWith({ traffic: { targets } });
    const rampBefore = { one: 30, two: 50, far: 20, left: 10 };
    const opened = shifting(given, { rampBefore }, { ramp: { one: 30, two: 50, far: 20, left: 15 } });

    expect(ended(given, opened, ['targets', 'done']).ramp).toEqual({ far: 20 });
  });
});

describe('times', () => {
  const given = serviceWith({ sites: { one: { fence }, two: warm }, traffic: { address, dns: recordsDns } });
  const opened = openRun(given, registerWith(), move, null);

  test('tell the end of a lease apart from a fence, once', () => {
    const waited = settleStep(given, opened, 'fence', end('fallback'), 70);
    const later = settleStep(given, waited, 'start', end(), 90);

    expect(later.run?.times).toMatchObject({ fencedMs: null, leaseOverMs: 70, startedMs: 90 });
  });

  test('tell no lease of another step that had its fallback', () => {
    const later = ended(given, opened, ['fence', 'done'], ['address', 'fallback']);

    expect(later.run?.times).toMatchObject({ fencedMs: 70, leaseOverMs: null, shiftedMs: null });
  });

  test('tell of each step when it ended', () => {
    const later = settleStep(given, settleStep(given, opened, 'fence', end(), 70), 'start', end(), 90);

    expect(later.run?.steps.map(({ endedMs }) => endedMs).slice(0, 3)).toEqual([70, 90, undefined]);
  });
});

describe('what a run left undone and was found done later', () => {
  const failed = ended(
    bare,
    openRun(bare, registerWith(), move, null),
    ['dns', 'failed'],
    ['verify', 'done'],
    ['notify', 'done'],
  );

  test('is noted in its step, and the run has ended well', () => {
    const mended = settleLater(bare, failed, ['dns'], 90);

    expect(failed.run?.state).toBe('failed');
    expect(mended.run).toMatchObject({ state: 'done', times: { shiftedMs: 70 } });
    expect(mended.run?.steps[0]).toMatchObject({ name: 'dns', state: 'done', detail: 'done later, as drift' });
    expect({ ...mended, run: null }).toEqual({ ...failed, run: null });
  });

  test('tells when the site was verified, if that was late', () => {
    const unseen = {
      ...failed,
      run: { ...(failed.run as Run), steps: [step('verify', [], 'failed')], times: noTimes },
    };

    expect(settleLater(bare, unseen, ['verify'], 90).run?.times.verifiedMs).toBe(90);
  });

  test('changes nothing where there was no run', () => {
    expect(settleLater(bare, registerWith(), ['dns'], 90)).toEqual(registerWith());
  });
});

test('with an unknown site to move to, the watchers stay in the order of the deployment', () => {
  expect(takeoverOrder(service, ['region-3', 'region-1'], 'gone')).toEqual(['region-3', 'region-1']);
});

describe('sites that were left without a promotion', () => {
  const left = (before: Partial<Register>, run: Partial<Move>, given = bare) => {
    const opened = openRun(given, registerWith(before), moveWith(run), null);
    const steps = opened.run?.steps.filter(({ name }) => name !== 'verify' && name !== 'notify') ?? [];
    return steps.reduce((now, { name }) => settleStep(given, now, name, { state: 'done', detail: '' }, 0), opened);
  };

  test('are remembered, with those of before, while the service has no data', () => {
    const once = left({}, { from: 'one', to: 'two', serving: ['two'] });
    expect(once).toMatchObject({ writer: 'two', leftUnpromoted: ['one'] });

    expect(left(once, { from: 'two', to: 'far', serving: ['far'] }).leftUnpromoted).toEqual(['one', 'two']);
    expect(left(once, { from: 'two', to: 'one', serving: ['one'] }).leftUnpromoted).toEqual(['two']);
  });

  test('are fenced by the first move that promotes, and forgotten once it has', () => {
    const data = { kind: 'rds-replica', instances: { one: 'i1', two: 'i2', far: 'i3' } } as NamedService['data'];
    const sites = Object.fromEntries(Object.keys(bare.sites).map((site) => [site, { fence }]));
    const withData = { ...serviceWith({ sites }), data } as NamedService;
    const before = { active: 'two', writer: 'two', serving: ['two'], leftUnpromoted: ['one'] };

    const after = left(before, { from: 'two', to: 'far', serving: ['far'] }, withData);

    expect(after.owed.map(({ site }) => site)).toEqual(['two', 'one']);
    expect(after).toMatchObject({ writer: 'far' });
    expect(after).not.toHaveProperty('leftUnpromoted');
  });
});
