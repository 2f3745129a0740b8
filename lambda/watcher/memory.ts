import { newEvent } from '../../src/core/alerting/event.ts';
import type { Log } from '../logging/log.ts';

/** Memory in MiB below which what is left is reported: half of what a watcher's size has to spare. */
const leftMbMin = 30;

/**
 * Logs, and so raises an alarm, when a watcher's process has come close to the memory of its function.
 *
 * Reported once a life, which ends at the latest after `watcherLifeMs`, and by Lambda's own measure: the most that
 * was resident since the process began. What would go over it is ended by Lambda, and counted as an error there.
 *
 * @param peakMb - most memory that was ever resident, in MiB
 * @param memoryMb - of the function, in MiB; null where nothing limits it
 */
export function reportMemory(log: Log, peakMb: number, memoryMb: number | null): void {
  if (memoryMb === null || memoryMb - peakMb >= leftMbMin) return;
  const detail = `the watcher has used ${Math.round(peakMb)} MB of ${memoryMb}`;
  log.write(newEvent('memory-short', null, detail, { data: { peakMb: Math.round(peakMb), memoryMb } }));
}
