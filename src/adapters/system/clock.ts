import { setMaxListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';

/** The machine's own clocks and timers. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep,
};

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return setTimeout(ms);
  // Every job of a process sleeps under one signal: more than ten listeners are no leak, and Node need not warn of one.
  setMaxListeners(0, signal);
  return setTimeout(ms, undefined, { signal });
}
