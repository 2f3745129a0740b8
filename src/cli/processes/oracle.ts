import { createServer } from 'node:http';
import { AwsClients } from '../../adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../../adapters/aws/tables/dynamodb-state-tables.ts';
import { createEndpointsAnswers } from '../../adapters/net/oracle/endpoints.ts';
import { createOracle } from '../../adapters/net/oracle/oracle.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import { dnsTree } from '../../core/dns/record-tree.ts';
import { serviceOf } from '../../core/model/deployment.ts';
import { serveLab } from '../lab/child.ts';
import { listenOn } from '../lab/listener.ts';
import { labTiming } from '../lab/timing-profile.ts';

/** A control region's oracle, and what clients ask: the deployed ones, behind a server in place of function URLs. */
serveLab('oracle', async ({ deployment, region, tableUrl, port = 0 }, tell) => {
  const tables = new DynamoDbStateTables({
    clients: new AwsClients({ endpoints: { [region]: tableUrl } }),
    deployment: deployment.name,
    rng: systemRng,
    clock: systemClock,
  });
  const parts = {
    deployment,
    readAcceptors: (services: readonly string[]) => tables.readAcceptors(region, services),
    clock: systemClock,
    cacheMs: labTiming.oracleCacheMs,
  };
  const oracle = createOracle(parts);
  const endpoints = createEndpointsAnswers(parts);
  const sites = new Map(
    Object.keys(deployment.services).flatMap((service) =>
      dnsTree(deployment, serviceOf(deployment, service)).checks.flatMap((check) =>
        check.kind === 'oracle' ? [[check.path, { service, site: check.site }] as const] : [],
      ),
    ),
  );
  const reported = new Map<string, boolean>();

  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const event = { rawPath: path, requestContext: { http: { method: request.method ?? '' } } };
    // What AWS has two functions for, the lab answers at one place.
    const { statusCode, headers, body } = await (path.endsWith('/endpoints') ? endpoints : oracle)(event);
    report(path, statusCode === 200);
    response.writeHead(statusCode, headers).end(body);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  return { ports: [await listenOn(server, '127.0.0.1', port)] };

  /** Reports a vote when it differs from the one before. */
  function report(path: string, isOff: boolean): void {
    const voted = sites.get(path);
    if (voted === undefined || reported.get(path) === isOff) return;
    reported.set(path, isOff);
    const { service, site } = voted;
    const detail = isOff ? `votes ${site} off` : `does not vote against ${site}`;
    tell({ kind: 'vote-changed', service, site, detail, data: { vote: isOff ? 'off' : 'no-vote' } });
  }
});
