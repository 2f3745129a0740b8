import { type createServer as createHttpServer, request } from 'node:http';
import { createServer as createHttpsServer, type Server } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import dynalite from 'dynalite';
import { certificate } from './certificate.ts';

/** What the process answers to the names of the regions. */
export interface StandInsPorts {
  /** Sites over TLS: `/SERVICE/SITE` answers 200, or 503 once the primaries are down. */
  readonly sites: number;
  /** DynamoDB of every region and Lambda, over TLS. */
  readonly aws: number;
  /** DynamoDB of each region without TLS, for the bench itself. */
  readonly tables: Readonly<Record<string, number>>;
}

/** Everything that a watcher talks to, in a process of its own, so that its work is not counted as a watcher's. */
process.once('message', async (regions: readonly string[]) => {
  let isPrimaryDown = false;
  const sites = createHttpsServer(certificate, ({ url }, response) => {
    const isDown = isPrimaryDown && url?.endsWith('/first');
    response.writeHead(isDown ? 503 : 200, { 'content-type': 'text/plain' }).end(isDown ? 'down' : 'ok');
  });
  const tables: Record<string, number> = {};
  for (const region of regions) tables[region] = await listen(dynalite({ createTableMs: 0 }));
  const aws = awsOver(tables);
  process.on('message', (word) => {
    isPrimaryDown = word === 'fail';
  });
  process.send?.({ sites: await listen(sites), aws: await listen(aws), tables } satisfies StandInsPorts);
});
process.once('disconnect', () => process.exit(0));

/** One address for every service: the region is that which a request is signed for. Lambda takes every event. */
function awsOver(tables: Readonly<Record<string, number>>): Server {
  return createHttpsServer(certificate, (asked, answer) => {
    const [, region = '', service] =
      asked.headers.authorization?.match(/Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)/) ?? [];
    const port = tables[region];
    if (service !== 'dynamodb' || port === undefined) {
      asked.resume().once('end', () => answer.writeHead(202).end());
      return;
    }
    const { method, url, headers } = asked;
    const passed = request({ port, host: '127.0.0.1', method, path: url, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 500, given.headers);
      given.pipe(answer);
    });
    passed.once('error', () => answer.destroy());
    asked.pipe(passed);
  });
}

async function listen(server: NetServer | ReturnType<typeof createHttpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
