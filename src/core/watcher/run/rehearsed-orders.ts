import { type Move, openRun } from '../../decision/plan.ts';
import type { Answer } from '../../fault.ts';
import type { Placed, RunFacts } from '../../kinds/kind.ts';
import { kindNames } from '../../kinds/kind-name.ts';
import { type Desired, kindOf } from '../../kinds/kinds.ts';
import type { StepReport } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import { newRunTimes } from '../../register/ledger.ts';
import type { Register } from '../../register/register.ts';
import { all, call, type Routine } from '../../routine.ts';
import { orderOf } from './order-execution.ts';

/** What the function of a thing said to an order that only looks. */
export interface RehearsedOrder {
  readonly placed: Placed<Desired>;
  readonly answer: Answer<StepReport>;
}

/** A register with a run that exists nowhere but in a rehearsal. */
export function imaginedRun(
  service: NamedService,
  register: Register,
  { kind, to, reason }: Pick<Move, 'kind' | 'to' | 'reason'>,
  wallMs: number,
): Register {
  const move: Move = {
    kind,
    from: register.active,
    to,
    serving: [to],
    reason,
    by: 'rehearsal',
    holder: null,
    isDataLossAllowed: false,
    isProofWaived: false,
    isShortAllowed: false,
    demand: null,
    times: newRunTimes(wallMs),
  };
  return openRun(service, register, move, null);
}

/**
 * Asks every function that would get an order of a run to read its thing and to write nothing.
 *
 * A read that succeeds does not prove that a write would succeed.
 */
export function* rehearseRun(facts: RunFacts): Routine<readonly RehearsedOrder[]> {
  const things = kindNames.flatMap((name) => kindOf(name).inRun(facts));
  const answers = yield* all(
    things.map((placed) =>
      call('invoke', { region: placed.region, order: { ...orderOf(facts, placed), manner: 'rehearse' as const } }),
    ),
  );
  return things.flatMap((placed, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : [{ placed, answer }];
  });
}
