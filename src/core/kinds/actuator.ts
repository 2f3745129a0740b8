import type { Calls } from '../calls.ts';
import type { Answer, Fault } from '../fault.ts';
import { type Deployment, serviceOf } from '../model/deployment.ts';
import { digestKey, digestsOf, hashOf, isDigestOf } from '../model/digest.ts';
import { type NamedService, nameNow } from '../model/service.ts';
import { isOlder, isSameToken, tokenOf } from '../register/run.ts';
import { call, type RetryPolicy, type Routine, readTime, withRetries } from '../routine.ts';
import { tableCallMs } from '../timing.ts';
import type { Comparison, Parts } from './kind.ts';
import type { AnyKind } from './kinds.ts';
import { isToken } from './order/parts.ts';
import { meansOf, type Order, type StepReport } from './order.ts';

/**
 * Greatest age of a claim when its write starts, in milliseconds, from the moment at which it was asked for: its answer
 * may have waited in a frozen function. One that is older is made again before the write, because a newer token may
 * have been claimed meanwhile. The limit is about the time that a claim and one read take when all is well, so that a
 * normal write costs one claim.
 */
const claimFreshMs = 150;

/**
 * Claims right before a write, at most. Where the table is slow, every claim is old when its answer comes, and the
 * write has to be made all the same. What needs no claim asks once.
 */
const lateClaimsMax = 2;

/**
 * Age of a claim above which nothing is written under it, in milliseconds. A call to a table ends within its deadline,
 * so whoever waited for twice as long was frozen.
 */
export const claimAgeMsMax = 2 * tableCallMs;

/**
 * Retries of a read, which is harmless to repeat. When an API does not recover in that time, the caller's own attempts
 * go on.
 */
const readRetries = { attemptsMax: 3, pauseMs: 100, pauseMsMax: 1_000 };

/** What a function of the user was asked for while another request may still run is not asked for again. */
const hookRetries: RetryPolicy = { ...readRetries, isFinal: ({ kind }) => kind === 'timeout' };

const manners: readonly Order['manner'][] = ['enforce', 'repair', 'rehearse'];

/** The deployment that an actuator function was deployed with, and the region where it runs. */
export interface ActuatorPlace {
  readonly deployment: Pick<Deployment, 'name' | 'services'>;
  readonly region: string;
}

/**
 * Carries out an order, unless it wants something that is none of this deployment's in this region, or was given by
 * somebody who means something else by it.
 *
 * The thing is rebuilt from the function's own deployment. The function's IAM role would refuse a foreign thing too,
 * but this way the report says why. For the same reason an order of another configuration is refused: what would be
 * written is not what was meant. A region that cuts off its own site asks nobody, and a site that was left without
 * proof is cut off by whatever is known of it here: that is carried out, and is no proof of what was meant.
 *
 * @param event - whatever the function was sent
 * @returns `disagreed` when the order is of another configuration; a fault `invalid` when the event is not an order, or
 *   not one for this function
 */
export function* obey(kind: AnyKind, event: unknown, place: ActuatorPlace): Routine<StepReport> {
  if (!isOrder(event)) return failed({ kind: 'invalid', detail: 'the event is not an order' });
  const { services, name } = place.deployment;
  const service = Object.hasOwn(services, event.service) ? serviceOf(place.deployment, event.service) : null;
  const isOwnKind = event.kind === kind.name;
  const isAnyhow = isOwnKind && isDoneAnyhow(kind, event);
  const thing = isOwnKind && service !== null ? thingMeant(kind, event, service, place.region, isAnyhow) : null;
  const differing = isOwnKind ? differencesFrom(kind, event, service, thing) : [];
  const detail = `${differing.join(', ')}: configured differently in ${place.region}`;
  const isSame = differing.length > 0 && service !== null && hasSameThing(kind, event, service, place.region);
  const same = isSame ? ({ isSameThing: true } as const) : {};
  if (differing.length > 0 && (!isAnyhow || thing === null)) return { outcome: 'disagreed', detail, ...same };
  if (thing === null) {
    const what = `not a thing of ${event.service} that the ${kind.name} function of ${name} touches`;
    return failed({ kind: 'invalid', detail: what });
  }
  const report = yield* actuate(kind, event, thing, place.region);
  // A function of the user's that gave no answer in time may still run, whoever has asked it.
  const mayRun = report.outcome === 'failed' && report.fault.kind === 'timeout';
  if (differing.length === 0 || report.outcome === 'stale' || mayRun) return report;
  const why = report.outcome === 'failed' ? `; ${report.fault.kind}: ${report.fault.detail}` : '';
  return { outcome: 'disagreed', detail: `${detail}${why}`, ...same };
}

/** Whether the thing that an order is about is the same here, by either name of its site, whatever else differs. */
function hasSameThing(kind: AnyKind, order: Order, service: NamedService, region: string): boolean {
  if (order.means === undefined || thingMeant(kind, order, service, region, true) === null) return false;
  return meansOf(service, { ...order, site: nameHere(order, service) } as Order) === order.means;
}

/** What the site of an order is called here, by its name or by its name of before a renaming. */
function nameHere(order: Order, service: NamedService): string | undefined {
  const { site, formerly } = order as unknown as Parts;
  const names = [site, formerly].filter((name) => typeof name === 'string');
  return names.flatMap((name) => nameNow(service, name) ?? [])[0];
}

/** Whether an order is carried out, whatever else its sender was configured with. */
function isDoneAnyhow(kind: AnyKind, order: Order): boolean {
  return (kind.isFreeOfClaim?.(order) ?? false) || (kind.isFreeOfAgreement?.(order) ?? false);
}

/**
 * The thing that an order is about, null when the function has none such. What is done anyhow has no time to wait for
 * the rest of a deployment: its site is found by a name of before a renaming, or of after it.
 */
function thingMeant(kind: AnyKind, order: Order, service: NamedService, region: string, isAnyhow: boolean): unknown {
  const parts = order as unknown as Parts;
  if (!isAnyhow) return kind.thingOf(parts, service, region);
  const site = nameHere(order, service);
  return site === undefined ? null : kind.thingOf({ ...parts, site }, service, region);
}

/**
 * What whoever gave an order was configured differently for, of all that the order is about; sorted.
 *
 * @param thing - null when the function has no such thing: then a difference anywhere may be the reason
 */
function differencesFrom(kind: AnyKind, order: Order, service: NamedService | null, thing: unknown): readonly string[] {
  const own = service === null ? {} : digestsOf(service);
  const all = [...Object.keys(order.digests), ...Object.keys(own)].filter((key) => isDigestOf(order.service, key));
  const keys = thing === null ? all : [null, ...kind.sitesOf(order)].map((site) => digestKey(order.service, site));
  return [...new Set(keys)].filter((key) => order.digests[key] !== own[key]).sort();
}

/** Whether an event has the fields of every order. The kind judges the other fields. */
function isOrder(event: unknown): event is Order {
  if (typeof event !== 'object' || event === null) return false;
  const { service, kind, manner, token, digests } = event as { readonly [P in keyof Order]?: unknown };
  const isSaid = typeof digests === 'object' && digests !== null && !Array.isArray(digests);
  const isNamed = typeof service === 'string' && typeof kind === 'string';
  return isNamed && manners.some((one) => one === manner) && isToken(token) && isSaid;
}

/**
 * Makes one thing as ordered, in the thing's own region.
 *
 * It claims the token, reads the thing, writes only when it differs (under a claim made just before), and reads it
 * back. Reading back shows whether a write took effect, both when the answer was lost and when the API dropped the
 * write. Repeating is harmless. A region that cuts off its own site in haste writes without a look: where every second
 * call fails, each call before the one that counts halves the chance of it.
 *
 * @param region - the actuator's own region, in whose table the claim is made
 * @returns `stale` when a newer token was claimed here; nothing was written then
 */
function* actuate(kind: AnyKind, order: Order, thing: unknown, region: string): Routine<StepReport> {
  const isFree = kind.isFreeOfClaim?.(order) ?? false;
  const isUrgent = order.manner === 'enforce' && isFree;
  let claimedAtMs: number | null = null;
  if (order.manner === 'enforce' && !isUrgent) {
    const claimed = yield* claim(kind, order, region, false);
    if (typeof claimed !== 'number') return claimed;
    claimedAtMs = claimed;
  }

  const isHooked = kind.asksHook?.(thing) ?? false;
  const look = () => withRetries(() => readThing(kind, thing), isHooked ? hookRetries : readRetries);
  const before = isUrgent ? unseen : yield* look();
  if (!before.ok) return failed(before.fault);
  if (before.value.comparison !== 'differs') return reportOf(before.value, false);
  if (order.manner === 'rehearse') return { outcome: 'pending', hasWritten: false, detail: 'it would be done' };

  for (let late = 0; late < (isFree ? 1 : lateClaimsMax); late += 1) {
    const { monotonicMs } = yield* readTime();
    if (claimedAtMs !== null && monotonicMs - claimedAtMs <= claimFreshMs) break;
    const claimed: number | StepReport = yield* claim(kind, order, region, claimedAtMs !== null);
    if (typeof claimed !== 'number') return claimed;
    claimedAtMs = claimed;
  }
  const claimAgeMs = (yield* readTime()).monotonicMs - (claimedAtMs ?? 0);
  if (claimAgeMs > claimAgeMsMax && !isFree)
    return failed({ kind: 'unavailable', detail: `the claim is ${Math.round(claimAgeMs)} ms old` });
  const written = yield* call(`write:${kind.name}`, thing as Calls[`write:${typeof kind.name}`]['input']);
  // The write may still run, and reading beside it says nothing.
  if (isHooked && !written.ok && written.fault.kind === 'timeout') return failed(written.fault);
  const after = yield* look();
  if (after.ok && after.value.comparison !== 'differs') {
    const why = after.value.why ?? (written.ok ? before.value.why : written.fault.detail);
    return reportOf({ ...after.value, why }, true);
  }
  if (!written.ok) return failed(written.fault);
  return failed(
    after.ok ? { kind: 'unavailable', detail: 'the write was accepted but did not take effect' } : after.fault,
  );
}

/** What a look at a thing shows. */
interface Sight {
  readonly comparison: Comparison;
  /** Why it is not there yet, where what has it says so. */
  readonly why: string | null;
}

/** What is taken for granted of a thing that is not looked at. */
const unseen: Answer<Sight> = { ok: true, value: { comparison: 'differs', why: null } };

function* readThing(kind: AnyKind, thing: unknown): Routine<Answer<Sight>> {
  const seen = yield* call(`read:${kind.name}`, thing as Calls[`read:${typeof kind.name}`]['input']);
  if (!seen.ok) return seen;
  const comparison = kind.compare(thing, seen.value);
  return { ok: true, value: { comparison, why: kind.hindranceOf?.(seen.value) ?? null } };
}

function reportOf({ comparison, why }: Sight, hasWritten: boolean): StepReport {
  if (comparison === 'as-ordered') return { outcome: 'as-ordered', hasWritten };
  const pending = { outcome: 'pending', hasWritten, detail: 'asked for, not there yet', isUnderWay: true } as const;
  return why === null ? pending : { ...pending, why };
}

/**
 * Claims the order's token in this region's table. Returns when that was asked for, on the own monotonic clock, where
 * the order may be carried out, else the report that ends it.
 *
 * The table's own copy of the register counts too, because it may hold a newer run whose orders have not arrived yet. A
 * table that holds no register was lost. Its claims prove nothing until it holds a register again.
 *
 * @param isAgain - the order has claimed before: whoever was configured differently and has claimed the same token
 *   since has taken its place
 */
function* claim(kind: AnyKind, order: Order, region: string, isAgain: boolean): Routine<number | StepReport> {
  const { service, token } = order;
  const digest = hashOf(order.digests);
  const isFree = kind.isFreeOfClaim?.(order) ?? false;
  const sight = yield* withRetries(() => call('readTable', { region, services: [service] }), readRetries);
  let askedAtMs = (yield* readTime()).monotonicMs;
  if (!sight.ok) return isFree ? askedAtMs : failed(sight.fault);
  const known = sight.value.acceptors[service]?.accepted ?? null;
  if (known === null && isFree) return askedAtMs;
  if (known === null) return failed({ kind: 'unavailable', detail: `the table in ${region} holds no register` });
  const newest = tokenOf(known.epoch, known.run);
  if (isOlder(token, newest)) return { outcome: 'stale', claimed: newest };

  const ask = function* () {
    askedAtMs = (yield* readTime()).monotonicMs;
    const asked = yield* call('claimToken', { region, service, token, digest, isAgain });
    if (asked.ok || asked.fault.kind !== 'timeout') return asked;
    // The answer may be lost, and not the claim: what the table holds since then says so.
    askedAtMs = (yield* readTime()).monotonicMs;
    const held = yield* call('readClaim', { region, service });
    const isOwn = held.ok && held.value?.digest === digest && isSameToken(held.value.token, token);
    return isOwn ? ({ ok: true, value: { isGranted: true, claimed: token } } as const) : asked;
  };
  const answer = yield* withRetries(ask, readRetries);
  if (!answer.ok) return isFree ? askedAtMs : failed(answer.fault);
  const { isGranted, claimed } = answer.value;
  if (isGranted) return askedAtMs;
  if (isOlder(token, claimed)) return { outcome: 'stale', claimed };
  return { outcome: 'disagreed', detail: `somebody who was configured differently has claimed in ${region} since` };
}

function failed(fault: Fault): StepReport {
  return { outcome: 'failed', fault };
}
