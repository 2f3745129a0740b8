import { tablePartOf } from '../../../core/kinds/start.ts';
import type { Scalable } from '../../../core/model/site.ts';

/**
 * What is known of one thing that can be scaled, in words that mean the same in every region: ids of images, security
 * groups and versions differ between regions and are not among them. Absent where it could not be read.
 */
export interface StandbyFacts {
  /** Why it could not be brought to any size: there is no such thing, or it is not what the configuration says. */
  readonly flaw?: string;
  readonly wanted?: number;
  readonly ready?: number;
  readonly image?: string;
  readonly instanceType?: string;
  /** Processor and memory of a task or function. */
  readonly resources?: string;
  /** Digest of a function's code. */
  readonly code?: string;
  /** What its security groups let in, such as `tcp 443`, sorted. */
  readonly openPorts?: readonly string[];
  readonly isLaunchSuspended?: boolean;
  /** Ids of instances that are terminated, and will not come back. */
  readonly gone?: readonly string[];
  readonly quota?: Quota;
}

/** A limit of the account in a region, and how much of it one unit of size takes. */
export interface Quota {
  /** In words, such as `vCPUs of on-demand instances`. */
  readonly what: string;
  readonly limit: number;
  readonly needEach: number;
}

/** One thing of a waiting site beside its counterpart at the site that serves. */
export interface AuditPair {
  readonly scalable: Scalable;
  readonly standby: StandbyFacts;
  /** Null when the site that serves has no such thing, or when it could not be read. */
  readonly serving: StandbyFacts | null;
}

/**
 * What a standby lacks to take over from the serving site: one line each, for people.
 *
 * Only what is known on both sides is compared; unknown is no finding.
 *
 * @param servingSite - name, for the lines
 */
export function auditFindings(pairs: readonly AuditPair[], servingSite: string): readonly string[] {
  return pairs.flatMap((pair) => {
    const label = labelOf(pair.scalable);
    return [...sizeFindings(pair, servingSite), ...differences(pair, servingSite), ...limits(pair)].map(
      (finding) => `${label}: ${finding}`,
    );
  });
}

/**
 * Pairs the things of two sites: the first of a kind with the first of that kind, the second with the second.
 *
 * @returns for each thing of the waiting site its place among those of the serving one; null without a counterpart
 */
export function counterparts(standby: readonly Scalable[], serving: readonly Scalable[]): readonly (number | null)[] {
  return standby.map(({ kind }, index) => {
    const nth = standby.slice(0, index).filter((other) => other.kind === kind).length;
    const places = serving.flatMap((other, place) => (other.kind === kind ? [place] : []));
    return places[nth] ?? null;
  });
}

function sizeFindings({ scalable, standby, serving }: AuditPair, servingSite: string): readonly string[] {
  if (scalable.kind === 'instances') return [];
  const { size, standbySize, asActive } = scalable;
  const { wanted, ready } = standby;
  const found: string[] = [];
  if (wanted !== undefined && wanted < standbySize)
    found.push(`stands by with ${wanted}, less than its ${standbySize}`);
  else if (ready !== undefined && ready < standbySize) found.push(`only ${ready} of ${standbySize} are ready`);
  if (!asActive && serving?.wanted !== undefined && serving.wanted > size) {
    found.push(`would be raised to ${size}, and ${servingSite} has ${serving.wanted}`);
  }
  return found;
}

const compared = [
  ['image', 'image'],
  ['instanceType', 'instance type'],
  ['resources', 'size of one'],
  ['code', 'code'],
] as const;

function differences({ standby, serving }: AuditPair, servingSite: string): readonly string[] {
  if (serving === null) return [];
  const found: string[] = compared.flatMap(([key, word]) => {
    const [here, there] = [standby[key], serving[key]];
    return here === undefined || there === undefined || here === there
      ? []
      : [`${word} is ${here}, on ${servingSite} ${there}`];
  });
  const { openPorts } = standby;
  if (openPorts !== undefined && serving.openPorts !== undefined) {
    const missing = serving.openPorts.filter((port) => !openPorts.includes(port));
    const extra = openPorts.filter((port) => !serving.openPorts?.includes(port));
    if (missing.length > 0)
      found.push(`security groups keep out ${missing.join(', ')}, on ${servingSite} they let it in`);
    if (extra.length > 0) found.push(`security groups let in ${extra.join(', ')}, on ${servingSite} they do not`);
  }
  return found;
}

function limits({ scalable, standby, serving }: AuditPair): readonly string[] {
  const { quota, gone = [], isLaunchSuspended, flaw } = standby;
  const found = flaw === undefined ? [] : [`cannot be started: ${flaw}`];
  if (isLaunchSuspended === true) found.push('its launching is suspended');
  if (gone.length > 0)
    found.push(`${gone.join(', ')} terminated: put what replaces each into the configuration, and deploy`);
  if (quota === undefined) return found;
  const need = fullSize(scalable, serving) * quota.needEach;
  if (need > quota.limit) found.push(`needs ${need} ${quota.what}, and the account's quota is ${quota.limit}`);
  return found;
}

/** What it grows to when its site takes over. */
function fullSize(scalable: Scalable, serving: StandbyFacts | null): number {
  if (scalable.kind === 'instances') return scalable.instanceIds.length;
  return scalable.asActive ? Math.max(scalable.size, serving?.wanted ?? 0) : scalable.size;
}

function labelOf(scalable: Scalable): string {
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return `group ${scalable.name}`;
    case 'ecs-service':
      return `service ${scalable.name}`;
    case 'eks-nodegroup':
      return `node group ${scalable.name}`;
    case 'eks-deployment':
      return `deployment ${scalable.namespace}/${scalable.name}`;
    case 'provisioned-concurrency':
      return `function ${scalable.functionName}:${scalable.alias}`;
    case 'instances':
      return `instances ${scalable.instanceIds.join(', ')}`;
    case 'aurora-serverless':
      return `cluster ${scalable.cluster}`;
    case 'aurora-readers':
      return `readers of ${scalable.cluster}`;
    case 'dynamodb-capacity':
      return `${scalable.units} capacity of ${tablePartOf(scalable)}`;
    case 'custom':
      return `what ${scalable.functionName} scales`;
  }
}
