import type { Scalable } from '../../../core/model/site.ts';
import { SimFault } from '../api-call.ts';
import type { ApiPair, SimKind } from './kind.ts';

/** What looks at the size of a thing, and what asks for another one. */
export const scaleApis: Readonly<Record<Scalable['kind'], ApiPair>> = {
  'auto-scaling-group': { read: 'autoscaling:DescribeAutoScalingGroups', write: 'autoscaling:UpdateAutoScalingGroup' },
  'ecs-service': { read: 'ecs:DescribeServices', write: 'ecs:UpdateService' },
  'eks-nodegroup': { read: 'eks:DescribeNodegroup', write: 'eks:UpdateNodegroupConfig' },
  'eks-deployment': { read: 'kubernetes:GetDeployment', write: 'kubernetes:PatchDeploymentScale' },
  'provisioned-concurrency': {
    read: 'lambda:GetProvisionedConcurrencyConfig',
    write: 'lambda:PutProvisionedConcurrencyConfig',
  },
  instances: { read: 'ec2:DescribeInstances', write: 'ec2:StartInstances' },
  'aurora-serverless': { read: 'rds:DescribeDBClusters', write: 'rds:ModifyDBCluster' },
  'aurora-readers': { read: 'rds:DescribeDBInstances', write: 'rds:CreateDBInstance' },
  'dynamodb-capacity': { read: 'dynamodb:DescribeTable', write: 'dynamodb:UpdateTable' },
  custom: { read: 'lambda:Invoke', write: 'lambda:Invoke' },
};

/** Sizes of what sites run on. */
export const start: SimKind<'start'> = {
  apis: Object.values(scaleApis),
  apisOf: ({ scalable: { kind }, region }) => ({ ...scaleApis[kind], region }),
  read: ({ scales }, { region, service, site, scalable }) => {
    const seen = scales.look({ region, service, site }, scalable);
    if (seen === null) throw new SimFault({ kind: 'invalid', detail: `no such ${scalable.kind} in ${region}` });
    return seen;
  },
  write: ({ scales, deployment }, { region, service, site, scalable, size }) => {
    if (scales.isBusy({ region }, scalable))
      throw new SimFault({ kind: 'unavailable', detail: 'ResourceInUseException: the table is being changed' });
    if (size > 0 && scales.isStopping({ region, service, site }, scalable)) {
      const detail = 'IncorrectInstanceState: an instance is not in a state from which it can be started';
      throw new SimFault({ kind: 'unavailable', detail });
    }
    return scales.write(deployment, { region, service, site }, scalable, size);
  },
  targetOf: ({ scalable }) => scalable.kind,
  wantedText: ({ size }) => String(size),
  seenText: ({ wanted }) => String(wanted),
};
