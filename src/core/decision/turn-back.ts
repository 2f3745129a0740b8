import { possibleWriters } from '../register/owed-fence.ts';
import type { Register } from '../register/register.ts';
import { hasFailedGate } from '../register/run.ts';
import type { Decision, DecisionInput } from './decision-input.ts';

/**
 * Decides the return to the site that truly writes, after a move that failed.
 *
 * Such a move has fenced a site that is needed, because no other site can serve. So the return checks neither the
 * health of that site, nor a pause, nor limits. No traffic moves; what was begun is taken back. Once the site is active
 * again, later decisions treat it like any other active site.
 */
export function decideTurnBack({ service, register, knowledge }: DecisionInput): Decision | null {
  const { run, active, writer, serving } = register;
  if (run === null || run.epoch !== register.epoch || run.state !== 'failed') return null;
  if (writer !== active && service.sites[writer] !== undefined) {
    // When the run asked nothing of the new site, there is nothing to take back there.
    const isUntouched = hasFailedGate(run) && possibleWriters(register).length === 1;
    const from = isUntouched ? writer : active;
    return back(from, writer, `the move to ${active} failed and ${writer} still writes`);
  }
  // The data has moved, but the clients have not. The data goes back to the site of the clients, if that site is well
  // and nothing forbids it.
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

/** Whether the newest run took back a move that failed, so that the active site has served all the time. */
export function isTurnBack({ run, epoch }: Pick<Register, 'run' | 'epoch'>): boolean {
  return run?.epoch === epoch && run.reason === 'turned-back';
}
