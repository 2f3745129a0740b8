import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gameDayPage } from '../../dashboard/gameday-page.ts';
import type { GameDayResult } from '../../dashboard/gameday-result.ts';
import { unwritable } from '../lab/out-folder.ts';

/**
 * Writes the report for auditors as a page and as data.
 *
 * @throws {FailoverError} USAGE when the folder cannot be written to
 */
export async function writeReport(folder: string, result: GameDayResult): Promise<{ html: string; json: string }> {
  const files = { html: join(folder, 'gameday.html'), json: join(folder, 'gameday.json') };
  try {
    await writeFile(files.json, `${JSON.stringify(result, null, 2)}\n`);
    await writeFile(files.html, gameDayPage(result));
  } catch (error) {
    throw unwritable(folder, error);
  }
  return files;
}
