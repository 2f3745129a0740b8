import type { Page, Tone } from './show/layout.ts';

/** What a command may print to, and who is in front of it. */
export interface Terminal {
  /** Results, for people or programs. */
  readonly out: (text: string) => void;
  /** Errors and progress. */
  readonly err: (text: string) => void;
  /** Whether a person watches `err`; progress is shown to people only. */
  readonly isErrWatched: boolean;
  /** What `out` is read on: a person's terminal has a width and, unless asked not to, colour. */
  readonly page: Page;
  /** Asks the person in front of it, and returns the line that was typed; absent when nobody is there. */
  readonly ask?: (question: string) => Promise<string>;
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

/** SGR codes of ANSI X3.64; the plain sixteen colours, which every theme of a terminal makes readable. */
const codes: Readonly<Record<Tone, number>> = { good: 32, doubtful: 33, bad: 31 };

/** The page of a terminal. */
export function terminalPage(width: number, hasColour: boolean): Page {
  return { width, mark: (tone, text) => (hasColour ? `\u001B[1;${codes[tone]}m${text}\u001B[0m` : text) };
}
