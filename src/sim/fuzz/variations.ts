import type { DeploymentInput } from '../../config/input/deployment.ts';
import type { SeededRandom } from '../random.ts';

/** What a drawn configuration may have besides: each is drawn apart from the others, so that they meet. */

/** A service of a drawn configuration. */
export type ServiceInput = NonNullable<DeploymentInput['services'][string]>;

/** One thing that a drawn configuration may have besides. */
export interface Variation {
  /** Share of the deployments that have it. */
  readonly share: number;
  /** Null if this does not go with what the service has: then none of the deployment has it. */
  readonly vary: (service: ServiceInput, name: string, deployment: DeploymentInput) => ServiceInput | null;
  /** What the deployment has besides where the services have it. */
  readonly besides?: Pick<DeploymentInput, 'account' | 'accounts'>;
  /** What it is instead where it does not go with the services. */
  readonly otherwise?: (service: ServiceInput) => ServiceInput | null;
}

/** Half of the window is filled after ten of the usual ticks. */
const grey = {
  windowTicks: 20,
  latency: { quantile: 0.8, downMs: 800, upMs: 600 },
  errors: { downPercent: 20, upPercent: 5 },
};

/** It also goes by how slow and how flaky a site is. */
const greyFailures: Variation = {
  share: 0.3,
  vary: (service) => ({ ...service, detection: { ...service.detection, grey } }),
};

/** So few moves a day that a run of minutes may use them up. */
export const fewMovesPerDay = 2;

const fewMoves: Variation = {
  share: 0.25,
  vary: (service) => ({ ...service, failover: { ...service.failover, maxMovesPerDay: fewMovesPerDay } }),
};

/** A third site, which is preferred least, where data and load balancers do not tie a service to its two. */
const thirdSite: Variation = {
  share: 0.5,
  vary: (service, name) => {
    const { sites, traffic = {}, data } = service;
    const { dns, ...others } = traffic;
    const [first] = Object.values(sites);
    if (Object.keys(sites).length !== 2 || first === undefined || dns === undefined) return null;
    if (data !== undefined || Object.keys(others).length > 0) return null;
    const ohio = {
      region: 'us-east-2',
      priority: 40,
      probes: [{ type: 'https' as const, url: `https://ohio-${name}.shop.example/healthz`, expect: { body: 'ok' } }],
      ...(first.fence ? { fence: { kind: 'read-only' as const, functionName: 'fence' } } : {}),
    };
    const addresses = { ...dns.addresses, ohio: { a: '192.0.2.30' } };
    return { ...service, sites: { ...sites, ohio }, traffic: { dns: { ...dns, addresses } } };
  },
};

/** Every site by a name of its own: one that is no address of AWS's. */
const canonicalNames: Variation = {
  share: 0.2,
  vary: (service) => {
    const dns = service.traffic?.dns;
    if (dns === undefined) return null;
    const named = Object.keys(dns.addresses).map((site) => [site, { cname: `${site}.hosting.example` }]);
    return { ...service, traffic: { ...service.traffic, dns: { ...dns, addresses: Object.fromEntries(named) } } };
  },
};

/** A second name that moves with the first. */
const secondName: Variation = {
  share: 0.2,
  vary: (service, name) => {
    const dns = service.traffic?.dns;
    if (typeof dns?.record !== 'string' || dns.mode === 'records') return null;
    const record = [dns.record, `also-${name}.shop.example`];
    return { ...service, traffic: { ...service.traffic, dns: { ...dns, record } } };
  },
};

/**
 * Data that nobody is led to: what uses it finds the writer by itself. Where no service has data, a site of each is
 * outside AWS instead: the two never meet, so that one draw decides both.
 */
const dataAlone: Variation = {
  share: 0.15,
  vary: (service) => (service.data ? { ...service, traffic: {} } : null),
  otherwise: (service) => (service.data ? null : outside(service)),
};

/** A site in a datacenter: the preferred one of three, the other of two. A function in AWS fences it. */
function outside(service: ServiceInput): ServiceInput | null {
  const { sites, traffic = {} } = service;
  const { dns, ...others } = traffic;
  const names = Object.keys(sites);
  const name = names[names.length > 2 ? 0 : 1] ?? '';
  const place = sites[name];
  if (place?.region === undefined || dns === undefined || dns.policy === 'latency') return null;
  if (Object.keys(others).length > 0 || (place.scale ?? []).length > 0 || place.measures !== undefined) return null;
  const beside = Object.entries(sites).find(([other]) => other !== name)?.[1].region;
  if (beside === undefined || dns.addresses[name]?.alias !== undefined) return null;
  const { region: _region, zone: _zone, fence, ...kept } = place;
  const fenced = fence && { fence: { kind: 'custom' as const, functionName: 'cut-off', region: beside } };
  return { ...service, sites: { ...sites, [name]: { ...kept, location: 'frankfurt-dc', ...fenced } } };
}

/** What one site alone may do: a rule or a schedule, and a consumer that takes its time to turn. */
const work: Variation = {
  share: 0.25,
  vary: (service, name) => {
    if (service.mode !== 'active-passive') return null;
    if (Object.values(service.sites).some(({ location }) => location !== undefined)) return null;
    const sites = Object.entries(service.sites).map(([site, place], index) => {
      const consumer = { kind: 'event-source-mapping' as const, uuid: uuidOf(name) };
      // Sites of one region share its rules, which are known by their names.
      const rule = { kind: 'eventbridge-rule' as const, name: `${name}-${site}` };
      const schedule = { kind: 'eventbridge-schedule' as const, name: `${name}-${site}`, role: 'invoker' };
      return [site, { ...place, work: index === 0 ? [schedule, consumer] : [rule] }] as const;
    });
    return { ...service, sites: Object.fromEntries(sites) };
  },
};

/**
 * Windows of people's calendar, each a part of the time in which troubles begin; a run begins at midnight. All of them
 * have closed when everything is healed, so that the end is owed as without them.
 */
const allFrozen: Variation = {
  share: 0.2,
  vary: (service) => ({ ...service, freeze: [{ cron: '0 0 * * *', forMs: 180_000, moves: 'all' as const }] }),
};

const plannedFrozen: Variation = {
  share: 0.15,
  vary: (service) => ({ ...service, freeze: [{ cron: '1-2 0 1 jan *', forMs: 120_000 }] }),
};

/** A failover waits for a person, for a while. */
const approved: Variation = {
  share: 0.12,
  vary: (service) =>
    service.mode === 'active-passive' && service.failover?.automatic !== false
      ? { ...service, failover: { ...service.failover, approval: { waitMs: 40_000 } } }
      : null,
};

/** Work at the site that is preferred least. */
const siteAtWork: Variation = {
  share: 0.15,
  vary: (service) => {
    const [, ...others] = Object.keys(service.sites);
    const site = others.at(-1);
    return site === undefined ? null : { ...service, maintenance: [{ site, cron: '2 0 * * thu', forMs: 120_000 }] };
  },
};

/** A uuid of an event source mapping for each service. */
function uuidOf(name: string): string {
  const digits = [...name].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return `00000000-0000-4000-8000-${digits.padStart(12, '0').slice(-12)}`;
}

/** DNS that keeps nothing in mind. */
const dnsForgets: Variation = {
  share: 0.25,
  vary: (service) => {
    const dns = service.traffic?.dns;
    if (dns === undefined || dns.mode === 'records') return null;
    return { ...service, traffic: { ...service.traffic, dns: { ...dns, memory: false } } };
  },
};

/** DNS that asks nobody: every check follows what the watchers write. */
const memoryAlone: Variation = {
  share: 0.15,
  vary: (service) => {
    const dns = service.traffic?.dns;
    if (dns === undefined || dns.mode === 'records' || dns.policy === 'multivalue') return null;
    const { memory: _memory, ...asked } = dns;
    return { ...service, traffic: { ...service.traffic, dns: { ...asked, mode: 'memory' as const } } };
  },
};

/** Beside its page, each site is asked in another protocol too. */
const otherProtocols: Variation = {
  share: 0.2,
  vary: (service, name) => {
    const sites = Object.entries(service.sites).map(([site, place], index) => {
      const host = `${site}-${name}.shop.example`;
      const asked = [
        { type: 'tls' as const, host },
        { type: 'grpc' as const, host, port: 8443 },
        { type: 'udp' as const, host, port: 27_015, send: 'info' },
        { type: 'dns' as const, server: host, name: 'www.shop.example' },
        { type: 'tcp' as const, host, port: 6_379 },
      ];
      return [site, { ...place, probes: [...place.probes, ...asked.slice(index % 5, (index % 5) + 1)] }] as const;
    });
    return { ...service, sites: Object.fromEntries(sites) };
  },
};

/** The site of a pool that is preferred least waits in reserve; DNS keeps nothing in mind then. */
const inReserve: Variation = {
  share: 0.3,
  vary: (service) => {
    const { mode, sites, traffic = {} } = service;
    const { dns } = traffic;
    const [name, place] = Object.entries(sites).at(-1) ?? [];
    if (mode !== 'active-active' || name === undefined || place === undefined) return null;
    if (
      Object.keys(sites).length < 3 ||
      traffic.zonal !== undefined ||
      dns?.mode === 'memory' ||
      dns?.policy === 'geolocation'
    )
      return null;
    const forgetting = dns && dns.mode !== 'records' ? { dns: { ...dns, memory: false } } : {};
    return {
      ...service,
      sites: { ...sites, [name]: { ...place, reserve: true } },
      traffic: { ...traffic, ...forgetting },
    };
  },
};

/** A balancer whose cookie keeps clients at a target group. */
const stickiness: Variation = {
  share: 0.4,
  vary: (service) => {
    const targets = service.traffic?.targets;
    if (targets === undefined) return null;
    return { ...service, traffic: { ...service.traffic, targets: { ...targets, stickinessSeconds: 3_600 } } };
  },
};

/** What a deployment says of another account, in which functions have something to do. */
const withOtherAccount = {
  account: '111122223333',
  accounts: { '222233334444': { externalId: 'shop-8f3c1d92' } },
} as const;

/** The site that is preferred least is in another account: what is touched there takes a role first. */
const otherAccount: Variation = {
  share: 0.2,
  besides: withOtherAccount,
  vary: (service) => {
    const { dns: _dns, ...others } = service.traffic ?? {};
    const [name, place] = Object.entries(service.sites).at(-1) ?? [];
    if (name === undefined || place?.region === undefined) return null;
    // No role is needed where only probes and DNS are about a site.
    const isTouched = place.fence !== undefined || [...(place.scale ?? []), ...(place.work ?? [])].length > 0;
    if (!isTouched || service.data !== undefined || Object.keys(others).length > 0) return null;
    return { ...service, sites: { ...service.sites, [name]: { ...place, account: '222233334444' } } };
  },
};

/** One watcher is enough to call a site down, unless most of the others find it well. */
const lowQuorum: Variation = {
  share: 0.12,
  vary: (service) => ({ ...service, detection: { ...service.detection, quorum: 1 } }),
};

/** Share of the deployments of three control regions that have two more. */
const moreRegionsShare = 0.2;
const moreRegions = ['eu-west-1', 'eu-central-1'];

/** The zone of an edited record is in another account: whoever reads or edits the record takes a role first. */
const otherZone: Variation = {
  share: 0.25,
  besides: withOtherAccount,
  vary: (service) => {
    const dns = service.traffic?.dns;
    if (dns?.mode !== 'records') return null;
    const zone = { ...dns.zone, account: '222233334444' };
    return { ...service, traffic: { ...service.traffic, dns: { ...dns, zone } } };
  },
  otherwise: sharedData,
};

/** Data that every site writes: with a lag where there is a limit, else without one. */
function sharedData(service: ServiceInput): ServiceInput | null {
  const places = Object.entries(service.sites);
  if (service.data !== undefined || places.some(([, { region, account }]) => !region || account)) return null;
  const limitMs = service.failover?.maxReplicationLagMs;
  const arnOf = (of: string) =>
    Object.fromEntries(
      places.map(([name, { region }]) => [name, `arn:aws:${of}:${region}:111122223333:cluster/${'a'.repeat(26)}`]),
    );
  const data =
    limitMs === undefined
      ? { kind: 'aurora-dsql' as const, clusters: arnOf('dsql') }
      : { kind: 'memorydb-multi-region' as const, globalId: 'virxk-shop', clusters: arnOf('memorydb') };
  return { ...service, data };
}

const variations: readonly Variation[] = [
  greyFailures,
  fewMoves,
  thirdSite,
  canonicalNames,
  secondName,
  dataAlone,
  work,
  allFrozen,
  plannedFrozen,
  siteAtWork,
  dnsForgets,
  otherAccount,
  approved,
  lowQuorum,
  otherZone,
  memoryAlone,
  inReserve,
  otherProtocols,
  stickiness,
];

/** A configuration with some of the variations. */
export function varied(random: SeededRandom, deployment: DeploymentInput): DeploymentInput {
  const drawn = variations.filter(({ share }) => random() < share);
  return withAll(drawn, withMoreRegions(random, deployment));
}

/** A configuration with these; sites of a group are alike, so that all services have each or none. */
export function withAll(drawn: readonly Variation[], deployment: DeploymentInput): DeploymentInput {
  return drawn.reduce(
    (before, { vary, besides = {}, otherwise = () => null }) =>
      withEach(before, vary, besides) ?? withEach(before, otherwise) ?? before,
    deployment,
  );
}

function withMoreRegions(random: SeededRandom, deployment: DeploymentInput): DeploymentInput {
  const { controlRegions } = deployment;
  const isDrawn = random() < moreRegionsShare && controlRegions.length === 3;
  return isDrawn ? { ...deployment, controlRegions: [...controlRegions, ...moreRegions] } : deployment;
}

function withEach(
  deployment: DeploymentInput,
  vary: Variation['vary'],
  besides: Variation['besides'] = {},
): DeploymentInput | null {
  const services: Record<string, ServiceInput> = {};
  for (const [name, before] of Object.entries(deployment.services)) {
    const service = vary(before, name, deployment);
    if (service === null) return null;
    services[name] = service;
  }
  return { ...deployment, ...besides, services };
}
