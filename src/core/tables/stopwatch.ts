import type { Register, Setback } from '../register/register.ts';
import type { Run, StepName } from '../register/run.ts';

/**
 * Elapsed times in milliseconds, by the name of what is counted.
 *
 * Every wait that is longer than a call ("an hour since the last failover", "until the lease has run out") is counted
 * by every watcher on its own monotonic clock and written to its region's table at each tick. The watcher that acts
 * reads the counts. The clocks of two machines are never compared, and no count is lost with a process. Source:
 * ADR-0004.
 *
 * There are two kinds, which are counted differently. The name says which kind it is (`isConditionWatch`):
 *
 * - *Since an event* (an epoch, a run, a step that may begin): time that has passed stays passed. Every count in any
 *   table is true, however old it is, so a watcher takes the longest. Freezes and gaps lose no counted time.
 * - *While a condition lasts* (a site is up): the condition may have been interrupted while nobody observed it. A
 *   watcher counts what it saw itself, and takes its predecessor's count only when there is no gap between them.
 *
 * Bounds, tested in `stopwatch.prop.test.ts`: a count is never more than the true time. It may be less by one tick and
 * one read when the event is first seen, and by one tick and one read for each process that hands over the only count.
 */
export type Stopwatches = Readonly<Record<string, number>>;

/**
 * The state of a condition now: it lasts, it has ended, or it cannot be observed. `begins`: it lasts, but nobody saw it
 * for so long that it may have ended in between.
 */
export type ConditionSight = 'lasts' | 'begins' | 'ended' | 'unseen';

/** What a watcher counts from one tick to the next. */
export interface Counting {
  /** Watches since events. */
  readonly events: readonly string[];
  /** Whether a watch since an event goes on although it is not listed, because its register cannot be read now. */
  readonly isKept: (event: string) => boolean;
  readonly conditions: Readonly<Record<string, ConditionSight>>;
}

/**
 * Advances all watches by one tick. A new name starts at 0. A name that is neither listed nor kept is dropped.
 *
 * @param heard - the newest watches in every table that could be read, from living or dead watchers
 * @param elapsedMs - own monotonic time since the last call, frozen or not; a clock that ran backwards adds nothing
 */
export function advanceStopwatches(
  watches: Stopwatches,
  { events, isKept, conditions }: Counting,
  heard: readonly Stopwatches[],
  elapsedMs: number,
): Stopwatches {
  const passedMs = Math.max(0, elapsedMs);
  const advanced: Record<string, number> = {};
  const kept = Object.keys(watches).filter((name) => !isConditionWatch(name) && isKept(name));
  for (const name of new Set([...events, ...kept])) {
    const before = watches[name];
    const ownMs = before === undefined ? 0 : before + passedMs;
    advanced[name] = Math.max(ownMs, ...heard.map((others) => others[name] ?? 0));
  }
  for (const [name, sight] of Object.entries(conditions)) {
    const before = watches[name];
    if (sight === 'begins' || (sight === 'lasts' && before === undefined)) advanced[name] = 0;
    else if (sight !== 'ended' && before !== undefined) advanced[name] = sight === 'lasts' ? before + passedMs : before;
  }
  return advanced;
}

/**
 * How a condition that nobody finds ended is counted, by how long ago it was last seen to last. Unseen for a moment it
 * neither lasts nor ends. For longer it counts as ended, and where it is seen again, it begins anew. What counts is the
 * time since it was seen, however many ticks lie in it: a look that saw nothing proves nothing.
 *
 * @param unseenMs - since this process last saw it last; infinite when never
 */
export function sightAfter(sight: 'lasts' | 'unseen', unseenMs: number, seenMaxMs: number): ConditionSight {
  if (unseenMs <= seenMaxMs) return sight;
  return sight === 'lasts' ? 'begins' : 'ended';
}

/**
 * The watches of a process that takes over from another.
 *
 * @param hasNoGap - whether the predecessor's items were fresh until now; otherwise a condition may have ended in
 *   between
 */
export function inheritStopwatches(own: Stopwatches, predecessor: Stopwatches, hasNoGap: boolean): Stopwatches {
  const inherited: Record<string, number> = { ...own };
  for (const [name, beforeMs] of Object.entries(predecessor)) {
    const isCondition = isConditionWatch(name);
    // The count of a condition is not continued when this process does not see the condition itself.
    if (isCondition && (!hasNoGap || own[name] === undefined)) continue;
    inherited[name] = Math.max(beforeMs, own[name] ?? 0);
  }
  return inherited;
}

/**
 * The longest counts of any watcher, for a reader that does not count itself. They decide, because the first watcher
 * that has waited long enough may act.
 *
 * @param all - the watches of every table that answered
 * @param fresh - those of watchers with a fresh opinion item; only these are valid for conditions
 */
export function longestOf(all: readonly Stopwatches[], fresh: readonly Stopwatches[]): Stopwatches {
  const longest: Record<string, number> = {};
  const take = (watches: Stopwatches, isTaken: (name: string) => boolean) => {
    for (const [name, ms] of Object.entries(watches))
      if (isTaken(name)) longest[name] = Math.max(ms, longest[name] ?? 0);
  };
  for (const watches of all) take(watches, (name) => !isConditionWatch(name));
  for (const watches of fresh) take(watches, isConditionWatch);
  return longest;
}

type RunName = Pick<Run, 'epoch' | 'retries'>;

/** Name of the watch that counts since an epoch of a service was first seen. */
export const epochWatch = (service: string, epoch: number): string => `epoch:${service}:${epoch}`;

/** Name of the watch that counts since a run was opened, or opened again. */
export const runWatch = (service: string, run: RunName): string => `run:${service}:${run.epoch}.${run.retries}`;

/** Name of the watch that counts since a step of a run may begin: what it waits for has ended. */
export const stepWatch = (service: string, run: RunName, step: StepName): string =>
  `step:${service}:${run.epoch}.${run.retries}:${step}`;

/** Name of the watch that counts since a run has shifted as much as it has now. */
export const shiftWatch = (service: string, run: RunName, ramp: Register['ramp']): string =>
  `shift:${service}:${run.epoch}.${run.retries}:${splitName(ramp)}`;

/** Name of the watch that counts since a run has failed under its newest attempt. */
export const failedWatch = (service: string, run: Pick<Run, 'epoch' | 'attempt'>): string =>
  `failed:${service}:${run.epoch}.${run.attempt}`;

/** Name of the watch that counts since the newest move that could not reach a site had failed. */
export const setbackWatch = (
  service: string,
  { site, epoch, count }: Pick<Setback, 'site' | 'epoch' | 'count'>,
): string => `setback:${service}:${site}:${epoch}.${count}`;

/** Name of the watch that counts since a change of the register was seen half way. */
export const unsettledWatch = (service: string, ballot: string): string => `unsettled:${service}:${ballot}`;

/**
 * Name of the watch that counts since traffic has its present split. When the same split returns later, it gets another
 * name, because a load report may be from before the split that was in between. That a run ends well splits nothing.
 */
export const sharesWatch = (
  service: string,
  { epoch, run, serving, ramp }: Pick<Register, 'epoch' | 'run' | 'serving' | 'ramp'>,
): string =>
  `shares:${service}:${epoch}.${run?.retries ?? 0}.${run?.state === 'failed' ? 'failed' : 'on'}:${serving.join(',')}:${splitName(ramp)}`;

/**
 * Name of the watch that counts since a region's own fence of a site may be opened again.
 *
 * @param mark - unique to this opening; a count of an earlier one must not count for it
 */
export const letGoWatch = (service: string, site: string, mark: string): string => `let-go:${service}:${site}:${mark}`;

/**
 * Name of the watch that counts since the fence of the site that an epoch made active may be opened. Without a count
 * that site was not behind its own fence.
 */
export const reopeningWatch = (service: string, epoch: number): string => `reopening:${service}:${epoch}`;

/** Name of the watch that counts for how long a site's verdict has been `up`. */
export const upWatch = (service: string, site: string): string => `up:${service}:${site}`;

/** Name of the watch that counts for how long an attempt at a run has had no living holder. */
export const unheldWatch = (service: string, run: Pick<Run, 'epoch' | 'attempt'>): string =>
  `unheld:${service}:${run.epoch}.${run.attempt}`;

/**
 * Name of the watch that counts for how long the holder of an attempt at a run has been heard. Others who do not hear
 * it see by this that it lives.
 */
export const heldWatch = (service: string, run: Pick<Run, 'epoch' | 'attempt'>): string =>
  `held:${service}:${run.epoch}.${run.attempt}`;

/**
 * Name of the watch that counts for how long a region has been silent: neither its watcher speaks nor its table
 * answers.
 */
export const silentWatch = (region: string): string => `silent:${region}`;

/** Name of the watch that counts for how long a service has been unprotected: no site would take over. */
export const unprotectedWatch = (service: string): string => `unprotected:${service}`;

/** Name of the watch that counts for how long living watchers have had different configurations of a service. */
export const differsWatch = (service: string): string => `differs:${service}`;

/**
 * Name of the watch that counts for how long the data has said that a site writes which the register does not call the
 * writer. A run that ends in between gives it another name: what was read before that says nothing of it.
 */
export const outsideWriterWatch = (service: string, run: Pick<Run, 'epoch' | 'attempt'> | null, site: string): string =>
  `outside:${service}:${run?.epoch ?? 0}.${run?.attempt ?? 0}:${site}`;

/** Whether a watch counts while a condition lasts; all others count since an event. */
export const isConditionWatch = (name: string): boolean =>
  /^(up|unheld|held|silent|unprotected|differs|outside):/.test(name);

/** Whether a watch is about a service. */
export const isWatchOf = (service: string, name: string): boolean => name.split(':')[1] === service;

function splitName(ramp: Register['ramp']): string {
  return Object.entries(ramp)
    .map(([site, percent]) => `${site}=${percent}`)
    .sort()
    .join(',');
}
