import type { Answer } from '../../fault.ts';
import type { Placed, RunFacts } from '../../kinds/kind.ts';
import { kindNames } from '../../kinds/kind-name.ts';
import { type Desired, kindOf } from '../../kinds/kinds.ts';
import type { StepReport } from '../../kinds/order.ts';
import { all, call, type Routine } from '../../routine.ts';
import { orderOf } from './order-execution.ts';

/** What the function of a thing said to an order that only looks. */
export interface RehearsedOrder {
  readonly placed: Placed<Desired>;
  readonly answer: Answer<StepReport>;
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
