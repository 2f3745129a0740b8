import type { Calls } from '../../core/calls.ts';
import type { Fence } from '../../core/model/site.ts';
import { tableCallMs } from '../../core/timing.ts';
import { startActuator } from './actuators.ts';
import { type ApiCall, controlPlaneMs, type Describe, ec2Ms, regionalCall, SimFault, textOf } from './api-call.ts';
import { describedResources } from './api-resources.ts';

/** What Lambda takes to begin an invocation. */
const invokeMs = 60;

/** What looks at a fence, and what closes or opens it. */
export const fenceApis: Readonly<Record<Fence['kind'], { readonly read: string; readonly write: string }>> = {
  groups: { read: 'ec2:DescribeInstances', write: 'ec2:ModifyInstanceAttribute' },
  targets: { read: 'elasticloadbalancing:DescribeTargetHealth', write: 'elasticloadbalancing:DeregisterTargets' },
  address: { read: 'ec2:DescribeAddresses', write: 'ec2:DisassociateAddress' },
  custom: { read: 'lambda:Invoke', write: 'lambda:Invoke' },
  'read-only': { read: 'lambda:Invoke', write: 'lambda:Invoke' },
};

const tableCall = (api: string, region: string, effect: () => unknown): ApiCall => ({
  api: `dynamodb:${api}`,
  region,
  deadlineMs: tableCallMs,
  serviceMs: 2,
  effect,
});

const ec2Call = (api: string, region: string, effect: () => unknown): ApiCall =>
  regionalCall(`ec2:${api}`, region, effect);

/** Route 53's control plane is in one region. Source: AWS Fault Isolation Boundaries, "Global services". */
const route53Region = 'us-east-1';

/** Every call but probes and log lines, as the API call that stands for it. */
export const described: { readonly [K in keyof Calls]?: Describe<K> } = {
  prepare: ({ tables }, { region, service, ballot }) =>
    tableCall('UpdateItem', region, () => tables.prepare(region, service, ballot)),
  accept: (world, { region, service, ballot, value }) =>
    tableCall('UpdateItem', region, () => {
      const reply = world.tables.accept(region, service, ballot, value);
      if (reply.isGranted) world.noteAccept(region, service, ballot, value);
      return reply;
    }),
  readTable: ({ tables }, { region, services }) =>
    tableCall('BatchGetItem', region, () => tables.read(region, services)),
  writeOpinions: (world, { region, item }) =>
    tableCall('UpdateItem', region, () => {
      const reply = world.tables.writeOpinions(region, item);
      if (!reply.isSuperseded) world.opinionsWrittenMs.set(region, world.nowMs);
      return reply;
    }),
  claimToken: (world, { region, service, token }, process) =>
    tableCall('UpdateItem', region, () => {
      const reply = world.tables.claimToken(region, service, token);
      world.occur({ type: 'claim', region, service, token, isGranted: reply.isGranted, by: process.identity });
      return reply;
    }),
  invoke: (world, { region, order }, process) => ({
    api: 'lambda:Invoke',
    region,
    deadlineMs: world.stepTimeoutMs(order.service),
    serviceMs: invokeMs,
    effect: () => undefined,
    effectLater: (answer) => startActuator(world, region, order, process, answer),
  }),
  locateAddress: (world, { region, allocationId }, process) =>
    ec2Call('DescribeAddresses', region, () => {
      const instanceId = world.cloud.locate(region, allocationId);
      world.occur({ type: 'look', thing: 'address', value: String(instanceId), by: process.identity });
      return { instanceId };
    }),
  associateAddress: (world, { region, allocationId, instanceId }, process) =>
    ec2Call('AssociateAddress', region, () => {
      const hasChanged = world.cloud.associate(region, allocationId, instanceId);
      world.noteWrite('address', region, allocationId, instanceId, hasChanged, process);
      return null;
    }),
  readIsolation: (world, input, process) =>
    regionalCall(fenceApis[input.fence.kind].read, input.region, () => {
      const isIsolated = world.cloud.isIsolated(input);
      const isReleased = world.cloud.isReleased(input);
      world.occur({ type: 'look', thing: 'isolation', value: String(isIsolated), by: process.identity });
      return { isIsolated, isReleased };
    }),
  setIsolation: (world, { isIsolated, ...input }, process) =>
    regionalCall(fenceApis[input.fence.kind].write, input.region, () => {
      const hasChanged = world.cloud.setIsolation(input, isIsolated);
      world.applyIsolation();
      world.noteWrite(
        'isolation',
        input.region,
        `${input.service}/${input.site}`,
        String(isIsolated),
        hasChanged,
        process,
      );
      return null;
    }),
  ...describedResources,
  readRecord: (world, { name }, process) => ({
    api: 'route53:ListResourceRecordSets',
    region: route53Region,
    deadlineMs: controlPlaneMs,
    serviceMs: ec2Ms,
    effect: () => {
      const values = world.cloud.readRecord(name);
      world.occur({ type: 'look', thing: 'record', value: values.a ?? values.aaaa ?? '', by: process.identity });
      return values;
    },
  }),
  writeRecord: (world, { name, values }, process) => ({
    api: 'route53:ChangeResourceRecordSets',
    region: route53Region,
    deadlineMs: controlPlaneMs,
    serviceMs: ec2Ms,
    effect: () => {
      const hasChanged = world.cloud.writeRecord(name, values);
      world.noteWrite('record', route53Region, name, values.a ?? values.aaaa ?? '', hasChanged, process);
      return null;
    },
  }),
  readRecordWeights: (world, { name }, process) => ({
    api: 'route53:ListResourceRecordSets',
    region: route53Region,
    deadlineMs: controlPlaneMs,
    serviceMs: ec2Ms,
    effect: () => {
      const weights = world.cloud.readRecordWeights(name);
      if (weights === null) throw new SimFault({ kind: 'invalid', detail: `${name} has no weighted records` });
      world.occur({ type: 'look', thing: 'record-weights', value: textOf(weights), by: process.identity });
      return weights;
    },
  }),
  writeRecordWeights: (world, { name, weights }, process) => ({
    api: 'route53:ChangeResourceRecordSets',
    region: route53Region,
    deadlineMs: controlPlaneMs,
    serviceMs: ec2Ms,
    effect: () => {
      const hasChanged = world.cloud.writeRecordWeights(name, weights);
      world.noteWrite('record-weights', route53Region, name, textOf(weights), hasChanged, process);
      return null;
    },
  }),
  resolve: (world, { name }, process) => ({
    api: 'dns:Query',
    region: process.identity.place,
    deadlineMs: controlPlaneMs,
    serviceMs: 20,
    effect: () => ({ addresses: world.names.addressesOf(name) }),
  }),
  checkSelf: (world, _input, process) => ({
    api: 'self:Check',
    region: process.identity.place,
    deadlineMs: tableCallMs,
    serviceMs: 20,
    effect: () => ({ isConnected: world.isConnected(process.identity.place) }),
  }),
  notify: (world, { event }, process) => ({
    api: 'sns:Publish',
    region: process.identity.place,
    deadlineMs: controlPlaneMs,
    serviceMs: 30,
    effect: () => {
      world.occur({ type: 'notified', event });
      return null;
    },
  }),
};
