import { loadSettleMs } from '../../core/decision/demand.ts';
import { groupOf } from '../../core/model/group.ts';
import { actingRegionOf } from '../../core/model/place.ts';
import { lastResortName, type NamedService } from '../../core/model/service.ts';
import { hasOpenRun, type Register } from '../../core/register/register.ts';
import type { Run } from '../../core/register/run.ts';
import { recoveryBound, reopenMsMax } from '../../core/timing.ts';
import type { SimEvent } from '../event.ts';
import type { World } from '../world/world.ts';
import { checkerKind, isAutomatic, type NoteStake, Spells, serviceIn } from './checker.ts';
import { areAtOdds } from './facts/at-odds.ts';
import { unreachedOf } from './facts/led-to.ts';
import { SeenWell } from './facts/seen-well.ts';
import { longestLeaseWaitMs } from './facts/silence.ts';
import { calledUpMs, canJudge, isDead, isEligible, isSeen, judgesOf, type Past } from './facts/standbys.ts';
import { agreedTimes, isAnyOpen } from './facts/windows.ts';

type Stakes = 'dead' | 'amid faults' | 'group' | 'data' | 'fence' | 'pool' | 'open run' | 'five regions';

/**
 * L2: a dead active with a majority and an eligible standby is replaced within the computed bound, lasting faults
 * elsewhere or not.
 *
 * Owed from the instant on at which the world has all of it: a site that is dead, so many watchers in contact with each
 * other and with a majority of the tables that a quorum can condemn it and a majority can call a standby up, and a
 * standby that nothing speaks against. Two bounds: on the decision, and on what it leads to. The dead site is the one
 * that clients are truly led to. A move that has failed is not taken back to a dead site while such a standby is there.
 */
export const deadActiveReplaced = checkerKind({
  property: 'L2',
  stakes: ['dead', 'amid faults', 'group', 'data', 'fence', 'pool', 'open run', 'five regions'],
  make: (world, stake: NoteStake<Stakes>) => {
    const spells = new Spells();
    const history = new History(world);
    const owedSinceMs = new Map<string, { readonly key: string; readonly sinceMs: number }>();

    const look = (service: NamedService, register: Register) => {
      const owed = owedOf(world, service, register, history);
      const before = owedSinceMs.get(service.name);
      if (owed === null) {
        owedSinceMs.delete(service.name);
        return null;
      }
      const sinceMs = before?.key === owed.key ? before.sinceMs : world.nowMs;
      owedSinceMs.set(service.name, { key: owed.key, sinceMs });
      for (const kind of stakesOf(world, service, register))
        if (spells.begins(`${service.name} ${sinceMs} ${kind}`, true)) stake(kind);
      const lateMs = world.nowMs - sinceMs;
      if (lateMs <= owed.boundMs || !spells.begins(`${service.name} ${sinceMs} told`, true)) return null;
      return `${owed.what} of ${service.name} was dead for ${lateMs} ms and not replaced, bound ${owed.boundMs} ms`;
    };

    return {
      hear: (event: SimEvent) => {
        const back = event.type === 'decided' ? whyBack(world, event, history) : null;
        history.hear(event);
        if (back !== null) return back;
        // Clients ask every second: often enough to notice, seldom enough not to cost.
        if (event.type !== 'client') return null;
        const service = serviceIn(world, event.service);
        history.seenWell.look(service);
        const register = world.decisions.newest(service.name);
        return register === null ? null : look(service, register);
      },
    };
  },
});

/** What a move depends on besides this instant. */
class History implements Past {
  readonly seenWell: SeenWell;
  readonly #world: World;
  readonly #begunAtMs = new Map<string, number>();
  readonly #automatic = new Map<string, { readonly atMs: number; readonly from: string }[]>();

  constructor(world: World) {
    this.#world = world;
    this.seenWell = new SeenWell(world);
  }

  hear(event: SimEvent): void {
    if (event.type !== 'decided' || event.register.epoch === event.previous?.epoch) return;
    this.#begunAtMs.set(event.service, event.atMs);
    // One that a person has planned counts against no limit.
    const isPlanned = event.register.run?.reason === 'planned';
    if (event.previous === null || isPlanned || !isAutomatic(this.#world.deployment, event.register)) return;
    const moves = this.#automatic.get(event.service) ?? [];
    this.#automatic.set(event.service, [...moves, { atMs: event.atMs, from: event.register.run?.from ?? '' }]);
  }

  sinceEpochMs(service: string): number {
    return this.#world.nowMs - (this.#begunAtMs.get(service) ?? 0);
  }

  automatic(service: string): readonly { readonly atMs: number; readonly from: string }[] {
    return this.#automatic.get(service) ?? [];
  }
}

/** Something that is owed now: what is dead, and by when it must be replaced. */
interface Owed {
  /** Names the debt: with another key it begins anew. */
  readonly key: string;
  readonly what: string;
  readonly boundMs: number;
}

function owedOf(world: World, service: NamedService, register: Register, history: History): Owed | null {
  const { detection, failover } = service;
  if (!failover.automatic || isPaused(world, service, register) || isAwaited(world, service, register)) return null;
  // A window of the calendar may forbid just this move.
  if (isAnyOpen(world, service)) return null;
  if (history.sinceEpochMs(service.name) < detection.bootGraceMs) return null;
  // A fault that has just begun or ended has left watchers with less knowledge than they will have.
  if (world.disturbances.unchangedMs() < calledUpMs(service)) return null;
  if (service.mode === 'active-active') {
    const judges = judgesOf(world, register);
    const owed = withdrawalOwed(world, service, register, judges, {
      seenWell: history.seenWell,
      sinceEpochMs: history.sinceEpochMs(service.name),
    });
    const isAtOdds = areAtOdds(world, [service.name], [null, ...Object.keys(service.sites)]);
    return owed !== null && !isAtOdds && canJudge(service, register, judges) ? owed : null;
  }
  const group = groupOf(world.deployment, service.name);
  const members = Object.keys(group?.members ?? { [service.name]: [] });
  // The first one decides for all; the others follow once all that they need have arrived.
  const isFirst = members.every((member) => member === service.name || group?.members[member]?.length !== 0);
  const unreached = group === null && !hasOpenRun(register) ? unreachedOf(world, service, register) : null;
  const [serving = ''] = register.serving;
  const home = unreached?.site ?? serving;
  // A member that cannot follow has stayed where it is well, and needs nothing here.
  const isThere = (member: string) => {
    const { active, serving } = world.decisions.newest(member) ?? register;
    return member === service.name || active === home || serving.includes(home);
  };
  const isAnyDead = members.some((member) => isThere(member) && isDead(world, serviceIn(world, member), home));
  if (!isAnyDead || home === lastResortName || service.sites[home] === undefined) return null;
  const judges = judgesOf(world, register);
  if (!canJudge(service, register, judges)) return null;
  if (areAtOdds(world, members, [null, home])) return null;
  const isFree = (site: string) =>
    !unreached?.barred.includes(site) &&
    !areAtOdds(world, members, [site]) &&
    members.every((member) => isEligible(world, serviceIn(world, member), home, site, judges, history));
  if (!Object.keys(service.sites).some(isFree)) return null;
  const bound = recoveryBound(service);
  const decisionMs = bound.detectMs + bound.decideMs;
  if (isFirst && register.active === home && !hasOpenRun(register) && isFenceRefused(world, service, home)) return null;
  if (isFirst && register.active === home && !hasOpenRun(register)) {
    // A site that was behind its own fence when it became the active one again is given the time to answer.
    const closedMs = history.seenWell.sinceClosedMs(world.sites.get(service.name, home));
    if (closedMs < Math.min(reopenMsMax(service), history.sinceEpochMs(service.name))) return null;
    return { key: `${home} is to be left`, what: home, boundMs: decisionMs };
  }
  if (group === null && hasOpenRun(register) && isOnlyAwaited(world, service, register))
    return { key: `${home} is to be left before it was seen`, what: home, boundMs: decisionMs + changeMsMax };
  const slowestMs = Math.max(
    ...members.flatMap((member) =>
      Object.keys(service.sites).map((site) => {
        const { promotionMs, bootMs, drainMs } = world.sites.get(member, site);
        return promotionMs + bootMs + drainMs;
      }),
    ),
  );
  const leaseMs = longestLeaseWaitMs(world, service, world.deployment.controlRegions);
  return {
    key: `${home} is being left, epoch ${register.epoch}`,
    what: home,
    boundMs:
      (2 * (bound.shiftMs + bound.recallMs) + leaseMs + slowestMs) * members.length +
      (unreached === null ? 0 : unreachedMsMax(service) + decisionMs),
  };
}

/** Time that a change of the register takes, with calls that get no answer. */
const changeMsMax = 5_000;

/** Longest that what leads clients is tried again before it is gone around, in milliseconds: ADR 18. */
function unreachedMsMax({ failover }: NamedService): number {
  return Math.max(90_000, failover.runAttemptsMax * failover.reconcileMs);
}

/**
 * Whether all of an open run is done, and it waits for DNS alone to lead clients to its site, which is dead meanwhile.
 * It was well when it was chosen, or has been started since, and whoever holds the run can know how it is now.
 */
function isOnlyAwaited(world: World, service: NamedService, { run, active }: Register & { readonly run: Run }) {
  const { steps, grounds, holder, to } = run;
  const isKnown = grounds !== undefined && grounds.verdicts[to] !== 'down';
  const isStarted = steps.some(({ name, state }) => name === 'start' && state === 'done');
  const left = steps.filter(({ state }) => state === 'pending').map(({ name }) => name);
  const isAble = holder !== null && world.contact.ableWatchers().includes(holder.region);
  const isLeft = left.includes('verify') && left.every((name) => name === 'verify' || name === 'notify');
  return isLeft && isAble && active === to && isDead(world, service, to) && (isKnown || isStarted);
}

/**
 * A failover that has failed is taken back to a site that is dead, although a third one is well: the return costs a
 * fence and a promotion, and helps nobody.
 */
function whyBack(
  world: World,
  { service: name, register, previous }: SimEvent & { readonly type: 'decided' },
  history: History,
): string | null {
  const { run, active: home, epoch } = register;
  const failed = previous?.run;
  const isBack = run?.kind === 'recover' && run.from !== run.to && epoch !== previous?.epoch;
  if (!isBack || !previous || failed?.kind !== 'failover' || failed.reason === 'operator') return null;
  const service = serviceIn(world, name);
  const { failover, mode } = service;
  if (mode === 'active-active' || groupOf(world.deployment, name) !== null || !isAutomatic(world.deployment, register))
    return null;
  // Any move would meet a fence that cannot be closed; and a person may have to be asked.
  const isFenceOpen = failed.steps.some((step) => step.name === 'fence' && step.state === 'failed');
  if (isFenceOpen || !failover.automatic || failover.approval !== undefined || previous.pause !== null) return null;
  if (isAnyOpen(world, service) || world.disturbances.unchangedMs() < calledUpMs(service)) return null;
  if (![...previous.serving, home].every((site) => service.sites[site] && isDead(world, service, site))) return null;
  const judges = judgesOf(world, previous);
  if (!canJudge(service, previous, judges) || !judges.includes(run.by)) return null;
  const third = Object.keys(service.sites).find(
    (site) =>
      site !== failed.to &&
      previous.setbacks.every((setback) => setback.site !== site) &&
      !areAtOdds(world, [name], [null, home, failed.to, site]) &&
      isEligible(world, service, home, site, judges, history),
  );
  return third === undefined ? null : `${name} went back to ${home}, which was dead, though ${third} was well`;
}

/** Whether a pause is still in force, or may rightly not have been taken off yet. */
function isPaused(world: World, { name, detection }: NamedService, { pause, voters }: Register): boolean {
  if (pause === null) return false;
  // The voters' watchers try one after another, two ticks apart.
  const lateMs = 2 * voters.length * detection.intervalMs + changeMsMax;
  return pause.untilMs === undefined || Math.min(...agreedTimes(world, name)) < pause.untilMs + lateMs;
}

/** Whether a person has still to approve the failover, or may rightly be waited for a little longer. */
function isAwaited(world: World, { name, failover, detection }: NamedService, { approval, active }: Register): boolean {
  if (failover.approval === undefined) return false;
  if (approval?.from !== active) return true;
  if (approval.approvedBy !== undefined) return false;
  const lateMs = 2 * detection.intervalMs + changeMsMax;
  if ((approval.atEnd ?? failover.approval.atEnd ?? 'go') !== 'go') return true;
  return approval.untilMs === undefined || Math.min(...agreedTimes(world, name)) < approval.untilMs + lateMs;
}

/**
 * Whether nobody can close a site's fence although its region answers, or although no lease runs out there: then nobody
 * may take its place either.
 */
function isFenceRefused(world: World, service: NamedService, home: string): boolean {
  const place = service.sites[home];
  const region = place && actingRegionOf(place);
  const { contact } = world;
  if (place?.fence === undefined || region === undefined) return false;
  // No lease runs out at a site outside AWS, however silent its fence's region is.
  if (place.region === undefined) return !contact.canBeFenced(region, place);
  if (world.links.isRegionDead(region)) return false;
  const isHeard = contact.ableWatchers().some((from) => contact.passes(from, region, 'lambda'));
  return isHeard && !contact.canBeFenced(region, place) && !contact.canFenceItself(region, place);
}

/**
 * A dead site gets traffic although another of the pool is well and has nothing to lose by taking it. A load balancer
 * can be shifted away from one zone alone.
 */
function withdrawalOwed(
  world: World,
  service: NamedService,
  register: Register,
  judges: readonly string[],
  { seenWell, sinceEpochMs }: Pick<History, 'seenWell'> & { readonly sinceEpochMs: number },
): Owed | null {
  // DNS leads clients away from a site sooner than to one, and the loads show it later still: until then nobody knows
  // whether those that stay can carry what is left (ADR 16).
  const isArriving = (register.run?.joining ?? []).length > 0 && sinceEpochMs < loadSettleMs(service, register);
  if (isArriving) return null;
  const hasDemand = Object.keys(service.sites).some((site) => world.sites.get(service.name, site).demand > 0);
  if ((hasDemand && service.capacity.shortage === 'shed') || hasOpenRun(register)) return null;
  const known = register.serving.filter((site) => Object.hasOwn(service.sites, site));
  const dead = known.find((site) => isDead(world, service, site));
  const isWell = (site: string) =>
    !register.maintenance.includes(site) &&
    isSeen(world, world.sites.get(service.name, site), register, judges) &&
    seenWell.forMs(world.sites.get(service.name, site)) >= calledUpMs(service);
  const isOneOut = service.traffic.zonal !== undefined && known.length < Object.keys(service.sites).length;
  if (dead === undefined || isOneOut || !known.some(isWell)) return null;
  const bound = recoveryBound(service);
  return { key: `${dead} is to be withdrawn`, what: dead, boundMs: bound.detectMs + bound.decideMs };
}

function stakesOf(world: World, service: NamedService, register: Register): readonly Stakes[] {
  const hasFence = Object.values(service.sites).some(({ fence }) => fence !== undefined);
  const found: (Stakes | null)[] = [
    'dead',
    world.disturbances.isAny() ? 'amid faults' : null,
    groupOf(world.deployment, service.name) ? 'group' : null,
    world.databases.writerOf(service.name) === null ? null : 'data',
    hasFence ? 'fence' : null,
    service.mode === 'active-active' ? 'pool' : null,
    hasOpenRun(register) ? 'open run' : null,
    world.deployment.controlRegions.length >= 5 ? 'five regions' : null,
  ];
  return found.filter((each) => each !== null);
}
