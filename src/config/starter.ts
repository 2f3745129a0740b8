import { stringify } from 'yaml';
import type { DeploymentInput } from './input/deployment.ts';
import { aliasTargetOf } from './kinds/dns/alias-target.ts';
import { canonicalName } from './schema/dns-name.ts';
import type { StarterPolicy } from './starter-policy.ts';

/** A site of a first configuration. */
export interface StarterSite {
  readonly name: string;
  readonly region: string;
  /** What the name answers while it serves: IPv4 and IPv6 addresses, or the name of a load balancer or of another. */
  readonly addresses: readonly string[];
  /** Whether a load balancer has IPv6 addresses too. */
  readonly ipv6?: boolean;
  /** Its share among all, in a pool; left out, all are equal. */
  readonly capacity?: number | undefined;
}

/** What a first configuration is made from: one service, by DNS. */
export interface StarterAnswers {
  readonly name: string;
  /** In the order in which they are preferred; two or more. */
  readonly sites: readonly StarterSite[];
  /** The name that clients use, in full. */
  readonly record: string;
  readonly zone: { readonly id: string; readonly name: string };
  /** Path of the health page, which is the same for all sites. */
  readonly path: string;
  readonly email: string;
  readonly policy: StarterPolicy;
  /** Null is the schema's default. */
  readonly ttlSeconds: number | null;
}

/** Regions that witnesses are chosen from: they are on in every account. Source: AWS Regions, "Enabled by default". */
const witnessRegions = [
  'us-east-2',
  'us-west-2',
  'us-east-1',
  'eu-west-1',
  'eu-central-1',
  'eu-north-1',
  'ap-southeast-1',
  'ap-northeast-1',
  'ap-southeast-2',
  'sa-east-1',
];
/** Fewest control regions. Source: docs/config.md, `controlRegions`. */
const controlRegionsMin = 3;
/** Priorities of the sites, in their order, begin here and go down by this, so that others fit in between. */
const priorityFirst = 100;
const priorityStep = 10;

const schemaLine = '# yaml-language-server: $schema=node_modules/cdk-failover/failover.schema.json\n';

/**
 * The regions that decide: those of the sites, and witnesses on the same continent as far as there are any, until there
 * are three or more and an odd number.
 */
function controlRegionsFor(siteRegions: readonly string[]): readonly string[] {
  const own = [...new Set(siteRegions)];
  const [continent] = (own[0] ?? '').split('-');
  const isNear = (region: string) => region.startsWith(`${continent}-`);
  const others = witnessRegions.filter((region) => !own.includes(region));
  const witnesses = [...others.filter(isNear), ...others.filter((region) => !isNear(region))];
  const count = Math.max(controlRegionsMin, own.length + ((own.length + 1) % 2));
  return [...own, ...witnesses].slice(0, count);
}

/** The first configuration, as a plain value. It is well formed only where the answers are. */
function starterInput({ name, sites, record, zone, path, email, policy, ttlSeconds }: StarterAnswers): DeploymentInput {
  const isPool = policy !== 'failover';
  const siteEntries = sites.map(
    ({ name: site, region, capacity, addresses: [address = ''] }, index) =>
      [
        site,
        {
          region,
          priority: priorityFirst - priorityStep * index,
          ...(capacity === undefined ? {} : { capacity }),
          probes: [
            {
              type: 'https' as const,
              url: `https://${address.includes(':') ? `[${address}]` : canonicalName(address)}${path}`,
              host: record.replace(/^\*/, 'www'),
            },
          ],
        },
      ] as const,
  );
  return {
    name,
    controlRegions: [...controlRegionsFor(sites.map(({ region }) => region))],
    services: {
      web: {
        mode: isPool ? 'active-active' : 'active-passive',
        sites: Object.fromEntries(siteEntries),
        traffic: {
          dns: {
            zone,
            record,
            ...(ttlSeconds === null ? {} : { ttlSeconds }),
            ...(isPool ? { policy } : {}),
            addresses: Object.fromEntries(sites.map((site) => [site.name, addressOf(site)] as const)),
          },
        },
      },
    },
    notify: { emails: [email] },
  };
}

/** The first configuration as the text of a file, with the schema that editors complete it by. */
export function starterText(answers: StarterAnswers): string {
  return `${schemaLine}${stringify(starterInput(answers), { lineWidth: 0 })}`;
}

/** What a record answers for addresses as a person writes them. */
function addressOf({ addresses, ipv6 }: StarterSite) {
  const isV6 = (address: string) => address.includes(':');
  const isAddress = (written: string) => isV6(written) || /^\d+(\.\d+){3}$/.test(written);
  const [written = ''] = addresses;
  if (isAddress(written)) {
    const a = addresses.filter((address) => !isV6(address));
    const aaaa = addresses.filter(isV6);
    return { ...(a.length === 0 ? {} : { a: oneOrAll(a) }), ...(aaaa.length === 0 ? {} : { aaaa: oneOrAll(aaaa) }) };
  }
  const name = canonicalName(written);
  const target = aliasTargetOf(name);
  return target.kind === 'target' && target.zoneId !== null
    ? { alias: { dnsName: name, zoneId: target.zoneId, ...(ipv6 === true ? { ipv6 } : {}) } }
    : { cname: name };
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] ?? '') : values;
}
