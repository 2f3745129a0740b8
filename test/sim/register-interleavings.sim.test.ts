import { expect, test } from 'vitest';
import { noBallot } from '../../src/core/register/ballot.ts';
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

/** Adds one to the epoch and says who did; an increment that is in already is not made again. */
function increment(by: string, isBlind = false): Routine<ChangeOutcome> {
  const proposer = { service: 'service', regions, mark: by, floor: noBallot };
  return changeRegister(proposer, (current) => {
    const before = current ?? genesis('site');
    if (!isBlind && before.history.some((entry) => entry.by === by)) return null;
    const epoch = before.epoch + 1;
    return { ...before, epoch, history: [{ epoch, atMs: 0, by, what: '' }, ...before.history] };
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

function insist(isSo: boolean, message: string): void {
  if (!isSo) throw new Error(message);
}

const makersOf = (register: Register | null) => (register?.history ?? []).map((entry) => entry.by).reverse();

/** Every increment once, in the order of its epoch; those that were reported as made are there. */
function checkIncrements(ends: readonly End<ChangeOutcome>[], register: Register | null): void {
  const makers = makersOf(register);
  insist(new Set(makers).size === makers.length, `an increment is doubled: ${makers}`);
  insist((register?.epoch ?? 0) === 1 + makers.length, `epoch ${register?.epoch} after ${makers.length} increments`);
  for (const end of ends) {
    if (end.how !== 'ended' || (end.result.outcome !== 'changed' && end.result.outcome !== 'unchanged')) continue;
    const claimed = makersOf(end.result.register);
    insist(claimed.every((by, index) => makers[index] === by), `${claimed} was decided, and is now ${makers}`);
  }
}

/** Whatever a majority of the first tables has accepted under one ballot is a stretch of one single history. */
function checkDecided(effects: readonly Effect[]): void {
  const latest = effects.at(-1);
  if (latest?.name !== 'accept') return;
  const votes = new Map<string, { regions: Set<string>; value: Register }>();
  for (const { name, ballot, region, value, reply } of effects) {
    if (name !== 'accept' || value === null || !reply.isGranted || reply.state.incarnation !== `${region}0`) continue;
    const vote = votes.get(ballot) ?? { regions: new Set<string>(), value };
    votes.set(ballot, { ...vote, regions: vote.regions.add(region) });
  }
  const decided = [...votes.values()].filter((vote) => vote.regions.size > 1).map(({ value }) => makersOf(value));
  for (const one of decided) {
    for (const other of decided) {
      const shared = Math.min(one.length, other.length);
      insist(one.slice(0, shared).join() === other.slice(0, shared).join(), `both ${one} and ${other} were decided`);
    }
  }
}

function checkEnd(ends: readonly End<ChangeOutcome>[], tables: Tables, deliverRest: () => void): void {
  const first = readRegister(tables, '8');
  checkIncrements(ends, first);

  deliverRest();
  const second = readRegister(tables, '9');
  checkIncrements(ends, second);
  insist(makersOf(second).join().startsWith(makersOf(first).join()), 'a straggler undid what was decided');
}

function exploration(more: Partial<Exploration<ChangeOutcome>>): Exploration<ChangeOutcome> {
  return {
    regions,
    makeTables: () => foundedTables(),
    routines: [() => increment('1'), () => increment('2')],
    pausesMax: 1,
    interleavingsMax: 60_000,
    checkEffects: checkDecided,
    checkEnd,
    ...more,
  };
}
for (const [name, more] of Object.entries({
  plain0: {pausesMax: 0, interleavingsMax: 400000},
  plain: {interleavingsMax: 400000},
}) as [string, Partial<Exploration<ChangeOutcome>>][]) {
test(name, () => {
  const t = Date.now();
  const f = explore(exploration(more));
  console.log(name, JSON.stringify(f), Date.now() - t);
  expect(1).toBe(1);
}, 100000);
}
