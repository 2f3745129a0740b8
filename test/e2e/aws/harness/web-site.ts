import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A real web server in a process of its own, at one address and port for good. */
export class WebSite {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  #child: ChildProcess | null = null;

  constructor(name: string, address: string, port: number) {
    this.name = name;
    this.address = address;
    this.port = port;
  }

  get healthUrl(): string {
    return `http://${this.address}:${this.port}/healthz`;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  /** Starts the server; harmless while it runs. */
  async start(): Promise<void> {
    if (this.#child !== null) return;
    const child = fork(join(import.meta.dirname, 'web-server.mjs'), [this.address, String(this.port), this.name], {
      execArgv: [],
    });
    this.#child = child;
    await once(child, 'message', { signal: AbortSignal.timeout(10_000) });
  }

  /** Kills the server as a crash does; returns the moment of the signal, epoch milliseconds. */
  async kill(): Promise<number> {
    const child = this.#child;
    this.#child = null;
    const atMs = Date.now();
    if (child === null) return atMs;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    return atMs;
  }
}
