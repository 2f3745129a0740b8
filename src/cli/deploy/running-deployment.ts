import { type RunningConfiguration, readRunning } from '../../adapters/aws/checkup/running-configuration.ts';
import { AwsClients } from '../../adapters/aws/clients.ts';
import { readPacked } from '../../config/packed.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { readConfigFile } from './config-file.ts';

/** What a configuration is compared with. */
export interface Running {
  /** Different ones, where a deployment has come only half way; never empty. */
  readonly deployments: readonly Deployment[];
  /** From where it was read, and what could not be; empty for a file. */
  readonly notes: readonly string[];
}

/** Finds what runs where a configuration would be deployed. */
export type FindRunning = (next: Deployment) => Promise<Running>;

/** In place of a file: what the watchers on AWS carry. A file of that name is `./aws`. */
const onAws = 'aws';

/** Longest wait for one answer, in milliseconds: the code of a watcher is under a megabyte. Source: our own. */
const answerMsMax = 10_000;

/**
 * How to find what runs, by the flag `--against`.
 *
 * @param clients - for what is on AWS; left out: with the credentials of the process
 * @throws {FailoverError} CONFIG when a file cannot be used; the finder throws NOT_RUNNING when no watcher was read
 */
export async function runningBy(against: string, clients?: AwsClients): Promise<FindRunning> {
  if (against === onAws) return (next) => readOnAws(next, clients);
  const deployment = await readConfigFile(against);
  return async () => ({ deployments: [deployment], notes: [] });
}

async function readOnAws(next: Deployment, given?: AwsClients): Promise<Running> {
  const clients = given ?? new AwsClients({ callDeadlineMs: answerMsMax });
  try {
    return runningOf(next.name, await readRunning(clients, next.name, next.controlRegions, answerMsMax));
  } finally {
    if (given === undefined) clients.close();
  }
}

function runningOf(name: string, found: readonly RunningConfiguration[]): Running {
  const regionsByText = new Map<string, string[]>();
  const notes: string[] = [];
  for (const { region, reading } of found) {
    if (reading.kind === 'unread') notes.push(`not compared with ${region}: ${reading.why}`);
    else if (reading.value === null) notes.push(`${region} has no watcher of ${name} yet`);
    else regionsByText.set(reading.value, [...(regionsByText.get(reading.value) ?? []), region]);
  }
  if (regionsByText.size === 0)
    throw new FailoverError('NOT_RUNNING', `${name}: nothing to compare with; ${notes.join('; ')}`);
  const read = [...regionsByText].map(([text, regions]) => ({ regions: regions.join(', '), text }));
  const half = read.length === 1 ? [] : ['regions run different configurations: the last deployment came half way'];
  return {
    deployments: read.map(({ regions, text }) => readPacked(text, `what runs in ${regions}`)),
    notes: [...half, ...read.map(({ regions }) => `compared with what runs in ${regions}`), ...notes],
  };
}
