import { placeOf } from '../../core/model/place.ts';
import type { Service } from '../../core/model/service.ts';
import { type DnsTraffic, remembers } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, type ServiceRule, unknownSites } from './rule.ts';

const policyOfMode: ServiceRule = {
  about:
    'DNS chooses by the mode of the service: `policy: failover` in active-passive, any other policy in active-active.',
  check: dnsRule(({ mode }, { policy }, at) => {
    const isPool = mode === 'active-active';
    if (isPool === (policy !== 'failover')) return [];
    const allowed = isPool ? 'weighted, latency, geolocation or multivalue in active-active' : 'failover';
    const hint = isPool
      ? 'failover answers with one site, but all of them serve; leave policy out for weighted'
      : `make the service active-active, or leave policy out; ${policy} would answer with standbys`;
    return [breach([...at, 'policy'], policy, allowed, hint)];
  }),
};

const poolWithoutAddress: ServiceRule = {
  about: 'An active-active service has no Elastic IP: one instance would hold it, and all of its sites serve.',
  check: ({ mode, traffic }, path) =>
    mode === 'active-passive' || traffic.address === undefined
      ? []
      : [
          breach(
            [...path, 'traffic', 'address'],
            'an Elastic IP in active-active',
            'dns, targets or both',
            'give each site an address of its own in traffic.dns, or put them behind a load balancer in traffic.targets',
          ),
        ],
};

const editedByWeight: ServiceRule = {
  about: '`mode: records` in active-active edits weights, so its policy is `weighted`.',
  check: dnsRule(({ mode }, dns, at) =>
    mode !== 'active-active' || dns.mode !== 'records' || dns.policy === 'weighted' || dns.policy === 'failover'
      ? []
      : [
          breach(
            [...at, 'mode'],
            `records with policy ${dns.policy}`,
            'oracle, or policy: weighted',
            `only weights are edited; with mode: oracle sites leave a ${dns.policy} pool by their checks`,
          ),
        ],
  ),
};

const rampByWeight: ServiceRule = {
  about: '`dns.ramp` shifts weights of records: `policy: weighted` with `mode: records` only.',
  check: dnsRule((_service, { ramp, policy, mode }, at) =>
    ramp === undefined || (policy === 'weighted' && mode === 'records')
      ? []
      : [
          breach(
            [...at, 'ramp'],
            `steps with policy ${policy} and mode ${mode}`,
            'none unless policy is weighted and mode is records',
            'leave ramp out; an oracle votes a site off or not, and has no steps between',
          ),
        ],
  ),
};

const directCheckOfChain: ServiceRule = {
  about: '`directCheck` is for active-passive: a pool has no chain, and each of its sites has a guard already.',
  check: dnsRule(({ mode }, { directCheck }, at) =>
    mode === 'active-passive' || directCheck === undefined
      ? []
      : [breach([...at, 'directCheck'], 'a direct check in active-active', 'none', 'leave directCheck out')],
  ),
};

const locationsByPolicy: ServiceRule = {
  about:
    '`policy: geolocation` has a list of locations for each site, each location once a site, and `*` for at least one; no other policy has any. A site with an empty list is a reserve.',
  check: dnsRule(({ sites }, { policy, locations }, at) => {
    const here = [...at, 'locations'];
    if (policy !== 'geolocation') {
      return locations === undefined
        ? []
        : [breach(here, `locations with policy ${policy}`, 'none', 'set policy to geolocation or leave locations out')];
    }
    if (locations === undefined) {
      const hint = 'say where the clients of each site are, and give one of them *';
      return [breach(here, 'nothing', 'locations of every site', hint)];
    }
    const hasDefault = Object.values(locations).some((all) => all.some(({ kind }) => kind === 'default'));
    const hint = 'clients of other places would get no answer at all';
    return [
      ...unknownSites(locations, sites, here),
      ...Object.keys(sites)
        .filter((site) => !Object.hasOwn(locations, site))
        .map((site) => breach(here, `nothing for ${site}`, 'locations of every site', `add ${site}`)),
      ...(hasDefault ? [] : [breach(here, 'no site with *', '* for one site', hint)]),
      ...Object.entries(locations).flatMap(([site, all]) =>
        repeated(all.map((location) => (location.kind === 'default' ? '*' : location.code))).map((code) =>
          breach([...here, site], `${code} twice`, 'each location once', null),
        ),
      ),
    ];
  }),
};

const poolInAllowedRegions: ServiceRule = {
  about:
    '`failover.allowedRegions` in active-active goes with `policy: geolocation`; with other policies all sites are in them.',
  check: ({ mode, sites, traffic, failover }, path) => {
    const { allowedRegions } = failover;
    if (mode !== 'active-active' || allowedRegions === undefined || traffic.dns?.policy === 'geolocation') return [];
    return Object.entries(sites)
      .filter(([, site]) => !allowedRegions.includes(placeOf(site)))
      .map(([name, site]) =>
        breach(
          [...path, 'failover', 'allowedRegions'],
          `${name} in ${placeOf(site)}`,
          `sites in ${allowedRegions.join(', ')}`,
          'the pool sends every client to every site; use policy: geolocation, or leave allowedRegions out',
        ),
      );
  },
};

const reserveOfPool: ServiceRule = {
  about:
    '`reserve` is for active-active, with DNS that keeps nothing in mind (`memory: false`, or `mode: records`), and not for `policy: geolocation` or `traffic.zonal`; at least one site of a priority above 0 is no reserve.',
  check: ({ mode, sites, traffic, failback }, path) => {
    const reserves = Object.keys(sites).filter((site) => sites[site]?.reserve === true);
    const at = (site: string) => [...path, 'sites', site, 'reserve'];
    if (mode !== 'active-active') {
      const hint = 'in active-passive every site but one waits: say which is preferred by priority';
      return reserves.map((site) => breach(at(site), 'a reserve in active-passive', 'none', hint));
    }
    if (traffic.dns?.policy === 'geolocation') {
      const hint = (site: string) => `leave it out, and write locations: { ${site}: [] }`;
      return reserves.map((site) => breach(at(site), 'a reserve by location', 'none', hint(site)));
    }
    if (traffic.zonal !== undefined) {
      const hint = 'a zonal shift keeps one zone out, and for a while: a reserve would be that zone for ever';
      return reserves.map((site) => breach(at(site), 'a reserve among zones of one balancer', 'none', hint));
    }
    if (reserves.length > 0 && traffic.dns !== undefined && remembers(traffic.dns)) {
      const hint =
        'DNS takes minutes to answer again with a site that it remembers as left: write memory: false with mode oracle, or mode: records';
      return [breach([...path, 'traffic', 'dns', 'memory'], 'true, with a site in reserve', 'false', hint)];
    }
    const isRegular = Object.entries(sites).some(([, { reserve, priority }]) => reserve !== true && priority > 0);
    const to = failback.to !== undefined && reserves.includes(failback.to) ? failback.to : null;
    return [
      ...(isRegular || reserves.length === 0
        ? []
        : [breach([...path, 'sites'], 'reserves alone', 'a site that serves while all is well', null)]),
      ...(to === null ? [] : [breach([...path, 'failback', 'to'], `${to}, a reserve`, 'a site that is none', null)]),
    ];
  },
};

const somethingIsLeft: ServiceRule = {
  about: '`capacity.spareSites` is less than the number of sites that may serve.',
  check: ({ sites, capacity }, path) => {
    const eligible = Object.values(sites).filter(({ priority }) => priority > 0).length;
    // With fewer than two sites, the rule about sites reports it.
    if (eligible < 2 || capacity.spareSites < eligible) return [];
    return [
      breach(
        [...path, 'capacity', 'spareSites'],
        String(capacity.spareSites),
        `less than ${eligible}, the number of sites of priority above 0`,
        'with all sites lost none could carry the load; lower it or add sites',
      ),
    ];
  },
};

function repeated(codes: readonly string[]): readonly string[] {
  return [...new Set(codes.filter((code, index) => codes.indexOf(code) !== index))];
}

function dnsRule(check: (service: Service, dns: DnsTraffic, at: Path) => readonly Breach[]): ServiceRule['check'] {
  return (service, path) =>
    service.traffic.dns ? check(service, service.traffic.dns, [...path, 'traffic', 'dns']) : [];
}

/** Rules about sites that serve together. */
export const poolRules: readonly ServiceRule[] = [
  policyOfMode,
  poolWithoutAddress,
  editedByWeight,
  rampByWeight,
  directCheckOfChain,
  locationsByPolicy,
  poolInAllowedRegions,
  reserveOfPool,
  somethingIsLeft,
];
