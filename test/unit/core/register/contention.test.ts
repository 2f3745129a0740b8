import { expect, test } from 'vitest';
import { type Ballot, makeMark, noBallot } from '../../../../src/core/register/ballot.ts';
import { type ChangeOutcome, changeRegister } from '../../../../src/core/register/proposer.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';
import { type Request, type Routine, unfinished } from '../../../../src/core/routine.ts';
import { seededRandom } from '../../../../src/sim/random.ts';
import { SimStateTables } from '../../../../src/sim/world/state-tables.ts';

const regions = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1', 'eu-central-1'];

/** Rounds that a change needs at most when all contend without a break, by contenders; 16 are allowed. */
const roundsSeenMax: Readonly<Record<number, number>> = { 3: 9, 5: 13 };

/** Tables apart, on a clock of their own: a call takes `farMs` there and back, with a fifth of jitter. */
class Apart {
  readonly tables: SimStateTables;
  readonly rounds = new Map<string, Set<Ballot>>();
  readonly #queue: { atMs: number; act: () => void }[] = [];
  readonly #random: () => number;
  readonly #farMs: number;
  #nowMs = 0;

  constructor(seed: number, voters: readonly string[], farMs: number) {
    let marks = 0;
    this.tables = new SimStateTables(voters, () => `mark-${++marks}`);
    this.#random = seededRandom(seed, 'contention');
    this.#farMs = farMs;
  }

  after(ms: number, act: () => void): void {
    this.#queue.push({ atMs: this.#nowMs + ms, act });
  }

  run(): void {
    for (let steps = 0; this.#queue.length > 0 && steps < 500_000; steps += 1) {
      this.#queue.sort((a, b) => a.atMs - b.atMs);
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#nowMs = next.atMs;
      next.act();
    }
  }

  start<T>(routine: Routine<T>, from: string, onEnd: (result: T) => void, answer?: unknown): void {
    let next = routine.next(answer);
    while (!next.done) {
      const request: Request = next.value;
      const resume = (result: unknown) => this.start(routine, from, onEnd, result);
      if (request.kind === 'pause') this.after(request.ms, () => resume(undefined));
      if (request.kind === 'call') this.#call(request.input as CallInput, from, resume);
      if (request.kind === 'fork') this.#fork(request, from, resume);
      if (request.kind !== 'time' && request.kind !== 'random') return;
      next = routine.next(request.kind === 'time' ? { wallMs: this.#nowMs, monotonicMs: this.#nowMs } : this.#random());
    }
    onEnd(next.value);
  }

  #call({ region, service, ballot, value }: CallInput, from: string, resume: (answer: unknown) => void): void {
    const wayMs = ((region === from ? 2 : this.#farMs) / 2) * (0.9 + 0.2 * this.#random());
    const mark = ballot.slice(13);
    this.rounds.set(mark, (this.rounds.get(mark) ?? new Set()).add(ballot));
    this.after(wayMs, () => {
      const { tables } = this;
      const reply = value ? tables.accept(region, service, ballot, value) : tables.prepare(region, service, ballot);
      this.after(wayMs, () => resume({ ok: true, value: reply }));
    });
  }

  #fork(request: Request & { kind: 'fork' }, from: string, resume: (results: unknown) => void): void {
    const results: unknown[] = request.routines.map(() => unfinished);
    let isOver = false;
    for (const [index, child] of request.routines.entries()) {
      this.start(child, from, (result) => {
        if (isOver) return;
        results[index] = result;
        isOver = !results.includes(unfinished) || request.isEnough(results);
        if (isOver) resume([...results]);
      });
    }
  }
}

interface CallInput {
  readonly region: string;
  readonly service: string;
  readonly ballot: Ballot;
  readonly value?: Register;
}

function contend(seed: number, contenders: number, farMs: number, changes: number) {
  const voters = regions.slice(0, contenders);
  const world = new Apart(seed, voters, farMs);
  const outcomes: ChangeOutcome['outcome'][] = [];
  const increment = (current: Register | null) =>
    current === null ? genesis('virginia') : { ...current, epoch: current.epoch + 1 };
  const change = (region: string, count: number, left: number): void => {
    const proposer = { service: 'web', regions: voters, mark: makeMark(region, 'p', count), floor: noBallot };
    world.start(changeRegister(proposer, increment), region, ({ outcome }) => {
      outcomes.push(outcome);
      if (left > 1) change(region, count + 1, left - 1);
    });
  };
  change('us-east-1', 0, 1);
  world.run();
  for (const [index, region] of voters.entries()) world.after(index * 7, () => change(region, 1, changes));
  world.run();
  return { outcomes, roundsMax: Math.max(...[...world.rounds.values()].map((ballots) => ballots.size)) };
}

test.each([
  [3, 80],
  [3, 250],
  [5, 80],
  [5, 250],
])(
  'contention ends by turns, in %i contenders %i ms apart that never pause (20 seeds, 12 changes each)',
  (contenders, farMs) => {
    const runs = Array.from({ length: 20 }, (_, seed) => contend(seed + 1, contenders, farMs, 12));

    expect(new Set(runs.flatMap(({ outcomes }) => outcomes))).toEqual(new Set(['changed']));
    expect(runs.map(({ outcomes }) => outcomes.length)).toEqual(runs.map(() => 1 + contenders * 12));
    expect(Math.max(...runs.map(({ roundsMax }) => roundsMax))).toBeLessThanOrEqual(roundsSeenMax[contenders] ?? 0);
  },
  120_000,
);
