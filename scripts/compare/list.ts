/**
 * What docs/compare.md says, row by row.
 *
 * `keys` are keys of the configuration, as the schema has them below `services.NAME`: `traffic.address`, or
 * `sites.scale:ecs-service` for one choice of a list. A test holds that each is in the schema, and that no choice of
 * the schema is left out. Facts about others name the page in which they were found.
 */
export interface CompareRow {
  readonly what: string;
  readonly keys: readonly string[];
  /** What ARC Region switch has for it: a block of its documentation, or null. */
  readonly regionSwitch: string | null;
  /** Who else does it; empty when nobody is known who does. */
  readonly others: string;
}

/** One of Region switch's execution blocks, and what stands for it here. */
export interface BlockRow {
  readonly block: string;
  readonly keys: readonly string[];
  /** What to do here where no key stands for it, or what differs. */
  readonly here: string;
}

const docs = 'https://docs.aws.amazon.com/r53recovery/latest/dg';

/** Pages of the facts about Region switch. */
export const sources: readonly string[] = [
  `${docs}/working-with-rs-execution-blocks.html`,
  `${docs}/security_iam_region_switch_execution_blocks.md`,
  `${docs}/security_iam_region_switch_cross_account.html`,
  `${docs}/aurora-serverless-scaling-block.html`,
  `${docs}/aurora-provisioned-scaling-block.html`,
  'https://docs.aws.amazon.com/arc-region-switch/latest/api/API_Trigger.html',
  'https://aws.amazon.com/about-aws/whats-new/2026/05/region-switch-lambda-esm-execution-block/',
];

const customAction = 'custom action (a Lambda function of yours)';

/** What a move changes, and what a site is judged by. */
export const rows: readonly CompareRow[] = [
  {
    what: 'DNS, without a control plane at the time of the move',
    keys: ['traffic.dns.mode:oracle', 'traffic.dns.mode:memory'],
    regionSwitch: 'Route 53 health check',
    others: 'Route 53 failover records, ARC routing control',
  },
  {
    what: 'DNS, by editing the record',
    keys: ['traffic.dns.mode:records'],
    regionSwitch: customAction,
    others: "Pacemaker's aws-vpc-route53, k8gb in a zone of its own",
  },
  {
    what: 'DNS of a pool: weighted, by latency, by location, multivalue',
    keys: [
      'traffic.dns.policy:failover',
      'traffic.dns.policy:weighted',
      'traffic.dns.policy:latency',
      'traffic.dns.policy:geolocation',
      'traffic.dns.policy:multivalue',
    ],
    regionSwitch: 'Route 53 health check, active/active plans',
    others: 'Route 53 routing policies, k8gb, Polaris',
  },
  {
    what: 'Elastic IPs, several as one, by instance, interface, private address, tag or Auto Scaling group',
    keys: ['traffic.address', 'traffic.address.instances'],
    regionSwitch: customAction,
    others: "F5 CFE, Pacemaker's awseip",
  },
  {
    what: 'Secondary private addresses, IPv6 addresses and prefixes of network interfaces',
    keys: ['traffic.address.allocationId'],
    regionSwitch: customAction,
    others: "F5 CFE, Pacemaker's awsvip",
  },
  {
    what: 'Routes of several route tables, IPv4 and IPv6',
    keys: ['traffic.route'],
    regionSwitch: customAction,
    others: "F5 CFE, alternat, Pacemaker's aws-vpc-move-ip",
  },
  {
    what: 'Weights of a load balancer, in steps that turn back',
    keys: ['traffic.targets'],
    regionSwitch: customAction,
    others: 'deployment tools, for releases',
  },
  {
    what: 'Traffic dials of a Global Accelerator, and weights of its endpoints',
    keys: ['traffic.accelerator', 'traffic.accelerator.endpointIds'],
    regionSwitch: customAction,
    others: '',
  },
  {
    what: 'Routing controls of ARC, in one call at any endpoint that answers',
    keys: ['traffic.controls'],
    regionSwitch: 'ARC routing control',
    others: '',
  },
  {
    what: 'Zonal shifts of ARC, of load balancers; not of Auto Scaling groups and EKS clusters: away from the zone that is down, by a majority, back when it is well',
    keys: ['traffic.zonal'],
    regionSwitch: null,
    others: "ARC's zonal autoshift, for what AWS itself sees of a zone",
  },
  {
    what: 'The origin of a CloudFront distribution, by a key that a function at the edge reads',
    keys: ['traffic.edge'],
    regionSwitch: customAction,
    others: 'origin groups of CloudFront, by themselves and for reads alone',
  },
  {
    what: 'Sizes before traffic: groups, services, node groups, concurrency, stopped instances, a function of yours',
    keys: [
      'sites.scale:auto-scaling-group',
      'sites.scale:ecs-service',
      'sites.scale:eks-nodegroup',
      'sites.scale:eks-deployment',
      'sites.scale:provisioned-concurrency',
      'sites.scale:instances',
      'sites.scale:custom',
    ],
    regionSwitch: 'EC2 Auto Scaling, ECS, EKS; custom action',
    others: '',
  },
  {
    what: "Capacity of a database before its promotion: an Aurora cluster's least, in ACUs",
    keys: ['sites.scale:aurora-serverless'],
    regionSwitch: 'Aurora serverless scaling (by what the source used in the last day; upwards only)',
    others: '',
  },
  {
    what: 'Readers of an Aurora cluster before its promotion, deleted again when it stands by',
    keys: ['sites.scale:aurora-readers'],
    regionSwitch: 'Aurora provisioned scaling (makes one instance that is missing, and scales its class; upwards only)',
    others: 'Aurora Auto Scaling, by load',
  },
  {
    what: 'Capacity of a DynamoDB table or an index: provisioned, the least of its auto scaling, or warm throughput',
    keys: ['sites.scale:dynamodb-capacity'],
    regionSwitch: customAction,
    others: 'auto scaling of the table, by load',
  },
  {
    what: 'Rules, schedules and consumers that run at one site only',
    keys: ['sites.work:eventbridge-rule', 'sites.work:eventbridge-schedule', 'sites.work:event-source-mapping'],
    regionSwitch: 'Lambda event source mapping',
    others: '',
  },
  {
    what: 'Data that AWS promotes',
    keys: [
      'data:aurora-global',
      'data:documentdb-global',
      'data:neptune-global',
      'data:elasticache-global',
      'data:rds-replica',
      'data:s3-mrap',
    ],
    regionSwitch: 'Aurora, DocumentDB, Neptune, RDS; no ElastiCache, no S3',
    others: '',
  },
  {
    what: 'Data that has many writers, watched and not promoted',
    keys: ['data:dynamodb-global', 'data:aurora-dsql', 'data:memorydb-multi-region'],
    regionSwitch: null,
    others: '',
  },
  {
    what: 'Data that a function of yours promotes',
    keys: ['data:custom'],
    regionSwitch: customAction,
    others: 'Patroni, orchestrator, Sentinel and pg_auto_failover, for one database each',
  },
  {
    what: 'A limit on data loss, read again under the fence',
    keys: [
      'failover.maxReplicationLagMs',
      'sites.measures.lag:metric',
      'sites.measures.lag:heartbeat',
      'sites.measures.lag:probe',
      'sites.measures.lag:kinesis-consumer',
      'sites.measures.lag:msk-replicator',
    ],
    regionSwitch: null,
    others: 'orchestrator, Patroni, pg_auto_failover',
  },
  {
    what: 'Age of the newest backup and of the last restore, as a fact of readiness',
    keys: ['sites.measures.backup:aws-backup', 'sites.measures.backup:rds'],
    regionSwitch: null,
    others: 'AWS Backup Audit Manager, as a report',
  },
  {
    what: 'The old site is closed before the new one opens, with proof, and stays closed',
    keys: [
      'sites.fence:groups',
      'sites.fence:targets',
      'sites.fence:address',
      'sites.fence:custom',
      'sites.fence:read-only',
    ],
    regionSwitch: null,
    others: 'Pacemaker (STONITH), Patroni (watchdog)',
  },
  {
    what: 'What answers: pages, ports, certificates, names, gRPC, datagrams',
    keys: [
      'sites.probes:https',
      'sites.probes:http',
      'sites.probes:tcp',
      'sites.probes:tls',
      'sites.probes:udp',
      'sites.probes:dns',
      'sites.probes:grpc',
    ],
    regionSwitch: null,
    others: 'Route 53 checks (HTTP, HTTPS, TCP), HAProxy, keepalived, gdnsd',
  },
  {
    what: 'What you measure already: an alarm, a metric, a function',
    keys: ['sites.probes:cloudwatch-alarm', 'sites.probes:cloudwatch-metric', 'sites.probes:function'],
    regionSwitch: 'CloudWatch alarms as triggers',
    others: 'Route 53 checks of an alarm',
  },
  {
    what: 'A majority of regions decides, and a majority that sees the site well forbids',
    keys: ['detection.quorum'],
    regionSwitch: null,
    others: 'Redis Sentinel, Patroni (by its store)',
  },
  {
    what: 'Limits: a block period, moves a day, no failback by itself',
    keys: ['failover.blockMs', 'failover.maxMovesPerDay', 'failback.mode'],
    regionSwitch: 'a shortest time between two automatic executions',
    others: 'orchestrator (block period, acknowledgement)',
  },
  {
    what: 'Windows in which nothing moves, or nothing planned does',
    keys: ['maintenance', 'freeze'],
    regionSwitch: null,
    others: '',
  },
  {
    what: 'Sites of a pool in reserve; a static page where no site is left, also behind a single one',
    keys: ['sites.reserve', 'traffic.dns.lastResort', 'failover.allDown'],
    regionSwitch: null,
    others: 'Route 53 failover records to a static website',
  },
  {
    what: 'Callers inside: a list of endpoints with its epoch, and a guard for singletons',
    keys: ['clients'],
    regionSwitch: null,
    others: 'Sentinel, Patroni (by their clients)',
  },
  {
    what: 'Sites and hosted zones in other AWS accounts, a role for each function there',
    keys: ['sites.account', 'traffic.dns.zone.account'],
    regionSwitch: 'a role in the other account, written by hand, with an external id',
    others: '',
  },
];

/** Region switch's blocks, in the order of its documentation. */
export const blocks: readonly BlockRow[] = [
  { block: 'EC2 Auto Scaling', keys: ['sites.scale:auto-scaling-group'], here: '' },
  {
    block: 'EKS resource scaling',
    keys: ['sites.scale:eks-deployment', 'sites.scale:eks-nodegroup'],
    here: 'Pods of a Deployment, and nodes of a managed node group.',
  },
  { block: 'ECS service scaling', keys: ['sites.scale:ecs-service'], here: '' },
  {
    block: 'ARC routing control',
    keys: ['traffic.controls'],
    here: 'For those who have a cluster. The oracles are such switches without its price.',
  },
  {
    block: 'Aurora Global Database',
    keys: ['data:aurora-global'],
    here: 'With a limit on lag, and the loss in the ledger.',
  },
  { block: 'DocumentDB global cluster', keys: ['data:documentdb-global'], here: '' },
  { block: 'Neptune global cluster', keys: ['data:neptune-global'], here: '' },
  {
    block: 'RDS: promote a replica, make a new one',
    keys: ['data:rds-replica', 'data.rebuild'],
    here: 'Promotes; with `rebuild` the old instance is renamed, and a replica made in its place once it is fenced.',
  },
  {
    block: 'Aurora provisioned scaling',
    keys: ['sites.scale:aurora-readers', 'sites.scale:custom'],
    here: 'Makes readers that are missing, like one that is there. Larger classes by a function of yours.',
  },
  {
    block: 'Aurora serverless scaling',
    keys: ['sites.scale:aurora-serverless'],
    here: "The sizes are yours, or the active site's (`asActive`); they are lowered again after a failback.",
  },
  {
    block: 'RDS: switch over a read replica',
    keys: ['data:custom'],
    here: 'By a function of yours; no kind of its own.',
  },
  {
    block: 'Manual approval',
    keys: ['failover.approval', 'failover.automatic'],
    here: 'Before a move: `approval` waits for `approve` of those who are named, for a time or for ever, and then goes, is held or is dropped; with `automatic: false` a person types `failover`. None in the middle of a move.',
  },
  {
    block: 'Custom action Lambda',
    keys: ['sites.fence:custom', 'sites.scale:custom', 'data:custom', 'sites.probes:function'],
    here: 'At four places of a move, each with what it must answer.',
  },
  {
    block: 'Lambda event source mapping',
    keys: ['sites.work:event-source-mapping'],
    here: 'Off is read back before on. Rules of EventBridge and schedules of EventBridge Scheduler, too.',
  },
  { block: 'Route 53 health check', keys: ['traffic.dns'], here: 'The check is the vote of a majority of regions.' },
  {
    block: 'Region switch plan (child plans)',
    keys: [],
    here: '`groups`: members move in the order of who needs whom.',
  },
];
