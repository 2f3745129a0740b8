import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenOn } from '../../src/cli/lab/listener.ts';

/** What is kept of a program's output, to say why it did not start. */
const outputCharsMax = 2_000;

/** The programs and the folder of one stage, which end together. */
export class Programs {
  /** An empty folder for configurations and sockets. */
  readonly folder = mkdtempSync(join(tmpdir(), 'failover-peers-'));
  readonly #children: ChildProcess[] = [];
  readonly #atEnd: (() => void)[] = [];
  #output = '';

  /** Starts a program; its output is kept for {@link output}. */
  start(command: string, args: readonly string[]): ChildProcess {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (bytes: Buffer) => {
      this.#output = (this.#output + bytes.toString()).slice(-outputCharsMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => keep(Buffer.from(error.message)));
    this.#children.push(child);
    return child;
  }

  /** Has {@link stop} undo what is not a program. */
  atEnd(undo: () => void): void {
    this.#atEnd.push(undo);
  }

  /** The end of what all programs printed. */
  get output(): string {
    return this.#output;
  }

  /** Ends every program with SIGKILL, waits for it, and removes the folder. */
  async stop(): Promise<void> {
    const running = this.#children.filter((child) => child.exitCode === null && child.signalCode === null);
    const ends = running.map((child) => (child.pid === undefined ? null : once(child, 'exit')));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(ends);
    for (const undo of this.#atEnd) undo();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ports of this machine that nobody listens to. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => listenOn(server, '127.0.0.1')));
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
