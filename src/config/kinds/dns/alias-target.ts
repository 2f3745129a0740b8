import { acceleratorZoneId, cloudFrontZoneId, type RegionalTarget, zonesByRegion } from './aws-zones.ts';

/** What the name of an alias target says of it. */
export type AliasTargetKind =
  /** Route 53 takes it, in this zone; null where the table of zones has no row. A global one has no region. */
  | { readonly kind: 'target'; readonly what: string; readonly zoneId: string | null; readonly region: string | null }
  /** Route 53 would refuse it, or nobody would answer. */
  | { readonly kind: 'none'; readonly what: string; readonly instead: string }
  /** A name of no known form. */
  | { readonly kind: 'unknown' };

const region = '([a-z]{2}(?:-[a-z]+)+-\\d)';
const suffix = 'amazonaws\\.com(?:\\.cn)?';

/** Names of regional targets, and what to call them. */
const regional: readonly (readonly [form: RegExp, target: RegionalTarget, what: string])[] = [
  [
    new RegExp(`^[^.]+(?:\\.[^.]+)?\\.${region}\\.elb\\.${suffix}$`),
    'application',
    'an application or classic load balancer',
  ],
  [new RegExp(`^[^.]+(?:\\.[^.]+)?\\.elb\\.${region}\\.${suffix}$`), 'network', 'a network load balancer'],
  [new RegExp(`^d-[a-z0-9]+\\.execute-api\\.${region}\\.${suffix}$`), 'api', 'a custom domain name of API Gateway'],
  [new RegExp(`^s3-website[-.]${region}\\.${suffix}$`), 'website', 'an S3 website'],
];

/** Names in one zone for all regions. */
const global: readonly (readonly [form: RegExp, zoneId: string, what: string])[] = [
  [/\.cloudfront\.net$/, cloudFrontZoneId, 'a CloudFront distribution'],
  [/\.awsglobalaccelerator\.com$/, acceleratorZoneId, 'a Global Accelerator'],
];

/** Names that are no target, or none that answers. */
const refused: readonly (readonly [form: RegExp, what: string, instead: (name: string) => string])[] = [
  [
    /\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/,
    'the default endpoint of an API, which is no alias target',
    () =>
      'make a regional custom domain name for the record and write its target, d-....execute-api.REGION.amazonaws.com',
  ],
  [
    /.\.s3-website[-.][a-z0-9-]+\.amazonaws\.com(\.cn)?$/,
    "a bucket's own website name, which is no alias target",
    (name) => `write ${name.slice(name.indexOf('.s3-website') + 1)}; the bucket must be named as the record`,
  ],
  [
    /(^|\.)s3([-.][a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/,
    'the API of S3, which is no alias target',
    () => 'make the bucket a website and write s3-website-REGION.amazonaws.com, or put CloudFront before it',
  ],
  [
    /\.lambda-url\.[a-z0-9-]+\.on\.aws$/,
    'a function URL, which is no alias target and answers to no other name',
    () => 'put a CloudFront distribution or a custom domain name of API Gateway before it',
  ],
  [
    /\.(rds|cache|docdb|neptune|redshift|es|aos|memorydb|mq|kafka)\.([a-z0-9-]+\.)?(amazonaws\.com(\.cn)?|on\.aws)$|\.[a-z0-9-]+\.(rds|cache|docdb|neptune|redshift|es)\.amazonaws\.com(\.cn)?$/,
    'an endpoint of a database or a cache, which is no alias target',
    cnameOf,
  ],
  [
    /\.compute(-1)?\.amazonaws\.com(\.cn)?$/,
    'the public name of an instance, which is no alias target',
    () => 'write its Elastic IP as a',
  ],
];

/** Names that AWS gives, of whatever form. */
const ofAws = /(^|\.)(amazonaws\.com(\.cn)?|on\.aws|api\.aws|awsapprunner\.com|elasticbeanstalk\.com|amazonaws\.eu)$/;

/**
 * What an alias leads to, by its name.
 *
 * @param name - canonical: lower case, without the last dot
 */
export function aliasTargetOf(name: string): AliasTargetKind {
  for (const [form, target, what] of regional) {
    const place = form.exec(name)?.[1];
    if (place !== undefined) {
      return {
        kind: 'target',
        what: `${what} in ${place}`,
        zoneId: zonesByRegion[place]?.[target] ?? null,
        region: place,
      };
    }
  }
  for (const [form, zoneId, what] of global) if (form.test(name)) return { kind: 'target', what, zoneId, region: null };
  for (const [form, what, instead] of refused) {
    if (form.test(name)) return { kind: 'none', what, instead: instead(name) };
  }
  if (ofAws.test(name)) return { kind: 'unknown' };
  return {
    kind: 'none',
    what: 'no name of AWS, and so no alias target',
    instead: cnameOf(name),
  };
}

/** What a zone is, by the table; null for one that is not in it. */
export function zoneMeaning(zoneId: string): string | null {
  if (zoneId === cloudFrontZoneId) return 'that of CloudFront';
  if (zoneId === acceleratorZoneId) return 'that of Global Accelerator';
  for (const [place, zones] of Object.entries(zonesByRegion)) {
    const [target] = Object.entries(zones).find(([, id]) => id === zoneId) ?? [];
    if (target !== undefined) return `that of ${nouns[target as RegionalTarget]} in ${place}`;
  }
  return null;
}

const nouns: Readonly<Record<RegionalTarget, string>> = {
  application: 'application and classic load balancers',
  network: 'network load balancers',
  api: 'API Gateway',
  website: 'S3 websites',
};

/** What is to be written for a name that only a CNAME can lead to. */
function cnameOf(name: string): string {
  return `write cname: ${name} instead of alias`;
}
