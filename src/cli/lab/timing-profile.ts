import type { TimingProfile } from '../../core/timing.ts';

/**
 * What surrounds the engine in the lab.
 *
 * Its health checkers look ten times as often as Route 53's fastest, so that a drill takes seconds; everything that
 * prints a figure says so. A register call crosses only this machine; the time allowed for it is for a busy one.
 */
export const labTiming: TimingProfile = { checkIntervalMs: 1_000, oracleCacheMs: 50, registerCallMs: 150 };
