import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ActiveGuard,
  type ActiveGuardOptions,
  type GuardChange,
  type Takeover,
} from '../../../src/client/active-guard.ts';
import { waitMsOf } from '../../../src/client/guard-stretch.ts';
import { FakeMachine, never } from './machine.fixture.ts';

const oracles = ['http://one.example', 'http://two.example', 'http://three.example'];
const leaseMs = 10_000;
const waitMs = waitMsOf(leaseMs);
/** Longest from one round to the answer of the next. */
const roundMs = 2_000;

interface Says {
  readonly site: string;
  readonly epoch: number;
  readonly isReadOnly?: boolean;
}

function documentOf({ site, epoch, isReadOnly = false }: Says): string {
  const active = { site, epoch, from: site === 'a' ? 'b' : 'a' };
  return JSON.stringify({ service: 'web', epoch, endpoints: [], isReadOnly, active });
}

/** A guard at site `a`; the test says what each oracle says, null for one that is silent. */
function open(says: (Says | null)[], more: Partial<ActiveGuardOptions> = {}) {
  const machine = new FakeMachine();
  machine.serve = (url) => {
    const said = says[oracles.findIndex((oracle) => url.startsWith(oracle))];
    return said ? documentOf(said) : never;
  };
  const changes: GuardChange[] = [];
  const onChange = (change: GuardChange) => changes.push(change);
  const guard = new ActiveGuard({ service: 'web', site: 'a', oracles, leaseMs, system: machine, onChange, ...more });
  onTestFinished(() => guard.stop());
  return { machine, guard, changes };
}

const own = { site: 'a', epoch: 4 };
const other = { site: 'b', epoch: 5 };

describe('active guard', () => {
  it('turns true once a majority has confirmed it for the wait, and not before', async () => {
    const { machine, guard, changes } = open([own, own, null]);

    await machine.pass(waitMs - 1);
    expect(guard.isActive()).toBe(false);
    await machine.pass(2 * roundMs);

    expect(guard.isActive()).toBe(true);
    expect(guard.epoch).toBe(4);
    expect(changes).toEqual([{ isActive: true, epoch: 4 }]);
  });

  it.each<readonly [string, (Says | null)[]]>([
    ['one of three confirms', [own, null, null]],
    ['another site is active', [other, other, other]],
    ['one answer shows a newer epoch', [own, own, other]],
    ['data is on the move', [own, { ...own, isReadOnly: true }, { ...own, isReadOnly: true }]],
  ])('stays false while %s', async (_, says) => {
    const { machine, guard } = open(says);

    await machine.pass(5 * waitMs);

    expect(guard.isActive()).toBe(false);
  });

  it('turns false at once when any oracle shows a newer epoch', async () => {
    const says: (Says | null)[] = [own, own, own];
    const { machine, guard, changes } = open(says);
    await machine.pass(waitMs + 2 * roundMs);

    says[2] = other;
    await machine.pass(2 * roundMs);

    expect(guard.isActive()).toBe(false);
    expect(changes.at(-1)).toEqual({ isActive: false, epoch: null });
  });

  it('turns false when the lease runs out without a majority, tells so, and waits again', async () => {
    const says: (Says | null)[] = [own, own, own];
    const { machine, guard, changes } = open(says);
    await machine.pass(waitMs + 2 * roundMs);
    expect(guard.isActive()).toBe(true);

    says.fill(null);
    await machine.pass(leaseMs);
    expect(guard.isActive()).toBe(false);
    expect(changes).toHaveLength(2);
    says.fill(own);
    await machine.pass(waitMs - 1);
    expect(guard.isActive()).toBe(false);
    await machine.pass(3 * roundMs);
    expect(guard.isActive()).toBe(true);
  });

  it('finds its lease run out after a freeze, before any round', async () => {
    const { machine, guard } = open([own, own, own]);
    await machine.pass(waitMs + 2 * roundMs);

    machine.nowMs += leaseMs;

    expect(guard.isActive()).toBe(false);
  });

  it('finds its lease run out after the machine was suspended and its monotonic clock stood still', async () => {
    const { machine, guard } = open([own, own, own]);
    await machine.pass(waitMs + 2 * roundMs);

    machine.suspendedMs += leaseMs;

    expect(guard.isActive()).toBe(false);
  });

  it('stays true into the next epoch of its own, but not over a gap', async () => {
    const says: (Says | null)[] = [own, own, own];
    const { machine, guard } = open(says);
    await machine.pass(waitMs + 2 * roundMs);

    says.fill({ ...own, epoch: 5 });
    await machine.pass(2 * roundMs);
    expect(guard.epoch).toBe(5);
    says.fill({ ...own, epoch: 7 });
    await machine.pass(2 * roundMs);
    expect(guard.isActive()).toBe(false);
  });

  it('translates once before it turns true, and stays false until that has succeeded', async () => {
    const takeovers: Takeover[] = [];
    const errors: unknown[] = [];
    let isBroken = true;
    const translate = async (takeover: Takeover) => {
      takeovers.push(takeover);
      if (isBroken) throw new Error('no positions');
    };
    const { machine, guard } = open([own, own, own], { translate, onError: (error) => errors.push(error) });

    await machine.pass(waitMs + 3 * roundMs);
    expect(guard.isActive()).toBe(false);
    expect(errors.length).toBeGreaterThan(0);
    isBroken = false;
    await machine.pass(2 * roundMs);
    const calls = takeovers.length;
    await machine.pass(60_000);

    expect(guard.isActive()).toBe(true);
    expect(takeovers).toHaveLength(calls);
    expect(takeovers.at(-1)).toEqual({ fromSite: 'b', toSite: 'a', epoch: 4 });
  });

  it('aborts a translation when the site stops being active, and is not opened by it', async () => {
    const says: (Says | null)[] = [own, own, own];
    let finish: () => void = () => {};
    let isAborted = false;
    const translate = (_: Takeover, signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        isAborted = true;
      });
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    };
    const { machine, guard } = open(says, { translate });
    await machine.pass(waitMs + 2 * roundMs);

    says.fill(other);
    await machine.pass(2 * roundMs);
    finish();
    await machine.pass(1);

    expect(isAborted).toBe(true);
    expect(guard.isActive()).toBe(false);
  });

  it('is false for ever once stopped', async () => {
    const { machine, guard } = open([own, own, own]);
    await machine.pass(waitMs + 2 * roundMs);

    guard.stop();
    await machine.pass(60_000);

    expect(guard.isActive()).toBe(false);
  });

  it.each([[oracles.slice(0, 2)], [[...oracles.slice(0, 2), 'http://one.example']]])(
    'refuses the oracles %j',
    (some) => {
      const machine = new FakeMachine();

      expect(() => new ActiveGuard({ service: 'web', site: 'a', oracles: some, system: machine })).toThrow(/each once/);
    },
  );
});
