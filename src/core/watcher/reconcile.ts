import { majorityOf, type NamedService } from '../deployment.ts';
import { happen } from '../happening.ts';
import { addressFor, isolationFor, type Placed, recordFor } from '../order.ts';
import type { Picture } from '../picture.ts';
import { changeRegister } from '../register/proposer.ts';
import type { Register } from '../register/register.ts';
import { call, type Routine } from '../routine.ts';
import { tokenOf } from '../run.ts';
import { say, unsay } from './memory.ts';
import { proposerFor, type WatcherState } from './state.ts';
import { announce } from './tell.ts';

/**
 * Compares what is with what the register says, while no run is open, and repairs the difference.
 *
 * Each thing has one watcher that looks after it: the one in its region, or the first living one when that is silent.
 */
export function* reconcile(
  state: WatcherState,
  service: NamedService,
  picture: Picture,
  register: Register,
): Routine<void> {
  if (picture.register.kind === 'decided' && !picture.register.isTidy && isKeeper(state, picture, state.setup.region)) {
    yield* settleTables(state, service);
  }
  const things = desiredThings(service, register, state.setup.region);
  forgetDrift(state, service, things);
  for (const placed of things) {
    if (isKeeper(state, picture, placed.region)) yield* repair(state, service, register, placed);
    else unsay(state, driftName(service, placed));
  }
  if (isKeeper(state, picture, null)) yield* readmitLost(state, service, picture, register);
}

/** Whether this watcher is the one to act for a region; null for what has no region. One that hears too few is not. */
function isKeeper(state: WatcherState, picture: Picture, region: string | null): boolean {
  const living = picture.freshWatchers;
  if (living.length < majorityOf(state.setup.deployment)) return false;
  const keeper = region !== null && living.includes(region) ? region : living[0];
  return keeper === state.setup.region;
}

/** Tables that lag behind, or were lost and came back, get the newest value. */
function* settleTables(state: WatcherState, service: NamedService): Routine<void> {
  const outcome = yield* changeRegister(proposerFor(state, service.name), () => null, true);
  if (outcome.outcome !== 'unchanged') return;
  yield* call('log', {
    happening: happen('table-reseeded', service.name, 'every table that answers holds the newest value'),
  });
}

/** How everything that a service steers shall be while no run is open. */
function desiredThings(service: NamedService, register: Register, ownRegion: string): readonly Placed[] {
  const [serving] = register.serving;
  const things = [
    addressFor(service, register.active),
    serving === undefined ? null : recordFor(service, serving, ownRegion),
    // Nobody stays cut off once no run needs it: the active serves, and a site that came back is a standby.
    ...Object.keys(service.sites).map((site) => isolationFor(service, site, false)),
  ];
  return things.filter((placed) => placed !== null);
}

/** What was said of things that are steered no more, or by nobody here, is over. */
function forgetDrift(state: WatcherState, service: NamedService, things: readonly Placed[]): void {
  const names = things.map((placed) => driftName(service, placed));
  for (const name of state.troubles.keys()) {
    if (name.startsWith(`drift:${service.name}:`) && !names.includes(name)) unsay(state, name);
  }
}

/** Name under which the state of one thing is remembered. */
function driftName({ name }: NamedService, { region, desired }: Placed): string {
  const thing = desired.kind === 'isolation' ? desired.instanceIds.join('+') : desired.kind;
  return `drift:${name}:${region}:${thing}`;
}

function* repair(state: WatcherState, service: NamedService, register: Register, placed: Placed): Routine<void> {
  const token = tokenOf(register.epoch, register.run);
  const answer = yield* call('invoke', {
    region: placed.region,
    order: { service: service.name, token, manner: 'repair', ...placed.desired },
  });
  const thing = placed.desired.kind;
  const name = driftName(service, placed);
  if (answer.ok && answer.value.outcome === 'as-ordered') unsay(state, name);
  if (answer.ok && answer.value.outcome === 'as-ordered' && !answer.value.hasWritten) return;
  if (answer.ok && answer.value.outcome === 'as-ordered') {
    const detail = `${thing} was not as the register says, and was put back`;
    yield* announce(state, happen('drift-repaired', service.name, detail, { data: { thing } }));
    return;
  }
  const why = !answer.ok ? answer.fault.kind : answer.value.outcome === 'failed' ? answer.value.fault.kind : 'stale';
  const detail = `${thing} cannot be checked or repaired (${why})`;
  yield* say(state, name, why, happen('drift-stuck', service.name, detail, { data: { thing, why } }));
}

/** A site that was left when it failed, and is well again, is an ordinary standby from now on. */
function* readmitLost(state: WatcherState, service: NamedService, picture: Picture, register: Register): Routine<void> {
  const isBack = (site: string) => picture.knowledge.verdicts[site] === 'up';
  if (!register.lost.some(isBack)) return;
  const outcome = yield* changeRegister(proposerFor(state, service.name), (current) =>
    current?.lost.some(isBack) ? { ...current, lost: current.lost.filter((site) => !isBack(site)) } : null,
  );
  if (outcome.outcome !== 'changed') return;
  for (const site of register.lost.filter(isBack)) {
    yield* call('log', { happening: happen('rejoined', service.name, `${site} is back, as a standby`, { site }) });
  }
}
