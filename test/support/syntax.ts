import { parseAst } from 'vitest/node';

/** A file of the repository, by its path from the root. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** A node of the syntax tree: ESTree, with TypeScript's own kinds. */
export interface SyntaxNode {
  readonly type: string;
  /** Offsets into the text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Whether the file is a program that `nodesOf` can read. */
export function isProgram(path: string): boolean {
  return /\.[jt]s$/.test(path);
}

const trees = new WeakMap<SourceText, readonly SyntaxNode[]>();

/**
 * All nodes of a program, outer ones first; none for a file that is no program.
 *
 * @throws {SyntaxError} when it cannot be read as one
 */
export function nodesOf(source: SourceText): readonly SyntaxNode[] {
  if (!isProgram(source.path)) return [];
  const known = trees.get(source);
  if (known) return known;
  const lang = source.path.endsWith('.d.ts') ? 'dts' : source.path.endsWith('.ts') ? 'ts' : 'js';
  const nodes: SyntaxNode[] = [];
  collect(parseAst(source.text, { lang }, source.path), nodes);
  trees.set(source, nodes);
  return nodes;
}

/** Nodes of the given kinds. */
export function nodesOfType(source: SourceText, ...types: readonly string[]): readonly SyntaxNode[] {
  return nodesOf(source).filter((node) => types.includes(node.type));
}

function collect(value: unknown, into: SyntaxNode[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, into);
    return;
  }
  if (isNode(value)) {
    into.push(value);
    for (const child of Object.values(value)) if (typeof child === 'object') collect(child, into);
  }
}

/** Whether a part of a node is itself a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';
}

/** Name of an identifier, or text of a string literal; null for anything else. */
export function nameOf(value: unknown): string | null {
  if (!isNode(value)) return null;
  if (value.type === 'Identifier' && typeof value.name === 'string') return value.name;
  return value.type === 'Literal' && typeof value.value === 'string' ? value.value : null;
}

/** The text that a node covers. */
export function textOf(source: SourceText, node: SyntaxNode): string {
  return source.text.slice(node.start, node.end);
}

/** 1-based line of an offset. */
export function lineAt(source: SourceText, offset: number): number {
  return source.text.slice(0, offset).split('\n').length;
}
