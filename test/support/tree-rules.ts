import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import { layeredFolders } from './layers.ts';
import type { SourceText } from './syntax.ts';

/** Most files that stand directly in one folder. Source: CONTRIBUTING.md. */
export const folderFilesMax = 20;

/** A folder and how many files stand directly in it. */
export interface FolderSize {
  readonly folder: string;
  readonly fileCount: number;
}

/** A numbered series that only grows: a page is found by its number, and none may be moved away from it. */
const numbered = 'docs/adr';

/** Folders that hold more than `folderFilesMax` files, but for the series of decisions. */
export function crowdedFolders(paths: readonly string[]): readonly FolderSize[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .map(([folder, fileCount]) => ({ folder, fileCount }))
    .filter(({ folder, fileCount }) => fileCount > folderFilesMax && folder !== numbered)
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/**
 * Import circles among the layered files, imports of types included.
 *
 * @returns each circle as the path of its files, the first one again at the end; empty only when there is none
 */
export function importCircles(sources: readonly SourceText[]): readonly (readonly string[])[] {
  const layered = sources.filter(({ path }) => layeredFolders.some((folder) => path.startsWith(folder)));
  const targets = new Map(layered.map((source) => [source.path, targetsOf(source)]));
  const circles: (readonly string[])[] = [];
  const done = new Set<string>();
  const trail: string[] = [];

  const visit = (path: string) => {
    const start = trail.indexOf(path);
    if (start >= 0) circles.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    trail.push(path);
    for (const target of targets.get(path) ?? []) visit(target);
    trail.pop();
    done.add(path);
  };

  for (const path of targets.keys()) visit(path);
  return circles;
}

function targetsOf(source: SourceText): readonly string[] {
  const specifiers = importsOf(source).flatMap(({ specifier }) => (specifier?.startsWith('.') ? [specifier] : []));
  return specifiers.map((specifier) => posix.join(posix.dirname(source.path), specifier));
}

/** A place that names a file which there is not. */
export interface MissingFile {
  readonly path: string;
  readonly named: string;
}

/**
 * Program files that documents and comments name in backquotes and that are not there. A name may be the end of a path.
 * The changelog and plans name what was or will be.
 */
export function missingFiles(sources: readonly SourceText[]): readonly MissingFile[] {
  const ends = new Set(
    sources.flatMap(({ path }) => path.split('/').map((_, index, parts) => parts.slice(index).join('/'))),
  );
  return sources.filter(isProse).flatMap(({ path, text }) =>
    proseOf(path, text).flatMap((line) =>
      [...line.matchAll(/`([\w./-]+\.ts)`/g)]
        .map(([, named = '']) => named)
        .filter((named) => !ends.has(named))
        .map((named) => ({ path, named })),
    ),
  );
}

function isProse({ path }: SourceText): boolean {
  const isDocument = path.endsWith('.md') && path !== 'CHANGELOG.md';
  return isDocument || (path.endsWith('.ts') && !path.startsWith('test/'));
}

function proseOf(path: string, text: string): readonly string[] {
  const lines = text.split('\n');
  return path.endsWith('.md') ? lines : lines.filter((line) => /^\s*(\/?\*|\/\/)/.test(line));
}

/** A function or value that is exported and that no other file names. */
export interface UnusedExport {
  readonly path: string;
  readonly name: string;
}

/** Exported functions and values of the layers that no other file names; types may stand in a signature alone. */
export function unusedExports(sources: readonly SourceText[]): readonly UnusedExport[] {
  const wordsByPath = new Map(sources.map(({ path, text }) => [path, new Set(text.match(/[A-Za-z_$][\w$]*/g))]));
  const layered = sources.filter(({ path }) => layeredFolders.some((folder) => path.startsWith(folder)));
  const exported = layered.flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)].map(([, name = '']) => ({
      path,
      name,
    })),
  );
  const isNamed = ({ path, name }: UnusedExport) =>
    [...wordsByPath].some(([other, words]) => other !== path && words.has(name));
  return exported.filter((one) => !isNamed(one));
}
