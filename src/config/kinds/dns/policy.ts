import type { Service } from '../../../core/model/service.ts';
import type { DnsTraffic } from '../../../core/model/traffic.ts';
import type { Path } from '../../document.ts';
import { type Breach, breach, claimedTwice, type ServiceRule } from '../../rules/rule.ts';
import { mixtureOf, oneKindOnly, typesOf } from './values.ts';

const oneSiteARegion: ServiceRule = {
  about: 'By latency, no two sites are in one region: Route 53 takes one record a region.',
  check: policyRule(({ sites }, { policy }, at) =>
    policy !== 'latency'
      ? []
      : claimedTwice(
          Object.entries(sites).flatMap(([site, { region }]) =>
            region === undefined ? [] : [[region, site] as const],
          ),
        ).map(([region, first, second]) =>
          breach(
            [...at, 'policy'],
            `latency with ${first} and ${second} in ${region}`,
            'one site a region by latency',
            'choose policy weighted, or make the two one site behind a load balancer',
          ),
        ),
  ),
};

const valuesOfMany: ServiceRule = {
  about: 'By multivalue, no site has an alias: Route 53 has no multivalue alias records.',
  check: policyRule((_service, { policy, addresses }, at) =>
    policy !== 'multivalue'
      ? []
      : Object.entries(addresses)
          .filter(([, { alias }]) => alias !== undefined)
          .map(([site]) =>
            breach([...at, 'addresses', site], 'an alias', 'a or aaaa by multivalue', 'or choose policy weighted'),
          ),
  ),
};

const lastResortAlike: ServiceRule = {
  about:
    'The last resort is `a`, `aaaa`, both, `alias` alone, or `cname` alone, and has what the sites have; no alias where records are edited.',
  check: policyRule((_service, dns, at) => {
    const { lastResort } = dns;
    if (lastResort === undefined) return [];
    const path = [...at, 'lastResort'];
    const mixture = mixtureOf(lastResort);
    if (mixture !== null) return [breach(path, mixture, oneKindOnly, null)];
    if (dns.mode === 'records' && lastResort.alias !== undefined) {
      return [breach(path, 'an alias', 'a or aaaa while mode is records', 'set mode to oracle, which never edits')];
    }
    const missing = ['a', 'aaaa', 'cname'].filter(
      (kind) =>
        Object.values(dns.addresses).some((site) => typesOf(site).includes(kind)) &&
        !typesOf(lastResort).includes(kind),
    );
    return [
      ...(missing.length === 0
        ? []
        : [
            breach(
              path,
              `no ${missing.join(' and ')}`,
              'the kinds of address that the sites have',
              'clients of one kind would be lost',
            ),
          ]),
    ];
  }),
};

function policyRule(check: (service: Service, dns: DnsTraffic, at: Path) => readonly Breach[]): ServiceRule['check'] {
  return (service, path) =>
    service.traffic.dns ? check(service, service.traffic.dns, [...path, 'traffic', 'dns']) : [];
}

/** Rules about what Route 53 allows by each policy, and about what it answers when no site is left. */
export const dnsPolicyRules: readonly ServiceRule[] = [oneSiteARegion, valuesOfMany, lastResortAlike];
