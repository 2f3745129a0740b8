import { Resolver } from 'node:dns/promises';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { backendFile } from './backend-file.ts';
import { fetchName } from './fetched-name.ts';
import { askTimeoutMs, measureStage, type Peer, type Stage } from './peer.ts';
import { freePorts, Programs } from './programs.ts';

/** Loopback has a whole network of addresses; both backends listen at one port. */
const addresses = { a: '127.0.7.1', b: '127.0.7.2' } as const;

/** How gdnsd checks (`service_types` of its manual). */
export interface GdnsdChecks {
  /** Seconds between two checks; 2 or more. */
  readonly intervalSeconds: number;
  /** Failures that make it down. */
  readonly downThresh: number;
  /** Good answers in a row that set the count of failures to zero; until then a start counts as failures. */
  readonly okThresh: number;
}

/** gdnsd with its plugin `simplefo`. Clients ask it for the address each time, then the backend. */
export function gdnsd(name: string, checks: GdnsdChecks): Peer {
  const { intervalSeconds, downThresh, okThresh } = checks;
  return {
    name,
    settings: `simplefo, http_status, interval ${intervalSeconds} s, down_thresh ${downThresh}`,
    recoveryMs: () =>
      measureStage(() => start(checks), intervalSeconds * 1_000, (okThresh + 1) * intervalSeconds * 1_000),
  };
}

async function start({ intervalSeconds, downThresh, okThresh }: GdnsdChecks): Promise<Stage> {
  const programs = new Programs();
  const [dns = 0, web = 0] = await freePorts(2);
  mkdirSync(join(programs.folder, 'zones'));
  writeFileSync(
    join(programs.folder, 'config'),
    `options => {
  listen => 127.0.0.1:${dns}
  zones_default_ttl => 1
  run_dir => ${programs.folder}/run
  state_dir => ${programs.folder}/state
}
service_types => {
  web => { plugin => http_status, port => ${web}, url_path => "/", vhost => "site", timeout => 1,
           interval => ${intervalSeconds}, down_thresh => ${downThresh}, ok_thresh => ${okThresh} }
}
plugins => { simplefo => { sites => { service_types => web, primary => ${addresses.a}, secondary => ${addresses.b} } } }
`,
  );
  writeFileSync(
    join(programs.folder, 'zones', 'example.com'),
    `@ SOA ns.example.com. hostmaster.example.com. ( 1 7200 30M 3D 900 )
@ NS ns.example.com.
ns A 127.0.0.1
www DYNA simplefo!sites
`,
  );
  const active = programs.start(process.execPath, [backendFile, 'a', addresses.a, String(web)]);
  programs.start(process.execPath, [backendFile, 'b', addresses.b, String(web)]);
  // The first check decides the first state, so it must find both.
  await Promise.all([waitForBackend(addresses.a, web), waitForBackend(addresses.b, web)]);
  programs.start('gdnsd', ['-c', programs.folder, 'start']);
  const resolver = new Resolver({ timeout: askTimeoutMs, tries: 1 });
  resolver.setServers([`127.0.0.1:${dns}`]);
  return {
    ask: async () => {
      const [address] = await resolver.resolve4('www.example.com').catch(() => []);
      return address === undefined ? null : fetchName(address, web);
    },
    kill: () => void active.kill('SIGKILL'),
    programs,
  };
}

async function waitForBackend(address: string, port: number): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    if ((await fetchName(address, port)) !== null) return;
    await sleep(20);
  }
  throw new Error('a backend for gdnsd does not answer');
}
