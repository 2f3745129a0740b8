import { hasOneWriter } from '../model/data.ts';
import { preferredSite } from '../model/service.ts';
import { upWatch } from '../tables/stopwatch.ts';
import { type Decision, type DecisionInput, hold } from './decision-input.ts';
import { ineligibilities } from './eligibility.ts';
import { isEligibleForOthers } from './group-view.ts';
import { limitedBecause, stoppedBecause } from './limits.ts';
import { isResting, isUnchanged, setbackOf } from './setback.ts';

/**
 * Decides the failback to the preferred site, once that site has been well for long enough and no known obstacle would
 * stop the move.
 *
 * A failback is not urgent, and it cuts off the serving site. So it begins only when it can be completed. A failback
 * that failed is not tried again before something at the preferred site has changed, or a person asks for it.
 */
export function decideFailback(input: DecisionInput): Decision {
  const { service, register } = input;
  if (register.pause !== null) return hold('paused', `paused by ${register.pause.by}`);
  const home = preferredSite(service);
  if (!isWellAndFree(input, home)) return hold('healthy', `${register.active} is up`);
  const stopped = stoppedBecause(input);
  if (stopped !== null) return stopped;
  const waits = whyItWaits(input, home);
  // The active site is up, so nobody has to be notified that the failback waits.
  if (waits !== null) return hold('failback-waits', `${register.active} is up; the failback waits: ${waits}`);
  return {
    kind: 'move',
    run: 'failback',
    from: register.active,
    to: home,
    serving: [home],
    reason: 'failback-due',
    detail: `${home} has been up for ${service.failback.healthyForMs / 1_000} s`,
  };
}

/** Whether a return is wanted and the preferred site has been a well standby for long enough. */
function isWellAndFree({ service, register, knowledge, stopwatches, group }: DecisionInput, home: string): boolean {
  return (
    service.failback.mode === 'automatic' &&
    home !== register.active &&
    (stopwatches[upWatch(service.name, home)] ?? 0) >= service.failback.healthyForMs &&
    // Data that takes writes keeps nobody waiting without a word: see below.
    ineligibilities(service, register, knowledge, home).every((fault) => fault === 'takes-writes') &&
    isEligibleForOthers(group, home)
  );
}

/** What a failback waits for; null when it may begin. */
function whyItWaits(input: DecisionInput, home: string): string | null {
  const { service, knowledge } = input;
  const report = knowledge.reports[home];
  if (ineligibilities(service, input.register, knowledge, home).includes('takes-writes'))
    return `the data of ${home} takes writes of its own: make it a replica`;
  // Missing knowledge stops a move that is not urgent.
  if (hasOneWriter(service) && report?.dataRole !== 'replica')
    return `it is not known whether the data of ${home} is a replica`;
  if ((report?.findings ?? 0) > 0) return `${report?.findings} findings about ${home}`;
  const setback = setbackOf(input.register, home);
  if (setback !== null) {
    const what = `${setback.step}: ${setback.detail}`;
    if (setback.kind === 'rehearsal' && isResting(input, setback)) return `it could not be completed (${what})`;
    if (setback.kind !== 'rehearsal' && (isResting(input, setback) || isUnchanged(input, setback)))
      return `the last move to ${home} failed (${what}), and nothing there has changed`;
  }
  const limited = limitedBecause(input, { kind: 'failback', from: input.register.active, to: home });
  return limited?.detail ?? null;
}
