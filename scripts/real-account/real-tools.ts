import { spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { get } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tools } from './tools.ts';

/** Longest wait for one answer of an oracle or a name server. */
const answerMsMax = 5_000;

/** The real ones: the AWS CLI, npx, HTTPS and DNS. */
export function realTools(root: string): Tools {
  return {
    aws: async (...args) => parse(await collect('aws', [...args, '--output', 'json', '--no-cli-pager'], root)),
    run: async (command, ...args) => {
      await collect(command, args, root, true);
    },
    failover: async (...args) => parse(await collect(process.execPath, [`${root}/dist/failover.js`, ...args], root)),
    get: statusOf,
    ask: askForAddresses,
    nowMs: () => performance.timeOrigin + performance.now(),
    sleep: async (ms) => {
      await sleep(ms);
    },
    say: (line) => console.error(line),
  };
}

function collect(command: string, args: readonly string[], cwd: string, isShown = false): Promise<string> {
  return new Promise((resolve, reject) => {
    // In a group of its own: Ctrl-C ends this script's work in order, and not a deployment in its middle.
    const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      printed.out += chunk.toString();
      if (isShown) process.stderr.write(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      printed.err += chunk.toString();
      if (isShown) process.stderr.write(chunk);
    });
    child.on('error', reject);
    child.on('close', (exit) => {
      if (exit === 0) resolve(printed.out);
      else reject(new Error(`${command} ${args.slice(0, 2).join(' ')}: ${printed.err.trim() || `exit ${exit}`}`));
    });
  });
}

function parse(text: string): unknown {
  return text.trim() === '' ? null : JSON.parse(text);
}

/** Over a new connection each time, as a health checker asks. */
function statusOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: answerMsMax }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(0));
  });
}

async function askForAddresses(server: string, name: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: answerMsMax, tries: 1 });
  resolver.setServers([server]);
  return (await resolver.resolve4(name).catch(() => [])).sort();
}
