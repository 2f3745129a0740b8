import { type ChildProcess, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendFile } from './backend-file.ts';
import { fetchName } from './fetched-name.ts';
import { measureStage, type Peer, type Stage } from './peer.ts';
import { Programs } from './programs.ts';

/** Longest that a network of a stage lives. */
const networkSecondsMax = 900;
const port = 8080;
const virtual = '10.77.0.100';
const nodes = { a: { address: '10.77.0.11', priority: 150 }, b: { address: '10.77.0.12', priority: 100 } } as const;

/** keepalived on two nodes, each a network of its own on one bridge. Clients ask the address that moves. */
export function keepalived(name: string, checks: string, checkEveryMs: number): Peer {
  const settings = checks || 'defaults: interval 1, fall 1';
  return {
    name,
    settings: `vrrp_script ${settings}, advert_int 1`,
    recoveryMs: () => measureStage(() => start(checks), checkEveryMs),
  };
}

async function start(checks: string): Promise<Stage> {
  const programs = new Programs();
  const bridge = 'peers0';
  const ip = (...args: readonly string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  ip('link', 'add', bridge, 'type', 'bridge');
  ip('address', 'add', '10.77.0.1/24', 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  programs.atEnd(() => ip('link', 'delete', bridge));
  try {
    const active = startNode(programs, bridge, 'a', checks);
    startNode(programs, bridge, 'b', checks);
    return { ask: () => fetchName(virtual, port), kill: () => void active.kill('SIGKILL'), programs };
  } catch (error) {
    await programs.stop();
    throw error;
  }
}

/** @returns the backend of the node */
function startNode(programs: Programs, bridge: string, name: keyof typeof nodes, checks: string): ChildProcess {
  const { address, priority } = nodes[name];
  const network = String(programs.start('unshare', ['--net', 'sleep', String(networkSecondsMax)]).pid);
  waitForNetwork(network);
  const run = (command: string, args: readonly string[]) =>
    programs.start('nsenter', ['--target', network, '--net', command, ...args]);
  const inside = (...args: readonly string[]) =>
    execFileSync('nsenter', ['--target', network, '--net', 'ip', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  // A link goes some time after its network has ended, so each node's has a name of its own.
  const link = `peer${network}`;
  execFileSync('ip', ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', network]);
  execFileSync('ip', ['link', 'set', link, 'master', bridge, 'up']);
  inside('link', 'set', 'lo', 'up');
  inside('address', 'add', `${address}/24`, 'dev', 'eth0');
  inside('link', 'set', 'eth0', 'up');
  const check = join(programs.folder, 'check.sh');
  writeFileSync(check, `#!/bin/bash\nexec 3<>/dev/tcp/127.0.0.1/${port}\n`, { mode: 0o755 });
  const file = join(programs.folder, `${name}.conf`);
  writeFileSync(
    file,
    `global_defs {
  router_id ${name}
  script_user root
}
vrrp_script web {
  script "${check}"
  ${checks}
}
vrrp_instance sites {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${priority}
  advert_int 1
  virtual_ipaddress {
    ${virtual}/24
  }
  track_script {
    web
  }
}
`,
  );
  const backend = run(process.execPath, [backendFile, name, '0.0.0.0', String(port)]);
  const pids = ['-p', '-r', '-c'].flatMap((flag) => [flag, join(programs.folder, `${name}${flag}.pid`)]);
  run('keepalived', ['--dont-fork', '--log-console', '--vrrp', '-f', file, ...pids]);
  return backend;
}

/** `unshare` has made the network once its process has another one than ours. */
function waitForNetwork(pid: string): void {
  const networkOf = (of: string) => execFileSync('readlink', [`/proc/${of}/ns/net`]).toString();
  const own = networkOf('self');
  for (let look = 0; look < 200; look += 1) {
    if (networkOf(pid) !== own) return;
    execFileSync('sleep', ['0.01']);
  }
  throw new Error('no network of its own for a node of keepalived');
}
