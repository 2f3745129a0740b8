import { mkdir, writeFile } from 'node:fs/promises';
import { FailoverError } from '../../core/errors.ts';

/**
 * Makes a folder for results, with those above it.
 *
 * @throws {FailoverError} USAGE when it cannot be made
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
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
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new FailoverError('USAGE', `${folder}: cannot be written to (${code}); name another folder with --out`, {
    cause: error,
  });
}
