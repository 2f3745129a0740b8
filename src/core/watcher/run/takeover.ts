import { newEvent } from '../../alerting/event.ts';
import { notBegun } from '../../decision/plan.ts';
import { withReturned } from '../../decision/writer/returned-site.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register } from '../../register/register.ts';
import { isUnrehearsed, type Run, tokenOf } from '../../register/run.ts';
import { describeRun } from '../../register/run-words.ts';
import { call, type Routine, readTime } from '../../routine.ts';
import { announce } from '../notifying.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { rehearse } from './rehearsal.ts';
import { executeRun } from './run-execution.ts';

/**
 * Takes over a run whose holder is gone, or that a person has opened, and carries it out. A site that it leaves, and
 * that whoever began it could not fence, is fenced first where this configuration has it.
 *
 * A move that a person asks for, and that nothing forces, is rehearsed first, as those are that the watchers decide
 * themselves. Where it could not end, it ends here: nobody is cut off, and the next decision makes the site that still
 * serves the active one again.
 */
export function* takeOver(
  state: WatcherState,
  service: NamedService,
  register: Register & { readonly run: Run },
): Routine<void> {
  const { run } = register;
  const refusal = isUnrehearsed(run) ? yield* rehearse(state, service, register) : null;
  const why = refusal === null ? null : `not begun: ${refusal.step}: ${refusal.detail}; nobody was cut off`;
  const holder = { region: state.setup.region, invocation: state.invocation };
  const { monotonicMs, wallMs } = yield* readTime();
  const proposer = proposerFor(state, service.name, monotonicMs + service.detection.opinionTtlMs);
  const outcome = yield* changeRegister(proposer, (current) => {
    const isSame =
      current !== null && hasOpenRun(current) && current.run.epoch === run.epoch && current.run.attempt === run.attempt;
    if (!isSame) return null;
    const taken = withReturned(service, { ...current, run: { ...current.run, holder, attempt: run.attempt + 1 } });
    return why === null ? taken : notBegun(service, taken, why, wallMs);
  });
  if (outcome.outcome !== 'changed') return;
  const token = tokenOf(run.epoch, outcome.register.run);
  const detail = `${describeRun(run)} taken over from ${run.holder?.region ?? 'an operator'}`;
  yield* call('log', { event: newEvent('run-taken-over', service.name, detail, { data: { ...token } }) });
  if (why !== null) {
    const data = { step: 'fence', ...token, state: 'failed' };
    yield* announce(state, newEvent('step-ended', service.name, `fence: failed, ${why}`, { data }));
  }
  yield* executeRun(state, service, outcome.register);
}
