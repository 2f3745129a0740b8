import { createServer } from 'node:http';
import { AwsClients } from '../../adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../../adapters/aws/dynamodb-state-tables.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import type { Register } from '../../core/register/register.ts';
import { serveLab } from '../lab/child.ts';
import { listenOn } from '../lab/listen.ts';
import { oracleDesk } from '../lab/oracle-handler.ts';
import { labTiming } from '../lab/timing-profile.ts';

/** One read of the own table, kept for a moment. */
interface Read {
  readonly askedAtMs: number;
  readonly register: Promise<Register | null>;
}

/** A control region's vote on its sites, as health checkers read it, and what inside clients are told there. */
serveLab('oracle', async ({ deployment, region, tableUrl }, tell) => {
  const tables = new DynamoDbStateTables(
    new AwsClients({ endpoints: { [region]: tableUrl } }),
    deployment.name,
    systemRng,
  );
  const reads = new Map<string, Read>();
  const told = new Map<string, string>();
  const answer = oracleDesk({ deployment, readRegister, onVote: report });

  const server = createServer(async (request, response) => {
    const { status, headers, body } = await answer(request.method ?? '', request.url ?? '');
    response.writeHead(status, headers).end(body);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  return { ports: [await listenOn(server, '127.0.0.1')] };

  function readRegister(service: string): Promise<Register | null> {
    const nowMs = systemClock.monotonicMs();
    const known = reads.get(service);
    if (known && nowMs - known.askedAtMs < labTiming.oracleCacheMs) return known.register;
    const register = tables.read(region, [service]).then(
      (view) => view.acceptors[service]?.accepted ?? null,
      () => null,
    );
    reads.set(service, { askedAtMs: nowMs, register });
    return register;
  }

  function report(service: string, site: string, vote: string): void {
    const key = `${service}/${site}`;
    if (told.get(key) === vote) return;
    told.set(key, vote);
    const detail = vote === 'off' ? `votes ${site} off` : `does not vote against ${site}`;
    tell({ kind: 'vote-changed', service, site, detail, data: { vote } });
  }
});
