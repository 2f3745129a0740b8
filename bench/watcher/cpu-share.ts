import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Memory in MiB for which Lambda gives one processor. Source: Lambda Developer Guide, "Configure Lambda function
 * memory".
 */
const memoryMbPerProcessor = 1_769;
/**
 * How often the share begins anew, in microseconds. Lambda does not say; 20 ms is short enough for a process to be
 * stopped several times in one tick, as it is there.
 */
const periodUs = 20_000;
const groupsV1 = '/sys/fs/cgroup/cpu';
const groupsV2 = '/sys/fs/cgroup';

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
  const quotaUs = Math.round((Math.min(memoryMb, memoryMbPerProcessor) / memoryMbPerProcessor) * periodUs);
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
