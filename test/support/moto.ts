import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** One moto server; it serves every region, told apart by the region that a request is signed for. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/** Importing moto's services takes 3 to 5 s on a small machine, several times that on a busy one. */
export const motoStartMsMax = 300_000;
const pollMs = 100;

/** Path of `moto_server`, null where it is not installed. */
export function findMoto(): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'moto_server');
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

/**
 * Starts moto on a free port of the loopback interface.
 *
 * @throws {Error} with what it printed, when it ends or does not answer within `motoStartMsMax`
 */
export async function startMoto(path: string): Promise<Moto> {
  const port = await findFreePort();
  const child = spawn(path, ['-H', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-2_000);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      printed += String(error);
      resolve();
    });
  });
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const stop = async () => {
    process.off('exit', killAtExit);
    child.kill('SIGKILL');
    await ended;
  };

  const url = `http://127.0.0.1:${port}`;
  if (await isAnswering(child, url)) return { url, stop };
  await stop();
  throw new Error(`moto_server did not start on ${url}: ${printed}`);
}

async function isAnswering(child: ChildProcess, url: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < motoStartMsMax && child.exitCode === null; waitedMs += pollMs) {
    const answer = await fetch(`${url}/moto-api/`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer !== null) {
      await answer.body?.cancel();
      return true;
    }
    await sleep(pollMs);
  }
  return false;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
