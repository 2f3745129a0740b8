import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { SourceText } from './syntax.ts';

const root = resolve(import.meta.dirname, '../..');

/** Text files of the repository, as they are on the disk; what `.gitignore` names is left out. */
export function repositoryFiles(): readonly SourceText[] {
  const ignored = new Set(['.git', ...readFileSync(join(root, '.gitignore'), 'utf8').split('\n').map(withoutSlash)]);
  return filesBelow(root, ignored)
    .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') }))
    .filter((source) => !source.text.includes('\0'));
}

function filesBelow(folder: string, ignored: ReadonlySet<string>): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name) || ignored.has(`*${entry.name.slice(entry.name.lastIndexOf('.'))}`)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, ignored);
    return entry.isFile() ? [path] : [];
  });
}

function withoutSlash(line: string): string {
  return line.trim().replace(/\/$/, '');
}
