import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FailoverError } from '../../core/errors.ts';

/** What the codes mean for a folder of results, in words. */
const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'a file has this name',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'a folder has the name of a file',
  EACCES: 'not allowed',
  EPERM: 'not allowed',
  ENOENT: 'nothing can be made there',
  EROFS: 'nothing can be made there',
  ENOSPC: 'the disk is full',
};

/**
 * Makes a folder for results, with those above it.
 *
 * @throws {FailoverError} USAGE when it cannot be made
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeWithParents(folder);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Folder by folder: Node's own `recursive` never ends where a folder that is there takes no new one, as /proc. */
async function makeWithParents(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeWithParents(dirname(folder));
    await mkdir(folder);
  }
}

/**
 * Writes a file of results.
 *
 * @throws {FailoverError} USAGE when it cannot be written
 */
export async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** One line for a folder that cannot be written to. */
export function unwritable(folder: string, error: unknown): FailoverError {
  const why =
    reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? String((error as NodeJS.ErrnoException).code ?? error);
  return new FailoverError('USAGE', `${folder}: cannot be written to (${why}); name another folder with --out`, {
    cause: error,
  });
}
