import { askedNames } from '../../core/dns/record-values.ts';
import type { NamedService } from '../../core/model/service.ts';
import { type Endpoint, endpointsOf, isLoopback } from './endpoint.ts';
import { type BareFinding, eachService, type LintRule, listed, placesOf } from './finding.ts';

const probeThroughRecord: LintRule = {
  name: 'probe-through-record',
  about: 'A probe checks the very record that a service steers.',
  reason: 'Such a probe follows every move: it always checks the serving site, not the site that it is meant for.',
  check: (deployment) => {
    const steered = new Map(
      Object.entries(deployment.services).flatMap(([name, { traffic }]) =>
        traffic.dns ? askedNames(traffic.dns).map((record) => [record, name] as const) : [],
      ),
    );
    return Object.entries(deployment.services).flatMap(([name, service]) =>
      endpointsOf({ name, ...service }, `services.${name}`)
        .filter(({ host }) => steered.has(host))
        .map(({ site, place, path, host }) => ({
          path,
          what: `${host} is a record that ${steered.get(host)} steers`,
          breaks: `when ${place} is lost and the record has moved, ${site} counts as up because another site answers; before, every site looks as bad as the one that serves`,
          hint: `give ${site} a name or an address of its own`,
        })),
    );
  },
};

const sharedEndpoint: LintRule = {
  name: 'shared-endpoint',
  about: 'Two sites of a service are probed at the same host and port.',
  reason: 'One endpoint answers there, so it is up or down for both.',
  check: eachService((service, at) =>
    pairsOf(service, at, ({ host, port }) => (isLoopback(host) ? null : `${host}:${port}`)).map(
      ([target, first, second]) => ({
        path: second.path,
        what: `${first.site} and ${second.site} are both probed at ${target}`,
        breaks: `when ${lostWith(first, second)} is lost, both look down and no site can take over, or both look up and nothing moves`,
        hint: `probe ${second.site} at an endpoint of its own`,
      }),
    ),
  ),
};

const sharedCertificate: LintRule = {
  name: 'shared-certificate',
  about:
    'Two sites of a service have a certificate for the same host name, or are trusted through the same `authorityPem` alone.',
  reason: 'One expiry or one revocation makes both fail at the same moment.',
  check: eachService((service, at) => [
    ...pairsOf(service, at, ({ host, probe }) => (probe.type === 'https' && !isLoopback(host) ? host : null))
      .filter(([, first, second]) => first.port !== second.port)
      .map(([host, first, second]) => certificateFinding(first, second, `have one certificate, that of ${host}`)),
    ...pairsOf(service, at, ({ host, probe }) =>
      'authorityPem' in probe && !isLoopback(host) ? (probe.authorityPem?.trim() ?? null) : null,
    ).map(([, first, second]) => certificateFinding(first, second, 'are trusted by the same authorityPem')),
  ]),
};

function certificateFinding(first: Endpoint, second: Endpoint, how: string): BareFinding {
  return {
    path: second.path,
    what: `${first.site} and ${second.site} ${how}`,
    breaks: `no region has to be lost: on the day on which it expires both are down, and no site can take over; if ${first.place} is lost then, ${second.site} does not help`,
    hint: 'give each site a certificate of its own, that expires on another day',
  };
}

const oneRegion: LintRule = {
  name: 'one-region',
  about: 'A service has all its sites in one region or location, with or without an Elastic IP or a load balancer.',
  reason: 'Two zones do not help when their region is lost, or when its APIs fail.',
  check: eachService((service, at) => {
    const [region, ...others] = placesOf(service);
    if (region === undefined || others.length > 0) return [];
    const { dns, address, route } = service.traffic;
    // With one site there is nothing but the static endpoint, and that is what was asked for.
    if (Object.keys(service.sites).length === 1 && dns?.lastResort !== undefined) return [];
    const isWithoutDns = dns === undefined;
    const tied = address !== undefined ? 'Elastic IP' : route !== undefined ? 'route' : 'load balancer';
    return [
      {
        path: `${at}.sites`,
        what: `all sites of ${service.name} are in ${region}`,
        breaks: `when ${region} is lost, ${service.name} has nowhere to go${isWithoutDns ? `: its ${tied} cannot leave the region` : ''}`,
        hint: `add a site in another region${isWithoutDns ? ', and traffic.dns to lead there' : ''}`,
      },
    ];
  }),
};

const oneZone: LintRule = {
  name: 'one-zone',
  about: 'Two sites of a service are in one availability zone.',
  reason: 'A zone is the smallest part of AWS that fails as a whole.',
  check: eachService((service, at) => {
    const sites = Object.entries(service.sites);
    return [...new Set(sites.flatMap(([, { zone }]) => zone ?? []))].flatMap((zone) => {
      const inZone = sites.filter(([, site]) => site.zone === zone).map(([name]) => name);
      const [, second] = inZone;
      if (second === undefined) return [];
      return [
        {
          path: `${at}.sites.${second}.zone`,
          what: `${listed(inZone)} are in ${zone}`,
          breaks: `when ${zone} alone is lost, ${listed(inZone)} are lost together`,
          hint: 'put one of them into another zone',
        },
      ];
    });
  }),
};

const sharedWriteCapacity: LintRule = {
  name: 'shared-write-capacity',
  about: 'Two sites of a service scale the write capacity of tables of one name.',
  reason:
    'Replicas of a global table have one name and one write capacity, which no run can set for one of them alone.',
  check: eachService((service, at) => {
    const written = Object.entries(service.sites).flatMap(([site, { scale }]) =>
      scale.flatMap((scalable, index) =>
        scalable.kind === 'dynamodb-capacity' && scalable.units === 'write'
          ? [{ site, table: scalable.table, path: `${at}.sites.${site}.scale.${index}` }]
          : [],
      ),
    );
    return written.flatMap(({ site, table, path }, index) => {
      const first = written.slice(0, index).find((other) => other.table === table && other.site !== site);
      if (first === undefined) return [];
      return [
        {
          path,
          what: `${first.site} and ${site} both scale what ${table} writes`,
          breaks: `if ${table} is a global table, its write capacity is refused: ${site} takes over with what it has, or waits, as failover.onStartFailure says`,
          hint: 'leave out what a global table writes, and keep that at its full size; where each region has a table of its own, accept this',
        },
      ];
    });
  }),
};

/**
 * Endpoints of different sites with the same key: each later one is paired with the first. Endpoints without a key
 * match nothing.
 */
function pairsOf(
  service: NamedService,
  at: string,
  keyOf: (endpoint: Endpoint) => string | null,
): readonly (readonly [key: string, first: Endpoint, second: Endpoint])[] {
  const firsts = new Map<string, Endpoint>();
  const seen = new Set<string>();
  return endpointsOf(service, at).flatMap((endpoint) => {
    const key = keyOf(endpoint);
    if (key === null) return [];
    const first = firsts.get(key) ?? endpoint;
    firsts.set(key, first);
    const pair = `${first.site} ${endpoint.site} ${key}`;
    if (first.site === endpoint.site || seen.has(pair)) return [];
    seen.add(pair);
    return [[key, first, endpoint] as const];
  });
}

function lostWith(first: Endpoint, second: Endpoint): string {
  return [...new Set([first.place, second.place])].join(' or ');
}

/** Findings about what two sites have in common. */
export const sharingLintRules: readonly LintRule[] = [
  probeThroughRecord,
  sharedEndpoint,
  sharedCertificate,
  oneRegion,
  oneZone,
  sharedWriteCapacity,
];
