import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { lambdaNode } from '../../../../support/lambda-node.ts';
import type { FunctionSpec } from '../template/template.ts';

/** What one invocation came to. */
export type InvocationEnd =
  | { readonly kind: 'answer'; readonly payload: unknown }
  /** The handler threw, the process ended or the time was up: Lambda's `FunctionError`. */
  | { readonly kind: 'error'; readonly payload: { readonly errorType: string; readonly errorMessage: string } }
  /** No environment was free and no further one is allowed. */
  | { readonly kind: 'throttled' };

interface Pending {
  readonly requestId: string;
  readonly end: (end: InvocationEnd) => void;
}

/** What a child says. */
type Word =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly requestId: string; readonly payload: unknown }
  | {
      readonly kind: 'error';
      readonly requestId: string;
      readonly payload: { readonly errorType: string; readonly errorMessage: string };
      readonly stack: string;
    };

/** Lines of output kept of each environment, for a failing test to show. */
const outputLinesMax = 400;

/** How a process is to be started, besides what its template says. */
export interface TimingProfile {
  /** What Lambda itself adds to the environment variables. */
  readonly runtimeVariables: Readonly<Record<string, string>>;
  /** `address:port` of the only name server. */
  readonly nameServer: string;
}

/**
 * One execution environment: a process that imports the function's bundle and has one event at a time.
 *
 * Between invocations it is stopped, as Lambda freezes it.
 */
export class ExecutionEnvironment {
  readonly spec: FunctionSpec;
  readonly output: string[] = [];
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  #pending: Pending | null = null;
  #isAlive = true;
  #isFrozenByTest = false;

  constructor(spec: FunctionSpec, { runtimeVariables, nameServer }: TimingProfile) {
    this.spec = spec;
    this.#child = fork(join(import.meta.dirname, 'lambda-runtime.mjs'), [], {
      execPath: lambdaNode(),
      execArgv: ['--import', join(import.meta.dirname, 'network-preload.mjs')],
      env: { ...runtimeVariables, ...spec.environment, E2E_NAME_SERVER: nameServer },
      cwd: spec.codeFolder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#child.on('message', (word: Word) => (word.kind === 'ready' ? resolve() : this.#hear(word)));
      this.#child.once('exit', (code, signal) => {
        this.#isAlive = false;
        reject(new Error(`Runtime exited: ${code ?? signal}`));
        this.#finish({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with ${code ?? signal}` });
      });
    });
    this.#ready.catch(() => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#keep(chunk.toString()));
    }
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isBusy(): boolean {
    return this.#pending !== null;
  }

  /**
   * Hands the function one event; kills the environment when the function's time is up.
   *
   * A cold start is not part of that time. Source: Lambda Developer Guide, "Understanding the Lambda execution
   * environment lifecycle".
   */
  async invoke(event: unknown, requestId: string): Promise<InvocationEnd> {
    const ended = new Promise<InvocationEnd>((end) => {
      this.#pending = { requestId, end };
    });
    this.#child.kill('SIGCONT');
    const { timeoutSeconds, arn } = this.spec;
    let timer: NodeJS.Timeout | undefined;
    await this.#ready.then(
      () => {
        timer = setTimeout(() => {
          const errorMessage = `Task timed out after ${timeoutSeconds}.00 seconds`;
          this.#finish({ errorType: 'Sandbox.Timedout', errorMessage });
          this.kill();
        }, timeoutSeconds * 1_000);
        const deadlineMs = Date.now() + timeoutSeconds * 1_000;
        if (this.#isAlive) this.#child.send({ requestId, event, functionArn: arn, deadlineMs });
      },
      () => undefined,
    );
    const end = await ended;
    clearTimeout(timer);
    return end;
  }

  /** Stops the process in whatever it is doing, until `wake`. */
  freeze(): void {
    this.#isFrozenByTest = true;
    this.#child.kill('SIGSTOP');
  }

  wake(): void {
    this.#isFrozenByTest = false;
    this.#child.kill('SIGCONT');
  }

  get isFrozen(): boolean {
    return this.#isFrozenByTest;
  }

  kill(): void {
    this.#isAlive = false;
    this.#child.kill('SIGKILL');
  }

  #hear(word: Exclude<Word, { kind: 'ready' }>): void {
    if (this.#pending?.requestId !== word.requestId) return;
    if (word.kind === 'error') this.#keep(`${word.stack}\n`);
    const { end } = this.#pending;
    this.#pending = null;
    this.#child.kill('SIGSTOP');
    end(word.kind === 'answer' ? { kind: 'answer', payload: word.payload } : { kind: 'error', payload: word.payload });
  }

  #finish(payload: { readonly errorType: string; readonly errorMessage: string }): void {
    const pending = this.#pending;
    this.#pending = null;
    pending?.end({ kind: 'error', payload });
  }

  #keep(text: string): void {
    this.output.push(...text.split('\n').filter((line) => line !== ''));
    this.output.splice(0, this.output.length - outputLinesMax);
  }
}
