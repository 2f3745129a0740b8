import type { NetProbe } from '../../core/model/probe.ts';
import { secretsIn } from '../schema/probe-target.ts';
import { endpointsOf, isIpv6 } from './endpoint.ts';
import { eachService, type LintRule, listed } from './finding.ts';

const secretInUrl: LintRule = {
  name: 'secret-in-url',
  about: 'The URL of a probe has a query parameter that is named as a secret is: `token`, `key`, `password`.',
  reason: 'URLs stand in the logs of servers and proxies, in the messages of this program, and in its functions.',
  check: eachService((service, at) =>
    endpointsOf(service, at).flatMap(({ site, probe, path }) => {
      const names = probe.type === 'http' || probe.type === 'https' ? secretsIn(probe.url) : [];
      if (names.length === 0) return [];
      return [
        {
          path,
          what: `the URL has ${listed(names)}`,
          breaks: `whoever reads a log or a message about ${site} has the secret too`,
          hint: 'let the health endpoint answer without a secret, or accept the finding',
        },
      ];
    }),
  ),
};

/** Names that AWS gives to load balancers. Nobody but AWS could have a certificate for one. */
const balancerName = /\.elb\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$/;

/** The name that a public authority must have certified; null where none is judged, or by another authority. */
function certifiedName(probe: NetProbe, host: string): string | null {
  if ('authorityPem' in probe && probe.authorityPem !== undefined) return null;
  switch (probe.type) {
    case 'https':
      return probe.serverName ?? probe.host ?? host;
    case 'tls':
      return probe.serverName ?? host;
    case 'grpc':
      return probe.tls ? (probe.serverName ?? host) : null;
    default:
      return null;
  }
}

const certificateOfBalancer: LintRule = {
  name: 'certificate-of-balancer',
  about: 'A probe asks a load balancer over TLS under its own name, and trusts the public authorities.',
  reason: 'No public authority gives a certificate for a name under elb.amazonaws.com, so such a probe never passes.',
  check: eachService((service, at) =>
    endpointsOf(service, at)
      .filter(({ probe, host }) => balancerName.test(certifiedName(probe, host) ?? ''))
      .map(({ site, path, host, probe }) => ({
        path,
        what: `${host} is asked by ${probe.type}, and no certificate can be for that name`,
        breaks: `the probe fails from the first tick: ${site} is never up, and nothing may move there`,
        hint: `keep ${probe.type === 'https' ? 'the URL and write host' : 'the host and write serverName'}: the name of yours that the load balancer of ${site} has a certificate for`,
      })),
  ),
};

const ipv6WithoutNetwork: LintRule = {
  name: 'ipv6-without-network',
  about: 'A probe checks an IPv6 address, and a control region has no network in `watcher.vpc`.',
  reason: 'Lambda lets functions out by IPv6 in dual-stack subnets of a VPC only.',
  check: eachService((service, at, { controlRegions, watcher }) => {
    const outside = controlRegions.filter((region) => watcher.vpc?.[region] === undefined);
    if (outside.length === 0) return [];
    return endpointsOf(service, at)
      .filter(({ host }) => isIpv6(host))
      .map(({ site, path, host }) => ({
        path,
        what: `${host} is an IPv6 address, and the watcher of ${listed(outside)} has no way out by IPv6`,
        breaks: `there the probe fails from the first tick: ${site} looks down`,
        hint: 'probe a name or an IPv4 address, or give each control region dual-stack subnets in watcher.vpc',
      }));
  }),
};

/** Findings about the URLs and hosts of probes. */
export const urlLintRules: readonly LintRule[] = [secretInUrl, certificateOfBalancer, ipv6WithoutNetwork];
