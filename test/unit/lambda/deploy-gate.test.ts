import { describe, expect, it } from 'vitest';
import { awaitVotes } from '../../../lambda/deploy-gate.ts';
import type { CheckerSight } from '../../../src/adapters/aws/health-check-status.ts';
import type { Clock } from '../../../src/ports/clock.ts';

/** A clock that jumps ahead with each sleep. */
function jumpingClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  const nowMs = () => slept.reduce((sum, ms) => sum + ms, 0);
  return {
    slept,
    wallMs: nowMs,
    monotonicMs: nowMs,
    sleep: async (ms) => {
      slept.push(ms);
    },
  };
}

const failing: readonly CheckerSight[] = ['failure', 'failure', 'failure', 'unknown'];

describe('awaitVotes', () => {
  it('returns at once when most checkers of each check have looked', async () => {
    const clock = jumpingClock();
    await awaitVotes(['a', 'b'], async () => failing, clock);
    expect(clock.slept).toEqual([]);
  });

  it('waits while half of the checkers have not looked, and asks again only for those checks', async () => {
    const clock = jumpingClock();
    const asked: string[] = [];
    const read = async (id: string): Promise<readonly CheckerSight[]> => {
      asked.push(id);
      if (id === 'quick') return failing;
      return clock.slept.length < 3 ? ['failure', 'unknown'] : failing;
    };
    await awaitVotes(['quick', 'slow'], read, clock);
    expect(clock.slept).toHaveLength(3);
    expect(asked.filter((id) => id === 'quick')).toHaveLength(1);
  });

  it('takes an answer that does not come for a check that was not looked at', async () => {
    const clock = jumpingClock();
    const read = async (): Promise<readonly CheckerSight[]> => {
      if (clock.slept.length < 2) throw new Error('throttled');
      return failing;
    };
    await awaitVotes(['a'], read, clock);
    expect(clock.slept).toHaveLength(2);
  });

  it('gives up after ten minutes and names the check', async () => {
    const clock = jumpingClock();
    const read = async (id: string): Promise<readonly CheckerSight[]> => (id === 'stuck' ? [] : failing);
    await expect(awaitVotes(['a', 'stuck'], read, clock)).rejects.toThrow(/looked at stuck: .*deploy again/);
    expect(clock.monotonicMs()).toBe(600_000);
  });
});
