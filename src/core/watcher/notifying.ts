import { alarmOf } from '../alerting/alert.ts';
import { alarmCatalog } from '../alerting/catalogue.ts';
import type { Happening } from '../alerting/event.ts';
import {
  closeNotices,
  isQuiet,
  isStillKnown,
  type Notice,
  type Notices,
  noticeKey,
  noticeOf,
  noticeRetryMs,
  overHappening,
  quietMs,
  spokesman,
} from '../alerting/notification.ts';
import { call, type Routine, spawn } from '../routine.ts';
import { publishOpinions } from './opinion-writing.ts';
import type { Trouble, WatcherState } from './state.ts';

/** Logs something that happened once, and tells people when it raises an alarm. */
export function* announce(state: WatcherState, happening: Happening): Routine<void> {
  yield* call('log', { happening });
  yield* tellOnce(state, happening);
}

/** Tells people of something that does not last, unless the same was told lately. */
export function* tellOnce(state: WatcherState, happening: Happening): Routine<void> {
  const alarm = alarmOf(happening);
  if (alarm === null || alarmCatalog[alarm].toldBy === 'nobody') return;
  const key = noticeKey(alarm, happening);
  if (isQuiet(state.notices[key])) holdBack(state, key);
  else yield* tell(state, key, noticeOf(alarm, key, happening, false));
}

/**
 * Tells people of troubles of one service that have begun and have lasted long enough, and of those that are over.
 *
 * Every watcher sees them; the spokesman tells, and whoever told tells the end. A spokesman who falls silent is followed
 * by the next, which finds in the others' opinion items what was told already.
 *
 * @param service - null: those of the whole deployment
 * @param fresh - control regions whose watchers this one hears
 */
export function* tellTroubles(
  state: WatcherState,
  service: string | null,
  fresh: readonly string[],
  nowMs: number,
): Routine<void> {
  const lasting = new Set<string>();
  for (const [name, trouble] of state.troubles) {
    const { alarm, happening } = trouble;
    const key = noticeKey(alarm, happening);
    lasting.add(key);
    if (happening.service === service && nowMs - trouble.sinceMs >= alarmCatalog[alarm].patienceMs)
      yield* tellTrouble(state, key, name, trouble, fresh);
  }
  for (const [key, notice] of Object.entries(state.notices)) {
    if (notice.isOpen && notice.happening.service === service && !lasting.has(key)) yield* tellOver(state, key, notice);
  }
}

function* tellTrouble(
  state: WatcherState,
  key: string,
  name: string,
  trouble: Trouble,
  fresh: readonly string[],
): Routine<void> {
  const { alarm, happening } = trouble;
  const notice = state.notices[key];
  if (notice?.isOpen) return;
  const isMine = spokesman(state.setup.deployment.controlRegions, fresh) === state.setup.region;
  if (alarmCatalog[alarm].toldBy === 'spokesman') {
    if (!isMine) return;
    const told = toldElsewhere(state, key, trouble, fresh);
    if (told !== null) {
      if (told.isSilent) state.notices = { ...state.notices, [key]: told.notice };
      return;
    }
  }
  if (!isQuiet(notice)) yield* tell(state, key, noticeOf(alarm, name, happening, true));
  else if (!trouble.isHeldBack) {
    trouble.isHeldBack = true;
    holdBack(state, key);
  }
}

/** What another region's watcher has told of the same trouble; a silent one only when it spoke while this trouble lasted. */
function toldElsewhere(
  state: WatcherState,
  key: string,
  trouble: Trouble,
  fresh: readonly string[],
): { readonly notice: Notice; readonly isSilent: boolean } | null {
  for (const [region, { view }] of state.sights) {
    const notice = region === state.setup.region ? undefined : view.opinions?.notices?.[key];
    if (!notice?.isOpen) continue;
    const isSilent = !fresh.includes(region);
    const silence = state.troubles.get(silenceName(trouble.happening.service, region));
    if (!isSilent || silence === undefined || silence.sinceMs >= trouble.sinceMs) return { notice, isSilent };
  }
  return null;
}

/** Name under which the silence of a region's watcher is remembered. */
export function silenceName(service: string | null, region: string): string {
  return `watcher:${service}:${region}`;
}

function* tellOver(state: WatcherState, key: string, notice: Notice): Routine<void> {
  state.notices = { ...state.notices, [key]: { ...notice, isOpen: false } };
  const happening = overHappening(notice);
  yield* call('log', { happening });
  yield* spawn(send(state, key, happening));
}

function* tell(state: WatcherState, key: string, notice: Notice): Routine<void> {
  const heldBack = state.notices[key]?.heldBack ?? 0;
  state.notices = { ...state.notices, [key]: notice };
  const { happening } = notice;
  const more = heldBack > 0 ? { ...happening, data: { ...happening.data, heldBack } } : happening;
  yield* spawn(send(state, key, more));
}

/**
 * Goes on from what a predecessor has told. What was still going on counts as going on until this watcher has looked for
 * itself; after a gap nobody knows, and others may have told the end of it.
 */
export function inheritNotices(state: WatcherState, notices: Notices, hasNoGap: boolean, nowMs: number): void {
  const known = Object.entries(notices).filter(([, notice]) => isStillKnown(notice, state.setup.deployment));
  const inherited = Object.fromEntries(known);
  state.notices = { ...(hasNoGap ? inherited : closeNotices(inherited)), ...state.notices };
  if (!hasNoGap) return;
  for (const [, { alarm, name, happening, isOpen }] of known) {
    if (!isOpen || state.said.has(name)) continue;
    state.troubles.set(name, { alarm, happening, sinceMs: nowMs, isHeldBack: false });
  }
}

function holdBack(state: WatcherState, key: string): void {
  const notice = state.notices[key];
  if (notice) state.notices = { ...state.notices, [key]: { ...notice, heldBack: notice.heldBack + 1 } };
}

/**
 * One attempt, beside the ticks. What lasts is told again after a pause when it fails.
 *
 * That it was told is written down only then, and at once: a successor that takes over in between tells it again rather
 * than never.
 */
function* send(state: WatcherState, key: string, happening: Happening): Routine<void> {
  state.sending.add(key);
  const answer = yield* call('notify', { happening });
  state.sending.delete(key);
  if (answer.ok) {
    if (state.generation > 0 && !state.isSuperseded) yield* publishOpinions(state);
    return;
  }
  const notice = state.notices[key];
  if (notice?.isOpen)
    state.notices = { ...state.notices, [key]: { ...notice, isOpen: false, ageMs: quietMs - noticeRetryMs } };
  const { kind, service, site } = happening;
  const detail = `nobody was told of ${kind}: ${answer.fault.kind}, ${answer.fault.detail}`;
  const data = { of: kind, fault: answer.fault.kind };
  yield* call('log', { happening: { kind: 'notice-lost', service, site, detail, data } });
}
