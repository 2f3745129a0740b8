import { isNode, LineCounter, parseDocument as parseYaml } from 'yaml';
import type { z } from 'zod';
import { ConfigError, type Finding } from './config-error.ts';

/** A path into a document. */
export type Path = readonly (string | number)[];

/** A YAML text that has been read. */
export interface ParsedDocument {
  readonly value: unknown;
  /** 1-based line of the value at a path, or of the nearest thing above it that stands in the file; null when none does. */
  readonly lineOf: (path: Path) => number | null;
}

/** Most findings of one file that are reported at once. */
export const findingsMax = 20;
/** Aliases that one document may expand to; more is an attack or a mistake. */
const aliasCountMax = 100;
/** Most of a value that a message repeats. */
const foundLengthMax = 60;

/**
 * Reads YAML.
 *
 * @throws {ConfigError} for a syntax error, a duplicate key or too many aliases, with the line
 */
export function parseDocument(text: string, fileName: string, code: 'CONFIG' | 'SCENARIO' = 'CONFIG'): ParsedDocument {
  const lines = new LineCounter();
  const document = parseYaml(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const line = lines.linePos(error.pos[0]).line;
    throw new ConfigError(fileName, [fault(line, `not YAML: ${error.message.split('\n')[0]}`)], code);
  }
  try {
    return { value: document.toJS({ maxAliasCount: aliasCountMax }), lineOf };
  } catch (cause) {
    throw new ConfigError(
      fileName,
      [fault(null, `not usable as YAML: ${cause instanceof Error ? cause.message : cause}`)],
      code,
    );
  }

  function lineOf(path: Path): number | null {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return null;
  }
}

function fault(line: number | null, allowed: string): Finding {
  return { path: '', line, found: null, allowed, wayOut: null };
}

/** What a schema found wrong, as findings that name path, value and what is allowed. */
export function findingsOf(error: z.ZodError, value: unknown, lineOf: ParsedDocument['lineOf']): readonly Finding[] {
  return error.issues.flatMap((issue) => findingsOfIssue(issue, [], value, lineOf)).slice(0, findingsMax);
}

function findingsOfIssue(
  issue: z.core.$ZodIssue,
  above: Path,
  value: unknown,
  lineOf: ParsedDocument['lineOf'],
): readonly Finding[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: dotted([...path, key]),
      line: lineOf([...path, key]),
      found: null,
      allowed: 'unknown key',
      wayOut: wayOutOf(issue.message),
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = [...issue.errors].sort((a, b) => depthOf(b) - depthOf(a) || a.length - b.length)[0];
    if (branch && branch.length > 0) return branch.flatMap((inner) => findingsOfIssue(inner, path, value, lineOf));
  }
  return [
    { path: dotted(path), line: lineOf(path), found: foundAt(value, path), allowed: issue.message, wayOut: null },
  ];
}

/** The branch of a union that got deepest is the one that was meant. */
function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function wayOutOf(message: string): string | null {
  const [, way] = message.split('; ');
  return way ?? null;
}

/** A path as it is written in messages. */
export function dotted(path: Path): string {
  return path.join('.');
}

function foundAt(value: unknown, path: Path): string | null {
  let at: unknown = value;
  for (const part of path) {
    if (at === null || typeof at !== 'object') return null;
    at = (at as Record<string | number, unknown>)[part];
  }
  if (at === undefined) return 'nothing';
  const text = JSON.stringify(at);
  return text.length > foundLengthMax ? `${text.slice(0, foundLengthMax)}...` : text;
}

/** The key of a list that is closest to a mistyped one, null when none is close. */
export function closest(key: string, allowed: readonly string[]): string | null {
  const scored = allowed.map((candidate) => ({
    candidate,
    distance: editDistance(key.toLowerCase(), candidate.toLowerCase()),
  }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(1, Math.floor(key.length / 3)) ? best.candidate : null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
