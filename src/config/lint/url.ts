import { type NetProbe, secretOf } from '../../core/model/probe.ts';
import { secretsIn } from '../schema/probe-target.ts';
import { endpointsOf, isIpv6, isLoopback } from './endpoint.ts';
import { eachService, type LintRule, listed } from './finding.ts';

const secretInUrl: LintRule = {
  name: 'secret-in-url',
  about:
    'The URL of a probe or a webhook has a query parameter that is named as a secret is (`token`, `key`, `password`), or the URL of a Slack webhook, which is a secret as a whole, stands in the configuration.',
  reason: 'URLs stand in the logs of servers and proxies, in the messages of this program, and in its functions.',
  check: (deployment) => [...probesWithSecrets(deployment), ...webhooksWithSecrets(deployment)],
};

const probesWithSecrets = eachService((service, at) =>
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
);

/** Whoever has one of these URLs can write there. Source: Slack, "Sending messages using incoming webhooks". */
const secretHosts = /^hooks\.slack(-gov)?\.com$/;

const webhooksWithSecrets: LintRule['check'] = ({ notify }) =>
  notify.webhooks.flatMap(({ url }, index) => {
    if (typeof url !== 'string') return [];
    const isSecret = secretHosts.test(new URL(url).hostname);
    const names = secretsIn(url);
    if (!isSecret && names.length === 0) return [];
    return [
      {
        path: `notify.webhooks.${index}.url`,
        what: isSecret ? 'the URL is a secret by itself' : `the URL has ${listed(names)}`,
        breaks: 'whoever reads the configuration, or the code of the function, can write there too',
        hint: 'write url: { secret: NAME }, with the URL in that secret, in each control region',
      },
    ];
  });

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

const secretInClear: LintRule = {
  name: 'secret-in-clear',
  about: 'A probe sends a secret, by `auth` or in a header `Authorization`, by HTTP without TLS.',
  reason: 'Everybody on the way can read it.',
  check: eachService((service, at) =>
    endpointsOf(service, at).flatMap(({ site, probe, path, host }) => {
      if (probe.type !== 'http' || isLoopback(host) || !sendsSecret(probe)) return [];
      return [
        {
          path,
          what: `${host} is sent a secret in the clear`,
          breaks: `whoever is on the way to ${site} has the secret too`,
          hint: 'ask by https, or let the health endpoint answer without a secret',
        },
      ];
    }),
  ),
};

const secretInConfiguration: LintRule = {
  name: 'secret-in-configuration',
  about:
    'A probe has a header `Authorization` that is written in the configuration, or `telemetry.otlp` a header that is named as a secret is.',
  reason: 'The configuration lies beside the code of each function, and in the repository.',
  check: (deployment) => [...probesWithHeaders(deployment), ...telemetryWithHeaders(deployment)],
};

const probesWithHeaders = eachService((service, at) =>
  endpointsOf(service, at).flatMap(({ site, probe, path }) =>
    hasAuthorization(probe)
      ? [
          {
            path: path.replace(/\.url$/, '.headers'),
            what: 'a header Authorization is in the configuration',
            breaks: `whoever reads the configuration, or a function's code, has the secret of ${site} too`,
            hint: 'write auth: { bearer: { secret: NAME } } or auth: { basic: { secret: NAME } } instead',
          },
        ]
      : [],
  ),
);

const telemetryWithHeaders: LintRule['check'] = ({ telemetry }) =>
  Object.entries(telemetry?.otlp?.headers ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' && /authorization|cookie|key|token|secret|password/i.test(name)
      ? [
          {
            path: `telemetry.otlp.headers.${name}`,
            what: `the header ${name} is in the configuration`,
            breaks: "whoever reads the configuration, or a function's code, can write to the collector too",
            hint: `write ${name}: { secret: NAME }, with the value in that secret, in each control region`,
          },
        ]
      : [],
  );

function sendsSecret(probe: NetProbe): boolean {
  return secretOf(probe) !== null || hasAuthorization(probe);
}

function hasAuthorization(probe: NetProbe): boolean {
  return 'headers' in probe && Object.keys(probe.headers).some((name) => name.toLowerCase() === 'authorization');
}

/** Findings about the URLs and hosts of probes. */
export const urlLintRules: readonly LintRule[] = [
  secretInUrl,
  secretInClear,
  secretInConfiguration,
  certificateOfBalancer,
  ipv6WithoutNetwork,
];
