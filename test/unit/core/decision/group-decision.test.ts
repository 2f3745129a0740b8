import { describe, expect, it, test } from 'vitest';
import type { DecisionInput } from '../../../../src/core/decision/decision-input.ts';
import { decideFollow } from '../../../../src/core/decision/group-decision.ts';
import { groupViewOf, isEligibleForOthers, isUpForOthers } from '../../../../src/core/decision/group-view.ts';
import { decide } from '../../../../src/core/decision/service-decision.ts';
import { groupPart } from '../../../../src/core/model/digest.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { allUp, chain, deploymentOf, type Known, memberWith, sightOf } from '../group.fixture.ts';
import { madeMove, registerWith, runWith, serviceWith, situationWith } from '../service.fixture.ts';

type MoveKind = 'switchover' | 'failover';

const members = { data: memberWith({}), broker: memberWith({}), app: memberWith({}) };
const gone: Register = registerWith({
  epoch: 2,
  active: 'two',
  serving: ['two'],
  run: runWith({ state: 'done' }),
});
const onItsWay: Register = { ...gone, run: runWith({ state: 'running' }) };
const oneDown = { ...allUp, verdicts: { ...allUp.verdicts, one: 'down' } } as const;

/** The situation of a member, with what it knows of the others. */
function member(
  name: string,
  known: Readonly<Record<string, Known>>,
  more: Partial<DecisionInput> = {},
): DecisionInput {
  const service = { ...serviceWith({}), name };
  return situationWith({ service, group: sightOf(name, known), ...more });
}

describe('what a member sees of its group', () => {
  it('is nothing for a service that fails over alone', () => {
    expect(groupViewOf(deploymentOf(members, { data: [], app: [] }), 'broker', () => null)).toBeNull();
  });

  it.each([
    ['data', ['broker', 'app'], []],
    ['broker', ['data', 'app'], ['data']],
    ['app', ['data', 'broker'], ['data', 'broker']],
  ])('of %s: the others in order %j, of which it needs %j', (name, others, needs) => {
    const sight = sightOf(name);

    expect(sight).toMatchObject({ name: 'shop', leader: 'data', needs });
    expect(Object.keys(sight.others)).toEqual(others);
  });

  it('has no register for a member whose tables do not answer, and none for one that nobody knows', () => {
    const unread = sightOf('app', { data: { register: null } });
    const unknown = groupViewOf(deploymentOf(members, chain), 'app', () => null);

    expect(unread.others.data?.register).toBeNull();
    expect(unknown?.others.data).toMatchObject({ register: null, knowledge: { verdicts: {} } });
  });
});

test('a member sees the sites of the others as they are called here, and waits for one that is not configured', () => {
  const renamed = memberWith({ sites: { two: { renamedFrom: 'second' } } });
  const early = { ...gone, active: 'second', serving: ['second'] };
  const pictureOf = (register: Register) => () =>
    ({ register: { kind: 'decided', register }, knowledge: allUp }) as never;
  const group = groupViewOf(deploymentOf({ ...members, data: renamed }, chain), 'broker', pictureOf(early));
  const stranger = sightOf('broker', { data: { register: { ...gone, active: 'fourth', serving: ['fourth'] } } });

  expect(group?.others.data?.register).toMatchObject({ active: 'two', serving: ['two'] });
  expect(decideFollow(member('broker', {}), stranger)).toMatchObject({ kind: 'hold', reason: 'group-waits' });
});

describe('a site for all members', () => {
  it.each<[string, Readonly<Record<string, Known>>, boolean]>([
    ['is up for all', {}, true],
    [
      'is down for another',
      { app: { register: registerWith(), knowledge: { ...allUp, verdicts: { two: 'down' } } } },
      false,
    ],
    ['is in maintenance for another', { app: { register: registerWith({ maintenance: ['two'] }) } }, false],
    [
      'is where another is already, though in maintenance',
      { app: { register: { ...gone, maintenance: ['two'] } } },
      true,
    ],
    ['cannot be judged for another, whose register is not read', { app: { register: null } }, false],
  ])('that %s: %#', (_, known, expected) => {
    expect(isEligibleForOthers(sightOf('data', known), 'two')).toBe(expected);
  });

  it('is anyone for a service that fails over alone', () => {
    expect(isEligibleForOthers(null, 'two')).toBe(true);
  });
});

describe('whether a site that is being left is up again for the other members', () => {
  const seen = (one: 'up' | 'unclear' | 'down') => ({ ...allUp, verdicts: { ...allUp.verdicts, one } });

  test.each<[string, Known, boolean]>([
    ['is up there', { register: registerWith() }, true],
    ['is not known to be up there', { register: registerWith(), knowledge: seen('unclear') }, false],
    ['is down there', { register: registerWith(), knowledge: seen('down') }, false],
    ['is elsewhere', { register: registerWith({ active: 'two' }), knowledge: seen('down') }, true],
    ['is being moved', { register: registerWith({ run: runWith() }), knowledge: seen('down') }, true],
    ['cannot be read', { register: null }, false],
  ])('one of them %s', (_, app, isUp) => {
    expect(isUpForOthers(sightOf('data', { app }), 'one')).toBe(isUp);
  });
});

describe('the first member', () => {
  it('moves when the site is down for a member that is there, though it is up for itself', () => {
    const decision = decide(member('data', { app: { register: registerWith(), knowledge: oneDown } }));

    expect(decision).toMatchObject({ kind: 'move', run: 'failover', from: 'one', to: 'two' });
  });

  it.each<[string, Register]>([
    ['is still on its way there', registerWith({ epoch: 2, run: runWith() })],
    ['is elsewhere', registerWith({ active: 'far', serving: ['far'] })],
  ])('does not move for a member that finds the site down and %s', (_, register) => {
    expect(decide(member('data', { app: { register, knowledge: oneDown } }))).toMatchObject({ reason: 'healthy' });
  });

  it('goes to the first site that every member can use', () => {
    const known = { app: { register: registerWith({ maintenance: ['two'] }) } };

    expect(decide(member('data', known, { knowledge: oneDown }))).toMatchObject({ run: 'failover', to: 'far' });
  });

  it('stays when there is no site that every member can use', () => {
    const known = {
      app: { register: registerWith({ maintenance: ['two'] }) },
      broker: { register: registerWith({ maintenance: ['far'] }) },
    };

    expect(decide(member('data', known, { knowledge: oneDown }))).toMatchObject({ reason: 'no-eligible-site' });
  });

  it('does not fail back before its site is well for every member', () => {
    const service = { ...serviceWith({ failback: { mode: 'automatic' } }), name: 'data' };
    const more = { service, register: gone, stopwatches: { 'up:data:one': 60_000 } };
    const blocked = decide(member('data', { app: { register: gone, knowledge: oneDown } }, more));
    const free = decide(member('data', { app: { register: gone } }, more));

    expect([blocked, free]).toMatchObject([{ reason: 'healthy' }, { run: 'failback', to: 'one' }]);
  });
});

describe('a member that follows', () => {
  it('stays where the first is, though the site is down for itself: the first decides', () => {
    expect(decide(member('app', {}, { knowledge: oneDown }))).toMatchObject({ kind: 'hold', reason: 'healthy' });
  });

  it('does nothing while it cannot read where the first is', () => {
    expect(decide(member('app', { data: { register: null } }))).toMatchObject({
      kind: 'abstain',
      reason: 'group-waits',
    });
  });

  it.each<[string, Readonly<Record<string, Known>>, string]>([
    ['the first is on its way', { data: { register: onItsWay }, broker: { register: gone } }, 'data'],
    ['one that it needs has not gone', { data: { register: gone } }, 'broker'],
    ['one that it needs is on its way', { data: { register: gone }, broker: { register: onItsWay } }, 'broker'],
    [
      'the traffic of one that it needs has not followed',
      { data: { register: gone }, broker: { register: { ...gone, serving: ['one'] } } },
      'broker',
    ],
    ['one that it needs cannot be read', { data: { register: gone }, broker: { register: null } }, 'broker'],
  ])('waits while %s', (_, known, who) => {
    expect(decide(member('app', known))).toEqual({
      kind: 'hold',
      reason: 'group-waits',
      detail: `${who} must be at two first`,
    });
  });

  it('goes where the first has gone once all that it needs are there', () => {
    expect(decide(member('app', { data: { register: gone }, broker: { register: gone } }))).toMatchObject({
      kind: 'move',
      run: 'follow',
      from: 'one',
      to: 'two',
      serving: ['two'],
    });
  });

  it('does not wait for those that it does not need', () => {
    expect(decide(member('broker', { data: { register: gone } }))).toMatchObject({ run: 'follow', to: 'two' });
  });

  it.each([
    ['failover', 'group-failover'],
    ['switchover', 'group-planned'],
    ['failback', 'group-planned'],
  ] as const)('after a %s of the first goes for reason %s', (kind, reason) => {
    const data = { register: { ...gone, run: runWith({ kind, state: 'done' }) } };

    expect(decide(member('broker', { data }))).toMatchObject({ run: 'follow', reason });
  });

  it('goes whatever its own block, limit and verdicts say, but not while it is paused', () => {
    const known = { data: { register: gone } };
    const held = { epoch: 4, moves: [2, 3, 4].map((epoch) => madeMove(epoch)) };
    const free = decide(member('broker', known, { register: registerWith(held) }));
    const paused = decide(
      member('broker', known, { register: registerWith({ ...held, pause: { by: 'eve', reason: 'drill' } }) }),
    );

    expect([free, paused]).toMatchObject([{ run: 'follow' }, { kind: 'hold', reason: 'paused' }]);
  });

  it('does not go to a site that was put in maintenance for it after the first had gone there', () => {
    const known = { data: { register: gone } };
    const decision = decide(member('broker', known, { register: registerWith({ maintenance: ['two'] }) }));

    expect(decision).toMatchObject({ kind: 'hold', reason: 'group-waits', detail: 'two is in maintenance' });
  });

  it.each<[string, Partial<Register>, string]>([
    [
      'was turned back, and still serves elsewhere',
      { serving: ['one'], run: runWith({ state: 'failed' }) },
      'turned-back',
    ],
    ['is on its way there', { serving: ['one'], run: runWith({ state: 'done' }) }, 'healthy'],
    ['has arrived, though a step has failed', { serving: ['two'], run: runWith({ state: 'failed' }) }, 'healthy'],
    ['never moved', { serving: ['two'], run: null }, 'healthy'],
  ])('that %s is called so', (_, more, reason) => {
    const group = sightOf('broker', { data: { register: gone } });
    const register = registerWith({ epoch: 2, active: 'two', ...more });

    expect(decideFollow(situationWith({ register, group }), group)).toMatchObject({ kind: 'hold', reason });
  });

  it('is told which of its own facts speak against the site, when a person did not waive them', () => {
    const known = { data: { register: gone } };
    const unready = { ...allUp, reports: { two: { ready: false } } };

    expect(decide(member('broker', known, { knowledge: unready }))).toMatchObject({
      kind: 'hold',
      reason: 'group-apart',
      detail: 'broker serves at one and cannot follow: two, where data is, is refused (not-ready)',
    });
  });

  it('that is refused while its own site is down has no site to go to', () => {
    const known = { data: { register: gone } };
    const knowledge = { verdicts: { ...allUp.verdicts, one: 'down' }, reports: { two: { ready: false } } } as const;

    expect(decide(member('broker', known, { knowledge: { ...allUp, ...knowledge } }))).toMatchObject({
      kind: 'hold',
      reason: 'no-eligible-site',
      detail: 'two, where data is, is refused (not-ready)',
    });
  });

  it.each<[string, MoveKind, 'move' | 'hold']>([
    ['as planned', 'switchover', 'hold'],
    ['because of a fault', 'failover', 'move'],
  ])('%s, while watchers mean another group: %s', (_, kind, expected) => {
    const data = { register: { ...gone, run: runWith({ kind, state: 'done' }) } };
    const disputes = [{ site: groupPart, regions: ['us-east-1'] }];
    const decision = decide(member('broker', { data }, { disputes }));

    expect(decision.kind).toBe(expected);
    if (expected === 'hold')
      expect(decision).toMatchObject({
        reason: 'configurations-differ',
        detail: 'the group is configured differently in us-east-1',
      });
  });

  it.each<[string, Partial<Parameters<typeof runWith>[0]>, boolean]>([
    ['a person has moved the first', { reason: 'operator' }, true],
    ['the first has moved by itself', { reason: 'active-down' }, false],
    ['the move of a person is no longer the newest', { reason: 'operator', epoch: 1 }, false],
  ])('goes where the site does not look up to it when %s', (_, run, isWaived) => {
    const known = { data: { register: { ...gone, run: runWith({ ...run, state: 'done' }) } } };
    const unclear = { ...allUp, verdicts: { ...allUp.verdicts, two: 'unclear' } } as const;

    expect(decide(member('broker', known, { knowledge: unclear })).kind).toBe(isWaived ? 'move' : 'hold');
  });

  it.each([true, false])('may lose data as the first one might: %s', (isDataLossAllowed) => {
    const run = runWith({ state: 'done', isDataLossAllowed });

    expect(decide(member('broker', { data: { register: { ...gone, run } } }))).toMatchObject({ isDataLossAllowed });
  });
});

describe('a member that cannot follow', () => {
  const refused = { site: 'two', epoch: 2, count: 3, step: 'promote', detail: 'veto', kind: 'move' } as const;
  const left = registerWith({ epoch: 3, setbacks: [refused] });
  const ahead = registerWith({ epoch: 2, active: 'two', writer: 'two', serving: ['two'] });
  const long = { 'up:shop:one': 60_000, 'up:shop:two': 9_000_000, 'setback:shop:two:2.3': 9_000_000 };

  test.each([
    ['is left alone once it has failed for good, for each try cuts it off', long, 'group-apart'],
    ['is tried again once something there has changed', { ...long, 'up:shop:two': 1_000 }, 'group-planned'],
    ['rests before', { 'setback:shop:two:2.3': 1_000 }, 'group-waits'],
  ])('%s', (_, stopwatches, reason) => {
    const group = sightOf('broker', { data: { register: ahead } });

    expect(decideFollow(situationWith({ register: left, group, stopwatches }), group).reason).toBe(reason);
  });

  const well = { 'up:data:one': 60_000 };
  const apart = (more: Partial<DecisionInput> = {}) =>
    situationWith({
      service: { ...serviceWith({}), name: 'data' },
      register: ahead,
      stopwatches: well,
      group: sightOf('data', { broker: { register: left } }),
      ...more,
    });

  test('is met by the first one where all can be, whatever block period runs', () => {
    const register = { ...ahead, moves: [madeMove(2, { from: 'one', to: 'two' })] };

    expect(decide(apart({ register }))).toMatchObject({
      kind: 'move',
      run: 'failback',
      from: 'two',
      to: 'one',
      reason: 'group-apart',
    });
  });

  test('is met by the first one at the next best site where that one is not well', () => {
    const verdicts = { ...allUp.verdicts, one: 'down' } as const;
    const stopwatches = { ...well, 'up:data:far': 60_000 };

    expect(decide(apart({ knowledge: { ...allUp, verdicts }, stopwatches }))).toMatchObject({
      run: 'failback',
      to: 'far',
    });
  });

  test('is met at its own site before a better one', () => {
    const service = { ...serviceWith({ sites: { one: { priority: 10 } } }), name: 'data' };
    const stopwatches = { ...well, 'up:data:far': 60_000 };

    expect(decide(apart({ service, stopwatches }))).toMatchObject({ reason: 'group-apart', to: 'one' });
  });

  test('is left alone for good only by a setback, however long it has been up', () => {
    const group = sightOf('broker', { data: { register: ahead } });
    const once = registerWith({ epoch: 3, setbacks: [{ ...refused, count: 1 }] });

    const stopwatches = { ...long, 'setback:shop:two:2.1': 9_000_000 };

    expect(decideFollow(situationWith({ register: once, group, stopwatches }), group).kind).toBe('move');
  });

  const elsewhere = (more: Partial<Register>) => sightOf('data', { broker: { register: { ...left, ...more } } });

  test.each<[string, DecisionInput]>([
    ['while it is on its way again', apart({ group: elsewhere({ run: runWith({ epoch: 3 }) }) })],
    ['when it has arrived after all', apart({ group: elsewhere({ active: 'two', serving: ['two'] }) })],
    [
      'while another register cannot be read',
      apart({ group: sightOf('data', { broker: { register: left }, app: { register: null } }) }),
    ],
    [
      'at a site that another member failed to reach, too',
      apart({
        group: sightOf('data', {
          broker: { register: left },
          app: { register: registerWith({ setbacks: [{ ...refused, site: 'one', count: 1 }] }) },
        }),
      }),
    ],
    [
      'by one that is not the first',
      apart({
        service: { ...serviceWith({}), name: 'broker' },
        stopwatches: { 'up:broker:one': 60_000 },
        group: sightOf('broker', { data: { register: ahead }, app: { register: left } }),
      }),
    ],
    [
      'while it may still follow',
      apart({
        group: sightOf('data', {
          broker: { register: registerWith({ epoch: 3, setbacks: [{ ...refused, count: 2 }] }) },
        }),
      }),
    ],
    ['before the site has been well for long', apart({ stopwatches: { ...well, 'up:data:one': 59_999 } })],
    ['while the site is lost', apart({ register: { ...ahead, lost: ['one'] } })],
    ['while paused', apart({ register: { ...ahead, pause: { by: 'eve', reason: 'drill' } } })],
    [
      'once the failbacks of the day are used up',
      apart({
        register: {
          ...ahead,
          moves: [2, 3].map((epoch) => madeMove(epoch, { kind: 'failback', isAcknowledged: true })),
        },
      }),
    ],
    [
      'when nobody is left behind',
      apart({ group: sightOf('data', { broker: { register: ahead }, app: { register: ahead } }) }),
    ],
  ])('is not met %s', (_, input) => {
    expect(decide(input).kind).toBe('hold');
  });
});

describe('a member that is elsewhere and for which the site of the first one is refused', () => {
  const ahead = registerWith({ active: 'one' });
  const elsewhere = registerWith({ epoch: 3, active: 'two', writer: 'two', serving: ['two'] });
  const settled = { 'up:data:two': 60_000, 'epoch:data:1': 90_000, 'epoch:broker:3': 90_000 };
  const apart = (known: Partial<Known>, more: Partial<DecisionInput> = {}) =>
    situationWith({
      service: { ...serviceWith({}), name: 'data' },
      register: ahead,
      stopwatches: settled,
      group: sightOf('data', { broker: { register: elsewhere, knowledge: oneDown, ...known } }),
      ...more,
    });

  test('is met by the first one where all can be', () => {
    expect(decide(apart({}))).toMatchObject({
      kind: 'move',
      run: 'failback',
      from: 'one',
      to: 'two',
      reason: 'group-apart',
    });
  });

  const pausedApp = { register: registerWith({ pause: { by: 'eve', reason: 'drill' } }) };

  test('is met elsewhere where its own site is down for it', () => {
    const knowledge = { ...allUp, verdicts: { one: 'down', two: 'down', far: 'up' } } as const;
    const stopwatches = { ...settled, 'up:data:far': 60_000 };

    expect(decide(apart({ knowledge }, { stopwatches }))).toMatchObject({ reason: 'group-apart', to: 'far' });
  });

  test.each<[string, DecisionInput]>([
    ['where it is not refused', apart({ knowledge: allUp })],
    ['for its maintenance', apart({ register: { ...elsewhere, maintenance: ['one'] } })],
    ['while it is paused', apart({ register: { ...elsewhere, pause: { by: 'eve', reason: 'drill' } } })],
    [
      'while a third one is paused, which would stay behind',
      apart({}, { group: sightOf('data', { broker: { register: elsewhere, knowledge: oneDown }, app: pausedApp }) }),
    ],
    [
      'where a person has moved the first one',
      apart({}, { register: { ...ahead, run: runWith({ epoch: ahead.epoch, state: 'done', reason: 'operator' }) } }),
    ],
    ['while it is on its way', apart({ register: { ...elsewhere, run: runWith({ epoch: 3 }) } })],
    ['soon after the first one has moved', apart({}, { stopwatches: { ...settled, 'epoch:data:1': 89_999 } })],
    ['soon after it has moved itself', apart({}, { stopwatches: { ...settled, 'epoch:broker:3': 89_999 } })],
    ['before the site has been well for long', apart({}, { stopwatches: { ...settled, 'up:data:two': 59_999 } })],
    ['where it is down itself', apart({ knowledge: { ...allUp, verdicts: { one: 'down', two: 'down', far: 'up' } } })],
    ['while watchers mean another group', apart({}, { disputes: [{ site: groupPart, regions: ['us-east-1'] }] })],
  ])('is not met %s', (_, input) => {
    expect(decide(input).kind).toBe('hold');
  });
});
