import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { askTimeoutMs, measureStage, type Peer, type Stage } from './peer.ts';
import { freePorts, Programs } from './programs.ts';

/** Time between two PINGs of a Sentinel (`SENTINEL_PING_PERIOD`), unless `down-after-milliseconds` is shorter. */
const pingEveryMs = 1_000;

const pong = '+PONG\r\n';

/** Redis Sentinel: a master, a replica, three Sentinels, a quorum of two. Clients ask a Sentinel, then the master. */
export function sentinel(name: string, downAfterMs: number): Peer {
  return {
    name,
    settings: `down-after-milliseconds ${downAfterMs}, quorum 2 of 3`,
    recoveryMs: () => measureStage(() => start(downAfterMs), Math.min(pingEveryMs, downAfterMs)),
  };
}

async function start(downAfterMs: number): Promise<Stage> {
  const programs = new Programs();
  const [a = 0, b = 0, ...watching] = await freePorts(5);
  const server = ['--bind', '127.0.0.1', '--save', '', '--dir', programs.folder, '--repl-diskless-sync-delay', '0'];
  const active = programs.start('redis-server', ['--port', String(a), ...server]);
  programs.start('redis-server', ['--port', String(b), ...server, '--replicaof', '127.0.0.1', String(a)]);
  for (const port of watching) {
    const file = join(programs.folder, `sentinel-${port}.conf`);
    writeFileSync(
      file,
      `port ${port}
bind 127.0.0.1
dir ${programs.folder}
sentinel monitor sites 127.0.0.1 ${a} 2
sentinel down-after-milliseconds sites ${downAfterMs}
`,
    );
    programs.start('redis-sentinel', [file]);
  }
  const names = new Map([
    [a, 'a'],
    [b, 'b'],
  ]);
  return {
    ask: async () => {
      const answers = await Promise.all(
        watching.map((port) => command(port, 'SENTINEL get-master-addr-by-name sites')),
      );
      const port = Number(/\r\n(\d+)\r\n$/.exec(answers[0] ?? '')?.[1]);
      if (!names.has(port) || !(await isReady(watching, a, port))) return null;
      return (await command(port, 'ROLE'))?.includes('master') ? (names.get(port) ?? null) : null;
    },
    kill: () => void active.kill('SIGKILL'),
    programs,
  };
}

/** Before the kill, a stage counts only once every Sentinel knows the replica and the other Sentinels. */
async function isReady(watching: readonly number[], first: number, named: number): Promise<boolean> {
  if (named !== first) return true;
  const views = await Promise.all(watching.map((port) => command(port, 'SENTINEL master sites')));
  return views.every((view) => countOf(view, 'num-slaves') === 1 && countOf(view, 'num-other-sentinels') === 2);
}

function countOf(view: string | null, field: string): number {
  return Number(new RegExp(`${field}\r\n\\$\\d+\r\n(\\d+)\r\n`).exec(view ?? '')?.[1]);
}

/** What Redis answers to an inline command, in its own protocol (RESP 2); null when nothing comes in time. */
function command(port: number, text: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let answer = '';
    socket.setTimeout(askTimeoutMs, () => socket.destroy());
    // The answer to PING says that all of the answer before it has come.
    socket.on('connect', () => socket.write(`${text}\r\nPING\r\n`));
    socket.on('data', (bytes) => {
      answer += bytes.toString();
      if (answer.endsWith(pong)) socket.destroy();
    });
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(answer.endsWith(pong) ? answer.slice(0, -pong.length) : null));
  });
}
