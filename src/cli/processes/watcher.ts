import { AwsClients } from '../../adapters/aws/clients.ts';
import { createAwsProber, probeClients } from '../../adapters/aws/probe/aws-prober.ts';
import { Secrets } from '../../adapters/aws/probe/secrets.ts';
import { DynamoDbStateTables } from '../../adapters/aws/tables/dynamodb-state-tables.ts';
import { probeHttp } from '../../adapters/net/http-prober.ts';
import { createNetProber, type NetProber } from '../../adapters/net/net-prober.ts';
import { OtlpExporter } from '../../adapters/net/outgoing/otlp-exporter.ts';
import { createResolve } from '../../adapters/net/resolver.ts';
import { proberHandlers } from '../../adapters/prober.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import { obey } from '../../core/kinds/actuator.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Publication } from '../../core/kinds/publication.ts';
import { plainProbe } from '../../core/model/probe.ts';
import { watch } from '../../core/watcher/watcher.ts';
import type { KindHandlers, Ports } from '../../ports/ports.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import { tableHandlers } from '../../ports/state-tables.ts';
import { serveLab } from '../lab/child.ts';

/** Deadline of one question to the lab's name server. */
const resolveTimeoutMs = 500;
/** Deadline of the self-check. */
const controlTimeoutMs = 500;

/** The watcher of one control region. In the lab it carries out its orders itself, as their actuator. */
serveLab('watcher', ({ deployment, region, tables, nameServer, controlUrls }, tell) => {
  const resolve = createResolve([nameServer], { timeoutMs: resolveTimeoutMs, attemptsMax: 1 });
  // With the credentials of whoever runs the lab.
  const probing = probeClients(deployment);
  const aws = createAwsProber(probing, systemClock, deployment);
  const secrets = new Secrets(probing, systemClock, region);
  const otlp = deployment.telemetry?.otlp;
  const exporter = otlp && new OtlpExporter(otlp, { clock: systemClock, rng: systemRng, secrets });
  const ports: Ports = {
    clock: systemClock,
    rng: systemRng,
    handlers: {
      ...tableHandlers(
        new DynamoDbStateTables({
          clients: new AwsClients({ endpoints: tables }),
          deployment: deployment.name,
          rng: systemRng,
          clock: systemClock,
        }),
      ),
      ...proberHandlers({ net: proberWith(controlUrls), aws, secrets }),
      ...keptPublications(),
      resolve: ({ name }) => resolve(name),
      log: async ({ event }) => {
        tell(event);
        return null;
      },
      notify: async ({ event }) => {
        tell({ ...event, kind: 'notified' });
        return null;
      },
      export: async ({ report }) => {
        await exporter?.export(report);
        return null;
      },
      invoke: ({ region: place, order }) =>
        runRoutine(obey(kindOf(order.kind), order, { deployment, region: place }), ports),
    },
  };
  const life = runRoutine(watch({ deployment, region, lifeMs: Number.POSITIVE_INFINITY, hasSelfCheck: true }), ports);
  life.then(
    (end) => process.exit(end === 'superseded' ? 0 : 1),
    (error: unknown) => {
      throw error;
    },
  );
  return { ports: [] };
});

/** Asks the control URLs over HTTP: a connection alone says nothing, as a cut wire still accepts one. */
function proberWith(controlUrls: readonly string[]): NetProber {
  const { probe } = createNetProber({ controlTargets: [], controlTimeoutMs });
  const ask = async (url: string): Promise<boolean> => {
    const seen = await probeHttp(plainProbe(url, controlTimeoutMs));
    return seen.outcome === 'pass';
  };
  return {
    probe,
    checkSelf: async () => ({ isConnected: (await Promise.all(controlUrls.map(ask))).includes(true) }),
  };
}

/** Parameter Store, in this process; inside clients ask the oracles. */
function keptPublications(): KindHandlers<'publish'> {
  const kept = new Map<string, Publication>();
  return {
    'read:publish': async ({ region, publication }) => kept.get(`${region}/${publication.service}`) ?? null,
    'write:publish': async ({ region, publication }) => {
      kept.set(`${region}/${publication.service}`, publication);
      return null;
    },
  };
}
