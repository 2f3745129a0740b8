import { createServer, type ServerResponse } from 'node:http';
import { systemClock } from '../../adapters/system/clock.ts';
import { serveLab } from '../lab/child.ts';
import { listenOn } from '../lab/listener.ts';
import type { LabCommands } from '../lab/protocol.ts';

/** What a broken site answers instead; contains neither a site's name nor what the probes expect. */
const wrongBody = 'under maintenance\n';

/** A site: its name at `/`, its health at `/healthz`, and the faults that it is told to have. */
serveLab('site', async ({ name, host, port }) => {
  let behaviour: LabCommands['site'] | null = null;

  const server = createServer(async (request, response) => {
    const body = request.url === '/' ? `${name}\n` : request.url === '/healthz' ? 'ok\n' : null;
    if (behaviour?.behave === 'slow') await systemClock.sleep(behaviour.latencyMs);
    if (behaviour?.behave === 'error') answer(response, 503, 'broken down\n');
    else if (behaviour?.behave === 'wrong-body') answer(response, 200, wrongBody);
    else answer(response, body === null ? 404 : 200, body ?? 'not found\n');
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  return {
    ports: [await listenOn(server, host, port)],
    obey: (command) => {
      behaviour = command.behave === 'well' ? null : command;
    },
  };
});

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}
