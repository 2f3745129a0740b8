import { AwsClients } from '../src/adapters/aws/clients.ts';
import { LambdaInvoker, limitsOfOrders } from '../src/adapters/aws/lambda/lambda-invoker.ts';
import { LambdaNotifier } from '../src/adapters/aws/lambda/lambda-notifier.ts';
import { LambdaSurveyor } from '../src/adapters/aws/lambda/lambda-surveyor.ts';
import { createAwsProber, probeClients } from '../src/adapters/aws/probe/aws-prober.ts';
import { Secrets } from '../src/adapters/aws/probe/secrets.ts';
import { tableHost } from '../src/adapters/aws/tables/dynamodb-state-tables.ts';
import { createNetProber } from '../src/adapters/net/net-prober.ts';
import { resolveName } from '../src/adapters/net/resolver.ts';
import { proberHandlers } from '../src/adapters/prober.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemRng } from '../src/adapters/system/rng.ts';
import { watcherLifeMs } from '../src/core/timing.ts';
import type { WatchEnd } from '../src/core/watcher/watcher.ts';
import { reportMemory } from './watcher/memory.ts';
import { liveOnce } from './watcher/watcher.ts';
import { wire, withHandlers } from './wiring/wiring.ts';

/** Deadline of the self-check. A connection between the farthest regions takes 0.3 s. */
const controlTimeoutMs = 1_000;

/** Deadline of a survey, below its interval: a cold start and a few calls one after another. */
const surveyMs = 8_000;

const { deployment, region, memoryMb, clients, ports: common, log } = wire(import.meta.url, true);

/** Time that an actuator's longest attempt may take. */
const stepTimeoutMs = Math.max(...Object.values(deployment.services).map(({ failover }) => failover.stepTimeoutMs));

/** Kept between invocations: the state of a watcher ends with its invocation, but connections stay open. */
const invoker = new LambdaInvoker(
  new AwsClients({ callDeadlineMs: stepTimeoutMs }),
  deployment.name,
  limitsOfOrders(deployment),
);
const surveyor = new LambdaSurveyor(new AwsClients({ callDeadlineMs: surveyMs }), deployment.name);
const notifier = new LambdaNotifier(clients, {
  deployment: deployment.name,
  region,
  clock: systemClock,
  rng: systemRng,
});
const probing = probeClients(deployment);
const secrets = new Secrets(probing, systemClock, region);
const net = createNetProber({ controlTargets: otherRegions(), controlTimeoutMs });
const ports = withHandlers(common, {
  resolve: ({ name }) => resolveName(name),
  invoke: ({ region: place, order }) => invoker.invoke(place, order),
  survey: ({ region: place, ...question }) => surveyor.survey(place, question),
  notify: async ({ event }) => {
    await notifier.notify(event);
    return null;
  },
  export: async ({ report }) => {
    await notifier.export(report);
    return null;
  },
});

/**
 * Runs one generation of this region's watcher. The event is ignored, and a late, double or missing event does no harm.
 */
export function handler(): Promise<WatchEnd> {
  const aws = createAwsProber(probing, systemClock, deployment);
  const own = withHandlers(ports, proberHandlers({ net, aws, secrets }));
  const setup = { deployment, region, lifeMs: watcherLifeMs, hasSelfCheck: true };
  return liveOnce(setup, own).finally(() => reportMemory(log, process.resourceUsage().maxRSS / 1_024, memoryMb));
}

/**
 * The control targets of the self-check: DynamoDB in the other control regions. They answer while this region's network
 * works, whatever happens to the sites.
 */
function otherRegions(): readonly { readonly host: string; readonly port: number }[] {
  return deployment.controlRegions
    .filter((other) => other !== region)
    .map((other) => ({ host: tableHost(clients, other), port: 443 }));
}
