import { askCluster } from './eks-cluster.ts';
import type { ScalableOf, ScaleHandle } from './scale-handle.ts';

/** The part of a Deployment that is read. Source: Kubernetes API Reference, "Deployment", apps/v1. */
interface Deployment {
  readonly metadata?: { readonly generation?: number };
  readonly spec?: { readonly replicas?: number };
  /** Left out by a controller that has not looked yet. */
  readonly status?: { readonly observedGeneration?: number; readonly availableReplicas?: number };
}

/** Replicas of a Deployment that says nothing of them. Source: Kubernetes API Reference, "DeploymentSpec". */
const replicasDefault = 1;

/**
 * The pods of a Deployment in an EKS cluster, by its replicas, through the cluster's Kubernetes API.
 *
 * Ready are the pods that are available: ready, and for `minReadySeconds` already. What the controller counted before
 * the last change says nothing of it. The replicas are written by the subresource `scale`, so that the role needs no
 * right to change anything else of it. Source: Kubernetes documentation, "Deployments" and "Access Clusters Using the
 * Kubernetes API".
 */
export const eksDeployment: ScaleHandle<'eks-deployment'> = {
  async read(clients, place, scalable) {
    const asked = { method: 'GET', path: pathOf(scalable) } as const;
    const { metadata, spec, status } = (await askCluster(clients, place, scalable.cluster, asked)) as Deployment;
    const isCurrent = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
    return { wanted: spec?.replicas ?? replicasDefault, ready: isCurrent ? (status?.availableReplicas ?? 0) : 0 };
  },

  async set(clients, place, scalable, { size }) {
    const path = `${pathOf(scalable)}/scale`;
    await askCluster(clients, place, scalable.cluster, { method: 'PATCH', path, patch: { spec: { replicas: size } } });
  },
};

function pathOf({ namespace, name }: ScalableOf<'eks-deployment'>): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
}
