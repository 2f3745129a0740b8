import { expect, test } from 'vitest';
import { withProgress } from '../../../../src/cli/simulate/progress.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import { recordTerminal } from '../terminal.fixture.ts';

/** A clock that moves only when somebody sleeps, and that ends the work at an instant. */
function clockThatEnds(atMs: number, end: () => void): Clock {
  let nowMs = 0;
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async (ms, signal) => {
      nowMs += ms;
      if (nowMs > atMs) {
        end();
        await Promise.resolve();
        await new Promise((resolve) => setImmediate(resolve));
      }
      signal?.throwIfAborted();
    },
  };
}

async function printedFor(workMs: number, isErrWatched: boolean) {
  const terminal = recordTerminal({ isErrWatched });
  let end = (): void => {};
  const work = new Promise<string>((resolve) => {
    end = () => resolve('done');
  });
  const waited = withProgress(
    terminal,
    clockThatEnds(workMs, () => end()),
    work,
    (passedMs) => `waiting ${passedMs}`,
  );
  if (!isErrWatched) end();
  expect(await waited).toBe('done');
  return terminal.printed.err;
}

test('shows a line after two seconds, and takes it away', async () => {
  expect(await printedFor(2_300, true)).toBe('\r\u001b[2Kwaiting 2000\r\u001b[2Kwaiting 2200\r\u001b[2K');
});

test('shows nothing for short work', async () => {
  expect(await printedFor(1_900, true)).toBe('');
});

test('shows nothing when nobody watches', async () => {
  expect(await printedFor(60_000, false)).toBe('');
});
