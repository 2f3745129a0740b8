import { actuate } from '../../core/actuator.ts';
import type { Calls } from '../../core/calls.ts';
import type { Order } from '../../core/order.ts';
import type { Answer } from '../../core/routine.ts';
import { tableCallMs } from '../../core/timing.ts';
import type { Process } from '../process.ts';
import { faultOf } from './api-faults.ts';
import { oneWayMs } from './links.ts';
import { answerOf } from './sites.ts';
import type { World } from './world.ts';

/** What it takes to answer one call: which API of which region, how long the caller waits, and what happens there. */
interface ApiCall {
  readonly api: string;
  readonly region: string;
  readonly deadlineMs: number;
  /** Time the service itself takes, in milliseconds. */
  readonly serviceMs: number;
  /** What the call does and answers; runs at the instant at which it arrives. */
  readonly effect: () => unknown;
  /** Answers later than the effect: an actuator works before it reports. */
  readonly effectLater?: (answer: (value: unknown) => void) => void;
}

/** Deadline of an EC2 or Route 53 call, several times what one takes. */
const controlPlaneMs = 3_000;
/** What EC2 takes for one call. */
const ec2Ms = 250;
/** What Lambda takes to begin an invocation. */
const invokeMs = 60;

type Describe<K extends keyof Calls> = (world: World, input: Calls[K]['input'], process: Process) => ApiCall;

const tableCall = (api: string, region: string, effect: () => unknown): ApiCall => ({
  api: `dynamodb:${api}`,
  region,
  deadlineMs: tableCallMs,
  serviceMs: 2,
  effect,
});

const ec2Call = (api: string, region: string, effect: () => unknown): ApiCall => ({
  api: `ec2:${api}`,
  region,
  deadlineMs: controlPlaneMs,
  serviceMs: ec2Ms,
  effect,
});

/** Route 53's control plane is in one region. Source: AWS Fault Isolation Boundaries, "Global services". */
const route53Region = 'us-east-1';

const described: { readonly [K in keyof Calls]?: Describe<K> } = {
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
  readIsolation: (world, { region, instanceIds }, process) =>
    ec2Call('DescribeInstances', region, () => {
      const isIsolated = world.cloud.isIsolated(region, instanceIds);
      const isReleased = world.cloud.isReleased(region, instanceIds);
      world.occur({ type: 'look', thing: 'isolation', value: String(isIsolated), by: process.identity });
      return { isIsolated, isReleased };
    }),
  setIsolation: (world, { region, instanceIds, isIsolated }, process) =>
    ec2Call('ModifyInstanceAttribute', region, () => {
      const hasChanged = world.cloud.setIsolation(region, instanceIds, isIsolated);
      world.applyIsolation();
      world.noteWrite('isolation', region, instanceIds.join('+'), String(isIsolated), hasChanged, process);
      return null;
    }),
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
  notify: (world, { happening }, process) => ({
    api: 'sns:Publish',
    region: process.identity.place,
    deadlineMs: controlPlaneMs,
    serviceMs: 30,
    effect: () => {
      world.occur({ type: 'notified', happening });
      return null;
    },
  }),
};

/** Carries out any call of any process in the simulated world. */
export function reachWorld<K extends keyof Calls>(
  world: World,
  process: Process,
  name: K,
  input: Calls[K]['input'],
  reply: (answer: Answer<Calls[K]['output']>) => void,
): void {
  if (name === 'log') {
    world.noteSaid(process, (input as Calls['log']['input']).happening);
    if (process.isAlive) reply({ ok: true, value: null });
    return;
  }
  if (name === 'probe') {
    runProbe(world, process, input as Calls['probe']['input'], reply as never);
    return;
  }
  if (name === 'writeOpinions') world.noteVoice(process, (input as Calls['writeOpinions']['input']).item);
  const describe = described[name] as Describe<K> | undefined;
  if (!describe) throw new RangeError(`the simulated world cannot ${name}`);
  world.crashes.pass('before', name, input, process);
  if (!process.isAlive) return;
  carry(world, process, describe(world, input, process), (answer) => {
    reply(answer as Answer<Calls[K]['output']>);
    world.crashes.pass('after', name, input, process);
  });
}

/** Sends a call there and its answer back, through cuts, dead regions and API faults. */
function carry(world: World, process: Process, api: ApiCall, reply: (answer: Answer<unknown>) => void): void {
  const { links, scheduler, random, faults } = world;
  const { identity } = process;
  const here = [identity.place];
  const there = [api.region, `aws/${api.api.split(':')[0]}/${api.region}`];
  const giveUp = () =>
    reply({
      ok: false,
      fault: { kind: 'timeout', detail: `${api.api} in ${api.region}: no answer within ${api.deadlineMs} ms` },
    });
  const deadline = () => scheduler.after(api.deadlineMs, giveUp);
  const report = (outcome: string) =>
    world.occur({ type: 'api', api: api.api, region: api.region, by: identity, outcome });

  if (!links.passes(here, there)) {
    report('lost');
    deadline();
    return;
  }
  const thereMs = oneWayMs(identity.place, api.region, random);
  const backMs = thereMs + api.serviceMs;
  const fault = faults.strike(api.api, api.region, scheduler.nowMs, random);
  if (fault !== null && fault !== 'timeout' && fault !== 'lost-response') {
    report(fault);
    scheduler.after(thereMs + backMs, () => reply({ ok: false, fault: faultOf(fault, api.api) }));
    return;
  }
  if (fault === 'timeout') {
    report(fault);
    deadline();
    return;
  }

  let isOver = false;
  if (api.effectLater) {
    // An actuator may never answer; everything else does, or is known to be lost, when it arrives.
    scheduler.after(api.deadlineMs, () => {
      if (isOver) return;
      isOver = true;
      giveUp();
    });
  }
  const respond = (value: unknown) => {
    const isLost = fault === 'lost-response' || !links.passes(there, here);
    scheduler.after(isLost && !api.effectLater ? Math.max(0, api.deadlineMs - thereMs) : backMs, () => {
      if (isOver) return;
      if (isLost && api.effectLater) return;
      isOver = true;
      if (isLost) giveUp();
      else reply({ ok: true, value });
    });
  };
  scheduler.after(thereMs, () => {
    if (!links.passes([], there) || world.isTableStopped(api)) {
      report('down');
      if (!api.effectLater) scheduler.after(Math.max(0, api.deadlineMs - thereMs), giveUp);
      return;
    }
    report(fault ?? 'ok');
    if (api.effectLater) api.effectLater(respond);
    else respond(api.effect());
  });
}

function startActuator(
  world: World,
  region: string,
  order: Order,
  caller: Process,
  answer: (report: unknown) => void,
): void {
  const watcher = caller.identity.role === 'watcher' ? caller.identity.place : caller.identity.watcher;
  const actuator = world.control.spawn({ role: 'actuator', place: region, watcher }, actuate(order, region), answer);
  world.noteOrder(actuator, order);
}

function runProbe(
  world: World,
  process: Process,
  { probe }: Calls['probe']['input'],
  reply: (answer: Answer<Calls['probe']['output']>) => void,
): void {
  const { scheduler, links, random, sites } = world;
  const site = sites.ofProbe(probe);
  const { place, serial } = process.identity;
  const there = [site.region, `site/${site.service}/${site.name}`];
  const done = (observation: Calls['probe']['output'], afterMs: number) =>
    scheduler.after(afterMs, () => {
      const { outcome } = observation;
      world.occur({ type: 'probe', watcher: place, serial, service: site.service, site: site.name, outcome });
      reply({ ok: true, value: observation });
    });
  // What the prober itself cannot do (no socket, no resolver) is no observation at all.
  if (world.faults.strike('prober:Probe', place, world.nowMs, random) !== null) {
    world.occur({ type: 'probe', watcher: place, serial, service: site.service, site: site.name, outcome: 'fault' });
    scheduler.after(1, () => reply({ ok: false, fault: { kind: 'unavailable', detail: 'the prober has no sockets' } }));
    return;
  }
  const networkMs = 2 * oneWayMs(place, site.region, random);
  const isReachable = links.passes([place], there) && links.passes(there, [place]);
  const answer = isReachable ? answerOf(site, probe, networkMs) : null;
  if (answer === null) done({ outcome: 'fail', reason: 'timeout', latencyMs: probe.timeoutMs }, probe.timeoutMs);
  else done(answer.observation, answer.afterMs);
}
