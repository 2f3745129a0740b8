import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FailoverError } from '../../core/errors.ts';
import type { FromChild, LabCommands, LabConfigs, LabRole, OwnEvent, ToChild } from './protocol.ts';

/** Where a role's program may be: beside the bundle that holds this file, or in the sources. */
const places = (role: LabRole) => [`./processes/${role}.js`, `../processes/${role}.js`, `../processes/${role}.ts`];

/** Last characters of what a process printed, for the message when it fails. */
const printedMax = 500;

/** One process of the lab, from the lab's side. */
export class LabProcess<R extends LabRole> {
  readonly role: R;
  /** Control region or site; null where there is only one of the role. */
  readonly place: string | null;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<void>;
  /** The lab is ending it; any other end is an event. */
  isEndWanted = false;
  #config: LabConfigs[R] | null = null;
  readonly #child: ChildProcess;
  readonly #ready: Promise<readonly number[]>;
  #printed = '';

  /** Starts the process; it waits for its configuration. */
  constructor(role: R, place: string | null, onEvent: (event: OwnEvent) => void) {
    this.role = role;
    this.place = place;
    this.#child = start(role, place);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#printed = (this.#printed + chunk.toString()).slice(-printedMax);
    });
    this.ended = once(this.#child, 'exit').then(
      () => undefined,
      () => undefined,
    );
    this.#ready = new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new FailoverError('FAULT', `${this.name} did not start: ${why}`));
      this.#child.on('message', (message: FromChild) => {
        if (message.kind === 'event') onEvent(message.event);
        else if (message.kind === 'ready') resolve(message.ports);
        else fail(message.message);
      });
      void this.ended.then(() => fail(this.#printed.trim().split('\n').at(-1) || 'it ended at once'));
    });
    // Whoever configures it hears of it; one that is stopped before that is no error.
    this.#ready.catch(() => {});
  }

  get name(): string {
    return this.place === null ? `the ${this.role} process` : `the ${this.role} ${this.place}`;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isAlive(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Gives it its configuration and waits until it does its work.
   *
   * @returns the ports on which it listens
   * @throws {FailoverError} FAULT with what it said, when it does not start
   */
  configure(config: LabConfigs[R]): Promise<readonly number[]> {
    this.#config = config;
    this.#send({ kind: 'configure', config });
    return this.#ready;
  }

  /** The configuration for a process in its place: what it was told, with the ports that it had. Null before that. */
  async successorConfig(): Promise<LabConfigs[R] | null> {
    if (this.#config === null) return null;
    const [port] = await this.#ready;
    return port === undefined ? this.#config : { ...this.#config, port };
  }

  command(command: LabCommands[R]): void {
    this.#send({ kind: 'command', command });
  }

  /** Ends it with SIGKILL: it has no chance to say goodbye. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Stops it where it is; its connections stay open and nobody answers on them. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  /** Lets a frozen process go on; harmless for one that runs or has ended. */
  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  /** Ends it whatever state it is in, and waits for that. */
  async stop(): Promise<void> {
    this.isEndWanted = true;
    if (this.isAlive) {
      this.#child.kill('SIGCONT');
      this.#child.kill('SIGKILL');
      await this.ended;
    }
    if (this.#child.connected) this.#child.disconnect();
  }

  #send(message: ToChild): void {
    if (!this.#child.connected) return;
    // A process that ends meanwhile is noticed by its end.
    this.#child.send(message, () => {});
  }
}

function start(role: LabRole, place: string | null): ChildProcess {
  const paths = places(role).map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new FailoverError('FAULT', `no program for ${role}: build with "npm run build"`);
  // For whoever lists the processes: what it is, and whose.
  return fork(path, [place ?? role, `--of-lab=${process.pid}`], {
    execArgv: path.endsWith('.ts') ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
