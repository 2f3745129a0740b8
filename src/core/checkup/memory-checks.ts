import { type Memory, type MemoryReading, type MemoryState, memoriesIn } from '../dns/readings.ts';
import type { Deployment } from '../model/deployment.ts';
import { type Check, doubtful, ok, unknown } from './check.ts';

/**
 * What each region has DNS remember, and whether they remember the same.
 *
 * For three minutes after a move they may differ: each follows the metric of its own watcher, minute by minute.
 */
export function memoryChecks(
  deployment: Deployment,
  readings: Readonly<Record<string, MemoryReading>>,
): readonly Check[] {
  const memories = memoriesIn(deployment);
  if (memories.length === 0) return [];
  const known = Object.values(readings).flatMap((reading) => (reading.kind === 'read' ? [reading.states] : []));
  return Object.entries(readings).map(([region, reading]) => checkOf(region, reading, memories, known));
}

function checkOf(
  region: string,
  reading: MemoryReading,
  memories: readonly Memory[],
  known: readonly Readonly<Record<string, MemoryState>>[],
): Check {
  const asked = { name: 'dns memory', subject: region };
  if (reading.kind === 'unread')
    return unknown(asked, reading.why, 'see whether these credentials may read alarms there');
  const { states } = reading;
  const are = (state: MemoryState) => memories.filter(({ alarm }) => states[alarm] === state);
  const [missing] = are('missing');
  if (missing !== undefined)
    return doubtful(
      asked,
      `has no alarm ${missing.alarm}`,
      `deploy the stack of ${region}: nothing is remembered there`,
    );
  const [silent] = are('INSUFFICIENT_DATA');
  if (silent !== undefined)
    return doubtful(
      asked,
      `has no data for ${textOf(silent)}: the last word stands, and before the first one nothing was left`,
      `see whether the watcher of ${region} writes: cdk-failover status`,
    );
  const left = are('ALARM');
  const found = left.length === 0 ? 'remembers no site as left' : `remembers as left: ${left.map(textOf).join('; ')}`;
  const opposite = { ALARM: 'OK', OK: 'ALARM', INSUFFICIENT_DATA: null, missing: null } as const;
  const isOdd = memories.some(({ alarm }) =>
    known.some((other) => other[alarm] === opposite[states[alarm] ?? 'missing']),
  );
  return isOdd
    ? doubtful(asked, `${found}; other regions differ`, 'wait three minutes after a move, then look again')
    : ok(asked, found);
}

function textOf({ service, sites }: Memory): string {
  return `${service} at ${sites.join(', ')}`;
}
