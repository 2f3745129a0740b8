import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type CpuShare, makeCpuShare } from './cpu-share.ts';

/** What a watcher's process did since it was last asked. */
export interface WatcherReading {
  /** Longest time that its event loop stood still, in milliseconds. */
  readonly lagMs: number;
  /** Processor time, in milliseconds. */
  readonly cpuMs: number;
}

/** How a watcher is started. */
export interface WatcherStart {
  readonly node: string;
  /** Path of the packed bundle. */
  readonly code: string;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * What runs in the process: the handler again and again, as Lambda calls it in one environment.
 *
 * Lambda hands events to Node's loop over HTTP from a process of its own, which is not here.
 */
function scriptOf(code: string): string {
  return `
    import { monitorEventLoopDelay } from 'node:perf_hooks';
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    let cpu = { user: 0, system: 0 };
    process.on('message', () => {
      const { user, system } = process.cpuUsage(cpu);
      cpu = process.cpuUsage();
      process.send({ lagMs: delay.max / 1e6, cpuMs: (user + system) / 1e3 });
      delay.reset();
    });
    process.on('disconnect', () => process.exit(0));
    const { handler } = await import(${JSON.stringify(pathToFileURL(code).href)});
    for (;;) await handler({});`;
}

/** A watcher on Lambda's own Node, with the flags and the share of a processor that Lambda gives it. */
export class WatcherProcess {
  readonly #child: ChildProcess;
  readonly #share: CpuShare;

  constructor({ node, code, memoryMb, environment }: WatcherStart) {
    this.#share = makeCpuShare(memoryMb);
    // The flags with which Lambda's runtime starts Node: a twentieth of the memory for each half of the young objects,
    // nine tenths for the old ones. Source: `/var/runtime/bootstrap` of AWS's base images for Lambda.
    const spaces = [
      `--max-semi-space-size=${Math.floor(memoryMb / 20)}`,
      `--max-old-space-size=${memoryMb - Math.floor(memoryMb / 10)}`,
    ];
    this.#child = spawn(node, ['--expose-gc', ...spaces, '--input-type=module', '-e', scriptOf(code)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb), ...environment },
    });
    if (this.#child.pid === undefined) throw new Error(`${node} did not start`);
    this.#share.add(this.#child.pid);
  }

  /** What happened since the last call, or since the start. */
  async read(): Promise<WatcherReading> {
    const answer = once(this.#child, 'message');
    this.#child.send('read');
    const [reading] = await Promise.race([
      answer,
      once(this.#child, 'exit').then(([code, signal]) => {
        throw new Error(`the watcher's process ended with ${code ?? signal}`);
      }),
    ]);
    return reading as WatcherReading;
  }

  /** Most memory that the process ever had resident, in MiB. */
  get peakMb(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(status.match(/^VmHWM:\s+(\d+) kB$/m)?.[1]) / 1_024;
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await ended;
    }
    this.#share.remove();
  }
}
