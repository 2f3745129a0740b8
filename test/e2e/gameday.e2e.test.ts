import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { doctorShape } from '../../src/config/published/doctor-schema.ts';
import type { GameDayResult } from '../../src/dashboard/gameday-result.ts';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'dist/failover.js');
/** A lab that may take a while to be at rest, in milliseconds. */
const restMsMax = 60_000;

let folder = '';
let lab: ChildProcess;
let printed = '';

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/build.js')]);
  folder = mkdtempSync(join(tmpdir(), 'gameday-'));
  lab = spawn(process.execPath, [cli, 'lab'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  lab.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  for (let waitedMs = 0; !printed.includes('Ctrl-C ends everything'); waitedMs += 100) {
    if (waitedMs > restMsMax) throw new Error(`the lab is not at rest: ${printed}`);
    await sleep(100);
  }
});

afterAll(async () => {
  lab.kill('SIGINT');
  await once(lab, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: readonly string[]) {
  const child = spawn(process.execPath, [cli, ...words, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.resume();
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, answer: JSON.parse(out) };
}

async function gameDay(...words: readonly string[]) {
  const { exit, answer } = await run('gameday', 'web', '--seeds', '1', ...words);
  return { exit, result: answer as GameDayResult };
}

it('doctor finds nothing bad in a lab at rest, and says so in the published shape', async () => {
  const { exit, answer } = await run('doctor');

  expect({ exit, deployment: answer.deployment, where: answer.where }).toEqual({
    exit: 0,
    deployment: 'drill',
    where: { kind: 'lab', pid: lab.pid },
  });
  expect(doctorShape.parse(answer)).toEqual(answer);
});

it('dry run, rehearsal and a fault with its return, on real processes', { retry: 2 }, async () => {
  const process = /site virginia .*process (\d+)/.exec(printed)?.[1] ?? '';

  const dry = await gameDay();
  const rehearsed = await gameDay('--rehearse');
  const full = await gameDay(
    '--full',
    '--stop-command',
    `kill -STOP ${process}`,
    '--start-command',
    `kill -CONT ${process}`,
    '--out',
    join(folder, 'report'),
  );

  expect([dry.exit, rehearsed.exit, full.exit]).toEqual([0, 0, 0]);
  expect(dry.result.expected).toMatchObject({ from: 'virginia', to: 'oregon' });
  expect(rehearsed.result.rehearsal?.active.every(({ isSame }) => isSame)).toBe(true);
  expect(full.result.seen?.recoveryMs).toBeLessThanOrEqual(full.result.expected.boundMs);
  expect(full.result.seen?.lostRequests).toBeGreaterThan(0);
  expect(full.result.changes.find(({ what }) => what === 'active site')).toMatchObject({ isBack: true });
  expect(readFileSync(join(folder, 'report/gameday.html'), 'utf8')).toContain(full.result.verdict);
});
