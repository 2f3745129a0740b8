import type { Service } from '../../../core/model/service.ts';
import type { AliasTarget, DnsTraffic } from '../../../core/model/traffic.ts';
import type { Path } from '../../document.ts';
import { type Breach, breach, type ServiceRule } from '../../rules/rule.ts';
import { aliasTargetOf, zoneMeaning } from './alias-target.ts';

const aliasByOracleOnly: ServiceRule = {
  about: 'Aliases are not for `mode: records`: the function that edits records writes addresses only.',
  check: aliasRule(({ site, at }, { mode }) =>
    mode !== 'records' || site === null
      ? []
      : [
          breach(
            at,
            `an alias for ${site}`,
            'a or aaaa while mode is records',
            'set mode to oracle, which never edits',
          ),
        ],
  ),
};

const aliasOutsideZone: ServiceRule = {
  about: 'An alias leads out of the hosted zone of the record, to a name of AWS.',
  check: aliasRule(({ alias, at }, { zone }) =>
    alias.zoneId === zone.id
      ? [
          breach(
            [...at, 'zoneId'],
            alias.zoneId,
            `the zone of ${alias.dnsName}, which belongs to AWS`,
            'look it up with the load balancer, API or distribution; this is your own zone',
          ),
        ]
      : [],
  ),
};

const aliasToTarget: ServiceRule = {
  about:
    'An alias leads to what Route 53 takes as a target: a load balancer, a custom domain name of API Gateway, a website of S3, CloudFront, Global Accelerator.',
  check: aliasRule(({ alias, at }) => {
    const target = aliasTargetOf(alias.dnsName);
    if (target.kind !== 'none') return [];
    const allowed = 'a name that Route 53 takes as an alias target';
    return [breach([...at, 'dnsName'], alias.dnsName, allowed, `this is ${target.what}; ${target.instead}`)];
  }),
};

const aliasInItsZone: ServiceRule = {
  about: 'An alias names the hosted zone in which AWS has its target; each sort of target has one a region.',
  check: aliasRule(({ alias, at }, { zone }) => {
    const { dnsName, zoneId } = alias;
    const target = aliasTargetOf(dnsName);
    if (target.kind !== 'target' || zoneId === zone.id) return [];
    const isRight = target.zoneId === null ? zoneMeaning(zoneId) === null : zoneId === target.zoneId;
    if (isRight) return [];
    const meaning = zoneMeaning(zoneId);
    const found = meaning === null ? zoneId : `${zoneId}, ${meaning}`;
    return [breach([...at, 'zoneId'], found, target.zoneId ?? 'another zone', `${dnsName} is ${target.what}`)];
  }),
};

/** Targets that answer to one name for the whole world, so that no second one can stand in for the first. */
const namedOnce: readonly (readonly [form: RegExp, what: string, why: string])[] = [
  [
    /\.cloudfront\.net$/,
    'CloudFront distribution',
    'no two distributions may have one alternate domain name; give the other a load balancer, or let one distribution have two origins',
  ],
  [
    /^s3-website[-.]/,
    'S3 website',
    'a bucket must be named as the record, and no two buckets have one name; put CloudFront before the other',
  ],
];

const aliasNamedOnce: ServiceRule = {
  about:
    'At most one site, or the last resort, is a CloudFront distribution, and at most one a website of S3: alternate domain names and names of buckets are unique.',
  check: (service, path) =>
    namedOnce.flatMap(([form, what, why]) => {
      const [first, ...others] = aliasesOf(service, path).filter(({ alias }) => form.test(alias.dnsName));
      return others.map(({ at }) =>
        breach(at, `a second ${what}`, `one; ${first?.site ?? 'the last resort'} is the first`, why),
      );
    }),
};

/** An alias, of a site or of the last resort, and where it stands. */
interface PlacedAlias {
  /** Null for the last resort. */
  readonly site: string | null;
  readonly alias: AliasTarget;
  readonly at: Path;
}

function aliasesOf({ traffic }: Service, path: Path): readonly PlacedAlias[] {
  const at = [...path, 'traffic', 'dns'];
  const { addresses = {}, lastResort } = traffic.dns ?? {};
  const sites = Object.entries(addresses).flatMap(([site, { alias }]) =>
    alias === undefined ? [] : [{ site, alias, at: [...at, 'addresses', site, 'alias'] }],
  );
  const last = lastResort?.alias;
  return [...sites, ...(last === undefined ? [] : [{ site: null, alias: last, at: [...at, 'lastResort', 'alias'] }])];
}

function aliasRule(check: (placed: PlacedAlias, dns: DnsTraffic) => readonly Breach[]): ServiceRule['check'] {
  return (service, path) => {
    const { dns } = service.traffic;
    return dns === undefined ? [] : aliasesOf(service, path).flatMap((placed) => check(placed, dns));
  };
}

/** Rules about aliases to what AWS names. */
export const aliasRules: readonly ServiceRule[] = [
  aliasByOracleOnly,
  aliasOutsideZone,
  aliasToTarget,
  aliasInItsZone,
  aliasNamedOnce,
];
