import { setTimeout as sleep } from 'node:timers/promises';

/** How often something that is waited for is looked at. */
const pollMs = 50;

/**
 * Waits until `look` gives something true, and returns it.
 *
 * @throws {Error} that names what was waited for, after `limitMs`
 */
export async function waitFor<T>(
  what: string,
  limitMs: number,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await sleep(pollMs);
  }
}

/** Lets time pass in which nothing may happen; `check` is called throughout and throws when something did. */
export async function holdFor(durationMs: number, check: () => Promise<void> | void): Promise<void> {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs) {
    await check();
    await sleep(pollMs);
  }
}
