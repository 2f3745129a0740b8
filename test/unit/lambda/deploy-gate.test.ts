import { describe, expect, it } from 'vitest';
import { awaitDeparture, awaitMemories, awaitVoters, awaitVotes } from '../../../lambda/deploy/deploy-gate.ts';
import type { CheckerState } from '../../../src/adapters/aws/dns/health-check-status.ts';
import { watcherTimeLimitMs } from '../../../src/core/timing.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { PortError } from '../../../src/ports/port-error.ts';

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
/** Two requests a second. */
const gapMs = 500;
/** The longest pause of each, so that every one is seen. */
const rng = { next: () => 0.5 };
const failing: readonly CheckerState[] = [...Array<CheckerState>(14).fill('failure'), 'unknown', 'unknown'];

describe('awaitVotes', () => {
  it('returns at once when most checkers of each check have looked', async () => {
    const clock = jumpingClock();
    await awaitVotes(['a', 'b'], async () => failing, { clock, rng });
    expect(clock.slept).toEqual([gapMs, settleMs]);
  });

  it('has nothing to wait for without checks', async () => {
    const clock = jumpingClock();
    await awaitVotes([], async () => failing, { clock, rng });
    expect(clock.slept).toEqual([]);
  });

  it('takes votes against a site as well as none', async () => {
    const clock = jumpingClock();
    await awaitVotes(['a'], async () => Array<CheckerState>(16).fill('success'), { clock, rng });
    expect(clock.slept).toEqual([settleMs]);
  });

  it('does not take the first checkers that report for all', async () => {
    const clock = jumpingClock();
    await awaitVotes(['a'], async () => Array<CheckerState>(7 + clock.slept.length).fill('failure'), { clock, rng });
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
    await awaitVotes(['quick', 'slow'], read, { clock, rng });
    expect(clock.slept).toEqual([gapMs, 5_000, 5_000, settleMs]);
    expect(asked.filter((id) => id === 'quick')).toHaveLength(1);
  });

  it('takes an answer that does not come for a check that was not looked at', async () => {
    const clock = jumpingClock();
    const read = async (): Promise<readonly CheckerState[]> => {
      if (clock.slept.length < 2) throw new Error('throttled');
      return failing;
    };
    await awaitVotes(['a'], read, { clock, rng });
    expect(clock.slept).toEqual([5_000, 5_000, settleMs]);
  });

  it('gives up after ten minutes and names the check', async () => {
    const clock = jumpingClock();
    const read = async (id: string): Promise<readonly CheckerState[]> => (id === 'stuck' ? [] : failing);
    await expect(awaitVotes(['a', 'stuck'], read, { clock, rng })).rejects.toThrow(/looked at stuck: .*deploy again/);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(600_000);
    expect(clock.monotonicMs()).toBeLessThan(610_000);
  });

  it('says why a check could not be asked', async () => {
    const clock = jumpingClock();
    const read = async (): Promise<readonly CheckerState[]> => {
      throw new PortError({ kind: 'denied', detail: 'AccessDenied' });
    };
    await expect(awaitVotes(['a'], read, { clock, rng })).rejects.toThrow('looked at a (denied: AccessDenied): see');
  });

  it('asks two checks a second at most, of all services together (checks=40)', async () => {
    const clock = jumpingClock();
    const askedAtMs: number[] = [];
    const read = async (): Promise<readonly CheckerState[]> => {
      askedAtMs.push(clock.monotonicMs());
      return failing;
    };
    await awaitVotes(
      Array.from({ length: 40 }, (_, index) => `check-${index}`),
      read,
      { clock, rng },
    );
    expect(askedAtMs).toEqual(Array.from({ length: 40 }, (_, index) => index * gapMs));
  });

  it('never asks two at once, however long an answer takes', async () => {
    const clock = jumpingClock();
    let underWay = 0;
    let most = 0;
    const read = async (): Promise<readonly CheckerState[]> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await clock.sleep(3_000);
      underWay -= 1;
      return failing;
    };
    await awaitVotes(['a', 'b', 'c'], read, { clock, rng });
    expect(most).toBe(1);
  });
});

describe('a throttled request', () => {
  const throttled = () => new PortError({ kind: 'throttled', detail: 'Rate exceeded' });

  it('is tried again after pauses that double, by chance up to their length; the others wait', async () => {
    const clock = jumpingClock();
    const asked: string[] = [];
    const read = async (id: string): Promise<readonly CheckerState[]> => {
      asked.push(id);
      if (asked.length <= 3) throw throttled();
      return failing;
    };
    await awaitVotes(['a', 'b'], read, { clock, rng });
    expect(asked).toEqual(['a', 'a', 'a', 'a', 'b']);
    expect(clock.slept).toEqual([gapMs + 1_000, gapMs + 2_000, gapMs + 4_000, gapMs, settleMs]);
  });

  it('gives its turn away after four tries, and the wait ends with the reason', async () => {
    const clock = jumpingClock();
    const asked: string[] = [];
    const read = async (id: string): Promise<readonly CheckerState[]> => {
      asked.push(id);
      throw throttled();
    };
    await expect(awaitVotes(['a', 'b'], read, { clock, rng })).rejects.toThrow(
      'looked at a (throttled: Rate exceeded), b (throttled: Rate exceeded): see',
    );
    expect(asked.slice(0, 8)).toEqual(['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b']);
    expect(clock.monotonicMs()).toBeLessThan(620_000);
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

describe('awaitDeparture', () => {
  const at = (...serving: string[]) => ({ serving, run: null });

  it('has nothing to wait for where nothing is dropped', async () => {
    const clock = jumpingClock();
    await awaitDeparture('web', [], async () => at('left'), clock);
    expect(clock.slept).toEqual([]);
  });

  it.each([
    ['another site serves', at('right')],
    ['a pool goes on with another site', at('left', 'right')],
    ['the service is not born yet', null],
  ])('reads the register once no former watcher can be left, and returns where %s', async (_, register) => {
    const clock = jumpingClock();
    const readAtMs: number[] = [];
    const read = async () => {
      readAtMs.push(clock.monotonicMs());
      return register;
    };
    await awaitDeparture('web', ['left'], read, clock);
    expect(readAtMs).toEqual([watcherTimeLimitMs]);
  });

  it('waits until a person has moved the service away, and while too few tables answer', async () => {
    const clock = jumpingClock();
    const read = async () => {
      if (clock.slept.length === 1) throw new Error('too few state tables answer');
      return at(clock.slept.length < 4 ? 'left' : 'right');
    };
    await awaitDeparture('web', ['left'], read, clock);
    expect(clock.slept).toEqual([watcherTimeLimitMs, 5_000, 5_000, 5_000]);
  });

  it('tells of a static endpoint that still serves', async () => {
    const dropped = ['last-resort'];
    await expect(awaitDeparture('web', dropped, async () => at(...dropped), jumpingClock())).rejects.toThrow(
      /web is served by its static endpoint, .*deploy with lastResort again/,
    );
  });

  it('gives up after ten minutes, and says what to do', async () => {
    const clock = jumpingClock();
    await expect(awaitDeparture('web', ['left'], async () => at('left'), clock)).rejects.toThrow(
      /web is served by left, .*"cdk-failover switchover web --to SITE"/,
    );
    expect(clock.monotonicMs()).toBe(600_000);
  });
});

describe('awaitMemories', () => {
  const alarms = ['us-east-1', 'us-west-2'].map((Region) => ({ Region, Name: 'left' }));

  it('returns once every alarm has had data, and a time for the checks to follow', async () => {
    const clock = jumpingClock();
    await awaitMemories(alarms, async ({ Region }) => Region === 'us-east-1' || clock.slept.length >= 2, {
      clock,
      rng,
    });
    expect(clock.slept).toEqual([gapMs, 5_000, 2 * settleMs]);
  });

  it('has nothing to wait for without alarms', async () => {
    const clock = jumpingClock();
    await awaitMemories([], async () => false, { clock, rng });
    expect(clock.slept).toEqual([]);
  });

  it('gives up after ten minutes and names what has no data; an error is none', async () => {
    const clock = jumpingClock();
    const hasData = async ({ Region }: { Region: string }) => {
      if (Region === 'us-west-2') throw new Error('denied');
      return true;
    };
    await expect(awaitMemories(alarms, hasData, { clock, rng })).rejects.toThrow('no data yet for left in us-west-2');
  });
});
