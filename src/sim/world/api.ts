import type { FailoverEvent } from '../../core/alerting/event.ts';
import type { Calls } from '../../core/calls.ts';
import type { Observation } from '../../core/detection/observation.ts';
import type { Answer, Fault } from '../../core/fault.ts';
import { type AwsProbe, isAwsProbe } from '../../core/model/probe.ts';
import type { OpinionItem } from '../../core/tables/opinion-item.ts';
import { type Process, whereIs } from '../process.ts';
import { type ApiCall, SimFault, takeRoleApi } from './api-call.ts';
import { type ApiGround, type Describe, described } from './api-calls.ts';
import { type ApiCaller, faultOf } from './api-faults.ts';
import { callApis, probeServices } from './api-names.ts';
import type { Crashes } from './crashes.ts';
import { oneWayMs } from './links.ts';
import { awsAnswerOf } from './probes/aws-answers.ts';
import { answerOf, type SimSite } from './sites.ts';

/** What calls go through on their way. */
export interface CallGround extends ApiGround {
  readonly crashes: Crashes;
  /** What reads that may be stale brought back last. */
  readonly answered: Map<string, unknown>;
  noteVoice(process: Process, item: OpinionItem): void;
  noteSaid(process: Process, event: FailoverEvent): void;
  isTableStopped(call: { readonly api: string; readonly region: string }): boolean;
}

/** Carries out any call of any process in the simulated world. */
export function reachWorld<K extends keyof Calls>(
  world: CallGround,
  process: Process,
  name: K,
  input: Calls[K]['input'],
  reply: (answer: Answer<Calls[K]['output']>) => void,
): void {
  if (name === 'log') {
    world.noteSaid(process, (input as Calls['log']['input']).event);
    if (process.isAlive) reply({ ok: true, value: null });
    return;
  }
  if (name === 'probe') {
    runProbe(world, process, input as Calls['probe']['input'], reply as never);
    return;
  }
  if (name === 'writeOpinions') world.noteVoice(process, (input as Calls['writeOpinions']['input']).item);
  const describe = described[name as Exclude<K, 'probe' | 'log'>] as Describe<K>;
  world.crashes.pass('before', name, input, process);
  if (!process.isAlive) return;
  const api = describe(world, input, process);
  const about = isEventual.test(api.api) ? `${api.api} ${JSON.stringify(input)}` : null;
  carry(world, process, api, about, (answer) => {
    reply(answer as Answer<Calls[K]['output']>);
    world.crashes.pass('after', name, input, process);
  });
}

/** APIs whose answers may lag behind what was written. Source: Amazon EC2 Developer Guide, "Eventual consistency". */
const isEventual = /^(ec2|elasticloadbalancing|autoscaling):Describe/;
/** Longest after its caller's deadline, or after its first time, that an effect still comes. */
export const lateMsMax = 20_000;

/**
 * Sends a call there and its answer back, through cuts, dead regions and API faults.
 *
 * @param about - names what a read is about where its answer may be stale; null for any other call
 */
function carry(
  world: CallGround,
  process: Process,
  api: ApiCall,
  about: string | null,
  reply: (answer: Answer<unknown>) => void,
): void {
  const { links, scheduler, random } = world;
  const { identity } = process;
  const here = [whereIs(identity)];
  const there = [api.region, `aws/${api.api.split(':')[0]}/${api.region}`];
  const giveUp = () => reply({ ok: false, fault: unansweredFault(api) });
  const report = (outcome: string) =>
    world.occur({ type: 'api', api: api.api, region: api.region, by: identity, outcome });
  if (!links.passes(here, there)) {
    report('lost');
    scheduler.after(api.deadlineMs, giveUp);
    return;
  }
  const thereMs = oneWayMs(whereIs(identity), api.region, random);
  const backMs = thereMs + api.serviceMs;
  const call = { api: api.api, region: api.region, by: identity.place };
  const { fault, refused } = troubleOf(world, call, api);
  if (fault === 'throttle' || fault === 'denied' || fault === 'error') {
    report(fault);
    scheduler.after(thereMs + backMs, () => reply({ ok: false, fault: faultOf(fault, refused) }));
    return;
  }
  if (fault === 'timeout' || fault === 'late') {
    report(fault);
    scheduler.after(api.deadlineMs, giveUp);
    if (fault === 'late')
      scheduler.after(api.deadlineMs + random() * lateMsMax, () => repeat(world, api, about, there));
    return;
  }
  if (fault === 'twice') scheduler.after(thereMs + random() * lateMsMax, () => repeat(world, api, about, there));

  const isAwaited = api.effectLater !== undefined || api.takesMs !== undefined;
  let isOver = false;
  if (isAwaited) {
    // A function may never answer; everything else does, or is known to be lost, when it arrives.
    scheduler.after(api.deadlineMs, () => {
      if (isOver) return;
      isOver = true;
      giveUp();
    });
  }
  const respond = (value: unknown) => {
    const isLost = fault === 'lost-response' || !links.passes(there, here);
    scheduler.after(isLost && !isAwaited ? Math.max(0, api.deadlineMs - thereMs) : backMs, () => {
      if (isOver || (isLost && isAwaited)) return;
      isOver = true;
      if (isLost) giveUp();
      else if (value instanceof SimFault) reply({ ok: false, fault: value.fault });
      else reply({ ok: true, value });
    });
  };
  scheduler.after(thereMs, () => {
    if (!links.passes([], there) || world.isTableStopped(api)) {
      report('down');
      if (!isAwaited) scheduler.after(Math.max(0, api.deadlineMs - thereMs), giveUp);
      return;
    }
    if (api.effectLater) {
      report(fault ?? 'ok');
      api.effectLater(respond);
      return;
    }
    work(world, api, () => {
      const result = dispatch(world, api, about, fault === 'stale', isOver);
      report(outcomeOf(result, fault, links.passes(there, here)));
      respond(result);
    });
  });
}

function unansweredFault({ api, region, deadlineMs }: ApiCall): Fault {
  return { kind: 'timeout', detail: `${api} in ${region}: no answer within ${deadlineMs} ms` };
}

/** Lets a call take effect: at once, or when the function of the user that does it is through. */
function work({ scheduler }: CallGround, { begin, takesMs }: ApiCall, takeEffect: () => void): void {
  begin?.();
  if (takesMs === undefined) takeEffect();
  else scheduler.after(takesMs, takeEffect);
}

/** What became of a call that took effect or was refused: `unanswered` when the way back is cut. */
function outcomeOf(result: unknown, fault: string | null, isAnswered: boolean): string {
  if (result instanceof SimFault) return result.fault.kind;
  return fault ?? (isAnswered ? 'ok' : 'unanswered');
}

/**
 * What goes wrong with a call, and with which API: its own, or what gives the credentials of another account.
 * Credentials that were given before are not kept here, so that such a fault shows at once.
 */
function troubleOf({ faults, scheduler, random }: CallGround, call: ApiCaller, { isInOtherAccount }: ApiCall) {
  const role = { ...call, api: takeRoleApi, region: call.by };
  const refusal = isInOtherAccount === true ? faults.strike(role, scheduler.nowMs, random) : null;
  if (refusal !== null) return { fault: refusal, refused: takeRoleApi };
  return { fault: faults.strike(call, scheduler.nowMs, random), refused: call.api };
}

/**
 * What the call does; a refusal is its answer. A stale read brings back what it brought before, if it was ever made.
 */
function dispatch(
  world: CallGround,
  api: ApiCall,
  about: string | null,
  isStale: boolean,
  isRepeated: boolean,
): unknown {
  try {
    if (isStale && about !== null && world.answered.has(about)) return world.answered.get(about);
    const result = api.effect(isRepeated);
    if (about !== null) world.answered.set(about, result);
    return result;
  } catch (refusal) {
    if (refusal instanceof SimFault) return refusal;
    throw refusal;
  }
}

/** The effect of a call for which nobody waits. */
function repeat(world: CallGround, api: ApiCall, about: string | null, there: readonly string[]): void {
  if (!world.links.passes([], there) || world.isTableStopped(api)) return;
  if (api.effectLater) api.effectLater(() => {});
  else work(world, api, () => dispatch(world, api, about, false, true));
}

function runProbe(
  world: CallGround,
  process: Process,
  { probe }: Calls['probe']['input'],
  reply: (answer: Answer<Calls['probe']['output']>) => void,
): void {
  const { scheduler, links, random, sites } = world;
  const site = sites.ofProbe(probe);
  const { place, serial } = process.identity;
  const there = [site.place, `site/${site.service}/${site.id}`];
  const { service, name } = site;
  const disowns = disownsRole(site);
  const isOfApi = isAwsProbe(probe);
  const note = (outcome: Observation['outcome'] | 'fault', latencyMs: number | null) =>
    world.occur({ type: 'probe', watcher: place, serial, service, site: name, disowns, isOfApi, outcome, latencyMs });
  const done = (observation: Calls['probe']['output'], afterMs: number) =>
    scheduler.after(afterMs, () => {
      note(observation.outcome, observation.outcome === 'pass' ? observation.latencyMs : null);
      reply({ ok: true, value: observation });
    });
  // What the prober itself cannot do (no socket, no resolver) is no observation at all.
  if (world.faults.strike({ api: callApis.probe, region: place, by: place }, world.nowMs, random) !== null) {
    note('fault', null);
    scheduler.after(1, () => reply({ ok: false, fault: { kind: 'unavailable', detail: 'the prober has no sockets' } }));
    return;
  }
  if (isAwsProbe(probe)) {
    const { observation, afterMs } = askAws(world, place, site, probe);
    done(observation, afterMs);
    return;
  }
  const networkMs = 2 * oneWayMs(place, site.place, random);
  const isReachable = links.passes([place], there) && links.passes(there, [place]);
  const isProbeFailing = sites.isProbeFailing(site, probe);
  const brokenLagMs = world.writes.brokenLagMs(site);
  const answer = isReachable ? answerOf(site, probe, { networkMs, random, isProbeFailing, brokenLagMs }) : null;
  if (answer === null) done({ outcome: 'fail', reason: 'timeout', latencyMs: probe.timeoutMs }, probe.timeoutMs);
  else done(answer.observation, answer.afterMs);
}

/** Whether a site may say another role than the one that it has: a page says whatever a scenario has put there. */
function disownsRole({ role, page }: SimSite): boolean {
  return role !== null || page !== null;
}

/** A probe that an API of the probe's region answers, wherever the site is. */
function askAws(world: CallGround, place: string, site: SimSite, probe: AwsProbe): ReturnType<typeof awsAnswerOf> {
  const { links, random, sites } = world;
  const there = [probe.region, `aws/${probeServices[probe.type]}/${probe.region}`];
  return awsAnswerOf(site, probe, {
    isReadable: links.passes([place], there) && links.passes(there, [place]),
    networkMs: 2 * oneWayMs(place, probe.region, random),
    isSiteLost: links.isRegionDead(site.place),
    isProbeFailing: sites.isProbeFailing(site, probe),
    brokenLagMs: world.writes.brokenLagMs(site),
  });
}
