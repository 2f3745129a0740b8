import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import { createPageServer, type PageServerOptions } from '../../dashboard/live/page-server.ts';
import { listenOn } from '../lab/listener.ts';

/** A page's server that runs. */
export interface HostedPage {
  /** The address with the token. */
  readonly url: string;
  readonly close: () => void;
}

/** Where the page's script may be: beside the bundle that holds this file, or in the sources. */
const scriptPlaces = ['./live-page.js', '../../dashboard/browser/page.js'];

/** 192 bits: nobody guesses it, whatever the number of attempts. */
const tokenBytes = 24;

/**
 * Serves a page on loopback, under an address that nobody else can guess.
 *
 * @param port - 0 picks a free one
 * @throws {FailoverError} USAGE when somebody else has the port
 */
export async function hostPage(
  options: Omit<PageServerOptions, 'clock' | 'token' | 'instance' | 'script'>,
  port: number,
): Promise<HostedPage> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const instance = randomBytes(6).toString('base64url');
  const app = createPageServer({ ...options, clock: systemClock, token, instance, script: readScript() });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const bound = await listenOn(server, '127.0.0.1', port).catch((error: NodeJS.ErrnoException) => {
    throw new FailoverError('USAGE', `--port ${port}: ${error.code ?? error.message}; give another port`);
  });
  return {
    url: `http://127.0.0.1:${bound}/?token=${token}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function readScript(): string {
  const paths = scriptPlaces.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new FailoverError('FAULT', 'no script for the page: build with "npm run build"');
  return readFileSync(path, 'utf8');
}
