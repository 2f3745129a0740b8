import { expect, test } from 'vitest';
import {
  all,
  call,
  inParallel,
  pause,
  type Routine,
  random,
  readTime,
  spawn,
  unfinished,
} from '../../../src/core/routine.ts';
import { Process } from '../../../src/sim/process.ts';
import { seededRandom } from '../../../src/sim/random.ts';
import { Scheduler } from '../../../src/sim/scheduler.ts';

/** A machine whose calls are answered after as many milliseconds as the name asked for has letters. */
function makeMachine(seed = 1, skewMs = 0) {
  const scheduler = new Scheduler();
  const asked: string[] = [];
  const process = new Process(
    { role: 'watcher', place: 'region-1', serial: 1, watcher: 'region-1' },
    {
      scheduler,
      random: seededRandom(seed),
      skewMs: () => skewMs,
      reach: (_, _name, input, reply) => {
        const { name } = input as { name: string };
        asked.push(name);
        scheduler.after(name.length, () => reply({ ok: true, value: { addresses: [name] } } as never));
      },
    },
  );
  return { scheduler, process, asked };
}

const ask = (name: string) => call('resolve', { name });

test('pauses take virtual time, rounded up to whole milliseconds', () => {
  const { scheduler, process } = makeMachine();
  const ended: number[] = [];

  process.start(pause(10), () => ended.push(scheduler.nowMs));
  process.start(pause(2.1), () => ended.push(scheduler.nowMs));
  scheduler.runUntil(100);

  expect(ended).toEqual([3, 10]);
});

test('the wall clock is skewed, the monotonic clock only offset (skewMs=-500)', () => {
  const { scheduler, process } = makeMachine(1, -500);
  function* read(): Routine<readonly [number, number]> {
    const before = yield* readTime();
    yield* pause(40);
    const after = yield* readTime();
    return [after.wallMs, after.monotonicMs - before.monotonicMs];
  }
  let seen: unknown;

  process.start(read(), (result) => {
    seen = result;
  });
  scheduler.runUntil(100);

  expect(seen).toEqual([-460, 40]);
});

test('a killed process resumes nothing, not even what was answered before', () => {
  const { scheduler, process, asked } = makeMachine();
  let hasEnded = false;
  function* two(): Routine<void> {
    yield* ask('first');
    yield* ask('second');
  }

  process.start(two(), () => {
    hasEnded = true;
  });
  scheduler.runUntil(2);
  process.kill();
  scheduler.runUntil(100);

  expect(asked).toEqual(['first']);
  expect([hasEnded, process.isAlive]).toEqual([false, false]);
});

test('a killed process starts nothing', () => {
  const { process, asked } = makeMachine();
  process.kill();

  process.start(ask('late'));

  expect(asked).toEqual([]);
});

test('a frozen process resumes nothing until it thaws, and then all that came, at once and in order', () => {
  const { scheduler, process } = makeMachine();
  const ended: [string, number][] = [];
  for (const name of ['bb', 'a', 'cccccccccc']) {
    process.start(ask(name), () => ended.push([name, scheduler.nowMs]));
  }

  process.freeze();
  scheduler.runUntil(5);
  const whileFrozen = [...ended];
  process.thaw();
  scheduler.runUntil(100);

  expect(whileFrozen).toEqual([]);
  expect(ended).toEqual([
    ['a', 5],
    ['bb', 5],
    ['cccccccccc', 10],
  ]);
});

test('the monotonic clock goes on while the process is frozen', () => {
  const { scheduler, process } = makeMachine();
  function* measure(): Routine<number> {
    const before = yield* readTime();
    yield* pause(10);
    return (yield* readTime()).monotonicMs - before.monotonicMs;
  }
  let passedMs = 0;

  process.start(measure(), (result) => {
    passedMs = result;
  });
  process.freeze();
  scheduler.runUntil(90);
  process.thaw();

  expect(passedMs).toBe(90);
});

test('a process that is killed while frozen does not wake when it thaws', () => {
  const { scheduler, process } = makeMachine();
  let hasEnded = false;
  process.start(ask('a'), () => {
    hasEnded = true;
  });

  process.freeze();
  scheduler.runUntil(5);
  process.kill();
  process.thaw();

  expect(hasEnded).toBe(false);
});

test('a process that freezes again as it thaws keeps the rest of what came', () => {
  const { scheduler, process } = makeMachine();
  const ended: string[] = [];
  process.start(ask('a'), () => {
    ended.push('a');
    process.freeze();
  });
  process.start(ask('bb'), () => ended.push('bb'));

  process.freeze();
  scheduler.runUntil(5);
  process.thaw();
  const afterFirst = [...ended];
  process.thaw();

  expect([afterFirst, ended]).toEqual([['a'], ['a', 'bb']]);
});

test('thawing a process that is not frozen does nothing', () => {
  const { process } = makeMachine();

  process.thaw();

  expect(process.isAlive).toBe(true);
});

test('a fork ends when all have ended, or when it is enough; the rest goes on unobserved', () => {
  const { scheduler, process, asked } = makeMachine();
  const seen: [number, readonly unknown[]][] = [];
  const note = (results: readonly unknown[]) => seen.push([scheduler.nowMs, results.map((one) => one !== unfinished)]);
  const names = ['four', 'a', 'bb'];
  function* twice(name: string): Routine<unknown> {
    yield* ask(name);
    return yield* ask(`${name}${name}`);
  }

  process.start(all(names.map(ask)), note);
  process.start(
    inParallel(names.map(twice), (results) => results.some((one) => one !== unfinished)),
    note,
  );
  scheduler.runUntil(100);

  expect(seen).toEqual([
    [3, [false, true, false]],
    [4, [true, true, true]],
  ]);
  expect(asked).toContain('fourfour');
});

test('a child that ends at once does not keep its siblings from starting', () => {
  const { scheduler, process, asked } = makeMachine();
  let seen: readonly unknown[] = [];

  process.start(
    inParallel<unknown>([random(), ask('a')], () => true),
    (results) => {
      seen = results;
    },
  );
  scheduler.runUntil(100);

  expect(asked).toEqual(['a']);
  expect(seen[1]).toBe(unfinished);
});

test('a spawned routine runs beside the one that spawned it', () => {
  const { scheduler, process, asked } = makeMachine();
  function* routine(): Routine<void> {
    yield* spawn(
      (function* (): Routine<void> {
        yield* ask('spawned');
      })(),
    );
    yield* ask('own');
  }

  process.start(routine());
  scheduler.runUntil(100);

  expect(asked).toEqual(['spawned', 'own']);
});

test.each([
  [1, 1, true],
  [1, 2, false],
])('processes of seeds %i and %i draw the same numbers: %s', (seed, other, expected) => {
  const drawn = [seed, other].map((one) => {
    const { process } = makeMachine(one);
    let number = 0;
    process.start(random(), (result) => {
      number = result;
    });
    return number;
  });

  expect(drawn[0] === drawn[1]).toBe(expected);
});
