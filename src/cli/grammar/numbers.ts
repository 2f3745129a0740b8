import { InvalidArgumentError } from 'commander';

/** Reads a whole number of an option. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Give a whole number.');
  return value;
}

/** Reads the number of a port. */
export function portNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError('Give 0 to 65535.');
  return value;
}

/** Most days of noise: what 81 settings take hours for. More would not fit into memory. */
const daysMax = 1_000;

/** Reads a number of simulated days. */
export function dayNumber(text: string): number {
  const value = positiveNumber(text);
  if (value > daysMax) throw new InvalidArgumentError(`Give 1 to ${daysMax}.`);
  return value;
}

/** Most simulated losses of one question: an hour's work for a few services, and more say nothing new. */
const lossesMax = 1_000;

/** Reads a number of simulated losses. */
export function lossNumber(text: string): number {
  const value = positiveNumber(text);
  if (value > lossesMax) throw new InvalidArgumentError(`Give 1 to ${lossesMax}.`);
  return value;
}

/** Reads a number of things, one or more. */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('Give 1 or more.');
  return value;
}
