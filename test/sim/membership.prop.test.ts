import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Calls } from '../../src/core/calls.ts';
import { makeMark, noBallot } from '../../src/core/register/ballot.ts';
import { applied } from '../../src/core/register/membership.ts';
import { type ChangeOutcome, changeRegister, type Proposer } from '../../src/core/register/proposer.ts';
import { genesis, type Register } from '../../src/core/register/register.ts';
import { changeVoters } from '../../src/core/register/voter-change.ts';
import { pause, type Routine } from '../../src/core/routine.ts';
import { Process, type Reach } from '../../src/sim/process.ts';
import { seededRandom } from '../../src/sim/random.ts';
import { Scheduler } from '../../src/sim/scheduler.ts';
import { type Decided, Decisions } from '../../src/sim/world/decisions.ts';
import { SimStateTables } from '../../src/sim/world/state-tables.ts';

const service = 'service';
/** Longest that one way of a call takes, and share of calls whose request or answer is lost. */
const wayMsMax = 60;
const lostShare = 0.05;
const callMs = 1_000;
/** Far longer than any of these changes takes. */
const runMs = 1_800_000;

/** Tables, calls that take as long as they like and get lost, and what was truly decided. */
class Place {
  readonly scheduler = new Scheduler();
  readonly tables: SimStateTables;
  readonly decided: Decided[] = [];
  isLossy = true;
  readonly #decisions = new Decisions((decided) => this.decided.push(decided));
  readonly #seed: number;
  #serial = 0;

  /** @param mistake - what becomes of a value on its way to the tables */
  constructor(
    regions: readonly string[],
    seed: number,
    readonly mistake: (value: Register) => Register = (value) => value,
  ) {
    let marks = 0;
    this.#seed = seed;
    this.tables = new SimStateTables(regions, () => `mark${marks++}`);
  }

  start<T>(place: string, routine: Routine<T>, onEnd: (result: T) => void = () => {}): void {
    this.#serial += 1;
    const random = seededRandom(this.#seed, `process ${this.#serial}`);
    const machine = { scheduler: this.scheduler, reach: this.#reach(random), random, skewMs: () => 0 };
    new Process({ role: 'watcher', place, serial: this.#serial, watcher: null }, machine).start(routine, onEnd);
  }

  /** Until nothing is under way any more. */
  run(): void {
    this.scheduler.runUntil(this.scheduler.nowMs + runMs);
  }

  #reach(random: () => number): Reach {
    return (_process, name, input, reply) => {
      if (name !== 'prepare' && name !== 'accept') throw new Error(`no ${name} here`);
      const asked = input as Calls['accept']['input'];
      const { region, ballot } = asked;
      const value = name === 'accept' ? this.mistake(asked.value) : genesis('');
      const giveUp = () => reply({ ok: false, fault: { kind: 'timeout', detail: '' } });
      const isLost = () => this.isLossy && random() < lostShare;
      if (isLost()) {
        this.scheduler.after(callMs, giveUp);
        return;
      }
      this.scheduler.after(1 + Math.floor(random() * wayMsMax), () => {
        const answer =
          name === 'prepare'
            ? this.tables.prepare(region, service, ballot)
            : this.tables.accept(region, service, ballot, value);
        if (name === 'accept' && answer.isGranted)
          this.#decisions.note({ region, incarnation: answer.state.incarnation, service, ballot, register: value });
        if (isLost()) this.scheduler.after(callMs, giveUp);
        else
          this.scheduler.after(1 + Math.floor(random() * wayMsMax), () => reply({ ok: true, value: answer as never }));
      });
    };
  }
}

function proposer(region: string, regions: readonly string[], mark: string): Proposer {
  return { service, regions, mark: makeMark(region, mark, 1), voter: region, floor: noBallot };
}

const makersOf = (register: Register | null) => (register?.history ?? []).map(({ by }) => by).reverse();

/** Adds one to the epoch and says who did, once. */
function increment(by: string): (current: Register | null) => Register | null {
  return (current) => {
    if (current === null || current.history.some((entry) => entry.by === by)) return null;
    const epoch = current.epoch + 1;
    return { ...current, epoch, history: [{ epoch, atMs: 0, by, what: '' }, ...current.history] };
  };
}

/** A region of one configuration: increments now and then, and pulls the list towards its own regions meanwhile. */
function* caller(region: string, regions: readonly string[], name: string, ends: ChangeOutcome[]): Routine<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    yield* changeVoters(proposer(region, regions, `${name}l${turn}`), regions, () => true);
    yield* pause(100);
    ends.push(yield* changeRegister(proposer(region, regions, `${name}i${turn}`), increment(`${name}.${turn}`)));
  }
}

/** Each list follows from the one before it by a step that was decided, and each history from the one before it. */
function checkDecided(decided: readonly Decided[]): void {
  const inOrder = [...decided].sort((one, other) => (one.ballot < other.ballot ? -1 : 1));
  for (const [index, { register }] of inOrder.entries()) {
    const before = inOrder[index - 1]?.register;
    if (before === undefined) continue;
    expect(makersOf(register).slice(0, makersOf(before).length)).toEqual(makersOf(before));
    if (before.stage !== 'founded') continue;
    const named = before.voterChange === null ? [] : [applied(before.voters, before.voterChange)];
    expect([before.voters, ...named]).toContainEqual(register.voters);
  }
}

const three = ['a', 'b', 'c'];
const five = ['a', 'b', 'c', 'd', 'e'];

test.each([
  { what: 'grow from three to five', before: three, after: five },
  { what: 'shrink from five to three', before: five, after: three },
  { what: 'are replaced, one of three', before: three, after: ['a', 'b', 'd'] },
  { what: 'are replaced, two of five', before: five, after: ['a', 'b', 'c', 'f', 'g'] },
  { what: 'are put into another order', before: three, after: ['c', 'a', 'b'] },
])('S15: voters $what, beside callers of the old configuration: one history, one step of the list at a time', (row) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => changeSideBySide(row, seed)),
    { numRuns: 25 },
  );
});

test.each<[string, (value: Register) => Register]>([
  [
    'two voters leave at once',
    (value) => (value.voters.length === 4 ? { ...value, voters: value.voters.slice(1), voterChange: null } : value),
  ],
  [
    'a change is in force with its naming',
    (value) =>
      value.voterChange === null
        ? value
        : { ...value, voters: applied(value.voters, value.voterChange), voterChange: null },
  ],
])('the property catches a mistake: %s', (_, mistake) => {
  expect(() => changeSideBySide({ before: five, after: three }, 1, mistake)).toThrow();
});

/** Callers of two configurations change the register and its voters, and then those of the new one end it. */
function changeSideBySide(
  { before, after }: { readonly before: readonly string[]; readonly after: readonly string[] },
  seed: number,
  mistake?: (value: Register) => Register,
): void {
  const place = new Place([...new Set([...before, ...after])], seed, mistake);
  const ends: ChangeOutcome[] = [];
  place.isLossy = false;
  const [first = ''] = before;
  place.start(
    first,
    changeRegister(proposer(first, before, 'found'), (current) => current ?? genesis('site')),
  );
  place.run();

  place.isLossy = true;
  for (const region of before) place.start(region, caller(region, before, `old-${region}`, ends));
  for (const region of after) place.start(region, caller(region, after, `new-${region}`, ends));
  place.run();
  place.isLossy = false;
  // Whoever has a vote and the new configuration brings it to an end, once nobody pulls back any more.
  for (const region of [...after, ...after]) {
    place.start(
      region,
      changeVoters(proposer(region, after, `end${place.decided.length}`), after, () => true),
    );
    place.run();
  }

  checkDecided(place.decided);
  const last = [...place.decided].sort((one, other) => (one.ballot < other.ballot ? -1 : 1)).at(-1)?.register;
  const reported = ends.flatMap((end) => (end.outcome === 'changed' ? [makersOf(end.register)] : []));
  for (const makers of reported) expect(makersOf(last ?? null).slice(0, makers.length)).toEqual(makers);
  expect(last?.voters.map(({ region }) => region)).toEqual([...after].sort());
}
