import type { Check } from '../../../core/checkup/check.ts';
import { type MemoryReading, type MemoryState, memoriesIn, memoryChecks } from '../../../core/checkup/memory-checks.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { PortError } from '../../../ports/port-error.ts';
import { systemClock } from '../../system/clock.ts';
import type { AwsClients } from '../clients.ts';
import { AlarmStates } from '../probe/alarm-states.ts';

/**
 * Reads what DNS keeps in mind: in each control region the alarms that health checks follow.
 *
 * @returns empty where DNS remembers nothing
 */
export async function examineMemories(clients: AwsClients, deployment: Deployment): Promise<readonly Check[]> {
  const names = memoriesIn(deployment).map(({ alarm }) => alarm);
  if (names.length === 0) return [];
  const readings = await Promise.all(
    deployment.controlRegions.map(async (region) => [region, await readMemories(clients, region, names)] as const),
  );
  return memoryChecks(deployment, Object.fromEntries(readings));
}

async function readMemories(clients: AwsClients, region: string, names: readonly string[]): Promise<MemoryReading> {
  const alarms = new AlarmStates(
    clients,
    systemClock,
    names.map((name) => ({ region, name })),
  );
  try {
    const states = await Promise.all(
      names.map(async (name) => [name, await alarms.stateOf({ region, name })] as const),
    );
    const said = states.map(([name, seen]) => [name, (seen?.state ?? 'missing') as MemoryState] as const);
    return { kind: 'read', states: Object.fromEntries(said) };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { kind: 'unread', why: `its alarms could not be read: ${error.fault.kind}` };
  }
}
