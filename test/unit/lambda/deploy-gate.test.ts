import { describe, expect, it } from 'vitest';
import { awaitMemories, awaitVoters, awaitVotes } from '../../../lambda/deploy/deploy-gate.ts';
import type { CheckerState } from '../../../src/adapters/aws/dns/health-check-status.ts';
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

const settleMs = 60_000;
const failing: readonly CheckerState[] = [...Array<CheckerState>(14).fill('failure'), 'unknown', 'unknown'];

describe('awaitVotes', () => {
  it('returns at once when most checkers of each check have looked', async () => {
    const clock = jumpingClock();
    await awaitVotes(['a', 'b'], async () => failing, clock);
    expect(clock.slept).toEqual([settleMs]);
  });

  it('has nothing to wait for without checks', async () => {
    const clock = jumpingClock();
    await awaitVotes([], async () => failing, clock);
    expect(clock.slept).toEqual([]);
  });

  it('takes votes against a site as well as none', async () => {
    const clock = jumpingClock();
    await awaitVotes(['a'], async () => Array<CheckerState>(16).fill('success'), clock);
    expect(clock.slept).toEqual([settleMs]);
  });

  it('does not take the first checkers that report for all', async () => {
    const clock = jumpingClock();
    await awaitVotes(['a'], async () => Array<CheckerState>(7 + clock.slept.length).fill('failure'), clock);
    expect(clock.slept).toEqual([5_000, settleMs]);
  });

  it('waits while half of the checkers have not looked, and asks again only for those checks', async () => {
    const clock = jumpingClock();
    const asked: string[] = [];
    const read = async (id: string): Promise<readonly CheckerState[]> => {
      asked.push(id);
      if (id === 'quick') return failing;
      return clock.slept.length < 3 ? [...failing, 'unknown', 'unknown'] : failing;
    };
    await awaitVotes(['quick', 'slow'], read, clock);
    expect(clock.slept).toEqual([5_000, 5_000, 5_000, settleMs]);
    expect(asked.filter((id) => id === 'quick')).toHaveLength(1);
  });

  it('takes an answer that does not come for a check that was not looked at', async () => {
    const clock = jumpingClock();
    const read = async (): Promise<readonly CheckerState[]> => {
      if (clock.slept.length < 2) throw new Error('throttled');
      return failing;
    };
    await awaitVotes(['a'], read, clock);
    expect(clock.slept).toEqual([5_000, 5_000, settleMs]);
  });

  it('gives up after ten minutes and names the check', async () => {
    const clock = jumpingClock();
    const read = async (id: string): Promise<readonly CheckerState[]> => (id === 'stuck' ? [] : failing);
    await expect(awaitVotes(['a', 'stuck'], read, clock)).rejects.toThrow(/looked at stuck: .*deploy again/);
    expect(clock.monotonicMs()).toBe(600_000);
  });
});

describe('awaitVoters', () => {
  it('returns at once when every oracle votes', async () => {
    const clock = jumpingClock();
    await awaitVoters('web', ['us-east-1', 'us-west-2'], async () => true, clock);
    expect(clock.slept).toEqual([]);
  });

  it('waits for the ones that do not vote yet, and for those whose table does not answer', async () => {
    const clock = jumpingClock();
    const asked: string[] = [];
    const isVoting = async (region: string) => {
      asked.push(region);
      if (region === 'us-west-2' && clock.slept.length < 2) throw new Error('throttled');
      return region !== 'eu-west-1' || clock.slept.length >= 1;
    };
    await awaitVoters('web', ['us-east-1', 'us-west-2', 'eu-west-1'], isVoting, clock);
    expect(clock.slept).toEqual([5_000, 5_000]);
    expect(asked.filter((region) => region === 'us-east-1')).toHaveLength(1);
  });

  it('gives up after ten minutes, and names service and region', async () => {
    const clock = jumpingClock();
    const isVoting = async (region: string) => region !== 'eu-west-1';
    await expect(awaitVoters('web', ['us-east-1', 'eu-west-1'], isVoting, clock)).rejects.toThrow(
      /no vote on web yet in eu-west-1: .*deploy again/,
    );
    expect(clock.monotonicMs()).toBe(600_000);
  });
});

describe('awaitMemories', () => {
  const alarms = ['us-east-1', 'us-west-2'].map((Region) => ({ Region, Name: 'left' }));

  it('returns once every alarm has had data, and a time for the checks to follow', async () => {
    const clock = jumpingClock();
    await awaitMemories(alarms, async ({ Region }) => Region === 'us-east-1' || clock.slept.length >= 2, clock);
    expect(clock.slept).toEqual([5_000, 5_000, 2 * settleMs]);
  });

  it('has nothing to wait for without alarms', async () => {
    const clock = jumpingClock();
    await awaitMemories([], async () => false, clock);
    expect(clock.slept).toEqual([]);
  });

  it('gives up after ten minutes and names what has no data; an error is none', async () => {
    const clock = jumpingClock();
    const hasData = async ({ Region }: { Region: string }) => {
      if (Region === 'us-west-2') throw new Error('denied');
      return true;
    };
    await expect(awaitMemories(alarms, hasData, clock)).rejects.toThrow('no data yet for left in us-west-2');
  });
});
