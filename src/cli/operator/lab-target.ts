import { DnsReader, type DnsSources } from '../../adapters/aws/checkup/dns-reader.ts';
import type { FindOracle } from '../../adapters/aws/checkup/oracle-readings.ts';
import { AwsClients, callDeadlineMsDefault } from '../../adapters/aws/clients.ts';
import { type LabFile, readLabFile } from '../lab/lab-file.ts';
import { labTiming } from '../lab/timing-profile.ts';
import { type Target, targetOver } from './target.ts';

/** A lab that runs, or why none does at a path. */
export type LabFound =
  | { readonly kind: 'lab'; readonly lab: LabFile }
  /** There is none. */
  | { readonly kind: 'absent'; readonly why: string }
  /** There was one: its process has ended. */
  | { readonly kind: 'gone'; readonly why: string }
  /** The file is of something else, or cannot be read. */
  | { readonly kind: 'wrong'; readonly why: string };

/** Looks for a running lab by the file that it has written. */
export async function findLab(path: string): Promise<LabFound> {
  const found = await readLabFile(path);
  if (found.kind === 'absent') return { kind: 'absent', why: `${path} not found` };
  if (found.kind === 'wrong' || isAlive(found.lab.pid)) return found;
  return { kind: 'gone', why: `${path} was left by process ${found.lab.pid}, which has ended` };
}

/** Longest wait for an oracle of a lab, in milliseconds. Source: our own; it is on loopback. */
const labPatienceMs = 500;

/**
 * From where votes are read in a lab, which has oracles and no memories.
 *
 * @param oracles - URL of the oracle of each control region; absent in a lab that does not say
 */
export function sourcesOfLab(oracles: Readonly<Record<string, string>> | undefined): DnsSources {
  const findOracle: FindOracle | null = oracles === undefined ? null : async (region) => oracles[region] ?? null;
  return { findOracle, readMemory: null, patienceMs: labPatienceMs, keptMs: 0 };
}

/** Connects to a lab by its own state tables. */
export function connectToLab(lab: LabFile): Target {
  return targetOver(new AwsClients({ endpoints: lab.tables }), {
    deployment: lab.deployment,
    where: { kind: 'lab', pid: lab.pid },
    timingProfile: { ...labTiming, checkIntervalMs: lab.checkIntervalMs },
    dns: new DnsReader(lab.deployment, sourcesOfLab(lab.oracles)),
    deadlineMs: callDeadlineMsDefault,
  });
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
