import { readFileSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FailoverError } from '../core/errors.ts';

/** What the file systems' codes mean, in words. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be read',
  ENOTDIR: 'no such file or folder',
  ELOOP: 'is a link that leads back to itself',
  EPERM: 'may not be read',
  ENAMETOOLONG: 'no such file or folder',
};

/** @throws {FailoverError} CONFIG with one line that names the file */
export function readText(path: string): string {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : readStream(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Signals that the program hears by itself. */
const stops = ['SIGINT', 'SIGTERM'] as const;

/**
 * Reads a pipe or a device. It may wait for its writer for ever, and while it does no listener runs; so signals end the
 * program at once. Nothing has been begun by then that would have to be cleaned up.
 */
function readStream(path: string): string {
  const heard = stops.map((signal) => ({ signal, listeners: process.listeners(signal) }));
  for (const signal of stops) process.removeAllListeners(signal);
  try {
    return readFileSync(path, 'utf8');
  } finally {
    for (const { signal, listeners } of heard) for (const listener of listeners) process.on(signal, listener);
  }
}

/**
 * The YAML files that paths stand for: a file for itself, a folder for all in it and below, sorted by path. A
 * configuration (`*.config.yaml`) in a folder is what its scenarios run on, and no scenario.
 *
 * @throws {FailoverError} CONFIG for a path that is not there and for a folder without any
 */
export async function findYamlFiles(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(findBelow));
  return [...new Set(found.flat())];
}

async function findBelow(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    const files = names.filter((name) => isScenario(name)).sort();
    if (files.length > 0) return files.map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new FailoverError('CONFIG', `${path}: no *.yaml in this folder`);
}

function isScenario(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/\.config\.ya?ml$/.test(name);
}

function unreadable(path: string, error: unknown): FailoverError {
  return new FailoverError('CONFIG', `${path}: ${fileFaultWords(error)}`, { cause: error });
}

/** What a file system's error means, in words; its code where there are none. */
export function fileFaultWords(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return reasons[code] ?? code;
}
