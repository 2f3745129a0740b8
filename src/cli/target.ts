import { AwsClients } from '../adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../adapters/aws/dynamodb-state-tables.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemRng } from '../adapters/system/rng.ts';
import type { Deployment } from '../core/deployment.ts';
import { FailoverError } from '../core/errors.ts';
import type { Surroundings } from '../core/timing.ts';
import type { Ports } from '../ports/ports.ts';
import { unavailable } from '../ports/unavailable.ts';
import { labSurroundings } from './lab/surroundings.ts';
import { type LabFile, labFileDefault, readLabFile } from './lab-file.ts';

/** Where to look for the deployment that a verb is about. */
export interface TargetOptions {
  /** File of a running lab; absent is `labFileDefault`. */
  readonly lab?: string | undefined;
}

/** A deployment within reach. */
export interface Target {
  readonly deployment: Deployment;
  /** What operators use: state tables, clock and randomness. */
  readonly ports: Ports;
  /** What the deployment runs in, for the times that are shown. */
  readonly surroundings: Surroundings;
  /** Closes the connections. */
  readonly close: () => void;
}

/**
 * Finds the deployment that an operator talks to.
 *
 * @throws {FailoverError} NOT_RUNNING when there is none
 */
export async function connect(options: TargetOptions): Promise<Target> {
  const lab = await findLab(options.lab ?? labFileDefault);
  const clients = new AwsClients({ endpoints: lab.tables });
  return {
    deployment: lab.deployment,
    ports: {
      ...unavailable,
      clock: systemClock,
      rng: systemRng,
      // What an operator did is in the register's history; the log belongs to the watchers.
      log: { write: () => {} },
      tables: new DynamoDbStateTables(clients, lab.deployment.name, systemRng),
    },
    surroundings: { ...labSurroundings, checkIntervalMs: lab.checkIntervalMs },
    close: () => clients.close(),
  };
}

async function findLab(path: string): Promise<LabFile> {
  const found = await readLabFile(path);
  if (found.kind === 'wrong') {
    throw new FailoverError(
      'NOT_RUNNING',
      `${path} is not the file of a lab (${found.why}): start one with "failover lab"`,
    );
  }
  if (found.kind === 'absent') throw notRunning(`${path} not found`);
  if (!isAlive(found.lab.pid)) throw notRunning(`${path} was left by process ${found.lab.pid}, which has ended`);
  return found.lab;
}

function notRunning(why: string): FailoverError {
  return new FailoverError('NOT_RUNNING', `no lab is running (${why}): start one with "failover lab"`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is a process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
