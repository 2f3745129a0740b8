import { type MemoryReading, type MemoryState, memoriesIn } from '../../../core/dns/readings.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { PortError } from '../../../ports/port-error.ts';
import { systemClock } from '../../system/clock.ts';
import type { AwsClients } from '../clients.ts';
import { AlarmStates } from '../probe/alarm-states.ts';

/** Reads what DNS keeps in mind in a control region: the alarms that health checks follow. */
export type ReadMemory = (region: string) => Promise<MemoryReading>;

/** Reads the alarms of a deployment on AWS, those of a region in one call, and not again for some seconds. */
export function memoriesOnAws(clients: AwsClients, deployment: Deployment): ReadMemory {
  const names = [...new Set(memoriesIn(deployment).map(({ alarm }) => alarm))];
  const alarms = new AlarmStates(
    clients,
    systemClock,
    deployment.controlRegions.flatMap((region) => names.map((name) => ({ region, name }))),
  );
  return async (region) => {
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
  };
}
