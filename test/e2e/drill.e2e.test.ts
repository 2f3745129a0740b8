import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
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

/**
 * Answers `ok` on a port, and keeps its process number where a stop command finds it. It ends with its own file, which
 * the tests remove: one that a drill has just started may not have said its number yet.
 */
const server = `
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
const [port, pidFile] = process.argv.slice(2);
createServer((_, response) => response.end('ok')).listen(Number(port), '127.0.0.1', () => writeFileSync(pidFile, String(process.pid)));
setInterval(() => existsSync(process.argv[1]) || process.exit(), 500);
`;

interface OwnSites {
  readonly config: string;
  readonly stopCommand: string;
  readonly startCommand: string;
}

/** Two servers on this machine and their configuration, as TypeScript; both are ended with the test. */
async function startOwnSites(): Promise<OwnSites> {
  const own = mkdtempSync(join(folder, 'own-'));
  const program = join(own, 'server.mjs');
  writeFileSync(program, server);
  const ports = { one: await freePort(), two: await freePort() };
  const pidFile = (site: string) => join(own, `${site}.pid`);
  const startLine = (site: keyof typeof ports) =>
    `"${process.execPath}" "${program}" ${ports[site]} "${pidFile(site)}" &`;
  onTestFinished(() => {
    for (const site of Object.keys(ports)) {
      try {
        process.kill(Number(readFileSync(pidFile(site), 'utf8')), 'SIGKILL');
      } catch {
        // The drill has stopped it.
      }
    }
  });
  for (const site of ['one', 'two'] as const) {
    execFileSync('sh', ['-c', startLine(site)], { stdio: 'ignore' });
    for (let waited = 0; waited < 600 && !existsSync(pidFile(site)); waited += 1) await sleep(50);
  }
  const config = join(own, 'own.config.ts');
  writeFileSync(config, `export const deployment = ${JSON.stringify(ownDeployment(ports))};`);
  return { config, stopCommand: `kill -9 $(cat "${pidFile('one')}")`, startCommand: startLine('one') };
}

function ownDeployment(ports: Readonly<Record<'one' | 'two', number>>) {
  const site = (name: keyof typeof ports, region: string, priority: number) => ({
    region,
    priority,
    probes: [{ type: 'http', url: `http://127.0.0.1:${ports[name]}/`, timeoutMs: 900, expect: { body: 'ok' } }],
  });
  return {
    name: 'own',
    controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
    services: {
      web: {
        mode: 'active-passive',
        sites: { one: site('one', 'us-east-1', 100), two: site('two', 'us-west-2', 50) },
        detection: { intervalMs: 1_000, fallCount: 2, riseCount: 2 },
        traffic: {
          dns: {
            zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
            record: 'www.shop.example',
            addresses: { one: { a: '203.0.113.10' }, two: { a: '198.51.100.20' } },
          },
        },
      },
    },
  };
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

describe("a drill of a user's own sites", () => {
  it('measures a stop by a command, and starts the site again', drill, async () => {
    const { config, stopCommand, startCommand } = await startOwnSites();
    const out = join(folder, 'own');
    const words = ['--config', config, '--stop-command', stopCommand, '--start-command', startCommand];

    const { exit, out: text, left } = await run('drill', ...words, '--json', '--out', out);

    const result = JSON.parse(text) as DrillResult;
    expect(result).toMatchObject({
      fault: 'command',
      from: 'one',
      to: 'two',
      isAsExpected: true,
      stopCommand,
      mending: { command: startCommand, fault: null },
      firstAnswers: [
        { site: 'one', outcome: 'pass', isActive: true },
        { site: 'two', outcome: 'pass', isActive: false },
      ],
    });
    expect(exit).toBe(0);
    expect(result.lostRequests).toBeGreaterThan(0);
    expect(result.recoveryMs).toBeLessThanOrEqual(result.boundMs);
    expect(readFileSync(join(out, 'drill.html'), 'utf8')).toContain('How, and how to repeat it');
    expect(left).toEqual([]);
  });

  it('waits for the person who stops the site, and says plainly what to do', drill, async () => {
    const { config, stopCommand } = await startOwnSites();
    const words = [cli, 'drill', '--config', config, '--fault', 'by-hand', '--json', '--out', folder];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      printed.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      printed.err += chunk.toString();
      if (printed.err.includes('NOW STOP one')) {
        child.stderr.removeAllListeners('data');
        execFileSync('sh', ['-c', stopCommand]);
      }
    });
    const [exit] = (await once(child, 'close')) as [number | null];

    expect(JSON.parse(printed.out)).toMatchObject({ fault: 'by-hand', from: 'one', to: 'two', isAsExpected: true });
    expect(exit).toBe(0);
  });

  it('measures nothing when the stop command fails, shows what it printed, and starts the site all the same', async () => {
    const { config, startCommand } = await startOwnSites();
    const stop = 'echo no such host >&2; exit 7';
    const words = ['--config', config, '--stop-command', stop, '--start-command', startCommand, '--out', folder];

    const { exit, out, err, left } = await run('drill', ...words);

    expect(exit).toBe(1);
    expect(err).toContain('the stop command failed: it exited with 7');
    expect(err).toContain('no such host');
    expect(out).toContain('Starting one again');
    expect(left).toEqual([]);
  });

  it('does not begin while a site is down', async () => {
    const { config, stopCommand } = await startOwnSites();
    execFileSync('sh', ['-c', stopCommand]);

    const { exit, out, err, left } = await run('drill', '--config', config, '--stop-command', 'true', '--out', folder);

    expect(exit).toBe(2);
    expect(out).toContain('refused');
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('the drill of web begins only when all is well: one fails');
    expect(left).toEqual([]);
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
