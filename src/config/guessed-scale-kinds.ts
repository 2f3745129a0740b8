/** Kinds of what can be scaled, as a message lists them. */
const kinds =
  'auto-scaling-group, ecs-service, eks-nodegroup, eks-deployment, provisioned-concurrency, instances, aurora-serverless, aurora-readers, dynamodb-capacity or custom';

const nodes =
  'for the nodes of a managed node group write kind: eks-nodegroup, with cluster and name; for nodes of your own, kind: auto-scaling-group; for pods, kind: eks-deployment, with cluster, namespace and name';

const work =
  'what runs at one site only has no size; beside scale, write work: [{ kind: eventbridge-rule, name: nightly }] or [{ kind: event-source-mapping, uuid: ... }]';

const aurora =
  'for the least capacity of a serverless cluster write kind: aurora-serverless, with cluster; for the number of its readers, kind: aurora-readers; for instance classes, take custom with a function of yours';

const tables =
  'for the capacity of a table write kind: dynamodb-capacity, with table and units: read or units: write; for an index of it, index too';

/** What to take instead of a kind that people look for. */
const insteadOf: Readonly<Record<string, string>> = {
  nodegroup: nodes,
  eks: nodes,
  kubernetes: nodes,
  k8s: nodes,
  deployment: nodes,
  asg: 'write kind: auto-scaling-group',
  ecs: 'write kind: ecs-service, with cluster and name',
  fargate: 'write kind: ecs-service, with cluster and name',
  ec2: 'write kind: instances, with instanceIds; or auto-scaling-group',
  lambda:
    'for its concurrency write kind: provisioned-concurrency, with functionName and alias; for a function that scales something, kind: custom with functionName',
  function: 'write kind: custom, with functionName',
  aurora: aurora,
  'aurora-serverless-v2': aurora,
  'aurora-cluster': aurora,
  'aurora-reader': aurora,
  'aurora-replicas': aurora,
  readers: aurora,
  rds: aurora,
  dynamodb: tables,
  'dynamodb-table': tables,
  dynamo: tables,
  table: tables,
  'eventbridge-rule': work,
  rule: work,
  'event-source-mapping': work,
  schedule: work,
};

/**
 * What may stand in a list of what is scaled, and what to write instead of a kind that people look for.
 *
 * @param item - what stands there; null when it is no mapping
 */
export function allowedKinds(item: { readonly kind?: unknown } | null | undefined): string {
  if (item === null) return `a mapping with kind: ${kinds}`;
  const kind = item?.kind;
  const instead = typeof kind === 'string' && Object.hasOwn(insteadOf, kind) ? insteadOf[kind] : undefined;
  return instead === undefined ? kinds : `${kinds}; ${instead}`;
}
