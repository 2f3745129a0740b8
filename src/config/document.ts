import {
  Composer,
  type CST,
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  type YAMLError,
  type YAMLWarning,
} from 'yaml';
import { ConfigError, type Finding } from './config-error.ts';

/** A path into a document. */
export type Path = readonly (string | number)[];

/** A YAML text that has been read. */
export interface ParsedDocument {
  readonly value: unknown;
  /**
   * The 1-based line of the key or item at a path, or of its nearest ancestor in the file; null when there is none.
   */
  readonly lineOf: (path: Path) => number | null;
}

/** Most uses of anchors in one document. More is an attack or a mistake; fifty services with ten sites need fewer. */
const aliasCountMax = 1_000;
/** Longest text that is read, in characters. Fifty services with ten sites need a fifth of it. */
const textLengthMax = 1_000_000;
/** Most levels of collections within collections. A configuration needs eight; a stack's end differs by the day. */
const depthMax = 100;

/**
 * Reads YAML.
 *
 * @throws {ConfigError} with one finding: a syntax error, a duplicate key, too many aliases, too deep or too long
 */
export function parseDocument(text: string, fileName: string, code: 'CONFIG' | 'SCENARIO' = 'CONFIG'): ParsedDocument {
  const refuse = (line: number | null, allowed: string) =>
    new ConfigError(fileName, [{ path: '', line, found: null, allowed, hint: null }], code);
  if (text.trim() === '') throw refuse(null, 'the file is empty');
  if (text.includes('\0')) throw refuse(null, 'not a text in UTF-8; save it as UTF-8');
  if (text.length > textLengthMax) throw refuse(null, `longer than ${textLengthMax} characters`);

  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const [document, second] = attempt(
    () => [
      ...new Composer({ prettyErrors: false, logLevel: 'error', merge: true }).compose(
        tokensOf(text, lines),
        true,
        text.length,
      ),
    ],
    (cause) => refuse(null, cause instanceof RangeError ? tooDeep : `not YAML: ${messageOf(cause)}`),
  );
  if (!document) throw refuse(null, 'the file is empty');
  const [error] = document.errors;
  if (error) throw refuse(lineAt(error.pos[0]), explain(error, text));
  if (second) throw refuse(lineAt(second.range[0]), 'not YAML: a second document begins here; a file holds one');
  const [unknown] = document.warnings;
  if (unknown) throw refuse(lineAt(unknown.pos[0]), explainWarning(unknown, text));
  const value: unknown = attempt(
    () => document.toJS({ maxAliasCount: aliasCountMax }),
    (cause) => refuse(null, cause instanceof RangeError ? tooDeep : `not usable as YAML: ${messageOf(cause)}`),
  );
  if (isDeeperThan(depthMax, value)) throw refuse(null, tooDeep);

  const offsetOf = (path: Path): number | null => {
    const last = path.at(-1);
    if (last === undefined) return startOf(document.contents);
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last))
      : null;
    return pair ? startOf(pair.key) : startOf(document.getIn(path, true));
  };
  const lineOf = (path: Path): number | null => {
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = offsetOf(path.slice(0, length));
      if (offset !== null) return lineAt(offset);
    }
    return null;
  };
  return { value, lineOf };
}

function startOf(node: unknown): number | null {
  return isNode(node) && node.range ? node.range[0] : null;
}

function explain({ code, message, pos }: YAMLError, text: string): string {
  if (code === 'TAB_AS_INDENT') return 'not YAML: a tab at the beginning of the line; indent with spaces';
  if (code !== 'DUPLICATE_KEY') return `not YAML: ${firstLine(message)}`;
  return `the key ${JSON.stringify(text.slice(pos[0]).match(/^[^:\s]{1,60}/)?.[0] ?? '')} stands twice in one mapping`;
}

/** The parser takes the text behind a tag that it does not know, as if the tag were not there. */
function explainWarning({ code, message, pos }: YAMLWarning, text: string): string {
  if (code !== 'TAG_RESOLVE_FAILED') return `not YAML: ${firstLine(message)}`;
  return `the tag ${text.slice(...pos)} means nothing here; nothing fills in templates: write the value itself`;
}

const tooDeep = `nested deeper than ${depthMax} levels`;

/**
 * What the parser makes of a text. What reads its tokens calls itself for each level. At the end of the stack it
 * reports an error of the text, or V8 cannot compile a regular expression any more and ends the process. So depth is
 * watched while the text comes in.
 *
 * @throws {RangeError} when a collection is deeper than `depthMax`
 */
function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    // The document, its collections, and the scalar in hand.
    if (parser.stack.length > depthMax + 2) throw new RangeError(tooDeep);
  }
  yield* parser.end();
}

/** Level by level, and each collection once a level: an anchor that is used a thousand times costs no more than one. */
function isDeeperThan(depth: number, value: unknown): boolean {
  let level = [value].filter(isCollection);
  for (let levels = 0; levels < depth && level.length > 0; levels += 1) {
    level = [...new Set(level.flatMap((each) => Object.values(each).filter(isCollection)))];
  }
  return level.length > 0;
}

function isCollection(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}

function attempt<T>(work: () => T, refusal: (cause: unknown) => Error): T {
  try {
    return work();
  } catch (cause) {
    throw refusal(cause);
  }
}

function messageOf(cause: unknown): string {
  return firstLine(cause instanceof Error ? cause.message : String(cause));
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

/** A path as it is written in messages. */
export function dotted(path: Path): string {
  return path.join('.');
}

/** The value at a path of a plain value; undefined when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      at !== null && typeof at === 'object' && Object.hasOwn(at, part)
        ? (at as Record<string | number, unknown>)[part]
        : undefined,
    value,
  );
}

/** A finding at a path of a document, with its line. */
export function findingAt(
  path: Path,
  lineOf: ParsedDocument['lineOf'],
  { found, allowed, hint }: Pick<Finding, 'found' | 'allowed' | 'hint'>,
): Finding {
  return { path: dotted(path), line: lineOf(path), found, allowed, hint };
}
