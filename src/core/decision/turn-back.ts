import { possibleWriters } from '../register/owed-fence.ts';
import { hasFailedGate } from '../register/run.ts';
import { epochWatch } from '../tables/stopwatch.ts';
import type { Decision, DecisionInput } from './decision-input.ts';

/**
 * Rounds of drift repair for which a site is left out after a move that could not reach it; twice as long with each
 * further one.
 */
const setbackRounds = 3;
/**
 * Longest for which it is left out. Source: ours; a veto or a missing API lasts minutes, and each try cuts the old site
 * off.
 */
const setbackMsMax = 10 * 60_000;

/**
 * Back to the site that truly writes, after a move that came to nothing.
 *
 * Such a move has fenced a site that is needed: nobody else can serve. So this asks neither whether that site is well,
 * nor for a pause, nor for limits: nothing moves, what was begun is taken back. Once it is active again, whether and
 * where to move is decided as for any other active site, by what is known then.
 */
export function decideTurnBack({ service, register, knowledge }: DecisionInput): Decision | null {
  const { run, active, writer, serving } = register;
  if (run === null || run.epoch !== register.epoch || run.state !== 'failed') return null;
  if (writer !== active && service.sites[writer] !== undefined) {
    // Where nothing was asked of the new site, there is nothing to take back there either.
    const isUntouched = hasFailedGate(run) && possibleWriters(register).length === 1;
    const from = isUntouched ? writer : active;
    return back(from, writer, `the move to ${active} came to nothing and ${writer} still writes`);
  }
  // Its data has moved, but its clients have not: they go back with the data, if the site is well and nobody is against
  // it.
  const [still] = serving;
  const isLeft = run.kind === 'failover' || still === undefined || still === active;
  if (isLeft || knowledge.verdicts[still] !== 'up' || register.pause !== null) return null;
  return back(active, still, `the move to ${active} failed and ${still} still serves`);
}

function back(from: string, to: string, detail: string): Decision {
  return {
    kind: 'move',
    run: 'recover',
    from,
    to,
    serving: [to],
    reason: 'turned-back',
    detail,
  };
}

/** Sites that a move failed to reach so lately that it is not tried again yet. */
export function setBackSites({
  service,
  register,
  stopwatches,
}: Pick<DecisionInput, 'service' | 'register' | 'stopwatches'>): readonly string[] {
  const restMs = (count: number) =>
    Math.min(setbackMsMax, setbackRounds * service.failover.reconcileMs * 2 ** (count - 1));
  return register.setbacks
    .filter(({ epoch, count }) => (stopwatches[epochWatch(service.name, epoch + 1)] ?? 0) < restMs(count))
    .map(({ site }) => site);
}
