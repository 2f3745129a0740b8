import type { NamedService } from '../model/service.ts';
import type { Register, Setback } from '../register/register.ts';
import { obstacleOf, type Run } from '../register/run.ts';
import { setbackWatch, upWatch } from '../tables/stopwatch.ts';
import type { DecisionInput } from './decision-input.ts';

/**
 * Rounds of drift repair for which a site is left alone after one failed attempt. The time doubles with each further
 * one.
 */
const restRounds = 3;

/**
 * Longest time for which a site is left alone. Source: our own; a refusal or an API outage lasts minutes, and each
 * attempt cuts off the old site.
 */
export const restMsMax = 10 * 60_000;

/** Most characters of a step's detail that are kept, so that the register stays small. */
const detailLengthMax = 160;

/** What setbacks are judged from. */
type SetbackInput = Pick<DecisionInput, 'service' | 'register' | 'stopwatches'>;

/** How long a site is left alone after `count` failed attempts in a row, in milliseconds. */
export function restMs({ failover }: Pick<NamedService, 'failover'>, count: number): number {
  return Math.min(restMsMax, restRounds * failover.reconcileMs * 2 ** (count - 1));
}

/**
 * Sites that a move failed to reach so lately that none is tried again yet. A failback that was only rehearsed keeps no
 * failover away, and neither does a fence of another site.
 */
export function restingSites(input: SetbackInput): readonly string[] {
  return input.register.setbacks
    .filter((setback) => setback.kind !== 'rehearsal' && setback.kind !== 'fence' && isResting(input, setback))
    .map(({ site }) => site);
}

/**
 * What keeps a site that is down from being left again just yet: its fence could not be closed a moment ago. Null when
 * nothing does. The next candidate would meet the same fence, so none is tried, and none is thought the less of.
 */
export function restingFence(input: SetbackInput): Setback | null {
  return input.register.setbacks.find((setback) => setback.kind === 'fence' && isResting(input, setback)) ?? null;
}

/**
 * Whether a setback is so recent that its site is not tried again yet. A fence rests no longer the more often it was
 * tried: the site that is to be left is down, so that trying costs nobody anything, and nothing else shows when it can
 * be closed.
 */
export function isResting(input: SetbackInput, setback: Setback): boolean {
  if (setback.kind === 'fence') return isRestingBriefly(input, setback);
  return sinceMs(input, setback) < restMs(input.service, setback.count);
}

/** The same for what rests as after a first failure, however often it was tried. */
export function isRestingBriefly(input: SetbackInput, setback: Setback): boolean {
  return sinceMs(input, setback) < restMs(input.service, 1);
}

/**
 * Whether a site has failed for good: `runAttemptsMax` attempts in a row have failed, so any other eligible site is
 * tried before it.
 */
export function hasFailedForGood({ service, register }: SetbackInput, site: string): boolean {
  return (setbackOf(register, site)?.count ?? 0) >= service.failover.runAttemptsMax;
}

/**
 * Whether a site is as it was when a move failed to reach it. A site that has been up ever since cannot have been
 * restarted or repaired. A failback, which is never urgent, is not tried again before this has changed.
 */
export function isUnchanged(input: SetbackInput, setback: Setback): boolean {
  const { site } = setback;
  return (input.stopwatches[upWatch(input.service.name, site)] ?? 0) >= sinceMs(input, setback);
}

/**
 * The setback of a site: the last attempt to reach it, when that failed. Null when the site was reached since, or never
 * tried.
 */
export function setbackOf({ setbacks }: Pick<Register, 'setbacks'>, site: string): Setback | null {
  return setbacks.find((setback) => setback.site === site && setback.kind !== 'fence') ?? null;
}

/** The newest failover to a site that could not close the fence of the one it was to leave; null when none did. */
export function fenceSetbackOf({ setbacks }: Pick<Register, 'setbacks'>, site: string): Setback | null {
  return setbacks.find((setback) => setback.site === site && setback.kind === 'fence') ?? null;
}

/**
 * The setbacks with one more, for a run that moved nothing. A run that has been counted is not counted twice.
 *
 * Only a failover leaves a site that nobody needs any more, so only there the fence is a matter apart. Any other move
 * is judged by whether it can be gone as a whole.
 */
export function withSetback(setbacks: Register['setbacks'], run: Run): Register['setbacks'] {
  const { to, epoch, isShortAllowed } = run;
  const obstacle = obstacleOf(run);
  if (obstacle === null) return setbacks;
  const isFence = run.kind === 'failover' && obstacle.name === 'fence';
  const before = isFence ? fenceSetbackOf({ setbacks }, to) : setbackOf({ setbacks }, to);
  if (before?.epoch === epoch) return setbacks;
  const newest: Setback = {
    site: to,
    epoch,
    count: (before?.count ?? 0) + 1,
    step: obstacle.name,
    detail: obstacle.detail.slice(0, detailLengthMax),
    kind: isFence ? 'fence' : isShortAllowed ? 'short-move' : 'move',
  };
  return [...setbacks.filter((one) => one !== before), newest];
}

/**
 * The setbacks with one more, for a failback or a planned switchover that was not begun because a rehearsal showed that
 * it could not be completed.
 */
export function withRefusal(
  { setbacks, epoch }: Pick<Register, 'setbacks' | 'epoch'>,
  site: string,
  { step, detail }: Pick<Setback, 'step' | 'detail'>,
): Register['setbacks'] {
  const before = setbackOf({ setbacks }, site);
  const count = (before?.count ?? 0) + 1;
  const newest = { site, epoch, count, step, detail: detail.slice(0, detailLengthMax), kind: 'rehearsal' } as const;
  return [...setbacks.filter((one) => one !== before), newest];
}

function sinceMs({ service, stopwatches }: SetbackInput, setback: Setback): number {
  return stopwatches[setbackWatch(service.name, setback)] ?? 0;
}
