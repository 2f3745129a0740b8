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

/** Clears the screen from its top left corner (ECMA-48, CUP and ED). Only at the beginning of what is printed. */
export const clearScreen = '\u001B[H\u001B[J';

/** Goes to the start of the line and empties it (ECMA-48, EL). Only at the beginning of what is printed. */
export const clearLine = '\r\u001B[2K';

/**
 * What a terminal obeys instead of showing it: the control characters but for tab and line feed, and those that turn
 * the direction of what follows. Sources: ECMA-48, C0 and C1; Unicode Standard Annex 9, "Directional Formatting
 * Characters".
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const obeyed = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Our own colours, as `terminalPage` writes them. */
const colours = new RegExp(`(\\u001B\\[(?:0|1;(?:${Object.values(codes).join('|')}))m)`);

/**
 * The text with what a terminal would obey as visible escapes, such as `\u001b`. What AWS, a probed site or a function
 * of the user's says stands in it, and may neither clear lines above nor name a window. In JSON the escapes mean the
 * characters that they stand for.
 *
 * Kept are our own colours where there are any, and at the beginning what draws in place.
 *
 * @param isTerminal - whether the page has colours and is drawn in place; elsewhere nothing is kept
 */
export function printable(text: string, isTerminal: boolean): string {
  const shown = (part: string) =>
    part.replace(obeyed, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (!isTerminal) return shown(text);
  const [start = ''] = [clearScreen, clearLine].filter((each) => text.startsWith(each));
  const parts = text.slice(start.length).split(colours);
  return start + parts.map((part) => (colours.test(part) ? part : shown(part))).join('');
}
