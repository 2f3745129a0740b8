import { spawn } from 'node:child_process';

/** The command of each system that opens an address in the user's browser. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

/** Asks the system to open an address. Where it cannot, nothing happens: the address is printed besides. */
export function openInBrowser(url: string): void {
  const [command = 'xdg-open', ...words] = openers[process.platform] ?? [];
  const child = spawn(command, [...words, url], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}
