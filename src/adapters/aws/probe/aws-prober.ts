import type { Observation } from '../../../core/detection/observation.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { AwsProbe } from '../../../core/model/probe.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AwsClients } from '../clients.ts';
import { probeAlarm } from './alarm-prober.ts';
import { AlarmStates } from './alarm-states.ts';

/** Checks sites by what AWS APIs say of them. */
export interface AwsProber {
  /** Runs one probe within its own `timeoutMs`. Never rejects. */
  probe(probe: AwsProbe): Promise<Observation>;
}

/**
 * A prober of the probes of one deployment; make one for each generation of a watcher.
 *
 * @param clients - their deadline bounds one call; that of a probe may be sooner
 */
export function createAwsProber(
  clients: AwsClients,
  clock: Pick<Clock, 'monotonicMs'>,
  { services }: Pick<Deployment, 'services'>,
): AwsProber {
  const probes = Object.values(services).flatMap(({ sites }) => Object.values(sites).flatMap((site) => site.probes));
  const alarms = new AlarmStates(
    clients,
    clock,
    probes.filter((probe) => probe.type === 'cloudwatch-alarm'),
  );
  return { probe: (probe) => probeAlarm(alarms, probe) };
}
