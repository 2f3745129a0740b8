import { z } from 'zod';
import { nameForm } from '../../core/model/name-form.ts';

/** Kinds of values. Each has a text that says which values are allowed, for messages and for the generated pages. */

/**
 * A whole number in a range, both ends included. A text of digits is taken too: tools that fill in a YAML file often
 * put quotes around what they fill in.
 */
export function wholeNumber(min: number, max: number) {
  const allowed = `a whole number from ${min} to ${max}`;
  const number = z.int({ error: allowed }).min(min, allowed).max(max, allowed);
  return z.preprocess(numberOfDigits, number).meta({ allowed });
}

function numberOfDigits(written: unknown): unknown {
  return typeof written === 'string' && /^-?\d{1,15}$/.test(written) ? Number(written) : written;
}

/** A number in steps of one half, in a range, both ends included; a text of digits is taken too. */
export function halves(min: number, max: number) {
  const allowed = `a number from ${min} to ${max}, in steps of 0.5`;
  const number = z.number({ error: allowed }).min(min, allowed).max(max, allowed).multipleOf(0.5, allowed);
  return z.preprocess(numberOfDigits, number).meta({ allowed });
}

/** A number above 0. */
export function positiveNumber(max: number) {
  const allowed = `a number above 0, at most ${max}`;
  return z.number({ error: allowed }).positive(allowed).max(max, allowed).meta({ allowed });
}

/** A text of limited length. */
export function text(lengthMax: number, what = 'a text') {
  const allowed = `${what} of 1 to ${lengthMax} characters`;
  return z.string({ error: allowed }).min(1, allowed).max(lengthMax, allowed).meta({ allowed });
}

/**
 * A text that matches a pattern.
 *
 * @param allowed - the form in words, with an example
 */
export function pattern(form: RegExp, allowed: string) {
  return z.string({ error: allowed }).regex(form, allowed).meta({ allowed });
}

/** True or false. */
export function flag() {
  const allowed = 'true or false';
  return z.boolean({ error: allowed }).meta({ allowed });
}

/** One of some words. */
export function choice<const T extends readonly [string, ...string[]]>(words: T) {
  const allowed = listed(words);
  return z.enum(words, { error: allowed }).meta({ allowed });
}

/**
 * A list of limited length.
 *
 * @param what - what the list is of, in the plural
 * @param allowed - what people read, where a rule asks for more than the lengths say
 */
export function list<T extends z.ZodType>(
  item: T,
  min: number,
  max: number,
  what: string,
  allowed = `a list of ${min} to ${max} ${what}`,
) {
  return z.array(item, { error: allowed }).min(min, allowed).max(max, allowed).meta({ allowed });
}

/**
 * One text or a list of different ones; what is made of it is always a list, in the order in which it was written.
 *
 * @param what - what one is, in words
 * @param many - what the list is of, in the plural
 */
export function oneOrMore<T extends z.ZodType<string>>(one: T, countMax: number, what: string, many: string) {
  const isRepeated = (values: readonly string[]) => new Set(values).size < values.length;
  return z
    .union([one, list(one, 1, countMax, many)], { error: what })
    .transform((written): readonly string[] => (typeof written === 'string' ? [written] : written))
    .refine((values) => !isRepeated(values), { error: `a list of different ${many}` })
    .meta({ allowed: `${what}, or a list of up to ${countMax}` });
}

/**
 * A mapping from names that the user chooses.
 *
 * @param what - what the names stand for, in the plural
 */
export function named<K extends z.core.$ZodRecordKey, T extends z.ZodType>(key: K, value: T, what: string) {
  const allowed = `a mapping of ${what} by name`;
  return z.record(key, value, { error: allowed }).meta({ allowed });
}

/** Words as a sentence lists them: `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Name of a deployment, a service or a site. */
export const nameField = pattern(
  nameForm,
  'a name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor"',
);

/** The form of an AWS region's name. */
export const regionForm = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Name of an AWS region. */
export const regionField = pattern(regionForm, 'an AWS region, such as us-east-1');
