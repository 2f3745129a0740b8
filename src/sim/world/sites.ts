import type { Deployment, Probe } from '../../core/deployment.ts';
import type { Observation } from '../../core/observation.ts';

/** The true state of one simulated site. */
export interface SimSite {
  readonly service: string;
  readonly name: string;
  readonly region: string;
  state: 'running' | 'stopped' | 'hung';
  /** Time it takes to answer, in milliseconds, without the network. */
  latencyMs: number;
  /** Null: what the probe expects. */
  status: number | null;
  body: string | null;
  role: string | null;
  replicationLagMs: number;
  ready: boolean;
  capacity: number;
  load: number;
  /** Cut off by its security group. */
  isIsolated: boolean;
}

/** A healthy site's own time to answer, in milliseconds. */
const healthyLatencyMs = 10;

/** The sites of a deployment, and what a probe of one would see. */
export class SimSites {
  readonly #sites = new Map<string, SimSite>();
  readonly #byProbe = new Map<Probe, SimSite>();

  /** Makes known what a deployment names; a site that was there keeps its state. */
  deploy(deployment: Deployment): void {
    for (const [service, { sites }] of Object.entries(deployment.services)) {
      for (const [name, site] of Object.entries(sites)) {
        const key = `${service}/${name}`;
        const known = this.#sites.get(key) ?? newSite(service, name, site.region, site.capacity);
        this.#sites.set(key, known);
        for (const probe of site.probes) this.#byProbe.set(probe, known);
      }
    }
  }

  all(): readonly SimSite[] {
    return [...this.#sites.values()];
  }

  get(service: string, name: string): SimSite {
    const site = this.#sites.get(`${service}/${name}`);
    if (!site) throw new RangeError(`no site ${service}/${name}`);
    return site;
  }

  ofProbe(probe: Probe): SimSite {
    const site = this.#byProbe.get(probe);
    if (!site) throw new RangeError('a probe of no deployed site');
    return site;
  }

  /** Back to health, as it was deployed. */
  repair(site: SimSite): void {
    Object.assign(site, { state: 'running', latencyMs: healthyLatencyMs, status: null, body: null, role: null });
  }
}

function newSite(service: string, name: string, region: string, capacity: number): SimSite {
  return {
    service,
    name,
    region,
    state: 'running',
    latencyMs: healthyLatencyMs,
    status: null,
    body: null,
    role: null,
    replicationLagMs: 0,
    ready: true,
    capacity,
    load: 0,
    isIsolated: false,
  };
}

/** What comes back from a site, and after how long; null when nothing does within the deadline. */
export function answerOf(
  site: SimSite,
  probe: Probe,
  networkMs: number,
): { readonly observation: Observation; readonly afterMs: number } | null {
  if (site.isIsolated || site.state === 'hung') return null;
  if (site.state === 'stopped') {
    return { observation: { outcome: 'fail', reason: 'refused', latencyMs: networkMs }, afterMs: networkMs };
  }
  const afterMs = networkMs + site.latencyMs;
  if (afterMs > probe.timeoutMs) return null;
  const report = {
    ...(site.role === null ? {} : { role: site.role }),
    replicationLagMs: site.replicationLagMs,
    ready: site.ready,
  };
  const reason = failureOf(site, probe);
  if (reason !== null) return { observation: { outcome: 'fail', reason, latencyMs: afterMs, report }, afterMs };
  return { observation: { outcome: 'pass', latencyMs: afterMs, report }, afterMs };
}

function failureOf(site: SimSite, probe: Probe): 'wrong-status' | 'wrong-body' | null {
  if (probe.type === 'tcp') return null;
  if (site.status !== null && site.status !== probe.expect.status) return 'wrong-status';
  if (site.body !== null && probe.expect.body !== undefined && !site.body.includes(probe.expect.body))
    return 'wrong-body';
  return null;
}

/** Whether a client's request to the site gets a good answer. */
export function servesClients(site: SimSite, patienceMs: number): boolean {
  return (
    site.state === 'running' &&
    !site.isIsolated &&
    site.latencyMs <= patienceMs &&
    (site.status ?? 200) < 400 &&
    site.body === null
  );
}
