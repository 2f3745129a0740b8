import { nameBehind } from '../../../core/dns/record-values.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { DnsTraffic } from '../../../core/model/traffic.ts';
import type { Path } from '../../document.ts';
import { type Breach, breach, type ServiceRule } from '../../rules/rule.ts';

/**
 * A name in a private hosted zone is answered inside its networks alone. Records there may follow health checks as
 * public ones do, and the checks of oracles reach them from outside, because oracles are public. Sources: Route 53
 * Developer Guide, "Failover routing" and "Configuring failover in a private hosted zone".
 */
const resolvedFromInside: ServiceRule = {
  about:
    'A private zone is resolved by every watcher: each control region has a network in `watcher.vpc`, one that belongs to the zone.',
  check: privateRule((_dns, at, { controlRegions, watcher }) => {
    const outside = controlRegions.filter((region) => watcher.vpc?.[region] === undefined);
    if (outside.length === 0) return [];
    return [
      breach(
        [...at, 'zone', 'private'],
        `true, and no network of ${outside.join(', ')} in watcher.vpc`,
        'a network of each control region, associated with the zone',
        'a watcher elsewhere cannot see what the name answers, so it could not verify a move',
      ),
    ];
  }),
};

const noDirectCheck: ServiceRule = {
  about: '`directCheck` is not for a private zone: Route 53 checks from outside its networks.',
  check: privateRule(({ directCheck }, at) =>
    directCheck === undefined
      ? []
      : [
          breach(
            [...at, 'directCheck'],
            'a check from outside',
            'none with zone.private',
            'leave it out: oracles follow the watchers, which probe from inside',
          ),
        ],
  ),
};

const noDistribution: ServiceRule = {
  about: 'No alias in a private zone leads to CloudFront, which answers to public names alone.',
  check: privateRule(({ addresses, lastResort }, at) => {
    const all = [
      ...Object.entries(addresses).map(([site, known]) => [['addresses', site], known] as const),
      ...(lastResort === undefined ? [] : [[['lastResort'], lastResort] as const]),
    ];
    return all
      .filter(([, { alias }]) => alias !== undefined && /\.cloudfront\.net$/.test(alias.dnsName))
      .map(([path, known]) =>
        breach([...at, ...path, 'alias'], nameBehind(known), 'an internal load balancer, an address or a cname', null),
      );
  }),
};

function privateRule(
  check: (dns: DnsTraffic, at: Path, deployment: Deployment) => readonly Breach[],
): ServiceRule['check'] {
  return ({ traffic: { dns } }, path, deployment) =>
    dns?.zone.private === true ? check(dns, [...path, 'traffic', 'dns'], deployment) : [];
}

/** Rules about names in private hosted zones. */
export const privateZoneRules: readonly ServiceRule[] = [resolvedFromInside, noDirectCheck, noDistribution];
