import { systemClock } from '../../adapters/system/clock.ts';
import { type PredictionInput, predict, type ServiceOutcome } from '../../sim/prediction/prediction.ts';
import { parseOperatorLine } from './operator-line.ts';

/** Simulated losses when nobody says how many. Few, because each takes about half a second a service. */
export const seedsDefault = 5;

/**
 * Simulates one loss at several instants, one after the other.
 *
 * A simulation holds the processor until it is over, so a signal is heard between two of them.
 *
 * @returns by service, an outcome a seed
 * @throws the signal's reason once it is aborted
 */
export async function predictEach(
  question: Omit<PredictionInput, 'seed' | 'parseOperatorLine'>,
  seeds: number,
  signal: AbortSignal,
): Promise<Readonly<Record<string, readonly ServiceOutcome[]>>> {
  const outcomes: Readonly<Record<string, ServiceOutcome>>[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    await systemClock.sleep(0, signal);
    outcomes.push(predict({ ...question, seed, parseOperatorLine }));
  }
  return Object.fromEntries(
    Object.keys(question.deployment.services).map((name) => [name, outcomes.flatMap((each) => each[name] ?? [])]),
  );
}
