import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tune } from '../../../../src/cli/deploy/tune-command.ts';
import type { TuningJson } from '../../../../src/cli/show/tuning.ts';
import { showTuning } from '../../../../src/cli/show/tuning.ts';
import { grid } from '../../../../src/sim/noise/tuning.ts';
import { recordTerminal } from '../terminal.fixture.ts';

const example = fileURLToPath(new URL('../../../../examples/two-regions/failover.config.yaml', import.meta.url));

let out: string;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'failover-tune-'));
});

afterEach(() => rm(out, { recursive: true }));

test('a page that cannot be written is said before anything is tried', async () => {
  const startMs = performance.now();

  await expect(tune(example, undefined, { days: 1_000_000, out: example }, recordTerminal())).rejects.toThrow(
    'name another folder with --out',
  );
  expect(performance.now() - startMs).toBeLessThan(10_000);
});

test('an interruption is heard in the middle of a setting', async () => {
  const stop = new AbortController();
  const terminal = { ...recordTerminal(), signal: stop.signal };
  const startMs = performance.now();
  setTimeout(() => stop.abort(new Error('interrupted')), 500);

  // One setting alone takes minutes.
  await expect(tune(example, undefined, { days: 1_000, out }, terminal)).rejects.toThrow();
  expect(performance.now() - startMs).toBeLessThan(30_000);
});

test('every setting is tried and drawn, and the best ones are YAML', async () => {
  const terminal = recordTerminal();

  const exit = await tune(example, undefined, { days: 1, out, json: true }, terminal);

  const json = JSON.parse(terminal.printed.out) as TuningJson;
  const page = await readFile(join(out, 'tune.html'), 'utf8');
  expect({ exit, service: json.service, trials: json.trials.length }).toEqual({
    exit: 0,
    service: 'web',
    trials: grid.length,
  });
  expect(page.match(/<circle class="trial"/g)).toHaveLength(2 * grid.length);
  expect(page).not.toMatch(/<script|https?:/);
  expect(showTuning(json)).toMatch(
    / {2}detection: \{ intervalMs: \d+m?s, fallCount: \d, suspectIntervalMs: \d+m?s, minDownMs: \d+s \}/,
  );
});

test('an unknown service is one line with those that there are', async () => {
  await expect(tune(example, 'mail', { out }, recordTerminal())).rejects.toThrow(
    'unknown service "mail"; this deployment has: web',
  );
});
