import { expect, test } from 'vitest';
import { shortestTtlMs, TableLooks } from '../../../../src/cli/operator/table-looks.ts';
import { PortError } from '../../../../src/ports/port-error.ts';
import type { Ports } from '../../../../src/ports/ports.ts';
import { fakeTarget } from './target.fixture.ts';

const deadlineMs = 1_000;

/** A clock that others sleep by: a sleeper wakes when somebody else lets the time pass. */
class Sleepers {
  nowMs = 0;
  #waiting: { readonly atMs: number; readonly wake: () => void }[] = [];

  readonly clock = {
    wallMs: () => this.nowMs,
    monotonicMs: () => this.nowMs,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        this.#waiting.push({ atMs: this.nowMs + ms, wake });
      }),
  };

  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      const [first] = this.#waiting.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (first === undefined) break;
      this.#waiting = this.#waiting.filter((each) => each !== first);
      this.nowMs = Math.max(this.nowMs, first.atMs);
      first.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.nowMs = endMs;
  }
}

/** Looks at a deployment of which a region's table gives no answer until it is back. */
function looksAtDark(dark: readonly string[], tookMs = deadlineMs) {
  const target = fakeTarget();
  const time = new Sleepers();
  const asked: [region: string, atMs: number][] = [];
  const state = { isBack: false };
  const readTable = target.ports.handlers.readTable as NonNullable<Ports['handlers']['readTable']>;
  const handlers: Ports['handlers'] = {
    ...target.ports.handlers,
    readTable: async (input) => {
      asked.push([input.region, time.nowMs]);
      if (!dark.includes(input.region) || state.isBack) return readTable(input);
      time.nowMs += tookMs;
      throw new PortError({ kind: 'timeout', detail: 'no answer' });
    },
  };
  const end = new AbortController();
  const back: number[] = [];
  const looks = new TableLooks(
    { deployment: target.deployment, ports: { ...target.ports, clock: time.clock, handlers } },
    end.signal,
    () => back.push(time.nowMs),
  );
  return { looks, time, asked, state, back, end, ttlMs: shortestTtlMs(target.deployment) };
}

test('a dark table is asked ever less often, beside the looks, and the others stay fresh', async () => {
  const { looks, time, asked, end } = looksAtDark(['us-east-2']);
  const fresh: (readonly string[])[] = [];

  for (let count = 0; count < 600; count += 1) {
    const look = await looks.next();
    if (look !== null) fresh.push(Object.keys(look.view.items).sort());
    await time.pass(200);
  }
  end.abort();

  const questions = asked.filter(([region]) => region === 'us-east-2').map(([, atMs]) => atMs);
  const gaps = questions.slice(1).map((atMs, index) => atMs - (questions[index] ?? 0) - deadlineMs);
  expect(gaps.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
  expect(questions.length).toBeLessThan(12);
  expect(new Set(fresh.map((each) => each.join()))).toEqual(new Set(['us-east-1,us-west-2']));
});

test('a table that answers again is in the next look', async () => {
  const { looks, time, state, back, end } = looksAtDark(['us-east-2']);
  await looks.next();

  state.isBack = true;
  await time.pass(1_000);
  let look = await looks.next();
  while (look === null || Object.keys(look.view.items).length < 3) {
    await time.pass(200);
    look = await looks.next();
  }
  end.abort();

  expect(back).toHaveLength(1);
  expect(look.dark).toEqual({});
});

test('after a look that came too late nobody is called silent: the watchers are listened to anew', async () => {
  const { looks, time, end, ttlMs } = looksAtDark([]);
  await looks.next();
  await time.pass(200);
  const before = await looks.next();

  await time.pass(ttlMs + 1);
  const late = await looks.next();
  const anew = await looks.next();
  await time.pass(200);
  const after = await looks.next();
  end.abort();

  expect(Object.keys(before?.view.items ?? {})).toHaveLength(3);
  expect([late, anew]).toEqual([null, null]);
  expect(Object.keys(after?.view.items ?? {})).toHaveLength(3);
});

test('looks that come too late again and again are a fault with both figures', async () => {
  const { looks, time, end, ttlMs } = looksAtDark([]);
  const look = async () => {
    for (let count = 0; count < 10; count += 1) {
      await looks.next();
      await time.pass(ttlMs + 1);
    }
  };

  await expect(look()).rejects.toThrow(`${ttlMs + 1} ms apart, and a watcher's word counts for ${ttlMs} ms`);
  end.abort();
});
