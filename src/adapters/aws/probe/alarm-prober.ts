import type { Observation } from '../../../core/detection/observation.ts';
import type { AlarmProbe } from '../../../core/model/probe.ts';
import type { AlarmState, AlarmStates } from './alarm-states.ts';
import { answerWithin } from './answer-within.ts';

/** Longest part of the reason of an alarm that is repeated, in characters. */
const reasonLengthMax = 120;

/**
 * Evaluations whose state says nothing of the site now: the alarm is set up wrongly, or CloudWatch has a fault of its
 * own. Source: CloudWatch User Guide, "Alarm evaluation".
 */
const brokenEvaluations: readonly string[] = ['EVALUATION_ERROR', 'EVALUATION_FAILURE'];

/**
 * Judges a site by the state of its alarm.
 *
 * @returns `unknown` for insufficient data and for whatever could not be read: neither says that the site is down.
 *   Never rejects
 */
export function probeAlarm(states: AlarmStates, probe: AlarmProbe): Promise<Observation> {
  return answerWithin(probe.timeoutMs, `CloudWatch in ${probe.region}`, async (passedMs) =>
    judge(await states.stateOf(probe), probe, passedMs()),
  );
}

function judge(found: AlarmState | null, { name, region, composite }: AlarmProbe, latencyMs: number): Observation {
  if (found === null) {
    const way = composite ? '' : '; a composite alarm needs composite: true';
    return { outcome: 'unknown', detail: `no alarm ${name} in ${region} for this role${way}` };
  }
  const { state, evaluation } = found;
  const reason = found.reason.slice(0, reasonLengthMax);
  if (evaluation !== null && brokenEvaluations.includes(evaluation)) {
    return { outcome: 'unknown', detail: `the alarm is not evaluated (${evaluation}): ${reason}` };
  }
  switch (state) {
    case 'OK':
      return { outcome: 'pass', latencyMs, saw: 'OK' };
    case 'ALARM':
      return { outcome: 'fail', reason: 'alarm', latencyMs, saw: `ALARM: ${reason}` };
    default:
      return { outcome: 'unknown', detail: `the alarm cannot tell (${state}): ${reason}` };
  }
}
