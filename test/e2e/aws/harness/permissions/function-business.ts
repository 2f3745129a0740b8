import { type FunctionKind, topicName } from '../../../../../src/config/plan/names.ts';
import { type Permission, recordChange } from './permission.ts';
import { ask, leadingKeys, type Things } from './things.ts';

/** What is another function's business than that of a kind, and so must be denied to it. */
export function businessOf(kind: FunctionKind, things: Things): readonly Permission[] {
  const effects = effectsOf(things);
  const { register, opinions, claim, read } = tableAccess(things);
  const without = (...own: readonly (keyof typeof effects)[]) =>
    Object.entries(effects).flatMap(([name, permission]) => (own.some((one) => one === name) ? [] : permission));
  const actuator = (...own: readonly (keyof typeof effects)[]) => [...without(...own), register, opinions];
  const byKind: Readonly<Record<FunctionKind, readonly Permission[]>> = {
    watcher: without(),
    oracle: [...without(), register, opinions, claim, read],
    endpoints: [...without(), register, opinions, claim, read],
    address: actuator('associate'),
    fence: actuator('cutOff'),
    dns: actuator('edit'),
    route: actuator(),
    targets: actuator('shift'),
    accelerator: actuator(),
    controls: actuator(),
    zonal: actuator(),
    edge: actuator(),
    start: actuator('scale', 'startInstances'),
    promote: actuator('promote'),
    work: actuator('turn'),
    rebuild: actuator(),
    publish: actuator('tellInside'),
    // Of the user's function it asks which part of the data is a replica; IAM knows one permission for all requests.
    survey: [...without('promote'), register, opinions, claim, read],
    notify: [...without('tellPeople'), register, opinions, claim, read],
    doctor: [...without(), register, opinions, claim],
    deploy: [...without(), register, opinions, claim, read],
  };
  return byKind[kind];
}

/** The effect of each function, on what it is for. */
function effectsOf(things: Things) {
  const { arn, deployment, eip, zone, record, listener, targetGroup, group, instance, hook, endpoints } = things;
  return {
    associate: ask('ec2:AssociateAddress', eip),
    cutOff: ask('elasticloadbalancing:DeregisterTargets', targetGroup),
    edit: ask('route53:ChangeResourceRecordSets', zone, recordChange([record], ['A'], ['UPSERT'])),
    shift: ask('elasticloadbalancing:ModifyListener', listener),
    scale: ask('autoscaling:UpdateAutoScalingGroup', group),
    startInstances: ask('ec2:StartInstances', instance),
    turn: ask('events:DisableRule', arn('events', 'rule/nightly')),
    promote: ask('lambda:InvokeFunction', hook),
    tellInside: ask('ssm:PutParameter', endpoints),
    tellPeople: ask('sns:Publish', arn('sns', topicName(deployment))),
  };
}

function tableAccess({ table, service }: Things) {
  return {
    register: ask('dynamodb:UpdateItem', table, leadingKeys(`register#${service}`)),
    opinions: ask('dynamodb:UpdateItem', table, leadingKeys('opinions')),
    claim: ask('dynamodb:UpdateItem', table, leadingKeys(`claim#${service}`)),
    /** With the opinions: a register alone is what oracle and survey read. */
    read: ask('dynamodb:BatchGetItem', table, leadingKeys('opinions', `register#${service}`)),
  };
}
