import type { Finding } from './config-error.ts';
import { findingAt, type ParsedDocument, type Path } from './document.ts';

/** Most levels that are looked at; a configuration has eight. What holds itself ends here. */
const depthMax = 20;

/**
 * What in a value of TypeScript is not there yet, or not at all: tokens of the CDK, what its look-ups answer before
 * they have looked, and objects of a class where texts and numbers are wanted.
 *
 * The functions carry the configuration in their code, which is written when an app is synthesized. A token is resolved
 * later, by CloudFormation, and not in there: a probe would look at a host called "${Token[TOKEN.12]}" for ever.
 *
 * @returns one finding a place; empty for what a YAML file could hold
 */
export function unresolvedIn(value: unknown, lineOf: ParsedDocument['lineOf']): readonly Finding[] {
  return search(value, [], lineOf);
}

function search(value: unknown, path: Path, lineOf: ParsedDocument['lineOf']): readonly Finding[] {
  const found = nameOf(value);
  if (found !== null) return [findingAt(path, lineOf, found)];
  if (value === null || typeof value !== 'object' || path.length >= depthMax) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => search(inner, [...path, key], lineOf));
}

type Complaint = Pick<Finding, 'found' | 'allowed' | 'hint'>;

function nameOf(value: unknown): Complaint | null {
  if (isToken(value)) return { found: 'a token of the CDK', ...known };
  if (typeof value === 'string' && placeholder.test(value)) {
    return { found: `${JSON.stringify(value)}, which a look-up of the CDK says before it has looked`, ...known };
  }
  const owner = classOf(value);
  return owner === null ? null : { found: `an object of class ${owner}`, ...plain };
}

const known = {
  allowed: 'a value that is known when the app is synthesized',
  hint: 'the functions carry it in their code: write the id, name or number itself',
};
const plain = {
  allowed: 'what a YAML file could hold: a text, a number, a list or a mapping',
  hint: 'of a construct, write its id or name as text',
};

/** What `fromLookup` and `valueFromLookup` answer first. https://docs.aws.amazon.com/cdk/v2/guide/context.html */
const placeholder = /^(DUMMY$|dummy-value-for-)/;

/** Texts, items of lists and numbers as the CDK marks them (`aws-cdk-lib/core/lib/private/encoding.js`). */
function isToken(value: unknown): boolean {
  if (typeof value === 'string') return /[$#]\{Token\[[^\]]+\]\}/.test(value);
  return typeof value === 'number' && highBitsOf(value) === tokenMark;
}

/** The upper 16 bits of a number that stands for a token. */
const tokenMark = 0xfbff;

function highBitsOf(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getUint16(0);
}

/** The name of the class of an object; null for a mapping, a list, and what is no object. */
function classOf(value: unknown): string | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A mapping of another realm, such as a test runner's, has another prototype that has none above it.
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return null;
  return value.constructor.name || 'without a name';
}
