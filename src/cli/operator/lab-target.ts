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

/** Connects to a lab by its own state tables. */
export function connectToLab(lab: LabFile): Target {
  return targetOver(new AwsClients({ endpoints: lab.tables }), {
    deployment: lab.deployment,
    where: { kind: 'lab', pid: lab.pid },
    timingProfile: { ...labTiming, checkIntervalMs: lab.checkIntervalMs },
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
