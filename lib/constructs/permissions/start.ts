import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Service } from '../../../src/core/model/service.ts';
import type { Scalable } from '../../../src/core/model/site.ts';
import {
  aliasArn,
  autoScalingGroupArn,
  dbClusterArn,
  ec2Arn,
  ecsServiceArn,
  nodegroupArn,
  userFunctionArn,
} from './arn.ts';
import { type KindStatements, lookStatements } from './kind-statements.ts';

/** What reading and setting one thing needs. */
interface Grants {
  /** On the thing itself. */
  readonly own: { readonly actions: readonly string[]; readonly resources: readonly string[] };
  /** Actions that know no resources. */
  readonly look: readonly string[];
}

/**
 * What the `start` function of a region may do: read and set the sizes of what the sites there declare.
 *
 * Source of actions and resources: Service Authorization Reference, Amazon EC2 Auto Scaling, Amazon ECS, AWS Lambda,
 * Amazon EC2, Amazon RDS, Amazon EKS.
 */
export const startStatements: KindStatements = ({ region, services }) => {
  const grants = scalablesIn(Object.values(services), [region]).map(({ scalable }) => grantsOf(scalable, region));
  return [...mergedByActions(grants), ...lookStatements(grants.flatMap(({ look }) => look))];
};

/** What is scaled of the sites of some regions, each with its region. */
export function scalablesIn(
  services: readonly Service[],
  regions: readonly string[],
): readonly { readonly region: string; readonly scalable: Scalable }[] {
  return services.flatMap(({ sites }) =>
    Object.values(sites).flatMap(({ region, scale }) =>
      region !== undefined && regions.includes(region) ? scale.map((scalable) => ({ region, scalable })) : [],
    ),
  );
}

function grantsOf(scalable: Scalable, region: string): Grants {
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return {
        own: {
          actions: ['autoscaling:UpdateAutoScalingGroup'],
          resources: [autoScalingGroupArn(region, scalable.name)],
        },
        look: ['autoscaling:DescribeAutoScalingGroups'],
      };
    case 'ecs-service':
      return {
        own: {
          actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
          resources: [ecsServiceArn(region, scalable.cluster, scalable.name)],
        },
        look: [],
      };
    case 'eks-nodegroup':
      return {
        own: {
          actions: ['eks:DescribeNodegroup', 'eks:UpdateNodegroupConfig'],
          resources: [nodegroupArn(region, scalable.cluster, scalable.name)],
        },
        look: ['autoscaling:DescribeAutoScalingGroups'],
      };
    case 'provisioned-concurrency':
      return {
        own: {
          actions: [
            'lambda:DeleteProvisionedConcurrencyConfig',
            'lambda:GetProvisionedConcurrencyConfig',
            'lambda:PutProvisionedConcurrencyConfig',
          ],
          resources: [aliasArn(region, scalable.functionName, scalable.alias)],
        },
        look: [],
      };
    case 'aurora-serverless':
      return {
        own: {
          actions: ['rds:DescribeDBClusters', 'rds:ModifyDBCluster'],
          resources: [dbClusterArn(region, scalable.cluster)],
        },
        look: [],
      };
    case 'custom':
      return {
        own: { actions: ['lambda:InvokeFunction'], resources: [userFunctionArn(region, scalable.functionName)] },
        look: [],
      };
    case 'instances':
      return {
        own: {
          actions: ['ec2:StartInstances', 'ec2:StopInstances'],
          resources: scalable.instanceIds.map((id) => ec2Arn(region, 'instance', id)),
        },
        look: ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances'],
      };
  }
}

function mergedByActions(grants: readonly Grants[]): readonly PolicyStatement[] {
  const byActions = new Map<string, Set<string>>();
  for (const { own } of grants) {
    const key = own.actions.join();
    byActions.set(key, new Set([...(byActions.get(key) ?? []), ...own.resources]));
  }
  return [...byActions].map(
    ([actions, resources]) => new PolicyStatement({ actions: actions.split(','), resources: [...resources] }),
  );
}
