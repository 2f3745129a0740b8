import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

/** Longest name of who asks; it stands in a column of the history. */
const nameLengthMax = 64;
/** Longest reason; it stands in a line of `status`. */
const reasonLengthMax = 200;

/** Reads who asks, for the history. */
export function personName(text: string): string {
  return line(text, nameLengthMax);
}

/** Reads why something is done, for the others. */
export function reasonText(text: string): string {
  return line(text, reasonLengthMax);
}

/** Reads the path of a page. Put behind a host, one without its slash would be a part of the host's name. */
export function pagePath(text: string): string {
  if (/^\/\S*$/.test(text)) return text;
  throw new InvalidArgumentError('Give a path that begins with a slash, such as /healthz.');
}

/** Refuses an empty value of each option that takes any text: a script's variable that is not set. */
export function refuseEmptyValues(program: Command): void {
  const options = program.commands.flatMap((verb) => verb.options);
  for (const option of options) if (option.required && option.parseArg === undefined) option.argParser(given);
}

function given(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Give a value, or leave the option out.');
  return text;
}

/** What everybody is shown later stands in one line, and tells a terminal nothing but its letters. */
function line(text: string, lengthMax: number): string {
  const isPlain = !/\p{Cc}|\p{Zl}|\p{Zp}|\p{Bidi_Control}/u.test(text);
  if (isPlain && text.trim() !== '' && text.length <= lengthMax) return text;
  throw new InvalidArgumentError(`Give one line of 1 to ${lengthMax} characters.`);
}
