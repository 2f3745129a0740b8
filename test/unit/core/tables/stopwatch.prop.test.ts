import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  advanceStopwatches,
  type Counting,
  inheritStopwatches,
  type Stopwatches,
  sightAfter,
} from '../../../../src/core/tables/stopwatch.ts';

const tickMs = 2_000;
const seenMaxMs = 3 * tickMs;
const event = 'epoch:web:2';
const condition = 'up:web:a';

/** One region's part of a history: when its processes start and end, and when they are frozen or read nothing. */
interface Part {
  /** Lives of its processes, in turn, in ticks. A process begins as soon as its predecessor has ended. */
  readonly lives: readonly number[];
  /** Ticks at which the process is frozen. */
  readonly frozen: readonly number[];
  /** Ticks at which no table answers it. */
  readonly blind: readonly number[];
}

/** A condition that ends is over for as long as nobody could miss it. */
const endedTicks = seenMaxMs / tickMs + 1;

interface Shown {
  readonly region: number;
  readonly tick: number;
  readonly eventMs: number | undefined;
  readonly conditionMs: number | undefined;
}

interface Rules {
  readonly advance: typeof advanceStopwatches;
  readonly inherit: typeof inheritStopwatches;
  readonly sight: typeof sightAfter;
}
const rules: Rules = { advance: advanceStopwatches, inherit: inheritStopwatches, sight: sightAfter };

/**
 * Plays a history of several regions' watchers tick by tick. The event happens before the first tick; the condition
 * lasts except for a while from each tick of `ended` on. Regions tick at phases of their own, and each reads the
 * others' newest words.
 */
function play(parts: readonly Part[], ended: readonly number[], ticks: number, given: Rules): Shown[] {
  const { advance, inherit, sight } = given;
  const tables: Stopwatches[] = parts.map(() => ({}));
  const writtenAt: number[] = parts.map(() => Number.NEGATIVE_INFINITY);
  const processes = parts.map(() => ({ index: -1, own: {} as Stopwatches, lastTick: 0, seenTick: -1e9 }));
  const shown: Shown[] = [];
  for (let tick = 0; tick < ticks; tick += 1) {
    for (const [region, part] of parts.entries()) {
      const process = processes[region] as (typeof processes)[number];
      const index = processAt(part, tick);
      if (part.frozen.includes(tick) || index === null) continue;
      if (index !== process.index) {
        const hasNoGap = tick - (writtenAt[region] ?? 0) <= 1;
        const own: Stopwatches = hasEnded(ended, tick) ? {} : { [condition]: 0 };
        processes[region] = {
          index,
          own: inherit(own, tables[region] ?? {}, hasNoGap),
          lastTick: tick,
          seenTick: hasEnded(ended, tick) ? Number.NEGATIVE_INFINITY : tick,
        };
      } else {
        const isBlind = part.blind.includes(tick);
        const isOver = !isBlind && hasEnded(ended, tick);
        const unseenMs = (tick - process.seenTick) * tickMs;
        if (!isBlind && !isOver) process.seenTick = tick;
        const counting: Counting = {
          events: isBlind ? [] : [event],
          isKept: () => isBlind,
          conditions: { [condition]: isOver ? 'ended' : sight(isBlind ? 'unseen' : 'lasts', unseenMs, seenMaxMs) },
        };
        const elapsedMs = (tick - process.lastTick) * tickMs;
        process.own = advance(process.own, counting, isBlind ? [] : tables, elapsedMs);
        process.lastTick = tick;
      }
      const now = processes[region] as (typeof processes)[number];
      tables[region] = now.own;
      writtenAt[region] = tick;
      shown.push({ region, tick, eventMs: now.own[event], conditionMs: now.own[condition] });
    }
  }
  return shown;
}

function hasEnded(ended: readonly number[], tick: number): boolean {
  return ended.some((from) => from <= tick && tick < from + endedTicks);
}

/** Which process of a region lives at a tick; null when there is none any more. */
function processAt({ lives }: Part, tick: number): number | null {
  let endsAt = 0;
  for (const [index, life] of lives.entries()) {
    endsAt += life;
    if (tick < endsAt) return index;
  }
  return null;
}

const ticksMax = 60;
/** Some ticks, many of them one after another: a gap is longer than a blip. */
const someTicks = fc
  .array(fc.tuple(fc.integer({ min: 0, max: ticksMax }), fc.integer({ min: 1, max: 6 })), { maxLength: 8 })
  .map((spells) => [...new Set(spells.flatMap(([from, length]) => Array.from({ length }, (_, i) => from + i)))]);
const fewTicks = fc.array(fc.integer({ min: 0, max: ticksMax }), { maxLength: 20 });
const part: fc.Arbitrary<Part> = fc.record({
  lives: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 8 }),
  frozen: someTicks,
  blind: someTicks,
});
const history = fc.record({ parts: fc.array(part, { minLength: 1, maxLength: 5 }), ended: fewTicks });

/** No count is ever more than the time that truly passed: since the event, or since the condition last began. */
function endsNeverEarly(given: Rules) {
  return fc.property(history, ({ parts, ended }) =>
    play(parts, ended, ticksMax, given).every(({ tick, eventMs = 0, conditionMs = 0 }) => {
      const overAt = ended.filter((from) => from <= tick).map((from) => from + endedTicks);
      // While it is over, a watcher that cannot see it shows what it counted before.
      const sinceMs = hasEnded(ended, tick) ? tick * tickMs : (tick - Math.max(0, ...overAt)) * tickMs;
      return eventMs <= tick * tickMs && conditionMs <= sinceMs;
    }),
  );
}

/** While one process lives, ticking or frozen now and then, a count is behind by two ticks for each process at most. */
function endsAtLast(given: Rules) {
  const living = fc.record({
    parts: fc.tuple(
      fc.record({
        lives: fc.array(fc.integer({ min: 3, max: 30 }), { minLength: 20, maxLength: 20 }),
        frozen: someTicks,
        blind: someTicks,
      }),
      part,
      part,
    ),
  });
  return fc.property(living, ({ parts }) => {
    const [first] = parts;
    return play(parts, [], ticksMax, given)
      .filter(({ region, tick }) => region === 0 && !first.blind.includes(tick))
      .every(({ tick, eventMs = 0 }) => {
        const handedOn = processAt(first, tick) ?? 0;
        const unread = first.frozen.length + first.blind.length;
        // A process that dies frozen or blind, or before it has ticked twice, hands on what it had written before.
        return eventMs >= (tick - 2 * (handedOn + 1) - unread) * tickMs;
      });
  });
}

/** A look that saw nothing between two short freezes: together they are long enough for a condition to end unseen. */
const blindThenFrozen = {
  parts: [{ lives: [14, 21, 8], frozen: [38, 40, 41], blind: [39] }],
  ended: [38],
};

test('a wait never ends early: no count is more than has passed, over lives, freezes, gaps and blips', () => {
  fc.assert(endsNeverEarly(rules), { examples: [[blindThenFrozen]] });
});

test('a wait ends: with one living process at a time a count falls behind by two ticks a process at most', () => {
  fc.assert(endsAtLast(rules));
});

test.each<{ mistake: string; given: Rules }>([
  {
    mistake: 'a condition goes on while it is not seen',
    given: { ...rules, sight: (sight) => sight },
  },
  {
    mistake: 'a condition is taken over from any table',
    given: {
      ...rules,
      advance: (own, counting, heard, ...more) => {
        const longest = Math.max(0, ...heard.map((others) => others[condition] ?? 0));
        const advanced = advanceStopwatches(own, counting, heard, ...more);
        return advanced[condition] === undefined
          ? advanced
          : { ...advanced, [condition]: Math.max(longest, advanced[condition]) };
      },
    },
  },
  {
    mistake: 'a look that sees nothing counts as a look',
    given: {
      ...rules,
      sight: (sight, unseenMs, maxMs) => (sight === 'lasts' ? sight : sightAfter(sight, unseenMs, maxMs)),
    },
  },
  {
    mistake: 'the time of a condition is inherited over a gap',
    given: { ...rules, inherit: (own, before) => inheritStopwatches(own, before, true) },
  },
])('the first property catches a mistake: $mistake', ({ given }) => {
  const result = fc.check(endsNeverEarly(given), { numRuns: 5_000 });

  expect(result.failed).toBe(true);
});

test.each<{ mistake: string; given: Rules }>([
  {
    mistake: 'a blip wipes what cannot be read',
    given: {
      ...rules,
      advance: (own, counting, ...more) => advanceStopwatches(own, { ...counting, isKept: () => false }, ...more),
    },
  },
  {
    mistake: 'a successor starts anew',
    given: {
      ...rules,
      inherit: (own) => own,
      advance: (own, counting, _, ...more) => advanceStopwatches(own, counting, [], ...more),
    },
  },
])('the second property catches a mistake: $mistake', ({ given }) => {
  const result = fc.check(endsAtLast(given), { numRuns: 5_000 });

  expect(result.failed).toBe(true);
});
