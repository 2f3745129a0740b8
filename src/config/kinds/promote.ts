import { z } from 'zod';
import { isPromoted } from '../../core/kinds/promote.ts';
import { type DataResource, sharedKinds } from '../../core/model/data.ts';
import type { Service } from '../../core/model/service.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, claimedTwice, type ServiceRule, unknownSites } from '../rules/rule.ts';
import { functionField, regionOfArn } from '../schema/aws-id.ts';
import { choice, named, pattern, text } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';
import { rebuildSchema } from './rebuild.ts';

const clusterArn = pattern(/^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster:[a-z0-9-]{1,63}$/, 'the ARN of a cluster');
const dsqlArn = pattern(
  /^arn:aws[a-z-]*:dsql:[a-z0-9-]+:\d{12}:cluster\/[a-z0-9]{26}$/,
  'the ARN of a cluster of Aurora DSQL',
);
const memorydbArn = pattern(
  /^arn:aws[a-z-]*:memorydb:[a-z0-9-]+:\d{12}:cluster\/[a-z][a-z0-9-]{0,39}$/,
  'the ARN of a cluster of MemoryDB',
);
const id = text(255, 'an identifier');
/**
 * RDS and ElastiCache keep identifiers in lower case. Their answers, and the ARNs in policies, would not match any
 * other spelling.
 */
const lowerId = pattern(/^[a-z][a-z0-9-]{0,62}$/, 'an identifier in lower case, as AWS keeps it');

const globalCluster = (kind: 'aurora-global' | 'documentdb-global' | 'neptune-global') =>
  strict({
    kind: choice([kind]).describe('What it is.'),
    globalId: id.describe('Identifier of the global cluster.'),
    clusters: named(siteName, clusterArn, 'clusters').describe('ARN of the cluster of each site.'),
  });

const kinds =
  'a mapping with kind: aurora-global, documentdb-global, neptune-global, rds-replica, elasticache-global, dynamodb-global, aurora-dsql, memorydb-multi-region, s3-mrap or custom';

const manyWriters =
  'every region writes: leave data out, and watch the lag by measures.lag with kind: metric or probe, as docs/data.md has it';
const positions =
  'nothing of it is promoted: leave data out, let work turn its consumers, and watch them by measures.lag with kind: kinesis-consumer or msk-replicator; docs/data.md says what becomes of their positions';

/** What to do instead for data that people look for. */
const insteadOf: Readonly<Record<string, string>> = {
  aurora: 'write kind: aurora-global, with globalId and clusters',
  dsql: 'write kind: aurora-dsql, with clusters',
  memorydb: 'write kind: memorydb-multi-region, with globalId and clusters',
  keyspaces: manyWriters,
  msk: positions,
  kafka: positions,
  kinesis: positions,
  dynamodb: 'write kind: dynamodb-global, with tableName',
  rds: 'write kind: rds-replica, with instances',
  redis: 'write kind: elasticache-global, with globalId and members',
  elasticache: 'write kind: elasticache-global, with globalId and members',
  s3: 'write kind: s3-mrap, with accessPointArn and buckets',
  patroni: 'write kind: custom, with functions of yours',
};

/** The data that is promoted before a site serves. */
export const dataSchema = z.discriminatedUnion(
  'kind',
  [
    globalCluster('aurora-global'),
    globalCluster('documentdb-global'),
    globalCluster('neptune-global'),
    strict({
      kind: choice(['rds-replica']).describe('What it is.'),
      instances: named(siteName, lowerId, 'instances').describe('Identifier of the database instance of each site.'),
      rebuild: rebuildSchema.optional(),
    }),
    strict({
      kind: choice(['elasticache-global']).describe('What it is.'),
      globalId: id.describe('Identifier of the global replication group.'),
      members: named(siteName, lowerId, 'replication groups').describe('Replication group of each site.'),
    }),
    strict({
      kind: choice(['dynamodb-global']).describe('What it is: every site writes, nothing is promoted.'),
      tableName: id.describe('Name of the table, whose state and lag are watched.'),
    }),
    strict({
      kind: choice(['aurora-dsql']).describe('What it is: every site writes, nothing is promoted.'),
      clusters: named(siteName, dsqlArn, 'clusters').describe(
        'ARN of the cluster of each site, whose state is watched.',
      ),
    }),
    strict({
      kind: choice(['memorydb-multi-region']).describe('What it is: every site writes, nothing is promoted.'),
      globalId: id.describe('Name of the multi-Region cluster.'),
      clusters: named(siteName, memorydbArn, 'clusters').describe(
        'ARN of the cluster of each site, whose state and lag are watched.',
      ),
    }),
    strict({
      kind: choice(['s3-mrap']).describe('What it is.'),
      accessPointArn: pattern(
        /^arn:aws[a-z-]*:s3::\d{12}:accesspoint\/[a-z0-9.]+$/,
        'the ARN of a Multi-Region Access Point',
      ).describe('The Multi-Region Access Point.'),
      buckets: named(siteName, id, 'buckets').describe('Bucket of each site.'),
    }),
    strict({
      kind: choice(['custom']).describe('What it is: functions of yours that promote, and may refuse.'),
      functions: named(siteName, functionField, 'functions').describe("Function of each site, in the site's region."),
    }),
  ],
  {
    error: (issue) => {
      const kind =
        issue.code === 'invalid_union' ? (issue.input as { readonly kind?: unknown } | undefined)?.kind : null;
      const instead = typeof kind === 'string' && Object.hasOwn(insteadOf, kind) ? insteadOf[kind] : undefined;
      return instead === undefined ? kinds : `${kinds}; ${instead}`;
    },
  },
);

/** Kinds of data that every site may write at once. */
const pooledKinds: readonly DataResource['kind'][] = [...sharedKinds, 's3-mrap', 'custom'];
/** Kinds of data that need no limit on lag: nothing is promoted, or a function of the user may refuse. */
const unlimitedKinds: readonly DataResource['kind'][] = [...sharedKinds, 'custom'];

/** The parts of data by site, and the key that holds them; null for a kind without parts by site. */
export function partsOf(
  data: DataResource,
): { readonly key: string; readonly parts: Readonly<Record<string, string>> } | null {
  switch (data.kind) {
    case 'aurora-global':
    case 'documentdb-global':
    case 'neptune-global':
    case 'aurora-dsql':
    case 'memorydb-multi-region':
      return { key: 'clusters', parts: data.clusters };
    case 'rds-replica':
      return { key: 'instances', parts: data.instances };
    case 'elasticache-global':
      return { key: 'members', parts: data.members };
    case 's3-mrap':
      return { key: 'buckets', parts: data.buckets };
    case 'custom':
      return { key: 'functions', parts: data.functions };
    case 'dynamodb-global':
      return null;
  }
}

const partForEachSite: ServiceRule = {
  about: 'Data has an entry for every site of the service and for no other.',
  check: dataRule((data, { sites }, at) => {
    const found = partsOf(data);
    if (found === null) return [];
    const here = [...at, found.key];
    return [
      ...unknownSites(found.parts, sites, here),
      ...Object.keys(sites)
        .filter((site) => !Object.hasOwn(found.parts, site))
        .map((site) =>
          breach(here, `nothing for ${site}`, 'one for every site', `add ${site}; without data it cannot serve`),
        ),
    ];
  }),
};

const partsDistinct: ServiceRule = {
  about:
    "Each site has its own part of data that is promoted. A function may serve several sites, because it gets the site's name.",
  check: dataRule((data, { sites }, at) => {
    const found = partsOf(data);
    if (found === null || !isPromoted(data) || data.kind === 'custom') return [];
    const claims = Object.entries(found.parts).map(([site, part]) => {
      const isRegional = data.kind === 'rds-replica' || data.kind === 'elasticache-global';
      return [isRegional ? `${part} in ${sites[site]?.region}` : part, site] as const;
    });
    return claimedTwice(claims).map(([part, other, site]) =>
      breach(
        [...at, found.key, site],
        part,
        `another than that of ${other}`,
        'a promotion between the two would change nothing; make them one site, or leave data to one region each',
      ),
    );
  }),
};

const clustersInRegion: ServiceRule = {
  about: 'The cluster of a site is in its region.',
  check: dataRule((data, { sites }, at) => {
    if (!('clusters' in data)) return [];
    return Object.entries(data.clusters).flatMap(([site, arn]) => {
      const region = Object.hasOwn(sites, site) ? sites[site]?.region : undefined;
      return region === undefined || regionOfArn(arn) === region
        ? []
        : [
            breach(
              [...at, 'clusters', site],
              `a cluster in ${regionOfArn(arn)}`,
              `one in ${region}, where ${site} is`,
              null,
            ),
          ];
    });
  }),
};

const sharedInPools: ServiceRule = {
  about: `In active-active, data is of a kind that every site may write: ${pooledKinds.join(', ')}.`,
  check: dataRule((data, { mode }, at) =>
    mode === 'active-passive' || pooledKinds.includes(data.kind)
      ? []
      : [
          breach(
            [...at, 'kind'],
            data.kind,
            `${pooledKinds.join(', ')} in active-active`,
            'it has one writer; make it a service of its own, active-passive, and write through that',
          ),
        ],
  ),
};

const lagLimited: ServiceRule = {
  about: `Active-passive data has a limit on its lag, \`failover.maxReplicationLagMs\`; not needed for ${unlimitedKinds.join(', ')}.`,
  check: dataRule((data, { mode, failover }, _at, path) =>
    mode === 'active-active' || unlimitedKinds.includes(data.kind) || failover.maxReplicationLagMs !== undefined
      ? []
      : [
          breach(
            [...path, 'failover', 'maxReplicationLagMs'],
            'nothing',
            `a limit for ${data.kind}`,
            'say how much may be lost in a failover; without a limit even an unknown lag would be accepted',
          ),
        ],
  ),
};

const promotedInControlRegions: ServiceRule = {
  about: 'Each site whose data may be promoted is in a control region: only an actuator there can promote it.',
  check: dataRule((data, { sites }, at, _path, controlRegions) => {
    const found = partsOf(data);
    if (found === null || !isPromoted(data)) return [];
    return Object.entries(sites).flatMap(([site, { region, priority }]) =>
      priority === 0 || region === undefined || controlRegions.includes(region) || !Object.hasOwn(found.parts, site)
        ? []
        : [
            breach(
              [...at, found.key, site],
              region,
              `sites in a control region: ${controlRegions.join(', ')}`,
              `make ${region} a control region; only an actuator there can promote`,
            ),
          ],
    );
  }),
};

function dataRule(
  check: (
    data: DataResource,
    service: Service,
    at: Path,
    path: Path,
    controlRegions: readonly string[],
  ) => readonly Breach[],
): ServiceRule['check'] {
  return (service, path, { controlRegions }) =>
    service.data ? check(service.data, service, [...path, 'data'], path, controlRegions) : [];
}

/** Rules about data that is promoted. */
export const promoteRules: readonly ServiceRule[] = [
  partForEachSite,
  partsDistinct,
  clustersInRegion,
  sharedInPools,
  lagLimited,
  promotedInControlRegions,
];
