import type { Observation } from '../../../core/detection/observation.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { AwsProbe } from '../../../core/model/probe.ts';
import { longestProbeMs } from '../../../core/timing.ts';
import type { Clock } from '../../../ports/clock.ts';
import { AwsClients } from '../clients.ts';
import { probeAlarm } from './alarm-prober.ts';
import { AlarmStates } from './alarm-states.ts';
import { probeFunction } from './function-prober.ts';
import { probeMetric } from './metric-prober.ts';
import { MetricReadings } from './metric-readings.ts';

/** Checks sites by what AWS answers of them. */
export interface AwsProber {
  /** Runs one probe within its own `timeoutMs`. Never rejects. */
  probe(probe: AwsProbe): Promise<Observation>;
}

/** Clients for the probes of a deployment: a call may take as long as the longest probe. */
export function probeClients({ services }: Pick<Deployment, 'services'>): AwsClients {
  return new AwsClients({ callDeadlineMs: Math.max(...Object.values(services).map(longestProbeMs)) });
}

/**
 * A prober of the probes of one deployment; make one for each generation of a watcher.
 *
 * @param clients - those of {@link probeClients}
 */
export function createAwsProber(
  clients: AwsClients,
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>,
  { services }: Pick<Deployment, 'services'>,
): AwsProber {
  const probes = Object.values(services).flatMap(({ sites }) => Object.values(sites).flatMap((site) => site.probes));
  const alarms = new AlarmStates(
    clients,
    clock,
    probes.filter((probe) => probe.type === 'cloudwatch-alarm'),
  );
  const metrics = new MetricReadings(
    clients,
    clock,
    probes.filter((probe) => probe.type === 'cloudwatch-metric'),
  );
  return {
    probe: (probe) => {
      switch (probe.type) {
        case 'cloudwatch-alarm':
          return probeAlarm(alarms, probe);
        case 'cloudwatch-metric':
          return probeMetric(metrics, probe);
        case 'function':
          return probeFunction(clients, probe);
      }
    },
  };
}
