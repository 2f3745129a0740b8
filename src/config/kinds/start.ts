import { z } from 'zod';
import { scalableName, sizeMax, tablePartOf, unitsMax } from '../../core/kinds/start.ts';
import { thingPlaceOf } from '../../core/model/place.ts';
import type { Service } from '../../core/model/service.ts';
import { isOfData, keepsData, type Scalable, type Site } from '../../core/model/site.ts';
import type { Path } from '../document.ts';
import { allowedKinds } from '../guessed-scale-kinds.ts';
import { readersMax } from '../plan/names.ts';
import { type Breach, breach, claimedTwice, type ServiceRule } from '../rules/rule.ts';
import { functionField, instanceField } from '../schema/aws-id.ts';
import { choice, flag, halves, list, pattern, text, wholeNumber } from '../schema/fields.ts';
import { strict } from '../schema/strict-object.ts';

const sizes = {
  size: wholeNumber(0, sizeMax).describe('Size while the site serves, at least.'),
  asActive: flag()
    .default(false)
    .describe('Whether it is raised to the last known size of the site that is left, if that is larger.'),
  standbySize: wholeNumber(0, sizeMax).default(0).describe('Size while the site waits.'),
};

/** Largest capacity of an instance. Source: Amazon RDS API Reference, `ServerlessV2ScalingConfiguration`. */
const acusMax = 256;
/**
 * Smallest capacity that every version of Aurora takes; 0 lets an instance pause, which not every version knows.
 * Source: the same page.
 */
const acusMin = 0.5;
const acus = halves(0, acusMax);
/** RDS keeps identifiers in lower case; the ARNs in policies would not match any other spelling. */
const clusterId = pattern(/^[a-z][a-z0-9-]{0,62}$/, 'the identifier of a cluster, in lower case, as AWS keeps it');

const readers = wholeNumber(0, readersMax);
/** Names of instances have at most 63 characters too, and those of readers go on with `-failover-15`. */
const readCluster = pattern(
  /^[a-z][a-z0-9-]{0,50}$/,
  'the identifier of a cluster, in lower case, of at most 51 characters: the names of its readers begin with it',
);

/** A name as EKS takes them: of a cluster or a node group. Source: Amazon EKS API Reference, CreateNodegroup. */
const eksName = (lengthMax: number, what: string) =>
  pattern(new RegExp(`^[0-9A-Za-z][A-Za-z0-9_-]{0,${lengthMax - 1}}$`), `${what}: letters, digits, - and _, no ARN`);

/** Names of things in Kubernetes. Source: Kubernetes documentation, "Object Names and IDs". */
const namespaceName = pattern(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  'the name of a namespace: lower-case letters, digits and -',
);
const deploymentName = pattern(
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
  'the name of a Deployment: lower-case letters, digits, - and dots',
);

const units = wholeNumber(1, unitsMax);
/** Source: Amazon DynamoDB Developer Guide, "Supported data types and naming rules in Amazon DynamoDB". */
const tablePart = (what: string) =>
  pattern(/^[A-Za-z0-9_.-]{3,255}$/, `the name of ${what}: 3 to 255 letters, digits, _, - and dots, no ARN`);

const scalable = z.discriminatedUnion(
  'kind',
  [
    strict({
      kind: choice(['auto-scaling-group']).describe('What it is.'),
      name: text(255, 'a name').describe('Name of the group.'),
      ...sizes,
    }),
    strict({
      kind: choice(['ecs-service']).describe('What it is.'),
      cluster: text(255, 'a name').describe('Name of the cluster.'),
      name: text(255, 'a name').describe('Name of the service.'),
      ...sizes,
    }),
    strict({
      kind: choice(['eks-nodegroup']).describe('What it is: the nodes of a managed node group of EKS.'),
      cluster: eksName(100, 'the name of a cluster').describe('Name of the cluster.'),
      name: eksName(63, 'the name of a node group').describe('Name of the node group.'),
      ...sizes,
    }),
    strict({
      kind: choice(['eks-deployment']).describe(
        'What it is: the pods of a Deployment in an EKS cluster, through its Kubernetes API.',
      ),
      cluster: eksName(100, 'the name of a cluster').describe('Name of the cluster.'),
      namespace: namespaceName.default('default').describe('Its namespace.'),
      name: deploymentName.describe('Name of the Deployment.'),
      ...sizes,
    }),
    strict({
      kind: choice(['provisioned-concurrency']).describe('What it is.'),
      functionName: functionField.describe('Name of the function.'),
      alias: text(128, 'an alias').describe('Its alias.'),
      ...sizes,
    }),
    strict({
      kind: choice(['aurora-serverless']).describe(
        'What it is: the least capacity of the serverless instances of an Aurora cluster, in ACUs.',
      ),
      cluster: clusterId.describe("Identifier of the cluster in the site's region."),
      ...sizes,
      size: acus.describe('ACUs that each instance has at least while the site serves.'),
      standbySize: acus.default(acusMin).describe('ACUs that each has at least while the site waits.'),
    }),
    strict({
      kind: choice(['aurora-readers']).describe(
        'What it is: readers of an Aurora cluster, made when they are needed and deleted after; see docs/standby.md.',
      ),
      cluster: readCluster.describe("Identifier of the cluster in the site's region."),
      ...sizes,
      size: readers.describe('Readers while the site serves, at least: instances besides the one that writes.'),
      standbySize: readers
        .default(0)
        .describe('Readers while the site waits: instances besides the one that will write.'),
    }),
    strict({
      kind: choice(['dynamodb-capacity']).describe(
        'What it is: what a table of DynamoDB, or an index of it, can read or write in a second; see docs/standby.md.',
      ),
      table: tablePart('a table').describe("Name of the table in the site's region."),
      index: tablePart('an index').optional().describe('A global secondary index of it. Default: the table itself.'),
      units: choice(['read', 'write']).describe('Which of its two capacities; list the table twice for both.'),
      ...sizes,
      size: units.describe('Units a second while the site serves, at least.'),
      standbySize: units.default(1).describe('Units a second while the site waits.'),
    }),
    strict({
      kind: choice(['custom']).describe('What it is: whatever a function of yours scales, see docs/standby.md.'),
      functionName: functionField.describe("Name of the function, in the site's region. It is told the site."),
      ...sizes,
      size: sizes.size.default(1).describe('Size while the site serves, at least, in the unit of the function.'),
    }),
    strict({
      kind: choice(['instances']).describe('What it is: instances that run while the site serves.'),
      instanceIds: list(instanceField, 1, 50, 'instance ids').describe(
        'The instances. If a KMS key of yours encrypts their volumes, its policy must allow the `start` function `kms:CreateGrant`; otherwise the instances stop again at once.',
      ),
    }),
  ],
  {
    error: (issue) =>
      allowedKinds(issue.code === 'invalid_union' ? (issue.input as { readonly kind?: unknown } | undefined) : null),
  },
);

/** What is raised or started before a standby serves. */
export const scaleSchema = list(scalable, 0, 10, 'things to scale');

const scaleByTemperature: ServiceRule = {
  about: 'A warm or cold site lists in `scale` what is raised or started; a hot site lists nothing.',
  check: eachSite(({ standby, scale }, at) => {
    if ((standby === 'hot') === (scale.length === 0)) return [];
    return standby === 'hot'
      ? [
          breach(
            [...at, 'scale'],
            `${scale.length} things of a hot site`,
            'none while standby is hot',
            'make it warm or cold; a hot site waits at its full size',
          ),
        ]
      : [
          breach(
            [...at, 'scale'],
            `nothing of a ${standby} site`,
            'what is raised or started before the site serves',
            'add scale, or make standby hot',
          ),
        ];
  }),
};

const standbyInControlRegion: ServiceRule = {
  about:
    'A site with `scale` is in a control region: only an actuator there can start it when the other regions are dark.',
  check: eachSite(({ region, scale }, at, controlRegions) =>
    scale.length === 0 || region === undefined || controlRegions.includes(region)
      ? []
      : [
          breach(
            [...at, 'scale'],
            region,
            `a site in a control region: ${controlRegions.join(', ')}`,
            `make ${region} a control region; only an actuator there can start the site`,
          ),
        ],
  ),
};

const standbySmaller: ServiceRule = {
  about:
    '`standbySize` is below `size` unless `asActive` raises it further, and 0 for a cold site, but for what has data.',
  check: eachSite(({ standby, scale }, at) =>
    scale.flatMap((scalable, index) => {
      if (scalable.kind === 'instances') return [];
      const here = [...at, 'scale', index, 'standbySize'];
      const { size, standbySize, asActive } = scalable;
      if (standby === 'cold' && standbySize > 0 && !keepsData(scalable)) {
        return [breach(here, String(standbySize), '0 for a cold site', 'make standby warm')];
      }
      if (standbySize < size || (asActive && standbySize === size)) return [];
      const hint = 'raise size, or make standby hot and leave scale out';
      return [breach(here, String(standbySize), `less than size, ${size}`, hint)];
    }),
  ),
};

const sizeToFollow: ServiceRule = {
  about:
    '`asActive` copies one size: its site has exactly one thing with a size, and so has another site of the service.',
  check: ({ sites }, path) =>
    Object.entries(sites).flatMap(([name, { scale }]) => {
      const index = scale.findIndex((scalable) => scalable.kind !== 'instances' && scalable.asActive);
      if (index < 0) return [];
      const at = [...path, 'sites', name, 'scale', index, 'asActive'];
      const own = sizedOf(scale).length;
      if (own > 1) {
        const hint = 'state the sizes, or make the things sites of services of their own';
        return [breach(at, `true beside ${own - 1} more with a size`, 'true for one alone', hint)];
      }
      const hasOther = Object.entries(sites).some(
        ([other, site]) => other !== name && sizedOf(site.scale).length === 1,
      );
      if (hasOther) return [];
      const hint = 'make the site that it shall follow warm, with its own scale; or state the size';
      return [breach(at, 'true', 'false while no other site has a size to follow', hint)];
    }),
};

const scaledByName: ServiceRule = {
  about: 'What is scaled is given by its name, not by an ARN. It is in the region of its site.',
  check: eachSite(({ scale }, at) =>
    scale.flatMap((scalable, index) =>
      namesOf(scalable)
        .filter(([, name]) => name.startsWith('arn:'))
        .map(([key, name]) =>
          breach(
            [...at, 'scale', index, key],
            name,
            'a name',
            'take what stands after the last slash; the region is that of the site',
          ),
        ),
    ),
  ),
};

const listedOnce: ServiceRule = {
  about: 'A site lists each thing in `scale` once: of two sizes for one thing, only the first would be set.',
  check: eachSite(({ scale }, at) => {
    const names = scale.map(scalableName);
    return names.flatMap((name, index) =>
      names.indexOf(name) === index
        ? []
        : [
            breach(
              [...at, 'scale', index],
              name,
              `what stands there once; it is scale.${names.indexOf(name)} too`,
              null,
            ),
          ],
    );
  }),
};

const scaledOnce: ServiceRule = {
  about: 'Nothing is scaled for two sites: one of them may wait while the other serves.',
  check: ({ sites }, path) => {
    const claims = Object.entries(sites).flatMap(([name, site]) =>
      scaledThings(site).map((thing) => [thing, name] as const),
    );
    return claimedTwice(claims).map(([thing, other, name]) =>
      breach([...path, 'sites', name, 'scale'], thing, `what no other site scales; ${other} does`, null),
    );
  },
};

/** What a site scales. The same thing always gives the same text. */
export function scaledThings({ scale, ...place }: Site): readonly string[] {
  return scale.flatMap((scalable) => textsOf(scalable, thingPlaceOf(place)));
}

function textsOf(scalable: Scalable, region: string): readonly string[] {
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return [`auto-scaling-group ${scalable.name} in ${region}`];
    case 'ecs-service':
    case 'eks-nodegroup':
      return [`${scalable.kind} ${scalable.cluster}/${scalable.name} in ${region}`];
    case 'eks-deployment':
      return [`${scalable.kind} ${scalable.cluster}/${scalable.namespace}/${scalable.name} in ${region}`];
    case 'provisioned-concurrency':
      return [`provisioned-concurrency ${scalable.functionName}:${scalable.alias} in ${region}`];
    case 'instances':
      return scalable.instanceIds.map((id) => `instance ${id}`);
    case 'aurora-serverless':
    case 'aurora-readers':
      return [`${scalable.kind} ${scalable.cluster} in ${region}`];
    case 'dynamodb-capacity':
      return [`${scalable.units} capacity of ${tablePartOf(scalable)} in ${region}`];
    case 'custom':
      // The function is told for which site: it may scale several, each with things of its own.
      return [];
  }
}

function namesOf(scalable: Scalable): readonly (readonly [key: string, name: string])[] {
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return [['name', scalable.name]];
    case 'ecs-service':
      return [
        ['cluster', scalable.cluster],
        ['name', scalable.name],
      ];
    case 'provisioned-concurrency':
    case 'eks-nodegroup':
    case 'eks-deployment':
    case 'instances':
    case 'aurora-serverless':
    case 'aurora-readers':
    case 'dynamodb-capacity':
    case 'custom':
      return [];
  }
}

function sizedOf(scale: Site['scale']): readonly Scalable[] {
  return scale.filter(({ kind }) => kind !== 'instances');
}

function eachSite(
  check: (site: Site, at: Path, controlRegions: readonly string[], service: Service) => readonly Breach[],
): ServiceRule['check'] {
  return (service, path, { controlRegions }) =>
    Object.entries(service.sites).flatMap(([name, site]) =>
      check(site, [...path, 'sites', name], controlRegions, service),
    );
}

const clusterOfData: ServiceRule = {
  about: 'Where the data is an Aurora global database, capacity and readers are those of the cluster of the site.',
  check: eachSite(({ scale }, at, _controlRegions, { data, sites }) => {
    if (data?.kind !== 'aurora-global') return [];
    const site = String(at.at(-1));
    const own = sites[site] && Object.hasOwn(data.clusters, site) ? data.clusters[site]?.split(':').at(-1) : undefined;
    return scale.flatMap((scalable, index) =>
      !('cluster' in scalable) || !isOfData(scalable) || own === undefined || scalable.cluster === own
        ? []
        : [
            breach(
              [...at, 'scale', index, 'cluster'],
              scalable.cluster,
              `${own}, which data.clusters names for ${site}`,
              'the promotion waits for the cluster that is promoted',
            ),
          ],
    );
  }),
};

const writesOfReplicas: ServiceRule = {
  about: 'Of a table that is replicated, what it reads is scaled: the replicas have one write capacity, which stays.',
  check: eachSite(({ scale }, at, _controlRegions, { data, sites }) => {
    const beats = Object.values(sites).flatMap(({ measures: { lag } }) =>
      lag?.kind === 'heartbeat' ? lag.tableName : [],
    );
    const replicated = [...beats, ...(data?.kind === 'dynamodb-global' ? [data.tableName] : [])];
    return scale.flatMap((scalable, index) =>
      scalable.kind === 'dynamodb-capacity' && scalable.units === 'write' && replicated.includes(scalable.table)
        ? [
            breach(
              [...at, 'scale', index, 'units'],
              'write',
              `read, because ${scalable.table} is replicated`,
              'keep its write capacity at the full size everywhere: each write comes to every replica',
            ),
          ]
        : [],
    );
  }),
};

/** Rules about how ready a site is while it waits. */
export const startRules: readonly ServiceRule[] = [
  scaleByTemperature,
  standbyInControlRegion,
  standbySmaller,
  sizeToFollow,
  scaledByName,
  clusterOfData,
  writesOfReplicas,
  listedOnce,
  scaledOnce,
];
