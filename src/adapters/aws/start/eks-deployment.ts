import { askCluster } from './eks-cluster.ts';
import type { ScalableOf, ScaleHandle } from './scale-handle.ts';

/** The part of a Deployment that is read. Source: Kubernetes API Reference, "Deployment", apps/v1. */
interface Deployment {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly availableReplicas?: number };
}

/** Replicas of a Deployment that says nothing of them. Source: Kubernetes API Reference, "DeploymentSpec". */
const replicasDefault = 1;

/**
 * The pods of a Deployment in an EKS cluster, by its replicas, through the cluster's Kubernetes API.
 *
 * Ready are the pods that are available: ready, and for `minReadySeconds` already. The replicas are written by the
 * subresource `scale`, so that the role needs no right to change anything else of it. Source: Kubernetes documentation,
 * "Deployments" and "Access Clusters Using the Kubernetes API".
 */
export const eksDeployment: ScaleHandle<'eks-deployment'> = {
  async read(clients, place, scalable) {
    const asked = { method: 'GET', path: pathOf(scalable) } as const;
    const { spec, status } = (await askCluster(clients, place, scalable.cluster, asked)) as Deployment;
    return { wanted: spec?.replicas ?? replicasDefault, ready: status?.availableReplicas ?? 0 };
  },

  async set(clients, place, scalable, { size }) {
    const path = `${pathOf(scalable)}/scale`;
    await askCluster(clients, place, scalable.cluster, { method: 'PATCH', path, patch: { spec: { replicas: size } } });
  },
};

function pathOf({ namespace, name }: ScalableOf<'eks-deployment'>): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
}
