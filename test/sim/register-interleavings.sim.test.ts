import { expect, test } from 'vitest';
import type { AcceptorState } from '../../src/core/register/acceptor.ts';
import { makeBallot, noBallot } from '../../src/core/register/ballot.ts';
import { type ChangeOutcome, changeRegister } from '../../src/core/register/proposer.ts';
import { genesis, type Register } from '../../src/core/register/register.ts';
import type { Routine } from '../../src/core/routine.ts';
import {
  type Effect,
  type End,
  type Exploration,
  explore,
  makeSimTables,
  runAlone,
  type Tables,
} from '../support/interleave.ts';

const regions = ['a', 'b', 'c'];

/** What a register counts up: something within an epoch, or the epoch, which begins on a decided value only. */
type Counter = 'ramp' | 'epoch';

const countOf = (register: Register | null) => (register?.epoch ?? 1) - 1 + (register?.ramp.count ?? 0);

/** Adds one to a counter and says who did; an increment that is in already is not made again. */
function increment(by: string, counter: Counter = 'ramp', isBlind = false): Routine<ChangeOutcome> {
  // Founding took two ballots: the first to promise something new is the third.
  const proposer = { service: 'service', regions, mark: by, floor: makeBallot(2, 'founded') };
  return changeRegister(proposer, (current) => {
    const before = current ?? genesis('site');
    if (!isBlind && before.history.some((entry) => entry.by === by)) return null;
    const epoch = before.epoch + (counter === 'epoch' ? 1 : 0);
    const ramp = counter === 'ramp' ? { count: (before.ramp.count ?? 0) + 1 } : before.ramp;
    return { ...before, epoch, ramp, history: [{ epoch, atMs: 0, by, what: '' }, ...before.history] };
  });
}

const found = (by: string) =>
  changeRegister({ service: 'service', regions, mark: by, floor: noBallot }, (current) => current ?? genesis(by));

function foundedTables(tables = makeSimTables(regions)): Tables {
  runAlone(found('0'), tables);
  return tables;
}

/** The decided value, as a reader who asks every table finds it. */
function readRegister(tables: Tables, mark: string): Register | null {
  const proposer = { service: 'service', regions, mark, floor: noBallot };
  const outcome = runAlone(
    changeRegister(proposer, () => null),
    tables,
  );
  if (outcome.outcome !== 'unchanged') throw new Error(`the register cannot be read: ${outcome.outcome}`);
  return outcome.register;
}

function executeOrder(isSo: boolean, message: string): void {
  if (!isSo) throw new Error(message);
}

const makersOf = (register: Register | null) => (register?.history ?? []).map((entry) => entry.by).reverse();

/** Every increment once, in the order of the count; those that were reported as made are there. */
function checkIncrements(ends: readonly End<ChangeOutcome>[], register: Register | null): void {
  const makers = makersOf(register);
  executeOrder(new Set(makers).size === makers.length, `an increment is doubled: ${makers}`);
  const count = countOf(register);
  executeOrder(count === makers.length, `a count of ${count} after ${makers.length} increments`);
  for (const end of ends) {
    if (end.how !== 'ended' || (end.result.outcome !== 'changed' && end.result.outcome !== 'unchanged')) continue;
    const claimed = makersOf(end.result.register);
    executeOrder(
      claimed.every((by, index) => makers[index] === by),
      `${claimed} was decided, and is now ${makers}`,
    );
  }
}

/** Values that a majority of the first tables has accepted under one ballot. */
function decidedIn(effects: readonly Effect[]): readonly Register[] {
  const votes = new Map<string, { regions: Set<string>; value: Register }>();
  for (const { name, ballot, region, value, reply } of effects) {
    if (name !== 'accept' || value === null || !reply.isGranted || reply.state.incarnation !== `${region}0`) continue;
    const vote = votes.get(ballot) ?? { regions: new Set<string>(), value };
    votes.set(ballot, { ...vote, regions: vote.regions.add(region) });
  }
  return [...votes.values()].filter((vote) => vote.regions.size > 1).map(({ value }) => value);
}

/** Each epoch that is decided comes after the one before it, which was decided, too. */
function checkEpochs(effects: readonly Effect[]): void {
  checkDecided(effects);
  if (effects.at(-1)?.name !== 'accept') return;
  const epochs = new Set(decidedIn(effects).map(({ epoch }) => epoch));
  for (const epoch of epochs) executeOrder(epoch <= 2 || epochs.has(epoch - 1), `epoch ${epoch - 1} was passed over`);
}

/** Whatever a majority of the first tables has accepted under one ballot is a stretch of one single history. */
function checkDecided(effects: readonly Effect[]): void {
  const latest = effects.at(-1);
  if (latest?.name !== 'accept') return;
  const decided = decidedIn(effects).map(makersOf);
  for (const one of decided) {
    for (const other of decided) {
      const shared = Math.min(one.length, other.length);
      executeOrder(
        one.slice(0, shared).join() === other.slice(0, shared).join(),
        `both ${one} and ${other} were decided`,
      );
    }
  }
}

function checkEnd(ends: readonly End<ChangeOutcome>[], tables: Tables, deliverRest: () => void): void {
  const first = readRegister(tables, '8');
  checkIncrements(ends, first);

  deliverRest();
  const second = readRegister(tables, '9');
  checkIncrements(ends, second);
  executeOrder(makersOf(second).join().startsWith(makersOf(first).join()), 'a straggler undid what was decided');
}

function exploration(more: Partial<Exploration<ChangeOutcome>>): Exploration<ChangeOutcome> {
  return {
    regions,
    makeTables: () => foundedTables(),
    routines: [() => increment('1'), () => increment('2')],
    pausesMax: [],
    interleavingsMax: 60_000,
    checkEffects: checkDecided,
    checkEnd,
    ...more,
  };
}

test.each([
  ['nothing is lost', {}, 2_000],
  ['one request is lost', { lostRequests: 1 }, 10_000],
  ['one reply is lost', { lostReplies: 1 }, 10_000],
  ['one proposer crashes', { crashes: 1 }, 10_000],
] as const)(
  'no increment is lost, halved or doubled in any order of calls when %s (2 proposers, 3 tables)',
  (_, faults, atLeast) => {
    const findings = explore(exploration({ faults }));

    expect(findings).toMatchObject({ violation: null, isExhaustive: true });
    expect(findings.interleavings).toBeGreaterThan(atLeast);
  },
);

test('an older value never comes back in any order of calls when a table is lost at any point (2 proposers, 3 tables)', () => {
  const findings = explore(exploration({ faults: { lostTables: 1 } }));

  expect(findings).toMatchObject({ violation: null, isExhaustive: true });
  expect(findings.interleavings).toBeGreaterThan(20_000);
});

test.each([
  ['nothing is lost', {}],
  ['one request is lost', { lostRequests: 1 }],
  ['one proposer crashes', { crashes: 1 }],
] as const)('S2: no epoch is passed over when %s (3 proposers, 3 tables, first 10000 interleavings)', (_, faults) => {
  const routines = ['1', '2', '3'].map((by) => () => increment(by, 'epoch'));

  const findings = explore(
    exploration({ routines, faults, checkEffects: checkEpochs, pausesMax: [1, 1, 1], interleavingsMax: 10_000 }),
  );

  expect(findings).toMatchObject({ violation: null, interleavings: 10_000 });
});

test('an overtaken proposer makes its increment once when it tries again (2 proposers, 3 tables, 1 more round)', () => {
  const findings = explore(exploration({ pausesMax: [1, 0], interleavingsMax: 20_000 }));

  expect(findings.violation).toBeNull();
  expect(findings.interleavings).toBeGreaterThan(5_000);
});

test('three proposers agree on one history (3 tables, first 20000 interleavings)', () => {
  const routines = ['1', '2', '3'].map((by) => () => increment(by));

  const findings = explore(exploration({ routines, interleavingsMax: 20_000 }));

  expect(findings).toMatchObject({ violation: null, interleavings: 20_000 });
});

test('a genesis that stops half way is finished by another in any order of calls (2 founders, 1 crash, 1 more round)', () => {
  const findings = explore(
    exploration({ makeTables: () => makeSimTables(regions), faults: { crashes: 1 }, pausesMax: [1, 0] }),
  );

  expect(findings.violation).toBeNull();
  expect(findings.interleavings).toBeGreaterThan(2_000);
});

test('a change function that does not recognise its own change can make it twice: an accepted value may be overtaken and found again', () => {
  const routines = ['1', '2'].map((by) => () => increment(by, 'ramp', true));

  const findings = explore(exploration({ routines, pausesMax: [1, 1] }));

  expect(findings.violation?.message).toMatch(/^an increment is doubled/);
});

/** Takes a value whatever has been promised to others. */
function breakPromises(tables: Tables): Tables {
  return {
    ...tables,
    accept(region, ballot, value) {
      const reply = tables.accept(region, ballot, value);
      return reply.isGranted ? reply : tables.accept(region, reply.state.promised, value);
    },
  };
}

/** Shows proposers no value but the first that each table has shown. */
function hideAccepted(tables: Tables): Tables {
  const first = new Map<string, Pick<AcceptorState<Register>, 'acceptedBallot' | 'accepted'>>();
  return {
    ...tables,
    prepare(region, ballot) {
      const reply = tables.prepare(region, ballot);
      const { acceptedBallot, accepted } = first.get(region) ?? reply.state;
      first.set(region, { acceptedBallot, accepted });
      return { ...reply, state: { ...reply.state, acceptedBallot, accepted } };
    },
  };
}

test.each([
  ['tables that accept in spite of a promise', () => breakPromises(foundedTables()), {}],
  ['proposers that overlook accepted values', () => hideAccepted(foundedTables()), {}],
  [
    'tables that vote though they forgot',
    () => foundedTables(makeSimTables(regions, (region) => region)),
    { lostTables: 1 },
  ],
] as const)('the properties catch %s', (_, makeTables, faults) => {
  const findings = explore(exploration({ makeTables, faults }));

  expect(findings.violation?.schedule.length).toBeGreaterThan(0);
  expect(findings.violation?.message).toMatch(/decided|doubled|undid|count/);
});
