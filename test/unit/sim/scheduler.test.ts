import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/sim/random.ts';
import { Scheduler } from '../../../src/sim/scheduler.ts';

test('entries run by instant, those of one instant in the order in which they were added', () => {
  const scheduler = new Scheduler();
  const ran: string[] = [];

  for (const [atMs, name] of [
    [5, 'b'],
    [1, 'a'],
    [5, 'c'],
    [9, 'e'],
    [5, 'd'],
  ] as const) {
    scheduler.at(atMs, () => ran.push(name));
  }
  scheduler.runUntil(9);

  expect(ran.join('')).toBe('abcde');
});

test('many entries run in the order of a stable sort (entries=2000)', () => {
  const scheduler = new Scheduler();
  const random = seededRandom(7);
  const entries = Array.from({ length: 2_000 }, (_, index) => ({ atMs: Math.floor(random() * 100), index }));
  const ran: unknown[] = [];

  for (const entry of entries) scheduler.at(entry.atMs, () => ran.push(entry));
  scheduler.runUntil(100);

  expect(ran).toEqual([...entries].sort((a, b) => a.atMs - b.atMs));
});

test('the clock shows the instant of the entry, and the end once all that was due has run', () => {
  const scheduler = new Scheduler();
  const seenMs: number[] = [];

  scheduler.at(3, () => seenMs.push(scheduler.nowMs));
  scheduler.at(8, () => seenMs.push(scheduler.nowMs));
  scheduler.runUntil(7);

  expect(seenMs).toEqual([3]);
  expect(scheduler.nowMs).toBe(7);
});

test('an entry that is added for now or for the past runs now, after what was there', () => {
  const scheduler = new Scheduler();
  const ran: string[] = [];

  scheduler.at(4, () => {
    scheduler.at(1, () => ran.push(`past at ${scheduler.nowMs}`));
    scheduler.after(0, () => ran.push('now'));
    ran.push('first');
  });
  scheduler.at(4, () => ran.push('second'));
  scheduler.runUntil(4);

  expect(ran).toEqual(['first', 'second', 'past at 4', 'now']);
});

test('the clock never runs backwards', () => {
  const scheduler = new Scheduler();
  scheduler.runUntil(10);

  scheduler.runUntil(5);

  expect(scheduler.nowMs).toBe(10);
});
