import { possibleWriters } from '../register/owed-fence.ts';
import type { Register } from '../register/register.ts';
import { hasFailedGate } from '../register/run.ts';
import type { Decision, DecisionInput } from './decision-input.ts';

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

/** Whether the newest run took back a move that came to nothing: the site that is active has been so all along. */
export function isTurnBack({ run, epoch }: Pick<Register, 'run' | 'epoch'>): boolean {
  return run?.epoch === epoch && run.reason === 'turned-back';
}
