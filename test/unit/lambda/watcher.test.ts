import { describe, expect, it } from 'vitest';
import { liveOnce } from '../../../lambda/watcher/watcher.ts';
import type { OpinionItem } from '../../../src/core/tables/opinion-item.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { type StateTables, tableHandlers } from '../../../src/ports/state-tables.ts';
import { SimStateTables } from '../../../src/sim/world/state-tables.ts';
import { deploymentOf } from '../cli/deployment.fixture.ts';

const deployment = deploymentOf('web');
const region = 'us-east-1';
const setup = { deployment, region, lifeMs: 12_000, hasSelfCheck: true };

/** A clock that goes to the next sleeper's time whenever nothing else is left to do. */
class DrivenClock implements Clock {
  nowMs = 0;
  readonly #sleepers = new Set<{ readonly wakeAtMs: number; readonly wake: () => void }>();

  wallMs(): number {
    return this.nowMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const giveUp = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const sleeper = { wakeAtMs: this.nowMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', giveUp);
    });
  }

  get sleepers(): number {
    return this.#sleepers.size;
  }

  /** Lets everything run that can, then passes `ms`. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (;;) {
      await settled();
      const next = [...this.#sleepers].sort((a, b) => a.wakeAtMs - b.wakeAtMs)[0];
      if (next === undefined || next.wakeAtMs > untilMs) break;
      this.nowMs = next.wakeAtMs;
      this.#sleepers.delete(next);
      next.wake();
    }
    this.nowMs = untilMs;
  }
}

/** Ports of one execution environment over three tables in memory; every site answers. */
function environment(more: (tables: StateTables) => Partial<StateTables> = () => ({})) {
  let marks = 0;
  const fake = new SimStateTables(deployment.controlRegions, () => `mark-${++marks}`);
  const called: string[] = [];
  const written: OpinionItem[] = [];
  const real: StateTables = {
    prepare: async (...input) => fake.prepare(...input),
    accept: async (...input) => fake.accept(...input),
    read: async (...input) => fake.read(...input),
    claimToken: async (...input) => fake.claimToken(...input),
    readClaim: async (...input) => fake.readClaim(...input),
    writeOpinions: async (place, item) => {
      written.push(item);
      return fake.writeOpinions(place, item);
    },
  };
  const tables = countingCalls({ ...real, ...more(real) }, called);
  const clock = new DrivenClock();
  let draws = 0;
  const ports: Ports = {
    clock,
    rng: { next: () => (++draws * 0.381_966) % 1 },
    handlers: {
      ...tableHandlers(tables),
      log: async ({ event }) => {
        called.push(`log ${event.kind}`);
        return null;
      },
      probe: async () => ({ outcome: 'pass', latencyMs: 1 }),
      checkSelf: async () => ({ isConnected: true }),
    },
  };
  return { ports, clock, called, written };
}

function countingCalls(tables: StateTables, called: string[]): StateTables {
  const counted = Object.entries(tables).map(([name, method]) => [
    name,
    (...input: unknown[]) => {
      called.push(name);
      return (method as (...input: unknown[]) => unknown)(...input);
    },
  ]);
  return Object.fromEntries(counted) as StateTables;
}

const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('liveOnce', () => {
  it('leaves nothing behind that would go on in a later invocation of the same environment', async () => {
    const held: (() => void)[] = [];
    const { ports, clock, called } = environment((tables) => ({
      prepare: (...input) =>
        new Promise((resolve) => {
          held.push(() => resolve(tables.prepare(...input)));
        }),
    }));
    const life = liveOnce(setup, ports);
    await clock.pass(setup.lifeMs + 1_000);
    expect(await life).toBe('time-up');
    expect(held.length).toBeGreaterThan(0);
    const calledInLife = called.length;

    for (const release of held) release();
    await clock.pass(30_000);

    expect(called.slice(calledInLife)).toEqual([]);
    expect(clock.sleepers).toBe(0);
  });

  it('starts each invocation in an environment as a watcher of its own, that knows nothing yet', async () => {
    const { ports, clock, called, written } = environment();

    const first = liveOnce(setup, ports);
    await clock.pass(setup.lifeMs + 1_000);
    const writesOfFirst = written.length;
    const second = liveOnce(setup, ports);
    await clock.pass(setup.lifeMs + 1_000);

    expect([await first, await second]).toEqual(['time-up', 'time-up']);
    const [before, after] = [written[writesOfFirst - 1], written[writesOfFirst]];
    expect(after?.generation).toBe((before?.generation ?? 0) + 1);
    expect(after?.invocation).not.toBe(before?.invocation);
    expect(after?.sequence).toBeLessThan(before?.sequence ?? 0);
    expect(called.filter((call) => call === 'log watcher-started')).toHaveLength(2);
  });

  it('ends an older invocation that runs beside it in the same environment, and goes on itself', async () => {
    const { ports, clock } = environment();

    const first = liveOnce({ ...setup, lifeMs: 60_000 }, ports);
    await clock.pass(5_000);
    const second = liveOnce(setup, ports);
    await clock.pass(setup.lifeMs + 1_000);

    expect([await first, await second]).toEqual(['superseded', 'time-up']);
  });
});
