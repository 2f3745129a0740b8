import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendFile } from './backend-file.ts';
import { fetchName } from './fetched-name.ts';
import { measureStage, type Peer, type Stage } from './peer.ts';
import { freePorts, Programs } from './programs.ts';

/** HAProxy in front of both backends, the second one a `backup`. Clients ask HAProxy. */
export function haproxy(name: string, settings: string, checkEveryMs: number): Peer {
  return {
    name,
    settings: settings || 'defaults: inter 2s fall 3',
    recoveryMs: () => measureStage(() => start(settings), checkEveryMs),
  };
}

async function start(settings: string): Promise<Stage> {
  const programs = new Programs();
  const [front = 0, a = 0, b = 0] = await freePorts(3);
  const file = join(programs.folder, 'haproxy.cfg');
  writeFileSync(
    file,
    `defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
frontend front
  bind 127.0.0.1:${front}
  default_backend sites
backend sites
  option httpchk GET /
  server a 127.0.0.1:${a} check ${settings}
  server b 127.0.0.1:${b} check ${settings} backup
`,
  );
  const active = programs.start(process.execPath, [backendFile, 'a', '127.0.0.1', String(a)]);
  programs.start(process.execPath, [backendFile, 'b', '127.0.0.1', String(b)]);
  programs.start('haproxy', ['-db', '-f', file]);
  return {
    ask: () => fetchName('127.0.0.1', front),
    kill: () => void active.kill('SIGKILL'),
    programs,
  };
}
