import type { Service } from '../../../core/model/service.ts';
import type { Path } from '../../document.ts';
import { type Breach, breach, type ServiceRule } from '../../rules/rule.ts';

const directCheckWithoutData: ServiceRule = {
  about:
    '`directCheck` is for services without data: not with a fence, not with `failover.maxReplicationLagMs`. DNS may answer with a standby that the register has not chosen.',
  check: directRule(({ sites, failover }, at) => {
    const hint = 'leave directCheck out: it would send clients to a standby past';
    const fenced = Object.keys(sites).find((site) => sites[site]?.fence !== undefined);
    return [
      ...(fenced === undefined
        ? []
        : [breach(at, `a service whose site ${fenced} has a fence`, 'a service without fences', `${hint} the fence`)]),
      ...(failover.maxReplicationLagMs === undefined
        ? []
        : [
            breach(
              at,
              'a service with failover.maxReplicationLagMs',
              'a service without data that lags',
              `${hint} the limit`,
            ),
          ]),
    ];
  }),
};

const directCheckByOracle: ServiceRule = {
  about: '`directCheck` is not for `mode: records`: a record that is edited has no checks.',
  check: directRule(({ traffic }, at) =>
    traffic.dns?.mode === 'records'
      ? [breach(at, 'mode: records', 'mode: oracle', 'leave directCheck out; a record that is edited has no checks')]
      : [],
  ),
};

const directCheckPath: ServiceRule = {
  about: '`directCheck.path` is for http and https.',
  check: directRule(({ traffic }, at) => {
    const { type, path } = traffic.dns?.directCheck ?? {};
    return type === 'tcp' && path !== undefined
      ? [breach([...at, 'path'], path, 'none with type: tcp', 'a tcp check has no path')]
      : [];
  }),
};

const directCheckHasName: ServiceRule = {
  about:
    'With a wildcard record, `directCheck` is of type `tcp`, or the sites are aliases: a request needs a host name.',
  check: directRule(({ traffic }, at) => {
    const { record = '', directCheck, addresses = {} } = traffic.dns ?? {};
    const isNamed = Object.values(addresses).every(({ alias }) => alias !== undefined);
    return record.startsWith('*.') && directCheck?.type !== 'tcp' && !isNamed
      ? [breach([...at, 'type'], `${directCheck?.type} for ${record}`, 'tcp', 'no request can be for a wildcard')]
      : [];
  }),
};

const directCheckReaches: ServiceRule = {
  about: "`directCheck` needs public addresses: Route 53's checkers are outside every VPC.",
  check: directRule(({ traffic }, at) =>
    Object.entries(traffic.dns?.addresses ?? {}).flatMap(([site, { a, aaaa }]) => {
      const asked = a?.[0] ?? aaaa?.[0];
      return asked === undefined || !isPrivate(asked)
        ? []
        : [breach(at, `${asked} of ${site}`, 'public addresses', "Route 53's checkers cannot reach it")];
    }),
  ),
};

/**
 * Whether an address is private: RFC 1918, 3927, 6598 and 4193. Loopback is allowed, because the lab runs on this
 * machine.
 */
function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80:)/i.test(
    address,
  );
}

function directRule(check: (service: Service, at: Path) => readonly Breach[]): ServiceRule['check'] {
  return (service, path) =>
    service.traffic.dns?.directCheck === undefined ? [] : check(service, [...path, 'traffic', 'dns', 'directCheck']);
}

/** Rules about Route 53's own check of the sites. */
export const directCheckRules: readonly ServiceRule[] = [
  directCheckWithoutData,
  directCheckByOracle,
  directCheckPath,
  directCheckHasName,
  directCheckReaches,
];
