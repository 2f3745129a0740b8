import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseDeploymentValue } from '../../../../../src/config/loader.ts';
import type { Deployment } from '../../../../../src/core/model/deployment.ts';
import { account } from '../permissions/permission.ts';

/** What takes the place of the placeholders in an example, and how fast it is to run. */
export interface Changes {
  readonly zoneId: string;
  /** By site: what its probe asks for. */
  readonly healthUrls: Readonly<Record<string, string>>;
  /** By site. */
  readonly dnsAddresses: Readonly<Record<string, string>>;
  readonly dnsMode?: 'oracle' | 'records';
  /** Networks of the watchers, by control region; then the zone is private. */
  readonly networks?: Readonly<Record<string, { readonly vpcId: string; readonly subnetIds: readonly string[] }>>;
  readonly address?: {
    readonly allocationId: string;
    readonly instances: Readonly<Record<string, string>>;
    readonly fallback: 'dns' | 'none';
  };
}

/** Ticks of the end-to-end figure. */
const intervalMs = 1_000;

/** An example as it is, but for ids, probe targets and durations. */
export function exampleDeployment(name: string, changes: Changes): Deployment {
  const root = join(import.meta.dirname, '../../../../..');
  const file = join(root, 'examples', name, 'failover.config.yaml');
  const value = parse(readFileSync(file, 'utf8')) as ExampleConfig;
  const { web } = value.services;
  for (const [site, { probes }] of Object.entries(web.sites)) {
    const url = changes.healthUrls[site];
    if (url === undefined) throw new Error(`no URL for ${site}`);
    for (const probe of probes) Object.assign(probe, { type: 'http', url, timeoutMs: 800 });
  }
  web.detection = { intervalMs, fallCount: 3, riseCount: 3, quorum: 2 };
  web.failover = {
    blockMs: 0,
    maxMovesPerDay: 24,
    leaseMs: 6_000,
    reconcileMs: 2 * intervalMs,
    stepTimeoutMs: 3_000,
    stepAttemptsMax: 3,
  };
  const { dns, address } = web.traffic;
  // moto's own account stands for the deployment's; the others are as the example has them.
  if (value.account !== undefined) value.account = account;
  dns.zone.id = changes.zoneId;
  dns.ttlSeconds = 1;
  dns.mode = changes.dnsMode ?? 'oracle';
  if (changes.networks !== undefined) {
    dns.zone.private = true;
    const groups = { securityGroupIds: ['sg-0123456789abcdef0'] };
    const places = Object.entries(changes.networks).map(([region, network]) => [region, { ...network, ...groups }]);
    value.watcher = { ...value.watcher, vpc: Object.fromEntries(places) };
  }
  for (const [site, a] of Object.entries(changes.dnsAddresses)) dns.addresses[site] = { a };
  if (address) Object.assign(address, changes.address);
  return parseDeploymentValue(value, file);
}

interface ExampleConfig {
  account?: string;
  watcher?: object;
  readonly services: {
    readonly web: {
      readonly sites: Readonly<Record<string, { readonly probes: readonly object[] }>>;
      detection: object;
      failover: object;
      readonly traffic: {
        readonly dns: {
          readonly zone: { id: string; private?: boolean };
          readonly addresses: Record<string, object>;
          ttlSeconds: number;
          mode: string;
        };
        readonly address?: object;
      };
    };
  };
}
