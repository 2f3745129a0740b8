import { isMissingTable } from '../../adapters/aws/checkup/fault-explanation.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import type { PlannedJson } from '../../core/operator/planned/planned-list.ts';
import { type OperatorRequest, operate } from '../../core/operator/request.ts';
import type { OperatorResult } from '../../core/operator/result.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import { type ExplanationJson, showExplanation } from '../show/explanation.ts';
import { type HistoryJson, showHistory } from '../show/history.ts';
import { duration, type Page, wrapAll } from '../show/layout.ts';
import { type PlanJson, showPlan } from '../show/plan.ts';
import { showPlanned } from '../show/planned.ts';
import { type QuorumJson, showQuorum } from '../show/quorum.ts';
import { type StatusJson, showStatus } from '../show/status.ts';
import { withProgress } from '../simulate/progress.ts';
import { clearScreen, printJson, type Terminal } from '../terminal.ts';
import { confirmChange, confirmName, isChange } from './confirmation.ts';
import { connect } from './connection.ts';
import { showWhere } from './location.ts';
import { completeDraft, type OperatorDraft } from './operator-draft.ts';
import type { OperatorFlags } from './operator-verbs.ts';
import { signed, type Target } from './target.ts';

/**
 * Carries out one operator's verb against the deployment within reach.
 *
 * @returns the exit code
 * @throws {FailoverError} when there is no deployment, or the request is not complete
 */
export async function runOperatorVerb(draft: OperatorDraft, flags: OperatorFlags, terminal: Terminal): Promise<number> {
  const target = await connect({ lab: flags.lab, config: flags.config, signal: terminal.signal });
  try {
    return await (flags.isWatching
      ? watch(target, draft, flags, terminal)
      : runAgainst(target, draft, flags, terminal));
  } finally {
    target.close();
  }
}

/** Pause between two looks; each look itself takes about a tick of the watchers, in milliseconds. */
const watchPauseMs = 500;

/**
 * Shows the answer again whenever it differs, until interrupted: on a terminal in place, elsewhere one below the other.
 *
 * @returns never by itself; an interruption ends it with its own code
 */
export async function watch(
  target: Omit<Target, 'close'>,
  draft: OperatorDraft,
  flags: OperatorFlags,
  terminal: Terminal,
): Promise<number> {
  const { page, signal } = terminal;
  const isInPlace = Number.isFinite(page.width);
  let shown = '';
  while (!signal.aborted) {
    let text = '';
    const collect = (part: string) => {
      text += part;
    };
    await runAgainst(target, draft, flags, { ...terminal, out: collect, err: collect, isErrWatched: false });
    if (text !== shown) terminal.out(isInPlace ? `${clearScreen}${text}` : `${text}\n`);
    shown = text;
    await systemClock.sleep(watchPauseMs, signal).catch(() => undefined);
  }
  throw signal.reason;
}

/** The same against a deployment that has been found. */
export async function runAgainst(
  target: Omit<Target, 'close'>,
  draft: OperatorDraft,
  flags: OperatorFlags,
  terminal: Terminal,
): Promise<number> {
  const drawn = completeDraft(draft, target.deployment);
  const request = drawn.verb === 'command' ? { ...drawn, command: signed(drawn.command, target) } : drawn;
  if (isChange(request)) {
    if (!flags.json) terminal.err(`${showWhere(target.deployment.name, target.where)}\n`);
    await confirmChange(target, flags, terminal);
  } else confirmName(target.deployment, flags.deployment);
  const by = flags.by ?? terminal.userName;
  const routine = operate(target.deployment, request, by, target.timingProfile, () => target.dns.read());
  const work = runRoutine(routine, target.ports, terminal.signal);
  const result = await withProgress(terminal, systemClock, work, (passedMs) => waitingFor(request, passedMs));
  const silent = await target.readSilent();
  // Who watches goes on watching: it may be the network, for a moment.
  const lost = result.exit === 2 || flags.isWatching ? null : nobodyAnswers(target, silent);
  if (lost !== null) throw new FailoverError('TARGET', lost);
  if (flags.json) {
    printJson(terminal, { where: { ...target.where, silent }, ...(result.json as object) });
    if (isFailure(request, result)) terminal.err(`cdk-failover: ${result.message}\n`);
    return result.exit;
  }
  printForPeople(target, request, result, terminal);
  // The layout of `status` names them already.
  const named = request.verb === 'status' ? {} : silent;
  for (const [region, why] of Object.entries(named)) terminal.err(`cdk-failover: ${region}: ${why}\n`);
  return result.exit;
}

/**
 * What is wrong when no control region on AWS answers: then the deployment is another one, or elsewhere, and what the
 * core would say of it is nothing that it knows. Null while any does.
 */
function nobodyAnswers({ deployment, where }: Pick<Target, 'deployment' | 'where'>, silent: Silent): string | null {
  if (where.kind !== 'aws' || where.regions.some((region) => silent[region] === undefined)) return null;
  if (where.regions.every((region) => isMissingTable(silent[region] ?? ''))) {
    return `${showWhere(deployment.name, where)}: not deployed there, no region has its state table; deploy it with "npx cdk deploy --all", or choose another account with AWS_PROFILE`;
  }
  const whys = where.regions.map((region) => `${region}: ${silent[region]}`).join('; ');
  return `${showWhere(deployment.name, where)}: no region answers, and nothing is known of it (${whys})`;
}

type Silent = Awaited<ReturnType<Target['readSilent']>>;

/**
 * Where it was comes first, so that nobody takes the lab for AWS, or the reverse. A change has said it before it began.
 */
function printForPeople(
  { deployment, where }: Pick<Target, 'deployment' | 'where'>,
  request: OperatorRequest,
  result: OperatorResult,
  terminal: Terminal,
): void {
  const isError = isFailure(request, result);
  const print = isError ? terminal.err : terminal.out;
  if (result.exit !== 2 && !isChange(request)) print(`${showWhere(deployment.name, where)}\n`);
  print(isError ? `cdk-failover: ${result.message}\n` : `${show(request, result, terminal.page)}\n`);
}

/** What a command could not do, and what nobody could, is an error; what a look found out is not. */
function isFailure(request: OperatorRequest, result: OperatorResult): boolean {
  return result.exit === 2 || (result.exit !== 0 && isChange(request));
}

/** Each verb that reads has its layout; a command says what it did. Colours, of `status`, would count as letters. */
function show(request: OperatorRequest, result: OperatorResult, page: Page): string {
  const text = showAnswer(request, result, page);
  return request.verb === 'status' ? text : wrapAll(text, page.width);
}

function showAnswer(request: OperatorRequest, result: OperatorResult, page: Page): string {
  switch (request.verb) {
    case 'status':
      return showStatus(result.json as StatusJson, page);
    case 'quorum':
      return showQuorum(result.json as QuorumJson);
    case 'explain':
      return showExplanation(result.json as ExplanationJson, page);
    case 'history':
      return showHistory(result.json as HistoryJson, page);
    case 'planned':
      return showPlanned(result.json as PlannedJson, page);
    case 'plan':
      return showPlan(request.service, result.json as PlanJson, page);
    case 'found':
    case 'command':
      return result.message;
  }
}

function waitingFor(request: OperatorRequest, passedMs: number): string {
  if (request.verb === 'found')
    return `found ${request.service}: waiting for its functions to say who writes, ${duration(passedMs)}`;
  if (request.verb !== 'command') return `listening to the watchers, ${duration(passedMs)}`;
  return `${request.command.verb} ${request.service}: waiting for the watchers, ${duration(passedMs)}`;
}
