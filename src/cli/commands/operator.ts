import { systemClock } from '../../adapters/system/clock.ts';
import { type OperatorRequest, type OperatorResult, operate } from '../../core/operator/operate.ts';
import { drive } from '../../ports/drive.ts';
import { completeDraft, type OperatorDraft } from '../operator-draft.ts';
import type { OperatorFlags } from '../operator-verbs.ts';
import { withProgress } from '../progress.ts';
import { type HistoryJson, showHistory } from '../show/history.ts';
import { duration } from '../show/layout.ts';
import { type PlanJson, showPlan } from '../show/plan.ts';
import { type QuorumJson, showQuorum } from '../show/quorum.ts';
import { type StatusJson, showStatus } from '../show/status.ts';
import { connect, type Target } from '../target.ts';
import { printJson, type Terminal } from '../terminal.ts';

/**
 * Carries out one operator's verb against the deployment within reach.
 *
 * @returns the exit code
 * @throws {FailoverError} when there is no deployment, or the request is not complete
 */
export async function runOperatorVerb(draft: OperatorDraft, flags: OperatorFlags, terminal: Terminal): Promise<number> {
  const target = await connect({ lab: flags.lab });
  try {
    return await runAgainst(target, draft, flags, terminal);
  } finally {
    target.close();
  }
}

/** The same against a deployment that has been found. */
export async function runAgainst(
  target: Pick<Target, 'deployment' | 'ports' | 'surroundings'>,
  draft: OperatorDraft,
  flags: OperatorFlags,
  terminal: Terminal,
): Promise<number> {
  const request = completeDraft(draft, target.deployment);
  const routine = operate(target.deployment, request, flags.by ?? terminal.userName, target.surroundings);
  const work = drive(routine, target.ports, terminal.signal);
  const result = await withProgress(terminal, systemClock, work, (passedMs) => waitingFor(request, passedMs));
  print(request, result, flags.json, terminal);
  return result.exit;
}

function print(request: OperatorRequest, result: OperatorResult, isJson: boolean, terminal: Terminal): void {
  const isError = result.exit === 2 || (result.exit !== 0 && request.verb === 'command');
  if (isJson) printJson(terminal, result.json);
  else if (!isError) terminal.out(`${show(request, result)}\n`);
  if (isError) terminal.err(`failover: ${result.says}\n`);
}

/** Each verb that reads has its layout; a command says what it did. */
function show(request: OperatorRequest, result: OperatorResult): string {
  switch (request.verb) {
    case 'status':
      return showStatus(result.json as StatusJson);
    case 'quorum':
      return showQuorum(result.json as QuorumJson);
    case 'history':
      return showHistory(result.json as HistoryJson);
    case 'plan':
      return showPlan(request.service, result.json as PlanJson);
    case 'command':
      return result.says;
  }
}

function waitingFor(request: OperatorRequest, passedMs: number): string {
  if (request.verb !== 'command') return `listening to the watchers, ${duration(passedMs)}`;
  return `${request.command.verb} ${request.service}: waiting for the watchers, ${duration(passedMs)}`;
}
