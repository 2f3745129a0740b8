import { DescribeNodegroupCommand, EKSClient, type Nodegroup, UpdateNodegroupConfigCommand } from '@aws-sdk/client-eks';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { countInService } from './auto-scaling-group.ts';
import type { ScalableOf, ScaleHandle } from './scale-handle.ts';

/** Error of EKS for a cluster or node group that is not there. Source: Amazon EKS API Reference, DescribeNodegroup. */
const notFound = 'ResourceNotFoundException';

/** Statuses of a node group that pass by themselves, and in which it takes no update. Source: the same, `Nodegroup`. */
const passing: readonly (string | undefined)[] = ['CREATING', 'UPDATING'];

/**
 * The nodes of a managed node group of EKS, by its desired size.
 *
 * Ready are the instances of its Auto Scaling groups that are in service and healthy; whether Kubernetes finds a node
 * ready, no API of AWS says. As with an Auto Scaling group, `minSize` stays as it is, and `maxSize` is raised when it
 * would refuse the size.
 *
 * EKS takes one update of a node group at a time (`ResourceInUseException`), so the end of another one is waited for.
 * Source: Amazon EKS API Reference, UpdateNodegroupConfig, `Nodegroup` and `NodegroupScalingConfig`.
 */
export const eksNodegroup: ScaleHandle<'eks-nodegroup'> = {
  async read(clients, { region }, scalable) {
    const { scalingConfig, resources, health, status } = await describeNodegroup(clients, region, scalable);
    const names = (resources?.autoScalingGroups ?? []).flatMap(({ name }) => name ?? []);
    const ready = await Promise.all(names.map((name) => countInService(clients, region, name)));
    const [issue] = health?.issues ?? [];
    const isBusy = passing.includes(status);
    const trouble = issue === undefined ? undefined : `${issue.code}: ${issue.message}`;
    const hindrance = trouble ?? (isBusy ? `it is ${status}` : undefined);
    return {
      wanted: scalingConfig?.desiredSize ?? 0,
      ready: ready.reduce((sum, count) => sum + count, 0),
      ...(isBusy ? { isBusy } : {}),
      ...(hindrance === undefined ? {} : { hindrance: `node group ${scalable.name}: ${hindrance}` }),
    };
  },

  async set(clients, { region }, scalable, { size }) {
    const { scalingConfig = {}, status, health } = await describeNodegroup(clients, region, scalable);
    const { desiredSize, minSize = 0, maxSize = 0 } = scalingConfig;
    if (size < minSize) {
      const detail = `node group ${scalable.name} has minSize ${minSize}, above the standby size ${size}: lower the one or raise the other`;
      throw new PortError({ kind: 'invalid', detail });
    }
    if (desiredSize === size) return;
    const command = new UpdateNodegroupConfigCommand({
      clusterName: scalable.cluster,
      nodegroupName: scalable.name,
      scalingConfig: { desiredSize: size, ...(maxSize < size ? { maxSize: size } : {}) },
    });
    try {
      await clients.call((options) => clients.of(EKSClient, region).send(command, options));
    } catch (error) {
      const [issue] = health?.issues ?? [];
      if (!(error instanceof PortError) || issue === undefined) throw error;
      const detail = `node group ${scalable.name} is ${status}, ${issue.code}: ${error.fault.detail}`;
      throw new PortError({ ...error.fault, detail }, error.cause);
    }
  },
};

/** @throws {PortError} `invalid` when the region has no such node group */
async function describeNodegroup(
  clients: AwsClients,
  region: string,
  { cluster, name }: ScalableOf<'eks-nodegroup'>,
): Promise<Nodegroup> {
  const command = new DescribeNodegroupCommand({ clusterName: cluster, nodegroupName: name });
  try {
    const { nodegroup } = await clients.call((options) => clients.of(EKSClient, region).send(command, options));
    if (nodegroup !== undefined) return nodegroup;
  } catch (error) {
    if (!(error instanceof PortError && error.cause instanceof Error && error.cause.name === notFound)) throw error;
  }
  throw new PortError({ kind: 'invalid', detail: `no node group ${name} in cluster ${cluster} in ${region}` });
}
