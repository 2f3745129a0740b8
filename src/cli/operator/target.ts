import type { AwsClients } from '../../adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../../adapters/aws/dynamodb-state-tables.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { TimingProfile } from '../../core/timing.ts';
import type { Ports } from '../../ports/ports.ts';
import { tableHandlers } from '../../ports/state-tables.ts';
import { explainFault } from './fault-explanation.ts';
import type { Where } from './location.ts';
import { RegionReports } from './region-reports.ts';

/** A deployment within reach. */
export interface Target {
  readonly deployment: Deployment;
  readonly where: Where;
  /** What operators use: state tables, clock and randomness. */
  readonly ports: Ports;
  /** What the deployment runs in, for the times that are shown. */
  readonly timingProfile: TimingProfile;
  /** Control regions whose table did not answer when it was last asked, and why, in words. */
  readonly readSilent: () => Promise<Readonly<Record<string, string>>>;
  /** Closes the connections. */
  readonly close: () => void;
}

/** What is known of a deployment before anybody has talked to it. */
export interface Known extends Pick<Target, 'deployment' | 'where' | 'timingProfile'> {
  /** How long the clients wait for one answer. */
  readonly deadlineMs: number;
}

/** A deployment by its state tables, which is all that an operator needs of it. */
export function targetOver(clients: AwsClients, { deployment, where, timingProfile, deadlineMs }: Known): Target {
  const account = where.kind === 'aws' ? where.account : null;
  const reports = new RegionReports((error) =>
    explainFault(error, { deployment: deployment.name, account, deadlineMs }),
  );
  return {
    deployment,
    where,
    timingProfile,
    ports: {
      clock: systemClock,
      rng: systemRng,
      handlers: {
        ...tableHandlers(
          reports.listenTo(
            new DynamoDbStateTables({ clients, deployment: deployment.name, rng: systemRng, clock: systemClock }),
          ),
        ),
        // What an operator did is in the register's history; the log belongs to the watchers.
        log: async () => null,
      },
    },
    readSilent: () => reports.list((ms) => systemClock.sleep(ms)),
    close: () => clients.close(),
  };
}
