import { candidateOrder, noOverrides } from '../decision/eligibility.ts';
import { settleStep } from '../decision/plan.ts';
import { fenceSetbackOf, setbackOf } from '../decision/setback.ts';
import { gateKinds } from '../kinds/kind-name.ts';
import { kindOf } from '../kinds/kinds.ts';
import { hasOpenRun, type Setback } from '../register/register.ts';
import {
  hasFailedGate,
  type Run,
  readySteps,
  reopenedByHand,
  type StepName,
  unfinishedSteps,
  waitingIn,
} from '../register/run.ts';
import { describeRun } from '../register/run-words.ts';
import { accept, type CommandContext, type CommandOutcome, refuse, unchanged } from './command-outcome.ts';
import { type Allowances, moveByHand } from './hand-move.ts';

/** A move that is not complete: it is under way, it ended with a step undone, or it failed and was taken back. */
type Unended =
  | { readonly kind: 'open' | 'undone'; readonly run: Run }
  | { readonly kind: 'came-to-nothing'; readonly setback: Setback };

/**
 * The incomplete move that a person may continue; null when there is none. Of several failed moves, it is the one to
 * the best candidate.
 */
function unendedIn({ register, service, knowledge }: CommandContext): Unended | null {
  const { run, epoch, writer } = register;
  if (hasOpenRun(register)) return { kind: 'open', run: register.run };
  const isHalfThere = run?.epoch === epoch && unfinishedSteps(run).length > 0;
  if (isHalfThere && (!hasFailedGate(run) || run.to === writer)) return { kind: 'undone', run };
  const sites = [...candidateOrder(service, register, knowledge), register.active];
  const [setback] = sites.flatMap((site) => setbackOf(register, site) ?? fenceSetbackOf(register, site) ?? []);
  return setback === undefined ? null : { kind: 'came-to-nothing', setback };
}

/** Tries again at once what a run has left undone, or the move that failed. */
export function continueByHand(context: CommandContext): CommandOutcome {
  const { register, service } = context;
  const unended = unendedIn(context);
  switch (unended?.kind) {
    case undefined:
      return unchanged(`${service.name} has nothing to continue: no move has failed`);
    case 'open':
      return unchanged(`${describeRun(unended.run)} is under way; it waits for ${waitingIn(unended.run)}`);
    case 'undone': {
      const what = describeRun(unended.run);
      const undone = unfinishedSteps(unended.run).map(({ name }) => name);
      const next = { ...register, run: reopenedByHand(unended.run, undone) };
      return accept(next, `continue ${what}`, context, `${what} goes on with what is not done: ${undone.join(', ')}`);
    }
    case 'came-to-nothing':
      return moveAgain(unended.setback, {}, context);
  }
}

/**
 * Continues without a step, and states the risk. Without the fence two sites may write, so that needs an option of its
 * own.
 */
export function skipByHand(step: StepName, areTwoWritersAllowed: boolean, context: CommandContext): CommandOutcome {
  const { register, service, by, wallMs } = context;
  const unended = unendedIn(context);
  if (unended === null) return refuse(`${service.name} has nothing to skip: no move has failed`);
  const { from, to } =
    unended.kind === 'came-to-nothing' ? { from: register.writer, to: unended.setback.site } : unended.run;
  const risk = riskOf(step, from, to);
  if (step === 'fence' && !areTwoWritersAllowed) {
    const command = `cdk-failover skip ${service.name} fence --allow-two-writers`;
    return refuse(`${risk}; when you have made sure that ${from} is off, say "${command}"`);
  }
  const why = `skipped by ${by}: ${risk}`;
  if (unended.kind === 'came-to-nothing') {
    const { setback } = unended;
    if (step === setback.step || gateKinds.some((gate) => gate === step))
      return moveAgain(setback, { skipped: { [step]: why } }, context);
    return refuse(`${step} is not what the move to ${setback.site} failed at; that was: ${setback.step}`);
  }
  const { run } = unended;
  const skippable = skippableSteps(unended);
  if (!skippable.includes(step)) {
    const isSkipped = run.steps.some(({ name, state }) => name === step && state === 'skipped');
    if (isSkipped) return unchanged(`${step} of ${describeRun(run)} is skipped already`);
    const left = skippable.join(', ') || 'nothing';
    return refuse(`${step} is not what ${describeRun(run)} waits for; that is: ${left}`);
  }
  // The present holder of the run must not go on with the step, so the attempt is raised.
  const isPending = run.steps.some(({ name, state }) => name === step && state === 'pending');
  const again = isPending ? { ...run, holder: null, attempt: run.attempt + 1 } : reopenedByHand(run, [step]);
  const next = settleStep(service, { ...register, run: again }, step, { state: 'skipped', detail: why }, wallMs);
  const isKept = unfinishedSteps(next.run).some(({ name }) => name === step);
  const rest = isKept ? '; it is still asked for, and the status is stuck until it is there' : '';
  return accept(next, `skip ${step}`, context, `${describeRun(run)} goes on without ${step}: ${risk}${rest}`);
}

/**
 * The steps that an incomplete move waits for, or that have ended without their effect. What still waits for another
 * step cannot be left out: clients would be led to a site before it is ready.
 */
function skippableSteps({ kind, run }: Exclude<Unended, { readonly kind: 'came-to-nothing' }>): readonly StepName[] {
  const undone = kind === 'open' ? ['failed'] : ['failed', 'fallback'];
  const ended = (kind === 'open' ? run.steps : unfinishedSteps(run)).filter(({ state }) => undone.includes(state));
  return [...(kind === 'open' ? readySteps(run) : []), ...ended].map(({ name }) => name);
}

/** Opens the failed move again, as a new decision. A member of a group follows its first member. */
function moveAgain(setback: Setback, allowances: Allowances, context: CommandContext): CommandOutcome {
  const { register, knowledge, service, group } = context;
  if (register.active === setback.site) {
    return refuse(`the move to ${setback.site} is being taken back; try again in a moment`);
  }
  const isFollower = group !== null && group.leader !== service.name;
  if (isFollower && group.others[group.leader]?.register?.active !== setback.site) {
    return unchanged(`group ${group.name} is not at ${setback.site} any more; ${service.name} need not go there`);
  }
  const kind = isFollower ? 'follow' : knowledge.verdicts[register.active] === 'up' ? 'switchover' : 'failover';
  const isFenceSkipped = allowances.skipped?.fence !== undefined;
  const moved = moveByHand(kind, setback.site, { ...noOverrides, isProofWaived: isFenceSkipped }, context, allowances);
  const risks = Object.values(allowances.skipped ?? {}).join('; ');
  return moved.outcome === 'accepted' && risks !== '' ? { ...moved, message: `${moved.message}; ${risks}` } : moved;
}

/** The risk of continuing a move without one of its steps. */
function riskOf(step: StepName, from: string, to: string): string {
  if (step === 'verify') return `nobody has seen that clients are sent to ${to}`;
  if (step === 'notify') return 'nobody is told';
  return kindOf(step).riskOfSkipping(from, to);
}
