import type { Answer } from '../../fault.ts';
import { kindNames } from '../../kinds/kind-name.ts';
import { kindOf } from '../../kinds/kinds.ts';
import type { StepReport } from '../../kinds/order.ts';
import { newOrder } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import type { Register } from '../../register/register.ts';
import { type StepName, tokenOf } from '../../register/run.ts';
import { all, call, type Routine } from '../../routine.ts';
import { imaginedRun, type RehearsedOrder, rehearseRun } from '../../watcher/run/rehearsed-orders.ts';

/** What one function would do in a failover, or why it could not; nothing was written. */
export interface RehearsedStep {
  readonly step: StepName;
  readonly resource: string;
  /** Region whose function was asked; null where there is nothing to ask. */
  readonly region: string | null;
  /**
   * `ready`: nothing to do. `would-do`: it reads its thing and would change it. `fails`: it cannot. `watchers`: no
   * function does it.
   */
  readonly outcome: 'ready' | 'would-do' | 'fails' | 'watchers';
  readonly detail: string;
}

/** What is rehearsed, and from where. */
export interface RehearsalFacts {
  readonly service: NamedService;
  readonly register: Register;
  readonly ownRegion: string;
  readonly controlRegions: readonly string[];
}

/**
 * Asks each function that a failover would use to look at its thing, at the standby and at what is to be cut off, and
 * to write nothing. The run exists nowhere but here.
 */
export function* rehearseMove(facts: RehearsalFacts, to: string, wallMs: number): Routine<readonly RehearsedStep[]> {
  const { service, register } = facts;
  const opened = imaginedRun(service, register, { kind: 'failover', to, reason: 'operator' }, wallMs);
  const { run } = opened;
  if (run === null) return [];
  const rehearsed = yield* rehearseRun({ ...facts, register: opened, run });
  return run.steps.flatMap(({ name, resource }) => {
    const asked = rehearsed.filter(({ placed }) => placed.desired.kind === name);
    return asked.length > 0 ? asked.map((order) => stepOf(order)) : [unasked(name, resource)];
  });
}

function stepOf({ placed: { region, desired }, answer }: RehearsedOrder): RehearsedStep {
  return { step: desired.kind, resource: kindOf(desired.kind).nameOf(desired), region, ...wordsOf(answer) };
}

function unasked(step: StepName, resource: string): RehearsedStep {
  const kind = kindNames.find((name) => name === step);
  const detail = kind === undefined ? 'by the watcher that carries it out' : kindOf(kind).nothingToDo;
  return { step, resource, region: null, outcome: 'watchers', detail };
}

function wordsOf(answer: Answer<StepReport>): Pick<RehearsedStep, 'outcome' | 'detail'> {
  if (!answer.ok) return { outcome: 'fails', detail: `${answer.fault.kind}: ${answer.fault.detail}` };
  const report = answer.value;
  switch (report.outcome) {
    case 'as-ordered':
      return { outcome: 'ready', detail: 'it is so already' };
    case 'pending':
      return { outcome: 'would-do', detail: report.detail };
    case 'failed':
      return { outcome: 'fails', detail: `${report.fault.kind}: ${report.fault.detail}` };
    case 'disagreed':
      return { outcome: 'fails', detail: report.detail };
    case 'stale':
      return { outcome: 'fails', detail: `epoch ${report.claimed.epoch} has claimed there` };
  }
}

/** A thing at rest, and whether it is as the register wants it; `null`: nobody could say. */
export interface ObservedThing {
  readonly name: string;
  readonly region: string;
  readonly state: string | null;
  readonly why: string | null;
}

/** Looks at every thing of a service by the functions that look after it, as they do at rest; nothing is written. */
export function* observeThings(facts: RehearsalFacts): Routine<readonly ObservedThing[]> {
  const { service, register } = facts;
  const token = tokenOf(register.epoch, register.run);
  const things = kindNames.flatMap((name) => kindOf(name).atRest({ ...facts, epochAgeMs: 0 }));
  const answers = yield* all(
    things.map(({ region, desired }) =>
      call('invoke', { region, order: newOrder(service, token, 'rehearse', desired) }),
    ),
  );
  return things.flatMap(({ region, desired }, index) => {
    const answer = answers[index];
    if (answer === undefined) return [];
    const { outcome, detail } = wordsOf(answer);
    const isSeen = outcome !== 'fails';
    const state = outcome === 'ready' ? 'as the register wants it' : detail;
    const name = kindOf(desired.kind).nameOf(desired);
    return [{ name, region, state: isSeen ? state : null, why: isSeen ? null : detail }];
  });
}
