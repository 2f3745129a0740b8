import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../adapters/system/clock.ts';
import { escapeHtml } from '../../dashboard/html.ts';

/** The command of each system that opens a file in the user's browser. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};
/** How long the file stays: a browser that starts cold on a busy machine has read it by then. Source: our own. */
const keptMs = 60_000;

/**
 * Asks the system to open an address. Where it cannot, nothing happens: the address is printed besides.
 *
 * The address holds a token, and a command line can be read by every user of the machine. So the browser is given the
 * name of a file that only this user may read, and the file leads to the address. It is removed when `signal` is
 * aborted, when the process ends, or after a minute.
 *
 * @param opener - the command and its first words
 * @returns when the file has been removed
 */
export async function openInBrowser(
  url: string,
  signal: AbortSignal,
  opener: readonly string[] = openers[process.platform] ?? ['xdg-open'],
): Promise<void> {
  let folder = '';
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    folder = mkdtempSync(join(tmpdir(), 'cdk-failover-'));
    process.once('exit', remove);
    const file = join(folder, 'open.html');
    writeFileSync(file, redirectTo(url), { mode: 0o600, flag: 'wx' });
    const [command = 'xdg-open', ...words] = opener;
    const child = spawn(command, [...words, file], { detached: true, stdio: 'ignore' });
    child.on('error', () => {});
    child.unref();
    await systemClock.sleep(keptMs, signal);
  } catch {
    // The command has ended, or this machine has no room for a file.
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

function redirectTo(url: string): string {
  const address = escapeHtml(url);
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=${address}">
<title>cdk-failover</title>
<p><a href="${address}">To the page</a>
`;
}
