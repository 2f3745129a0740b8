import { regionOfArn } from '../../config/schema/aws-id.ts';
import type { Calls } from '../../core/calls.ts';
import { type KindName, kindNames } from '../../core/kinds/kind-name.ts';
import type { ThingOf } from '../../core/kinds/kinds.ts';
import { tableCallMs } from '../../core/timing.ts';
import type { Written } from '../event.ts';
import { type Process, whereIs } from '../process.ts';
import { type ActuatorGround, startActuator } from './actuators.ts';
import { type ApiCall, controlPlaneMs, hookApi, hookCall, regionalCall, SimFault } from './api-call.ts';
import type { ApiFaults } from './api-faults.ts';
import { callApis } from './api-names.ts';
import type { SimWrites } from './clients/writes.ts';
import type { Accepted } from './decisions.ts';
import type { SimNames } from './dns/names.ts';
import { isAnsweredAt } from './dns/private-zones.ts';
import type { Ground } from './ground.ts';
import type { KindApis, KindGround, SimKind } from './kinds/kind.ts';
import { simKinds } from './kinds/kinds.ts';
import { type SurveyGround, surveyIn } from './probes/surveys.ts';
import type { SimHooks } from './resources/hooks.ts';
import type { SimStateTables } from './state-tables.ts';
import type { SimTableIdentities } from './table-identities.ts';

/** What API calls read and change. */
export interface ApiGround extends Ground, KindGround, ActuatorGround, SurveyGround {
  readonly tables: SimStateTables;
  readonly identities: SimTableIdentities;
  readonly names: SimNames;
  readonly writes: SimWrites;
  readonly faults: ApiFaults;
  readonly hooks: SimHooks;
  /** When each table last took its watcher's opinions. */
  readonly opinionsWrittenMs: Map<string, number>;
  noteAccept(accepted: Accepted): void;
  noteWrite(written: Written, process: Process): void;
  /** Serial of the process that gave an actuator its order. */
  callerOf(actuator: Process): number | undefined;
  stepTimeoutMs(service: string): number;
  /** What the function of a step has for one attempt. */
  attemptMs(service: string): number;
  isConnected(region: string): boolean;
}

/** Makes the API call that stands for a call of the core. */
export type Describe<K extends keyof Calls> = (world: ApiGround, input: Calls[K]['input'], process: Process) => ApiCall;

/** What a function of the user takes to answer `read`. */
const hookReadMs = 250;

/** Deadline of a survey, which makes calls of its own. Source: `lambda/watcher.lambda.ts`. */
const surveyMs = 8_000;

/** What Lambda takes to begin an invocation. */
const invokeMs = 60;

const tableCall = (
  call: 'prepare' | 'accept' | 'readTable' | 'writeOpinions' | 'claimToken' | 'readClaim',
  region: string,
  effect: () => unknown,
): ApiCall => ({
  api: callApis[call],
  region,
  deadlineMs: tableCallMs,
  serviceMs: 2,
  effect,
});

/** Actuators count no votes, and so need not know which table answers them. */
function countsVotes(process: Process): boolean {
  return process.identity.role !== 'actuator';
}

/** @throws {SimFault} when the process cannot tell whose vote it is; what it wrote is written */
function unlessDoubted<T>(world: ApiGround, process: Process, region: string, reply: T): T {
  const doubt = world.identities.doubt(process, region);
  if (doubt !== null) throw new SimFault(doubt);
  return reply;
}

/** ARNs of the topics of the user's that a region reaches now; each hears of it by itself. */
function topicsReached({ deployment, links, nowMs, random, faults }: ApiGround, place: string): readonly string[] {
  return deployment.notify.topics.filter((topic) => {
    const region = regionOfArn(topic);
    const isReached = links.passes([place], [region, `aws/sns/${region}`]);
    return isReached && faults.strike({ api: callApis.notify, region, by: place }, nowMs, random) === null;
  });
}

/**
 * The region that answers a call: the first one that can be reached and does not refuse every call. What the tries
 * before it take is not simulated.
 */
function answeringRegion({ links, faults, nowMs }: ApiGround, apis: KindApis, api: string, place: string): string {
  const canAnswer = (region: string) =>
    links.passes([place], [region, `aws/${api.split(':')[0]}/${region}`]) &&
    !links.isRegionDead(region) &&
    !faults.isFailing({ api, region, by: place }, nowMs, 1);
  return [apis.region, ...(apis.others ?? [])].find(canAnswer) ?? apis.region;
}

/** A thing of a site, or one that is promoted there. */
interface SiteThing {
  readonly service: string;
  readonly site?: string;
  readonly to?: string;
}

/** What the user's function takes to change a thing. */
function hookMsOf({ sites }: ApiGround, thing: object): number {
  const { service, site, to } = thing as SiteThing;
  return sites.get(service, site ?? to ?? '').hookMs;
}

/** A call about a thing: of a control plane, or of the user's function for it. */
function called(
  world: ApiGround,
  call: { readonly name: string; readonly api: string; readonly region: string; readonly thing: object },
  process: Process,
  effect: ApiCall['effect'],
): ApiCall {
  const { name, api, region, thing } = call;
  if (api !== hookApi) return regionalCall(api, region, effect);
  const hookMs = name.startsWith('read:') ? hookReadMs : hookMsOf(world, thing);
  const leftMs = process.startedMs + world.attemptMs((thing as SiteThing).service) - world.nowMs;
  const begin = () => {
    const isBeside = world.hooks.begin(`${world.callerOf(process)} ${name} ${JSON.stringify(thing)}`, hookMs);
    world.occur({ type: 'hook', request: name, isBeside });
  };
  return hookCall(region, leftMs, { takesMs: hookMs, begin, effect });
}

/** Reading and writing the things of a kind, as the API calls that stand for them. */
function describedKind<K extends KindName>(name: K, kind: SimKind<K>): readonly (readonly [string, unknown])[] {
  const read = (world: ApiGround, thing: ThingOf<K>, process: Process): ApiCall => {
    const apis = kind.apisOf(thing);
    const region = answeringRegion(world, apis, apis.read, whereIs(process.identity));
    const look = called(world, { name: `read:${name}`, api: apis.read, region, thing }, process, (isRepeated) => {
      const state = kind.read(world, thing);
      // The answer to a read that arrives once more reaches nobody.
      if (!isRepeated)
        world.occur({ type: 'look', thing: name, value: kind.seenText(state, thing), by: process.identity });
      return state;
    });
    return { ...look, isInOtherAccount: isInOtherAccount(thing) };
  };
  const write = (world: ApiGround, thing: ThingOf<K>, process: Process): ApiCall => {
    const apis = kind.apisOf(thing);
    const region = answeringRegion(world, apis, apis.write, whereIs(process.identity));
    const change = called(world, { name: `write:${name}`, api: apis.write, region, thing }, process, (isRepeated) => {
      const hasChanged = kind.write(world, thing);
      const [target, value] = [kind.targetOf(thing), kind.wantedText(thing)];
      const written = { thing: name, region, target, value, whole: thing };
      const takenMs = apis.write === hookApi ? hookMsOf(world, thing) : 0;
      world.noteWrite({ ...written, hasChanged, takenMs, isRepeated }, process);
      return null;
    });
    return { ...change, isInOtherAccount: isInOtherAccount(thing) };
  };
  return [
    [`read:${name}`, read],
    [`write:${name}`, write],
  ];
}

function isInOtherAccount(thing: object): boolean {
  return 'account' in thing && thing.account !== undefined;
}

/** The calls of every kind; what is made of the registry has the names that the core's list has. */
const describedKinds = Object.fromEntries(
  kindNames.flatMap((name) => describedKind(name, simKinds[name] as SimKind<typeof name>)),
) as { readonly [K in Extract<keyof Calls, `read:${string}` | `write:${string}`>]: Describe<K> };

/** Every call but the two that reach no API, as the API call that stands for it. */
type Described = { readonly [K in Exclude<keyof Calls, 'probe' | 'log'>]: Describe<K> };

/** Every call but probes and log lines, as the API call that stands for it. */
export const described: Described = {
  prepare: (world, { region, service, ballot }, process) =>
    tableCall('prepare', region, () => {
      const reply = world.tables.prepare(region, service, ballot);
      return unlessDoubted(world, process, region, reply);
    }),
  accept: (world, { region, service, ballot, value }, process) =>
    tableCall('accept', region, () => {
      const reply = world.tables.accept(region, service, ballot, value);
      if (reply.isGranted) {
        const { incarnation } = reply.state;
        world.noteAccept({ region, incarnation, service, ballot, register: value });
      }
      return unlessDoubted(world, process, region, reply);
    }),
  readTable: (world, { region, services }, process) =>
    tableCall('readTable', region, () => {
      const view = world.tables.read(region, services);
      const doubt = countsVotes(process) ? world.identities.doubt(process, region) : null;
      return doubt === null ? view : { opinions: view.opinions, acceptors: {}, unidentified: doubt };
    }),
  writeOpinions: (world, { region, item }) =>
    tableCall('writeOpinions', region, () => {
      const reply = world.tables.writeOpinions(region, item);
      if (!reply.isSuperseded) world.opinionsWrittenMs.set(region, world.nowMs);
      return reply;
    }),
  claimToken: (world, { region, service, token, digest, isAgain }, process) =>
    tableCall('claimToken', region, () => {
      const reply = world.tables.claimToken(region, service, { token, digest, isAgain });
      world.occur({ type: 'claim', region, service, token, isGranted: reply.isGranted, by: process.identity });
      return reply;
    }),
  readClaim: (world, { region, service }, process) =>
    tableCall('readClaim', region, () => {
      const held = world.tables.readClaim(region, service);
      if (held !== null) world.occur({ type: 'claim-read', region, service, token: held.token, by: process.identity });
      return held;
    }),
  invoke: (world, { region, order }, process) => ({
    api: callApis.invoke,
    region,
    deadlineMs: world.stepTimeoutMs(order.service),
    serviceMs: invokeMs,
    effect: () => undefined,
    effectLater: (answer) => startActuator(world, region, order, process, answer),
  }),
  ...describedKinds,
  survey: (world, asked) => ({
    ...regionalCall(callApis.survey, asked.region, () => surveyIn(world, asked)),
    deadlineMs: surveyMs,
  }),
  resolve: (world, { name }, process) => ({
    api: callApis.resolve,
    region: process.identity.place,
    deadlineMs: controlPlaneMs,
    serviceMs: 20,
    effect: () => ({
      addresses: isAnsweredAt(world.deployment, name, process.identity.place) ? world.names.addressesOf(name) : [],
    }),
  }),
  checkSelf: (world, _input, process) => ({
    api: callApis.checkSelf,
    region: process.identity.place,
    deadlineMs: tableCallMs,
    serviceMs: 20,
    effect: () => ({ isConnected: world.isConnected(process.identity.place) }),
  }),
  export: (_world, _input, process) => ({
    api: callApis.export,
    region: process.identity.place,
    deadlineMs: controlPlaneMs,
    serviceMs: 30,
    effect: () => null,
  }),
  notify: (world, { event }, process) => ({
    api: callApis.notify,
    region: whereIs(process.identity),
    deadlineMs: controlPlaneMs,
    serviceMs: 30,
    effect: () => {
      world.occur({ type: 'notified', event, topics: topicsReached(world, whereIs(process.identity)) });
      return null;
    },
  }),
};
