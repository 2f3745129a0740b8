import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryMbPerProcessor } from '../../src/config/plan/functions.ts';

/**
 * How often the share begins anew, in microseconds. Lambda does not say; 20 ms is short enough for a process to be
 * stopped several times in one tick, as it is there.
 */
const periodUs = 20_000;
const groupsV1 = '/sys/fs/cgroup/cpu';
const groupsV2 = '/sys/fs/cgroup';

/** Share of a processor that Lambda gives a function of a size, 0 to 1: Node uses no more than one. */
export function shareOf(memoryMb: number): number {
  return Math.min(memoryMb, memoryMbPerProcessor) / memoryMbPerProcessor;
}

/** A control group whose processes get, together, the processor time that Lambda gives a function of a size. */
export interface CpuShare {
  readonly add: (pid: number) => void;
  /** All its processes must have ended. */
  readonly remove: () => void;
}

/**
 * @param memoryMb - of the function, in MiB
 * @throws where control groups can't be made: on Linux alone, and by root alone
 */
export function makeCpuShare(memoryMb: number): CpuShare {
  const isV1 = existsSync(join(groupsV1, 'cpu.cfs_quota_us'));
  const folder = join(isV1 ? groupsV1 : groupsV2, `failover-bench-${process.pid}-${memoryMb}-${made++}`);
  const quotaUs = Math.round(shareOf(memoryMb) * periodUs);
  try {
    mkdirSync(folder);
    if (isV1) {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), String(periodUs));
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quotaUs));
    } else {
      writeFileSync(join(folder, 'cpu.max'), `${quotaUs} ${periodUs}`);
    }
  } catch (cause) {
    throw new Error('no control group could be made; run this as root on Linux', { cause });
  }
  return {
    add: (pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)),
    remove: () => rmdirSync(folder),
  };
}

let made = 0;
