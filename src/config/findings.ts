import type { z } from 'zod';
import { closest } from './closest-word.ts';
import type { Finding } from './config-error.ts';
import { findingAt, type ParsedDocument, type Path, valueAt } from './document.ts';
import { guessedKeyHint } from './guessed-keys.ts';
import { hintOf } from './schema/spelling.ts';
import { allowedKeysOf } from './schema/strict-object.ts';

/** Longest part of a value that a message repeats, in characters. */
const foundLengthMax = 60;
/** Zod's message for a union without a message of its own. */
const unionMessageDefault = 'Invalid input';

/** A value that was checked, and its path. */
interface Checked {
  readonly value: unknown;
  readonly lineOf: ParsedDocument['lineOf'];
}

/**
 * Converts the issues of a schema to findings, with path, value and what is allowed.
 *
 * @param value - the value that the schema was given
 */
export function findingsOf(error: z.ZodError, value: unknown, lineOf: ParsedDocument['lineOf']): readonly Finding[] {
  const { issues } = error;
  const findings = issues
    .filter((issue) => issue.code !== 'custom' || !issues.some((other) => isPartlyWrong(issue, other)))
    .flatMap((issue) => findingsOfIssue(issue, [], { value, lineOf }));
  // One value may break several bounds that one sentence says: a number that is no whole one is also above the most.
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/**
 * Whether a rule about a whole mapping fails only because a part of the mapping is wrong. The issue about that part is
 * enough.
 */
function isPartlyWrong(rule: z.core.$ZodIssue, other: z.core.$ZodIssue): boolean {
  return other.code !== 'custom' && rule.path.every((part, index) => other.path[index] === part);
}

function findingsOfIssue(issue: z.core.$ZodIssue, above: Path, checked: Checked): readonly Finding[] {
  const { value, lineOf } = checked;
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') {
    const known = allowedKeysOf(issue.message);
    return issue.keys.map((key) => unknownKey([...path, key], key, known, lineOf));
  }
  if (issue.code === 'invalid_key') {
    const allowed = issue.issues[0]?.message ?? 'another name';
    return [findingAt(path, lineOf, { found: shown(path.at(-1)), allowed, hint: null })];
  }
  if (issue.code === 'invalid_union') {
    const branch = meantBranch(issue);
    if (branch) return branch.flatMap((inner) => findingsOfIssue(inner, path, checked));
  }
  const hint = hintOf(issue);
  return [findingAt(path, lineOf, { found: shown(valueAt(value, path)), allowed: issue.message, hint })];
}

/**
 * The branch of a union that the user meant: the one whose issues are deepest. Null when no branch matched in part and
 * the union has a message of its own.
 */
function meantBranch(issue: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] | null {
  const best = [...issue.errors].sort((a, b) => depthOf(b) - depthOf(a) || a.length - b.length)[0];
  if (!best || best.length === 0) return null;
  return depthOf(best) > 0 || issue.message === unionMessageDefault ? best : null;
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));
}

function unknownKey(path: Path, key: string, known: readonly string[], lineOf: ParsedDocument['lineOf']): Finding {
  const guessed = guessedKeyHint(path);
  const near = guessed === null ? closest(key, known) : null;
  const instead = guessed !== null ? `${guessed}; ` : near !== null ? `did you mean "${near}"? ` : '';
  const hint = `${instead}allowed: ${known.join(', ')}`;
  return findingAt(path, lineOf, { found: null, allowed: 'unknown key', hint });
}

/** A value as it appears in a message; of a user name and password in a URL, nothing. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = (typeof value === 'number' ? String(value) : toJson(value)).replace(/:\/\/[^\s/@"]+@/g, '://***@');
  return text.length > foundLengthMax ? `${text.slice(0, foundLengthMax)}...` : text;
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return 'a value that no file can hold';
  }
}
