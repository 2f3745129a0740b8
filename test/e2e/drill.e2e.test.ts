import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillResult } from '../../src/dashboard/drill-result.ts';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'dist/failover.js');
/** A drill is real seconds on real processes; on a busy machine one may be late, and is drilled again. */
const drill = { retry: 2 };

let folder = '';

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/build.js')]);
  folder = mkdtempSync(join(tmpdir(), 'drill-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
  /** Processes of the lab that outlived it. */
  readonly left: readonly string[];
}

async function run(...words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    printed.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    printed.err += chunk.toString();
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, ...printed, left: processesOf(child) };
}

/** Command lines of the processes that a lab started, as far as this system tells. */
function processesOf(lab: ChildProcess): readonly string[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  const mark = `--of-lab=${lab.pid}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      } catch {
        return '';
      }
    })
    .filter((line) => line.split(' ').includes(mark));
}

describe('a drill on real processes and sockets', () => {
  it.each(['kill', 'hang'])('brings traffic back within the bound (fault=%s)', drill, async (fault) => {
    const out = join(folder, fault);

    const { exit, out: text, left } = await run('drill', '--fault', fault, '--json', '--out', out);

    const result = JSON.parse(text) as DrillResult;
    expect(result).toMatchObject({ from: 'virginia', to: 'oregon', isAsExpected: true });
    expect(exit).toBe(0);
    expect(result.recoveryMs).toBeLessThanOrEqual(result.boundMs);
    expect(result.lostRequests).toBeGreaterThan(0);
    expect(result.answers.at(-1)).toMatchObject({ site: 'oregon', isGood: true });
    expect(JSON.parse(readFileSync(join(out, 'drill.json'), 'utf8'))).toEqual(result);
    expect(readFileSync(join(out, 'drill.html'), 'utf8')).toContain(result.seen);
    expect(left).toEqual([]);
  });

  it('moves around a partition without losing a request', drill, async () => {
    const { exit, out: text, left } = await run('drill', '--fault', 'partition', '--json', '--out', folder);

    const result = JSON.parse(text) as DrillResult;
    expect(result).toMatchObject({ to: 'oregon', lostRequests: 0, recoveryMs: 0, isAsExpected: true });
    expect(exit).toBe(0);
    expect(result.answers.at(-1)?.site).toBe('oregon');
    expect(result.events).toContainEqual(
      expect.objectContaining({ actor: 'watcher', place: 'us-east-1', kind: 'no-majority' }),
    );
    expect(left).toEqual([]);
  });

  it('refuses in one line what it cannot do, and starts nothing', async () => {
    const missing = await run('drill', '--config', 'nowhere.yaml');
    const strangers = await run('drill', '--config', join(root, 'examples/two-regions/failover.config.yaml'));

    for (const { exit, out, err } of [missing, strangers]) {
      expect(exit).toBe(2);
      expect(out).toBe('');
      expect(err.trim().split('\n')).toHaveLength(1);
    }
    expect(missing.err).toContain('nowhere.yaml');
    expect(strangers.err).toContain('choose partition, region or watcher');
  });
});

describe('a lab', () => {
  it('leaves nothing behind when it is killed, not even a frozen site', drill, async () => {
    const words = [cli, 'lab', '--json', '--fault', 'hang', '--after', '0s', '--out', join(folder, 'lab')];
    const lab = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    lab.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    while (!told.includes('"kind":"fault"')) await sleep(50);
    const running = processesOf(lab).length;

    lab.kill('SIGKILL');
    for (let waited = 0; waited < 100 && processesOf(lab).length > 0; waited += 1) await sleep(50);

    expect(running).toBe(existsSync('/proc/self/cmdline') ? 13 : 0);
    expect(processesOf(lab)).toEqual([]);
  });
});
