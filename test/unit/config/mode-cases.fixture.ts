import type { DeploymentInput } from '../../../src/config/input/deployment.ts';
import type { Overrides } from '../../../src/scenario/overrides.ts';
import { shop, zones } from './shop.fixture.ts';

/**
 * A configuration that a rule refuses, and its neighbour that passes; both are overrides of `base` (`shop` when
 * absent).
 */
export interface RuleCase {
  readonly rule: string;
  readonly base?: DeploymentInput;
  /** As close to the edge as is allowed. */
  readonly passes: Overrides;
  readonly refused: Overrides;
  readonly says: readonly string[];
}

const web = 'services.web';
const virginia = `${web}.sites.virginia`;
const oregon = `${web}.sites.oregon`;
const dns = `${web}.traffic.dns`;
const pool = { [`${web}.mode`]: 'active-active' };
const byLocation = { ...pool, [`${dns}.policy`]: 'geolocation' };
const locations = { virginia: ['NA', '*'], oregon: ['AS'] };
const elb = 'arn:aws:elasticloadbalancing';
/** ARN of a target group. */
const group = (name: string, region = 'us-east-1') =>
  `${elb}:${region}:111122223333:targetgroup/${name}/0123456789abcdef`;
/** ARN of a listener. */
const listener = (name: string, region = 'us-east-1') =>
  `${elb}:${region}:111122223333:listener/app/${name}/0123456789abcdef/fedcba9876543210`;
const targets = { listenerArn: listener('web'), targetGroups: { left: group('left'), right: group('right') } };

/** Two zones behind one load balancer, and nothing else. */
export const balanced: DeploymentInput = {
  ...zones,
  services: { web: { ...zones.services.web, traffic: { targets } } as DeploymentInput['services'][string] },
};

const asg = { kind: 'auto-scaling-group', name: 'web', size: 4, standbySize: 1 };
const warm = (site: string, scale: unknown = [asg]) => ({
  [`${web}.sites.${site}.standby`]: 'warm',
  [`${web}.sites.${site}.scale`]: scale,
});
const scaledBy = (...functions: readonly string[]) =>
  warm(
    'oregon',
    functions.map((functionName) => ({ kind: 'custom', functionName })),
  );
const nightly = { kind: 'eventbridge-rule', name: 'nightly' };
const cluster = (name: string, region: string) => `arn:aws:rds:${region}:111122223333:cluster:${name}`;
const aurora = {
  kind: 'aurora-global',
  globalId: 'shop',
  clusters: { virginia: cluster('v', 'us-east-1'), oregon: cluster('o', 'us-west-2') },
};
const limited = { [`${web}.failover.maxReplicationLagMs`]: 30_000 };
/** A least capacity that may also be that of a cold site, since its data is kept up to date. */
const acus = { kind: 'aurora-serverless', cluster: 'o', size: 8 };
const replicas = { kind: 'aurora-readers', cluster: 'shop', size: 2 };
const capacity = { kind: 'dynamodb-capacity', table: 'carts', units: 'write', size: 400 };
const manyWriters = { kind: 'dynamodb-global', tableName: 'carts' };
const readOnly = { kind: 'read-only', functionName: 'db-read-only' };
const fenceAll = { [`${web}.sites.virginia.fence`]: readOnly, [`${web}.sites.oregon.fence`]: readOnly };
const rebuilt = (more: Overrides, id = 'shop-west') => ({
  ...limited,
  [`${web}.sites.virginia.fence`]: undefined,
  [`${web}.sites.oregon.fence`]: undefined,
  [`${web}.data`]: { kind: 'rds-replica', instances: { virginia: 'shop-east', oregon: id }, rebuild: {} },
  ...more,
});
const withAurora = { ...limited, [`${web}.data`]: aurora };
const endpoints = { virginia: 'https://virginia.shop.example', oregon: 'oregon.shop.example:8443' };

/** A second service like `web`, under another name. */
function twin(record: string): Overrides {
  const { web: first } = shop.services;
  const traffic = { dns: { ...first?.traffic?.dns, record } };
  return { 'services.api': { ...first, traffic } };
}
const members = { web: ['api'], api: [] };
const grouped = (overrides: Overrides = {}) => ({
  ...twin('api.shop.example'),
  groups: { all: { members } },
  ...overrides,
});

const poolCases: readonly RuleCase[] = [
  {
    rule: 'a chain of one site at a time for a pool',
    passes: { ...pool, [`${dns}.policy`]: 'latency' },
    refused: { ...pool, [`${dns}.policy`]: 'failover' },
    says: [
      'c.yaml: services.web.traffic.dns.policy: found failover, allowed weighted, latency, geolocation or multivalue in active-active; failover answers with one site, but all of them serve; leave policy out for weighted',
    ],
  },
  {
    rule: 'a policy for many where one serves',
    passes: { [`${dns}.policy`]: 'failover' },
    refused: { [`${dns}.policy`]: 'multivalue' },
    says: [
      'c.yaml: services.web.traffic.dns.policy: found multivalue, allowed failover; make the service active-active, or leave policy out; multivalue would answer with standbys',
    ],
  },
  {
    rule: 'an Elastic IP in active-active',
    base: zones,
    passes: {},
    refused: pool,
    says: [
      'c.yaml: services.web.traffic.address: found an Elastic IP in active-active, allowed dns, targets or both; give each site an address of its own in traffic.dns, or put them behind a load balancer in traffic.targets',
    ],
  },
  {
    rule: 'edited records without weights in active-active',
    passes: { ...pool, [`${dns}.mode`]: 'records' },
    refused: { ...pool, [`${dns}.mode`]: 'records', [`${dns}.policy`]: 'latency' },
    says: [
      'c.yaml: services.web.traffic.dns.mode: found records with policy latency, allowed oracle, or policy: weighted; only weights are edited; with mode: oracle sites leave a latency pool by their checks',
    ],
  },
  {
    rule: 'a reserve in active-passive',
    passes: { ...pool, [`${dns}.memory`]: false, 'services.web.sites.oregon.reserve': true },
    refused: { 'services.web.sites.oregon.reserve': true },
    says: [
      'c.yaml: services.web.sites.oregon.reserve: found a reserve in active-passive, allowed none; in active-passive every site but one waits: say which is preferred by priority',
    ],
  },
  {
    rule: 'a reserve that DNS would remember as left',
    passes: { ...pool, [`${dns}.mode`]: 'records', 'services.web.sites.oregon.reserve': true },
    refused: { ...pool, 'services.web.sites.oregon.reserve': true },
    says: [
      'c.yaml: services.web.traffic.dns.memory: found true, with a site in reserve, allowed false; DNS takes minutes to answer again with a site that it remembers as left: write memory: false with mode oracle, or mode: records',
    ],
  },
  {
    rule: 'a reserve by location',
    passes: {
      ...pool,
      [`${dns}.policy`]: 'geolocation',
      [`${dns}.locations`]: { virginia: ['*'], oregon: [] },
    },
    refused: {
      ...pool,
      [`${dns}.policy`]: 'geolocation',
      [`${dns}.locations`]: { virginia: ['*'], oregon: [] },
      'services.web.sites.oregon.reserve': true,
    },
    says: [
      'c.yaml: services.web.sites.oregon.reserve: found a reserve by location, allowed none; leave it out, and write locations: { oregon: [] }',
    ],
  },
  {
    rule: 'reserves alone',
    passes: pool,
    refused: {
      ...pool,
      [`${dns}.memory`]: false,
      'services.web.sites.oregon.reserve': true,
      'services.web.sites.virginia.reserve': true,
    },
    says: ['c.yaml: services.web.sites: found reserves alone, allowed a site that serves while all is well'],
  },
  {
    rule: 'steps of weights that nobody edits',
    passes: { ...pool, [`${dns}.mode`]: 'records', [`${dns}.ramp`]: { stepsPercent: [10, 100] } },
    refused: { ...pool, [`${dns}.ramp`]: { stepsPercent: [10, 100] } },
    says: [
      'c.yaml: services.web.traffic.dns.ramp: found steps with policy weighted and mode oracle, allowed none unless policy is weighted and mode is records; leave ramp out; an oracle votes a site off or not, and has no steps between',
    ],
  },
  {
    rule: 'a direct check in active-active',
    passes: pool,
    refused: { ...pool, [`${dns}.directCheck`]: { type: 'https', port: 443 } },
    says: [
      'c.yaml: services.web.traffic.dns.directCheck: found a direct check in active-active, allowed none; leave directCheck out',
    ],
  },
  {
    rule: 'geolocation without a default',
    passes: { ...byLocation, [`${dns}.locations`]: locations },
    refused: { ...byLocation, [`${dns}.locations`]: { virginia: ['NA'], oregon: ['AS'] } },
    says: [
      'c.yaml: services.web.traffic.dns.locations: found no site with *, allowed * for one site; clients of other places would get no answer at all',
    ],
  },
  {
    rule: 'geolocation that leaves a site out, and one with a stranger',
    passes: { ...byLocation, [`${dns}.locations`]: locations },
    refused: { ...byLocation, [`${dns}.locations`]: { virginia: ['*'], ohio: ['NA'] } },
    says: [
      'c.yaml: services.web.traffic.dns.locations.ohio: found ohio, allowed a site of the service: virginia, oregon',
      'c.yaml: services.web.traffic.dns.locations: found nothing for oregon, allowed locations of every site; add oregon',
    ],
  },
  {
    rule: 'one location twice, or none at all',
    passes: { ...byLocation, [`${dns}.locations`]: { virginia: ['NA', '*'], oregon: ['NA'] } },
    refused: { ...byLocation, [`${dns}.locations`]: { virginia: ['NA', '*', 'NA'], oregon: ['AS'] } },
    says: ['c.yaml: services.web.traffic.dns.locations.virginia: found NA twice, allowed each location once'],
  },
  {
    rule: 'locations that no policy reads',
    passes: pool,
    refused: { ...pool, [`${dns}.locations`]: locations },
    says: [
      'c.yaml: services.web.traffic.dns.locations: found locations with policy weighted, allowed none; set policy to geolocation or leave locations out',
    ],
  },
  {
    rule: 'a pool that leaves its allowed regions',
    passes: { ...byLocation, [`${dns}.locations`]: locations, [`${web}.failover.allowedRegions`]: ['us-east-1'] },
    refused: { ...pool, [`${web}.failover.allowedRegions`]: ['us-east-1'] },
    says: [
      'c.yaml: services.web.failover.allowedRegions: found oregon in us-west-2, allowed sites in us-east-1; the pool sends every client to every site; use policy: geolocation, or leave allowedRegions out',
    ],
  },
  {
    rule: 'as many spare sites as there are',
    passes: { ...pool, [`${web}.capacity.spareSites`]: 1 },
    refused: { ...pool, [`${web}.capacity.spareSites`]: 2 },
    says: [
      'c.yaml: services.web.capacity.spareSites: found 2, allowed less than 2, the number of sites of priority above 0; with all sites lost none could carry the load; lower it or add sites',
    ],
  },
  {
    rule: 'two sites of one region by latency',
    base: balanced,
    passes: { ...pool, [`${web}.traffic.dns`]: zonesDns('weighted') },
    refused: { ...pool, [`${web}.traffic.dns`]: zonesDns('latency') },
    says: [
      'c.yaml: services.web.traffic.dns.policy: found latency with left and right in us-east-1, allowed one site a region by latency; choose policy weighted, or make the two one site behind a load balancer',
    ],
  },
];

const lastResortCases: readonly RuleCase[] = [
  {
    rule: 'a last resort without an endpoint',
    passes: { [`${web}.failover.allDown`]: 'last-resort', [`${dns}.lastResort`]: { a: '192.0.2.99' } },
    refused: { [`${web}.failover.allDown`]: 'last-resort' },
    says: [
      'c.yaml: services.web.failover.allDown: found last-resort, allowed keep while there is no traffic.dns.lastResort; add a static endpoint as traffic.dns.lastResort',
    ],
  },
  {
    rule: 'an endpoint of a last resort that nothing leads to',
    passes: {},
    refused: { [`${dns}.lastResort`]: { a: '192.0.2.99' } },
    says: [
      'c.yaml: services.web.traffic.dns.lastResort: found an endpoint that is never used, allowed none while failover.allDown is keep; set failover.allDown to last-resort or leave lastResort out',
    ],
  },
  {
    rule: 'a site that is called like the last resort',
    passes: {},
    refused: {
      [`${web}.sites.last-resort`]: {
        region: 'us-east-2',
        priority: 1,
        probes: [{ type: 'tcp', host: 'ohio.shop.example', port: 443 }],
      },
      [`${dns}.addresses.last-resort`]: { a: '192.0.2.3' },
    },
    says: [
      'c.yaml: services.web.sites.last-resort: found last-resort, allowed another name; it stands for the static endpoint',
    ],
  },
  {
    rule: 'a last resort that is a site',
    passes: { [`${web}.failover.allDown`]: 'last-resort', [`${dns}.lastResort`]: { a: '198.51.100.21' } },
    refused: { [`${web}.failover.allDown`]: 'last-resort', [`${dns}.lastResort`]: { a: '198.51.100.20' } },
    says: [
      'c.yaml: services.web.traffic.dns.lastResort: found what oregon has, allowed an endpoint of its own; name something that needs none of the sites, such as a page in a bucket',
    ],
  },
];

const targetsCases: readonly RuleCase[] = [
  {
    rule: 'a load balancer with one target group',
    base: balanced,
    passes: { [`${web}.traffic.targets.targetGroups`]: { left: group('a'), right: group('b') } },
    refused: {
      [`${web}.traffic.targets.targetGroups`]: { left: group('left') },
      [`${web}.traffic.dns`]: zonesDns('failover'),
    },
    says: [
      'c.yaml: services.web.traffic.targets.targetGroups: found 1, allowed target groups of two sites or more; between one group and none there is no weight to shift',
    ],
  },
  {
    rule: 'two sites with one target group',
    base: balanced,
    passes: {},
    refused: { [`${web}.traffic.targets.targetGroups.right`]: group('left') },
    says: [
      `c.yaml: services.web.traffic.targets.targetGroups.right: found ${group('left')}, allowed another target group than that of left; one group has one weight`,
    ],
  },
  {
    rule: 'a target group of another region',
    base: balanced,
    passes: {},
    refused: { [`${web}.traffic.targets.targetGroups.right`]: group('right', 'us-west-2') },
    says: [
      'c.yaml: services.web.traffic.targets.targetGroups.right: found one in us-west-2, allowed a target group in us-east-1, where the listener is',
    ],
  },
  {
    rule: 'a site that is elsewhere behind a load balancer',
    base: balanced,
    passes: {},
    refused: { [`${web}.sites.right.region`]: 'us-west-2' },
    says: [
      'c.yaml: services.web.traffic.targets.targetGroups.right: found a site in us-west-2, allowed sites in us-east-1: a load balancer does not leave its region; give each region a load balancer of its own and let traffic.dns choose between them',
    ],
  },
  {
    rule: 'listeners of two regions',
    base: balanced,
    passes: { [`${web}.traffic.targets.listenerArn`]: [listener('web'), listener('more')] },
    refused: { [`${web}.traffic.targets.listenerArn`]: [listener('web'), listener('more', 'us-east-2')] },
    says: [
      'c.yaml: services.web.traffic.targets.listenerArn: found one in us-east-2, allowed listeners of one region, here us-east-1; give each region a load balancer of its own and let traffic.dns choose between them',
    ],
  },
  {
    rule: 'a listener that is named twice',
    base: balanced,
    passes: { [`${web}.traffic.targets.listenerArn`]: [listener('web'), listener('more')] },
    refused: { [`${web}.traffic.targets.listenerArn`]: [listener('web'), listener('web')] },
    says: [
      'c.yaml: services.web.traffic.targets.listenerArn: found ["arn:aws:elasticloadbalancing:us-east-1:111122223333:listen..., allowed a list of different listeners',
    ],
  },
  {
    rule: 'a region that is not that of the listener',
    base: balanced,
    passes: { [`${web}.traffic.targets.region`]: 'us-east-1' },
    refused: {
      [`${web}.traffic.targets.listenerArn`]: listener('web', 'us-east-2'),
      [`${web}.traffic.targets.region`]: 'us-east-1',
    },
    says: [
      'c.yaml: services.web.traffic.targets.region: found us-east-1, allowed us-east-2, as listenerArn has it; leave region out: it is taken from the ARN',
    ],
  },
  {
    rule: 'a load balancer outside the control regions',
    base: balanced,
    passes: { controlRegions: ['us-east-1', 'eu-west-1', 'eu-west-2'] },
    refused: { controlRegions: ['us-west-2', 'eu-west-1', 'eu-west-2'] },
    says: [
      'c.yaml: services.web.traffic.targets.region: found us-east-1, allowed a control region: us-west-2, eu-west-1, eu-west-2; make us-east-1 a control region; only an actuator there can shift the weights',
    ],
  },
];

const standbyCases: readonly RuleCase[] = [
  {
    rule: 'a warm site without anything to raise',
    passes: warm('oregon'),
    refused: warm('oregon', []),
    says: [
      'c.yaml: services.web.sites.oregon.scale: found nothing of a warm site, allowed what is raised or started before the site serves; add scale, or make standby hot',
    ],
  },
  {
    rule: 'a hot site with something to raise',
    passes: warm('oregon'),
    refused: { ...warm('oregon'), [`${oregon}.standby`]: 'hot' },
    says: [
      'c.yaml: services.web.sites.oregon.scale: found 1 things of a hot site, allowed none while standby is hot; make it warm or cold; a hot site waits at its full size',
    ],
  },
  {
    rule: 'a standby that nobody can start',
    passes: warm('oregon'),
    refused: { ...warm('oregon'), controlRegions: ['us-east-1', 'eu-west-1', 'us-east-2'] },
    says: [
      'c.yaml: services.web.sites.oregon.scale: found us-west-2, allowed a site in a control region: us-east-1, eu-west-1, us-east-2; make us-west-2 a control region; only an actuator there can start the site',
    ],
  },
  {
    rule: 'a standby as large as what serves',
    passes: warm('oregon', [{ ...asg, standbySize: 3 }]),
    refused: warm('oregon', [{ ...asg, standbySize: 4 }]),
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.standbySize: found 4, allowed less than size, 4; raise size, or make standby hot and leave scale out',
    ],
  },
  {
    rule: 'a cold standby of some size',
    passes: { ...warm('oregon', [{ ...asg, standbySize: 0 }, acus]), [`${oregon}.standby`]: 'cold' },
    refused: { ...warm('oregon'), [`${oregon}.standby`]: 'cold' },
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.standbySize: found 1, allowed 0 for a cold site; make standby warm',
    ],
  },
  {
    rule: 'a capacity in other steps than halves',
    passes: warm('oregon', [{ ...acus, size: 8.5, standbySize: 0.5 }]),
    refused: warm('oregon', [{ ...acus, size: 8.25 }]),
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.size: found 8.25, allowed a number from 0 to 256, in steps of 0.5',
    ],
  },
  {
    rule: 'a capacity of another cluster than the one that is promoted',
    passes: { ...withAurora, ...warm('oregon', [acus]) },
    refused: { ...withAurora, ...warm('oregon', [{ ...acus, cluster: 'v' }]) },
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.cluster: found v, allowed o, which data.clusters names for oregon; the promotion waits for the cluster that is promoted',
    ],
  },
  {
    rule: 'readers of another cluster than the one that is promoted',
    passes: { ...withAurora, ...warm('oregon', [{ ...replicas, cluster: 'o' }, acus]) },
    refused: { ...withAurora, ...warm('oregon', [replicas]) },
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.cluster: found shop, allowed o, which data.clusters names for oregon; the promotion waits for the cluster that is promoted',
    ],
  },
  {
    rule: 'more readers than a cluster can have',
    passes: warm('oregon', [{ ...replicas, size: 15 }]),
    refused: warm('oregon', [{ ...replicas, size: 16 }]),
    says: ['c.yaml: services.web.sites.oregon.scale.0.size: found 16, allowed a whole number from 0 to 15'],
  },
  {
    rule: 'readers of a cluster whose name leaves no room for theirs',
    passes: warm('oregon', [{ ...replicas, cluster: 'a'.repeat(51) }]),
    refused: warm('oregon', [{ ...replicas, cluster: 'a'.repeat(52) }]),
    says: [
      `c.yaml: services.web.sites.oregon.scale.0.cluster: found "${'a'.repeat(52)}", allowed the identifier of a cluster, in lower case, of at most 51 characters: the names of its readers begin with it`,
    ],
  },
  {
    rule: 'a name of a node group that is none',
    passes: warm('oregon', [{ kind: 'eks-nodegroup', cluster: 'shop', name: 'web', size: 3 }]),
    refused: warm('oregon', [{ kind: 'eks-nodegroup', cluster: 'shop', name: 'w*', size: 3 }]),
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.name: found "w*", allowed the name of a node group: letters, digits, - and _, no ARN',
    ],
  },
  {
    rule: 'a name of a Deployment that is none',
    passes: warm('oregon', [{ kind: 'eks-deployment', cluster: 'shop', name: 'web', size: 3 }]),
    refused: warm('oregon', [{ kind: 'eks-deployment', cluster: 'shop', name: 'Web', size: 3 }]),
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.name: found "Web", allowed the name of a Deployment: lower-case letters, digits, - and dots',
    ],
  },
  {
    rule: 'an ARN instead of the name of a table',
    passes: warm('oregon', [{ ...capacity, index: 'by-day' }]),
    refused: warm('oregon', [{ ...capacity, table: 'arn:aws:dynamodb:us-west-2:111122223333:table/carts' }]),
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.table: found "arn:aws:dynamodb:us-west-2:111122223333:table/carts", allowed the name of a table: 3 to 255 letters, digits, _, - and dots, no ARN',
    ],
  },
  {
    rule: 'a table without any capacity while it waits',
    passes: {
      [`${web}.sites.oregon.standby`]: 'cold',
      [`${web}.sites.oregon.scale`]: [{ ...capacity, standbySize: 1 }],
    },
    refused: warm('oregon', [{ ...capacity, standbySize: 0 }]),
    says: ['c.yaml: services.web.sites.oregon.scale.0.standbySize: found 0, allowed a whole number from 1 to 10000000'],
  },
  {
    rule: 'one capacity of a table twice',
    passes: warm('oregon', [capacity, { ...capacity, units: 'read' }, { ...capacity, index: 'by-day' }]),
    refused: warm('oregon', [capacity, capacity]),
    says: [
      'c.yaml: services.web.sites.oregon.scale.1: found dynamodb-capacity carts write, allowed what stands there once; it is scale.0 too',
    ],
  },
  {
    rule: 'the write capacity of a table that is replicated',
    passes: { ...warm('oregon', [{ ...capacity, units: 'read' }]), [`${web}.data`]: manyWriters },
    refused: { ...warm('oregon', [capacity]), [`${web}.data`]: manyWriters },
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.units: found write, allowed read, because carts is replicated; keep its write capacity at the full size everywhere: each write comes to every replica',
    ],
  },
  {
    rule: 'a size that follows nobody',
    passes: { ...warm('virginia'), ...warm('oregon', [{ ...asg, asActive: true, standbySize: 4 }]) },
    refused: warm('oregon', [{ ...asg, asActive: true }]),
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.asActive: found true, allowed false while no other site has a size to follow; make the site that it shall follow warm, with its own scale; or state the size',
    ],
  },
  {
    rule: 'two sizes of which one follows a sum',
    passes: { ...warm('virginia'), ...warm('oregon', [asg, { ...asg, name: 'jobs' }]) },
    refused: { ...warm('virginia'), ...warm('oregon', [asg, { ...asg, name: 'jobs', asActive: true }]) },
    says: [
      'c.yaml: services.web.sites.oregon.scale.1.asActive: found true beside 1 more with a size, allowed true for one alone; state the sizes, or make the things sites of services of their own',
    ],
  },
  {
    rule: 'an ARN in the place of a name',
    passes: warm('oregon', [{ kind: 'ecs-service', cluster: 'c', name: 'web', size: 2 }]),
    refused: warm('oregon', [
      { kind: 'ecs-service', cluster: 'arn:aws:ecs:us-west-2:111122223333:cluster/c', name: 'web', size: 2 },
    ]),
    says: [
      'c.yaml: services.web.sites.oregon.scale.0.cluster: found arn:aws:ecs:us-west-2:111122223333:cluster/c, allowed a name; take what stands after the last slash; the region is that of the site',
    ],
  },
  {
    rule: 'one group that is scaled for two sites',
    passes: { ...warm('virginia'), ...warm('oregon') },
    refused: { ...warm('virginia'), ...warm('oregon'), [`${oregon}.region`]: 'us-east-1' },
    says: [
      'c.yaml: services.web.sites.oregon.scale: found auto-scaling-group web in us-east-1, allowed what no other site scales; virginia does',
    ],
  },
  {
    rule: 'one function that is asked for two sizes of one site',
    passes: scaledBy('scale-eks', 'scale-queue'),
    refused: scaledBy('scale-eks', 'scale-eks'),
    says: [
      'c.yaml: services.web.sites.oregon.scale.1: found custom scale-eks, allowed what stands there once; it is scale.0 too',
    ],
  },
];

const workCases: readonly RuleCase[] = [
  {
    rule: 'work of a pool',
    passes: { [`${oregon}.work`]: [nightly] },
    refused: { [`${web}.mode`]: 'active-active', [`${oregon}.work`]: [nightly] },
    says: [
      'c.yaml: services.web.sites.oregon.work: found 1 in an active-active service, allowed none; give the work to an active-passive service of its own, without traffic',
    ],
  },
  {
    rule: 'work that nobody can turn off',
    passes: { [`${oregon}.work`]: [nightly] },
    refused: { [`${oregon}.work`]: [nightly], controlRegions: ['us-east-1', 'eu-west-1', 'us-east-2'] },
    says: [
      'c.yaml: services.web.sites.oregon.work: found us-west-2, allowed a site in a control region: us-east-1, eu-west-1, us-east-2; make us-west-2 a control region',
    ],
  },
  {
    rule: 'one rule that is listed twice',
    passes: { [`${oregon}.work`]: [nightly, { ...nightly, bus: 'shop' }] },
    refused: { [`${oregon}.work`]: [nightly, nightly] },
    says: [
      'c.yaml: services.web.sites.oregon.work.1: found eventbridge-rule nightly of bus default in us-west-2, allowed work of one site alone; web/oregon has it',
    ],
  },
];

const dataCases: readonly RuleCase[] = [
  {
    rule: 'data that leaves a site out, and names a stranger',
    passes: withAurora,
    refused: {
      ...withAurora,
      [`${web}.data.clusters`]: { virginia: cluster('v', 'us-east-1'), ohio: cluster('o', 'us-east-2') },
    },
    says: [
      'c.yaml: services.web.data.clusters.ohio: found ohio, allowed a site of the service: virginia, oregon',
      'c.yaml: services.web.data.clusters: found nothing for oregon, allowed one for every site; add oregon; without data it cannot serve',
    ],
  },
  {
    rule: 'two sites with one part of the data',
    passes: { ...limited, [`${web}.data`]: { kind: 'rds-replica', instances: { virginia: 'db', oregon: 'db' } } },
    refused: {
      ...limited,
      [`${web}.data`]: {
        kind: 's3-mrap',
        accessPointArn: 'arn:aws:s3::111122223333:accesspoint/abc.mrap',
        buckets: { virginia: 'b', oregon: 'b' },
      },
    },
    says: [
      'c.yaml: services.web.data.buckets.oregon: found b, allowed another than that of virginia; a promotion between the two would change nothing; make them one site, or leave data to one region each',
    ],
  },
  {
    rule: 'a cluster that is not where its site is',
    passes: withAurora,
    refused: { ...withAurora, [`${web}.data.clusters.oregon`]: cluster('o', 'us-east-2') },
    says: [
      'c.yaml: services.web.data.clusters.oregon: found a cluster in us-east-2, allowed one in us-west-2, where oregon is',
    ],
  },
  {
    rule: 'data with one writer where all sites serve',
    passes: { ...pool, [`${web}.data`]: { kind: 'dynamodb-global', tableName: 'shop' } },
    refused: { ...pool, ...withAurora },
    says: [
      'c.yaml: services.web.data.kind: found aurora-global, allowed dynamodb-global, aurora-dsql, memorydb-multi-region, s3-mrap, custom in active-active; it has one writer; make it a service of its own, active-passive, and write through that',
    ],
  },
  {
    rule: 'data without a limit on what may be lost',
    passes: { [`${web}.data`]: { kind: 'dynamodb-global', tableName: 'shop' } },
    refused: { [`${web}.data`]: aurora },
    says: [
      'c.yaml: services.web.failover.maxReplicationLagMs: found nothing, allowed a limit for aurora-global; say how much may be lost in a failover; without a limit even an unknown lag would be accepted',
    ],
  },
  {
    rule: 'a rebuild of a site without a fence',
    passes: rebuilt(fenceAll),
    refused: rebuilt({}),
    says: ['virginia', 'oregon'].map(
      (site) =>
        `c.yaml: services.web.sites.${site}.fence: found nothing, allowed a fence of every site with data.rebuild; give it one of kind read-only or custom, or leave rebuild out`,
    ),
  },
  {
    rule: 'a rebuild of an instance whose name leaves no room for its later one',
    passes: rebuilt(fenceAll, 'o'.repeat(48)),
    refused: rebuilt(fenceAll, 'o'.repeat(49)),
    says: [
      `c.yaml: services.web.data.instances.oregon: found ${'o'.repeat(49)}, allowed at most 48 characters; rename it`,
    ],
  },
  {
    rule: 'data that nobody can promote',
    passes: withAurora,
    refused: { ...withAurora, controlRegions: ['us-east-1', 'eu-west-1', 'us-east-2'] },
    says: [
      'c.yaml: services.web.data.clusters.oregon: found us-west-2, allowed sites in a control region: us-east-1, eu-west-1, us-east-2; make us-west-2 a control region; only an actuator there can promote',
    ],
  },
  {
    rule: 'a fence with targets of another region',
    passes: { [`${virginia}.fence`]: { kind: 'targets', targetGroupArn: group('v'), targetIds: ['i-1'] } },
    refused: {
      [`${virginia}.fence`]: { kind: 'targets', targetGroupArn: group('v', 'us-west-2'), targetIds: ['i-1'] },
    },
    says: [
      'c.yaml: services.web.sites.virginia.fence.targetGroupArn: found one in us-west-2, allowed a target group in us-east-1, where virginia is',
    ],
  },
];

const clientsCases: readonly RuleCase[] = [
  {
    rule: 'endpoints that leave a site out, and name a stranger',
    passes: { [`${web}.clients`]: { endpoints } },
    refused: { [`${web}.clients`]: { endpoints: { virginia: 'https://v', ohio: 'https://o' } } },
    says: [
      'c.yaml: services.web.clients.endpoints.ohio: found ohio, allowed a site of the service: virginia, oregon',
      'c.yaml: services.web.clients.endpoints: found nothing for oregon, allowed an endpoint of every site; add oregon',
    ],
  },
  {
    rule: 'an endpoint that is no endpoint',
    passes: { [`${web}.clients`]: { endpoints: { ...endpoints, oregon: '[2001:db8::1]:5432' } } },
    refused: { [`${web}.clients`]: { endpoints: { ...endpoints, oregon: 'oregon' } } },
    says: ['c.yaml: services.web.clients.endpoints.oregon: found oregon, allowed a URL or host:port, without spaces'],
  },
];

const monthly = [{ cron: '0 10 1 * *', forMs: '1h' }];

const groupCases: readonly RuleCase[] = [
  {
    rule: 'a member that is no service',
    passes: grouped(),
    refused: grouped({ groups: { all: { members: { web: [], ape: [] } } } }),
    says: ['c.yaml: groups.all.members.ape: found ape, allowed a service: web, api'],
  },
  {
    rule: 'a group of one',
    passes: grouped(),
    refused: grouped({ groups: { all: { members: { web: [] } } } }),
    says: ['c.yaml: groups.all.members: found 1, allowed two services or more; a service alone needs no group'],
  },
  {
    rule: 'a member that waits for a stranger',
    passes: grouped(),
    refused: grouped({ groups: { all: { members: { web: ['db'], api: [] } } } }),
    says: ['c.yaml: groups.all.members.web: found db, allowed a member of the group: web, api'],
  },
  {
    rule: 'members that wait for each other',
    passes: grouped(),
    refused: grouped({ groups: { all: { members: { web: ['api'], api: ['web'] } } } }),
    says: [
      'c.yaml: groups.all.members: found api > web > api, allowed an order without a cycle; take one of these out: data comes first, then what reads it, then traffic',
    ],
  },
  {
    rule: 'a service in two groups',
    passes: grouped(),
    refused: grouped({ 'groups.other': { members } }),
    says: [
      'c.yaml: groups.other.members.web: found web, allowed services of no other group; all has it',
      'c.yaml: groups.other.members.api: found api, allowed services of no other group; all has it',
    ],
  },
  {
    rule: 'a game day of a member that follows',
    passes: grouped({ 'services.web.gameDays': monthly, groups: { all: { members: { web: [], api: ['web'] } } } }),
    refused: grouped({ 'services.api.gameDays': monthly, groups: { all: { members: { web: [], api: ['web'] } } } }),
    says: [
      'c.yaml: groups.all.members.api: found gameDays of api, allowed none for a member that follows; write them at web, which the group follows',
    ],
  },
  {
    rule: 'a pool in a group',
    passes: grouped(),
    refused: grouped({ 'services.api.mode': 'active-active' }),
    says: [
      'c.yaml: groups.all.members.api: found active-active, allowed active-passive services; leave it out of the group; its sites come and go by themselves',
    ],
  },
  {
    rule: 'members whose sites have other regions',
    passes: grouped(),
    refused: grouped({ 'services.api.sites.oregon.region': 'us-east-2' }),
    says: [
      'c.yaml: groups.all.members.api: found oregon in us-east-2, allowed us-west-2, as in web; call sites that belong together alike',
    ],
  },
  {
    rule: 'members that prefer different sites',
    passes: grouped({ 'services.api.failback.to': 'virginia' }),
    refused: grouped({ 'services.api.failback.to': 'oregon' }),
    says: [
      'c.yaml: groups.all.members.api: found oregon preferred, allowed virginia, as in web; give the site the highest priority in every member, or set failback.to',
    ],
  },
];

const sharingCases: readonly RuleCase[] = [
  {
    rule: 'two services behind one listener',
    base: balanced,
    passes: { 'services.api': other({ listenerArn: listener('api') }) },
    refused: { 'services.api': other({}) },
    says: [
      `c.yaml: services.api.traffic.targets.listenerArn: found ${listener('web')}, allowed one that no other service steers; web does; give api its own, or make the two one service`,
    ],
  },
  {
    rule: 'two services with one target group',
    base: balanced,
    passes: { 'services.api': other({ listenerArn: listener('api') }) },
    refused: {
      'services.api': other({
        listenerArn: listener('api'),
        targetGroups: { left: group('left'), right: group('api-right') },
      }),
    },
    says: [
      `c.yaml: services.api.traffic.targets.targetGroups: found ${group('left')}, allowed one that no other service steers; web does; give api its own, or make the two one service, with a list of listeners in listenerArn`,
    ],
  },
  {
    rule: 'one group that is scaled for two services',
    passes: {
      ...twin('api.shop.example'),
      ...warm('oregon'),
      'services.api.sites.oregon.standby': 'warm',
      'services.api.sites.oregon.scale': [{ ...asg, name: 'api' }],
    },
    refused: {
      ...twin('api.shop.example'),
      ...warm('oregon'),
      'services.api.sites.oregon.standby': 'warm',
      'services.api.sites.oregon.scale': [asg],
    },
    says: [
      'c.yaml: services.api.sites: found auto-scaling-group web in us-west-2, allowed what no other service scales; web does; take it out of one, or make the two one service',
    ],
  },
  {
    rule: 'two services that promote one database',
    passes: { ...twin('api.shop.example'), ...withAurora },
    refused: {
      ...twin('api.shop.example'),
      ...withAurora,
      'services.api.failover': { maxReplicationLagMs: 30_000 },
      'services.api.data': aurora,
    },
    says: [
      'c.yaml: services.api.data: found cluster shop, allowed data that no other service promotes; web does; let web promote it, and put both into a group',
    ],
  },
];

/** Cases of the rules about pools, load balancers, standbys, data, clients inside the account and groups. */
export const modeCases: readonly RuleCase[] = [
  ...poolCases,
  ...lastResortCases,
  ...targetsCases,
  ...standbyCases,
  ...workCases,
  ...dataCases,
  ...clientsCases,
  ...groupCases,
  ...sharingCases,
];

function zonesDns(policy: string) {
  return {
    ...shop.services.web?.traffic?.dns,
    policy,
    addresses: { left: { a: '192.0.2.1' }, right: { a: '192.0.2.2' } },
  };
}

/** A second service with two zones behind a load balancer. */
function other(overrides: Readonly<Record<string, unknown>>) {
  const targetGroups = { left: group('api-left'), right: group('api-right') };
  return { ...balanced.services.web, traffic: { targets: { ...targets, targetGroups, ...overrides } } };
}
