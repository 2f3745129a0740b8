/** What a command may print to, and who is in front of it. */
export interface Terminal {
  /** Results, for people or programs. */
  readonly out: (text: string) => void;
  /** Errors and progress. */
  readonly err: (text: string) => void;
  /** Whether a person watches `err`; progress is shown to people only. */
  readonly isErrWatched: boolean;
  /** Name that goes into histories unless another one is given. */
  readonly userName: string;
  /** Aborts with an `Interruption` on Ctrl-C and when nobody reads any more; a command cleans up and returns. */
  readonly signal: AbortSignal;
}

/** Why a command is to stop before it is done. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** Exit code by which a shell knows the reason: 128 and the number of the signal. */
  readonly exit: number;

  constructor(reason: string, exit: number) {
    super(reason);
    this.exit = exit;
  }
}

/** Prints what a program reads. */
export function printJson(terminal: Terminal, json: unknown): void {
  terminal.out(`${JSON.stringify(json, null, 2)}\n`);
}
