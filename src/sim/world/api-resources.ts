import type { Calls } from '../../core/calls.ts';
import type { SiteSurvey } from '../../core/detection/site-survey.ts';
import type { DataResource } from '../../core/model/data.ts';
import type { Scalable } from '../../core/model/site.ts';
import { type Describe, regionalCall, SimFault, textOf } from './api-call.ts';

const scaleApis: Readonly<Record<Scalable['kind'], { readonly read: string; readonly write: string }>> = {
  'auto-scaling-group': { read: 'autoscaling:DescribeAutoScalingGroups', write: 'autoscaling:UpdateAutoScalingGroup' },
  'ecs-service': { read: 'ecs:DescribeServices', write: 'ecs:UpdateService' },
  'provisioned-concurrency': {
    read: 'lambda:GetProvisionedConcurrencyConfig',
    write: 'lambda:PutProvisionedConcurrencyConfig',
  },
  instances: { read: 'ec2:DescribeInstances', write: 'ec2:StartInstances' },
};

const dataApis: Readonly<Record<DataResource['kind'], { readonly read: string; readonly write: string }>> = {
  'aurora-global': { read: 'rds:DescribeGlobalClusters', write: 'rds:FailoverGlobalCluster' },
  'documentdb-global': { read: 'rds:DescribeGlobalClusters', write: 'rds:FailoverGlobalCluster' },
  'neptune-global': { read: 'rds:DescribeGlobalClusters', write: 'rds:FailoverGlobalCluster' },
  'rds-replica': { read: 'rds:DescribeDBInstances', write: 'rds:PromoteReadReplica' },
  'elasticache-global': {
    read: 'elasticache:DescribeGlobalReplicationGroups',
    write: 'elasticache:FailoverGlobalReplicationGroup',
  },
  'dynamodb-global': { read: 'dynamodb:DescribeTable', write: 'dynamodb:UpdateTable' },
  's3-mrap': { read: 's3:GetMultiRegionAccessPointRoutes', write: 's3:SubmitMultiRegionAccessPointRoutes' },
  custom: { read: 'lambda:Invoke', write: 'lambda:Invoke' },
};

/** The calls about balancers, sizes, data, inside clients and surveys. */
export const describedResources: { readonly [K in keyof Calls]?: Describe<K> } = {
  readWeights: (world, { region, listenerArn }, process) =>
    regionalCall('elasticloadbalancing:DescribeListeners', region, () => {
      const weights = world.cloud.readWeights(listenerArn);
      if (weights === null) throw new SimFault({ kind: 'invalid', detail: `no listener ${listenerArn}` });
      world.occur({ type: 'look', thing: 'weights', value: textOf(weights), by: process.identity });
      return weights;
    }),
  setWeights: (world, { region, listenerArn, weights }, process) =>
    regionalCall('elasticloadbalancing:ModifyListener', region, () => {
      if (world.cloud.readWeights(listenerArn) === null) {
        throw new SimFault({ kind: 'invalid', detail: `no listener ${listenerArn}` });
      }
      const hasChanged = world.cloud.writeWeights(listenerArn, weights);
      world.noteWrite('weights', region, listenerArn, textOf(weights), hasChanged, process);
      return null;
    }),
  readScale: (world, { region, scalable }, process) =>
    regionalCall(scaleApis[scalable.kind].read, region, () => {
      const sight = world.scales.read(region, scalable);
      if (sight === null) throw new SimFault({ kind: 'invalid', detail: `no such ${scalable.kind} in ${region}` });
      world.occur({ type: 'look', thing: 'scale', value: String(sight.wanted), by: process.identity });
      return sight;
    }),
  setScale: (world, { region, scalable, size }, process) =>
    regionalCall(scaleApis[scalable.kind].write, region, () => {
      const hasChanged = world.scales.write(world.deployment, region, scalable, size);
      world.noteWrite('scale', region, scalable.kind, String(size), hasChanged, process);
      return null;
    }),
  readWriter: (world, { region, service, data }, process) =>
    regionalCall(dataApis[data.kind].read, region, () => {
      const sight = world.databases.read(service);
      world.occur({ type: 'look', thing: 'writer', value: String(sight.writer), by: process.identity });
      return sight;
    }),
  promote: (world, input, process) =>
    regionalCall(dataApis[input.data.kind].write, input.region, () => {
      const fault = world.databases.promote(input);
      if (fault !== null) throw new SimFault(fault);
      world.noteWrite('writer', input.region, input.service, input.to, true, process);
      return null;
    }),
  readPublication: (world, { region, service }, process) =>
    regionalCall('ssm:GetParameter', region, () => {
      const publication = world.cloud.readPublication(region, service);
      world.occur({ type: 'look', thing: 'publication', value: JSON.stringify(publication), by: process.identity });
      return publication;
    }),
  publish: (world, { region, publication }, process) =>
    regionalCall('ssm:PutParameter', region, () => {
      const seen = world.cloud.readPublication(region, publication.service);
      if (seen && seen.epoch > publication.epoch) {
        throw new SimFault({ kind: 'invalid', detail: `epoch ${seen.epoch} was published already` });
      }
      const hasChanged = world.cloud.publish(region, publication);
      world.noteWrite('publication', region, publication.service, JSON.stringify(publication), hasChanged, process);
      return null;
    }),
  survey: (world, { region, service, site }) =>
    regionalCall('lambda:Invoke', region, (): SiteSurvey => {
      const { replicationLagMs, load, demand } = world.sites.get(service, site);
      const place = world.deployment.services[service]?.sites[site];
      const size = place ? world.scales.sizeOf(place) : null;
      return {
        replicationLagMs,
        ...(demand > 0 ? { load } : {}),
        ...(size === null ? {} : { size }),
        findings: [],
      };
    }),
};
