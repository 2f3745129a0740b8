import type { Verdict } from '../../core/detection/verdict.ts';
import type { DeploymentStatus } from '../../core/operator/answers.ts';
import { protectionLevels } from '../../core/operator/protection.ts';
import type { ServiceStatus } from '../../core/operator/status.ts';

/** Type of the answer. Source: Prometheus documentation, "Exposition formats", "Text-based format". */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

const verdicts: readonly Verdict[] = ['up', 'degraded', 'down', 'unclear'];

type Labels = Readonly<Record<string, string>>;

/** One value of a metric. */
interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A metric, all of whose values are gauges. */
interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * A status as Prometheus reads it. What is not known has no value: a register that cannot be read has no epoch.
 *
 * @param status - as `status --json` gives it; null until the watchers have been listened to once
 * @param readAtMs - when it was read, epoch milliseconds; null with no status
 */
export function metricsText(status: DeploymentStatus | null, readAtMs: number | null): string {
  const { deployment = '', services = {}, silent = {} } = status ?? {};
  const each = (samplesOf: (labels: Labels, service: ServiceStatus) => readonly Sample[]): readonly Sample[] =>
    Object.entries(services).flatMap(([name, service]) => samplesOf({ deployment, service: name }, service));
  const eachSite = (samplesOf: (labels: Labels, site: ServiceStatus['sites'][string]) => readonly Sample[]) =>
    each((labels, { sites }) => Object.entries(sites).flatMap(([site, seen]) => samplesOf({ ...labels, site }, seen)));
  const gauges: readonly Gauge[] = [
    {
      name: 'failover_read_timestamp_seconds',
      help: 'When the state tables were read last.',
      samples: readAtMs === null ? [] : [{ labels: {}, value: readAtMs / 1_000 }],
    },
    {
      name: 'failover_table_silent',
      help: 'A control region whose state table gave no answer.',
      samples: Object.keys(silent).map((region) => ({ labels: { deployment, region }, value: 1 })),
    },
    {
      name: 'failover_protection',
      help: 'Whether the service has this level of protection.',
      samples: each((labels, { protection }) =>
        protectionLevels.map((level) => ({ labels: { ...labels, level }, value: Number(level === protection.level) })),
      ),
    },
    {
      name: 'failover_epoch',
      help: 'Epoch of the register.',
      samples: each((labels, { epoch }) => known(labels, epoch)),
    },
    {
      name: 'failover_watcher_fresh',
      help: 'Whether the watcher of a control region writes.',
      samples: each((labels, { watchers }) =>
        Object.entries(watchers).map(([region, state]) => ({
          labels: { ...labels, region },
          value: Number(state === 'fresh'),
        })),
      ),
    },
    {
      name: 'failover_site_serving',
      help: 'Whether clients are sent to the site.',
      samples: each((labels, { sites, serving, epoch }) =>
        epoch === null
          ? []
          : Object.keys(sites).map((site) => ({
              labels: { ...labels, site },
              value: Number(serving.includes(site)),
            })),
      ),
    },
    {
      name: 'failover_site_verdict',
      help: 'What the watchers together find.',
      samples: eachSite((labels, site) =>
        verdicts.map((verdict) => ({ labels: { ...labels, verdict }, value: Number(verdict === site.verdict) })),
      ),
    },
    {
      name: 'failover_site_replication_lag_seconds',
      help: 'Replication lag of the data of the site.',
      samples: eachSite((labels, { replicationLagMs: lagMs }) => known(labels, lagMs === null ? null : lagMs / 1_000)),
    },
  ];
  return gauges.map(gaugeText).join('');
}

function known(labels: Labels, value: number | null): readonly Sample[] {
  return value === null ? [] : [{ labels, value }];
}

function gaugeText({ name, help, samples }: Gauge): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelsText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
