import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { benchmarksPage } from './benchmarks-page.ts';
import { drill } from './drill.ts';
import { gdnsd } from './gdnsd.ts';
import { haproxy } from './haproxy.ts';
import { keepalived } from './keepalived.ts';
import type { Peer } from './peer.ts';
import { blackboxCommand } from './probes/blackbox.ts';
import { measureProbes } from './probes/measure.ts';
import { withProbes } from './probes/probes-section.ts';
import { type Measured, measureInTurn } from './rounds.ts';
import { sentinel } from './sentinel.ts';

/** Every tool with a check a second and two failures, or what comes nearest to it. */
const equal: readonly Peer[] = [
  drill('cdk-failover', 'fast'),
  haproxy('HAProxy', 'inter 1s fall 2', 1_000),
  haproxy('HAProxy, fastinter', 'inter 1s fastinter 250ms fall 2', 1_000),
  keepalived('keepalived', 'interval 1 fall 2', 1_000),
  gdnsd('gdnsd', { intervalSeconds: 2, downThresh: 1, okThresh: 1 }),
  sentinel('Redis Sentinel', 1_000),
];

/** Every tool as its documents set it up when nothing is said. */
const asShipped: readonly Peer[] = [
  drill('cdk-failover', 'default'),
  haproxy('HAProxy', '', 2_000),
  keepalived('keepalived', '', 1_000),
  gdnsd('gdnsd', { intervalSeconds: 10, downThresh: 10, okThresh: 10 }),
  sentinel('Redis Sentinel', 30_000),
];

/** How each program tells its version. */
const versions: readonly (readonly [program: string, command: string, ...args: string[]])[] = [
  ['Node', process.execPath, '--version'],
  ['HAProxy', 'haproxy', '-v'],
  ['keepalived', 'keepalived', '--version'],
  ['gdnsd', 'dpkg-query', '--show', 'gdnsd'],
  ['Redis', 'redis-server', '--version'],
];
const probeVersions: typeof versions = [
  ['Node', process.execPath, '--version'],
  ['blackbox-exporter', blackboxCommand, '--version'],
];
/** What must be there; each is a command. */
const needed = [
  ...['haproxy', 'keepalived', 'gdnsd', 'redis-server', 'redis-sentinel', blackboxCommand],
  ...['ip', 'unshare', 'nsenter'],
];
const install = `apt-get install --no-install-recommends haproxy keepalived gdnsd redis-server redis-sentinel ${blackboxCommand}`;
const pagePath = resolve(join(import.meta.dirname, '..', 'docs', 'benchmarks.md'));

const flags = process.argv.slice(2);
const isInside = flags.includes('--inside');
const isQuick = flags.includes('--quick');
const isOfProbes = flags.includes('--probes');
const unknown = flags.find((flag) => !['--inside', '--quick', '--probes'].includes(flag));
if (unknown !== undefined) {
  giveUp(
    `${unknown} is unknown; there is --quick, which measures one round and writes nothing, and --probes, which measures the probes alone`,
  );
} else if (isOfProbes) {
  demand([blackboxCommand]);
  await run(async () => write(await addProbes(readFileSync(pagePath, 'utf8'))));
} else if (isInside) {
  await run(async () => write(await addProbes(await recoveryPage())));
} else {
  goInside();
}

async function run(measure: () => Promise<void>): Promise<void> {
  // Warnings of the runtime, such as the SDK's about the age of Node, are not results.
  process.removeAllListeners('warning');
  await measure().catch((error: Error) => {
    process.stderr.write(`bench:peers: ${error.message}\n`);
    process.exitCode = 1;
  });
}

function demand(commands: readonly string[]): void {
  const missing = commands.find((command) => spawnSync('which', [command]).status !== 0);
  if (missing !== undefined) giveUp(`${missing} is not installed; on Debian, as root: ${install}`);
}

/** Starts itself again in a network of its own, where nothing leads out and every address is free. */
function goInside(): void {
  demand(needed);
  if (process.getuid?.() !== 0) giveUp('keepalived needs networks of its own; run this as root');
  const inside = `ip link set lo up && exec "$0" "$@" --inside`;
  const again = ['--net', 'sh', '-c', inside, process.execPath, process.argv[1] ?? '', ...flags];
  process.exitCode = spawnSync('unshare', again, { stdio: 'inherit' }).status ?? 1;
}

async function addProbes(page: string): Promise<string> {
  process.stderr.write('probes\n');
  const loadAtStart = loadNow();
  const result = await measureProbes(isQuick);
  return withProbes(page, { result, versions: told(probeVersions), loads: [loadAtStart, loadNow()] });
}

function write(page: string): void {
  if (isQuick) process.stdout.write(page);
  else writeFileSync(pagePath, page);
}

async function recoveryPage(): Promise<string> {
  const measure = (title: string, peers: readonly Peer[], rounds: number): Promise<readonly Measured[]> => {
    process.stderr.write(`${title}, ${rounds} rounds\n`);
    return measureInTurn(peers, isQuick ? 1 : rounds, (name, recoveryMs, round) =>
      process.stderr.write(`  ${round} ${name}: ${Math.round(recoveryMs)} ms\n`),
    );
  };
  const loadAtStart = loadNow();
  return benchmarksPage({
    equal: await measure('equal checks', equal, 9),
    asShipped: await measure('as shipped', asShipped, 3),
    loads: [loadAtStart, loadNow()],
    versions: told(versions),
  });
}

function told(programs: typeof versions): readonly string[] {
  return programs.map(([program, command, ...args]) => `${program} ${versionOf(command, args)}`);
}

function loadNow(): number {
  return loadavg()[0] ?? Number.NaN;
}

function versionOf(command: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command, args);
  return /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? 'of unknown version';
}

function giveUp(message: string): never {
  process.stderr.write(`bench:peers: ${message}\n`);
  process.exit(2);
}
