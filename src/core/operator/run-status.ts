import { type LedgerLine, ledgerLines } from '../register/ledger.ts';
import type { Run, RunKind, Step } from '../register/run.ts';

/** The run in progress, for people. */
export interface RunStatus {
  readonly kind: RunKind;
  readonly epoch: number;
  readonly attempt: number;
  readonly state: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly by: string;
  readonly holder: string | null;
  readonly steps: readonly Pick<Step, 'name' | 'resource' | 'state' | 'detail'>[];
  readonly ledger: readonly LedgerLine[];
}

/** The status of a run, for display. */
export function runStatus(run: Run): RunStatus {
  const { kind, epoch, attempt, state, from, to, reason, by, holder, times } = run;
  const steps = run.steps.map(({ name, resource, state: stepState, detail }) => ({
    name,
    resource,
    state: stepState,
    detail,
  }));
  return {
    kind,
    epoch,
    attempt,
    state,
    from,
    to,
    reason,
    by,
    holder: holder?.region ?? null,
    steps,
    ledger: ledgerLines(times),
  };
}
