import { accountRoles } from '../../src/adapters/aws/accounts/account-role.ts';
import { AwsClients } from '../../src/adapters/aws/clients.ts';
import { Attempt } from '../../src/adapters/aws/lambda/attempt.ts';
import { DynamoDbStateTables } from '../../src/adapters/aws/tables/dynamodb-state-tables.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { readPackedDeployment } from '../../src/adapters/system/deployment-file.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import { readLambdaEnv } from '../../src/config/env.ts';
import type { AccountFunctionKind } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { tableHandlers } from '../../src/ports/state-tables.ts';
import { createLog, type Log } from '../logging/log.ts';

/** Deadline of one call to EC2, Route 53, SNS and the like: well within one attempt at a step. */
const controlCallMs = 3_000;

/** What every function has, made once for each execution environment. */
export interface Wiring {
  readonly deployment: Deployment;
  readonly region: string;
  /** Memory of the function in MiB; null where nothing says so. */
  readonly memoryMb: number | null;
  /** For calls to control planes, which take longer than state tables. */
  readonly clients: AwsClients;
  readonly tables: DynamoDbStateTables;
  /** Clock, randomness, log and state tables. A handler adds the other ports that it needs. */
  readonly ports: Ports;
  readonly log: Log;
}

/**
 * @param codeUrl - `import.meta.url` of the handler, whose folder holds the deployment
 * @param countsVotes - whether the function counts votes, so that it must know the identity of each table
 */
export function wire(codeUrl: string, countsVotes = false): Wiring {
  const deployment = readPackedDeployment(codeUrl);
  const clients = new AwsClients({ callDeadlineMs: controlCallMs });
  const tables = new DynamoDbStateTables({
    clients: new AwsClients(),
    deployment: deployment.name,
    rng: systemRng,
    clock: systemClock,
    countsVotes,
  });
  const log = createLog(deployment.name);
  const handlers: Ports['handlers'] = {
    ...tableHandlers(tables),
    log: async ({ event }) => {
      log.write(event);
      return null;
    },
  };
  const ports = { clock: systemClock, rng: systemRng, handlers };
  const { region, memoryMb } = readLambdaEnv();
  return { deployment, region, memoryMb, clients, tables, ports, log };
}

/**
 * The wiring of a function that touches what sites have, or records: in the account of each site or zone, by the role
 * that the function has there.
 *
 * @param codeUrl - as for {@link wire}
 */
export function wireForAccounts(codeUrl: string, kind: AccountFunctionKind): Wiring {
  const wiring = wire(codeUrl);
  const { clients, deployment, ports, region } = wiring;
  const credentialsIn = accountRoles(clients, ports.clock, deployment, kind, region);
  return { ...wiring, clients: clients.with({ credentialsIn }) };
}

/** The wiring of a function whose steps may take as long as `failover.stepTimeoutMs` allows. */
export interface PatientWiring extends Wiring {
  /** To be begun with each invocation: it limits the calls of `clients` and `hooks`. */
  readonly attempt: Attempt;
  /** For functions of the user, which have all the time that is left of an attempt. */
  readonly hooks: AwsClients;
}

/**
 * The wiring of a function that asks functions of the user, RDS or S3: its calls have the time of its step.
 *
 * @param codeUrl - as for {@link wire}
 */
export function wireForSteps(codeUrl: string, kind: AccountFunctionKind): PatientWiring {
  const wiring = wireForAccounts(codeUrl, kind);
  const attempt = new Attempt(wiring.ports.clock, wiring.deployment.services);
  return {
    ...wiring,
    attempt,
    clients: wiring.clients.with({ callDeadlineMs: attempt.callMs }),
    hooks: wiring.clients.with({ callDeadlineMs: attempt.hookMs }),
  };
}

/** Longest time of a write, in milliseconds: half of an attempt, so that there is time to read a slow one back. */
export function writeMsOf({ deployment }: Pick<Wiring, 'deployment'>): number {
  return Math.min(...Object.values(deployment.services).map(({ failover }) => failover.stepTimeoutMs)) / 2;
}

/** Ports with more handlers. */
export function withHandlers(ports: Ports, handlers: Ports['handlers']): Ports {
  return { ...ports, handlers: { ...ports.handlers, ...handlers } };
}
