import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/adapters/system/clock.ts';

const warnings: string[] = [];
const keep = ({ name }: Error) => void warnings.push(name);

afterEach(() => {
  process.off('warning', keep);
  warnings.length = 0;
});

describe('systemClock', () => {
  it('lets any number of jobs sleep under one signal, and wakes them all when it aborts', async () => {
    process.on('warning', keep);
    const life = new AbortController();

    const sleeps = Promise.allSettled(Array.from({ length: 30 }, () => systemClock.sleep(60_000, life.signal)));
    life.abort();

    expect((await sleeps).map(({ status }) => status)).toEqual(Array(30).fill('rejected'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });

  it('does not go to sleep under a signal that has aborted', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('over')))).rejects.toThrow();
  });
});
