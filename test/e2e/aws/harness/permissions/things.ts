import { endpointsParameter, stateTableName } from '../../../../../src/config/plan/names.ts';
import type { NamedService } from '../../../../../src/core/model/service.ts';
import { account, groupId, type Permission } from './permission.ts';

/** What the questions are about; what a deployment does not have gets a name that could be one. */
export interface Things {
  readonly deployment: string;
  readonly service: string;
  /** ARN in the function's region, or in another. */
  readonly arn: (service: string, resource: string, region?: string) => string;
  readonly table: string;
  readonly eip: string;
  readonly zone: string;
  readonly record: string;
  readonly listener: string;
  readonly targetGroup: string;
  readonly group: string;
  readonly instance: string;
  readonly hook: string;
  /** Parameter of the service's endpoints, in the function's region. */
  readonly endpoints: string;
}

/** One question to IAM. */
export function ask(action: string, resource: string, context: Permission['context'] = {}): Permission {
  return { action, resource, context };
}

/** Condition keys of a request for items. */
export function leadingKeys(...keys: readonly string[]): Permission['context'] {
  return { 'dynamodb:LeadingKeys': [...keys] };
}

/** The things of a service, as a function of a region sees them. */
export function thingsOf(deployment: string, service: NamedService, region: string): Things {
  const arn = (of: string, resource: string, at = region) => `arn:aws:${of}:${at}:${account}:${resource}`;
  const { dns, address, targets } = service.traffic;
  const scale = Object.values(service.sites).flatMap((site) => site.scale.map((scalable) => ({ site, scalable })));
  const instances = scale.find(({ scalable }) => scalable.kind === 'instances');
  const group = scale.find(({ scalable }) => scalable.kind === 'auto-scaling-group');
  const groupName = group?.scalable.kind === 'auto-scaling-group' ? group.scalable.name : 'shop-web';
  const instanceId = instances?.scalable.kind === 'instances' ? instances.scalable.instanceIds[0] : undefined;
  const hooks = service.data?.kind === 'custom' ? Object.entries(service.data.functions) : [];
  const [hookSite, hookName] = hooks[0] ?? ['', 'shop-data'];
  return {
    deployment,
    service: service.name,
    arn,
    table: arn('dynamodb', `table/${stateTableName(deployment)}`),
    eip: arn('ec2', `elastic-ip/${address?.allocationId[0] ?? 'eipalloc-0123456789abcdef0'}`),
    zone: `arn:aws:route53:::hostedzone/${dns?.zone.id}`,
    record: dns?.record ?? '',
    listener: targets?.listenerArn[0] ?? arn('elasticloadbalancing', `listener/app/shop/${someId}/${someId}`),
    targetGroup:
      Object.values(targets?.targetGroups ?? {})[0] ??
      arn('elasticloadbalancing', `targetgroup/shop-left/${someId}`, region),
    group: autoScalingGroup(arn, groupName, group?.site.region),
    instance: arn('ec2', `instance/${instanceId ?? 'i-0123456789abcdef0'}`, instances?.site.region),
    hook: arn('lambda', `function:${hookName}`, service.sites[hookSite]?.region),
    endpoints: arn('ssm', `parameter${endpointsParameter(deployment, service.name)}`),
  };
}

/** An id of no load balancer. */
export const someId = '0123456789abcdef';

/** ARN of an Auto Scaling group, with an id of the group as AWS makes one. */
export function autoScalingGroup(arn: Things['arn'], name: string, region?: string): string {
  return arn('autoscaling', `autoScalingGroup:${groupId}:autoScalingGroupName/${name}`, region);
}
