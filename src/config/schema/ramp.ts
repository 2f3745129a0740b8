import { duration } from './duration.ts';
import { list, wholeNumber } from './fields.ts';
import { strict } from './strict-object.ts';

/** Half a minute: several ticks of latency, errors and load at the new share. Source: our own. */
const rampPauseMsDefault = 30_000;

/** Steps in which traffic is shifted to a site. */
export const rampSchema = strict({
  stepsPercent: list(wholeNumber(1, 100), 1, 20, 'percentages')
    .default([100])
    .describe(
      'Percentages of its own share that a site gets, rising; the last one is 100. A single entry shifts all traffic at once.',
    ),
  pauseMs: duration(1_000, 3_600_000)
    .default(rampPauseMsDefault)
    .describe(
      'Pause after each step, in which health and load are checked; when they get worse, the shift is turned back.',
    ),
}).superRefine(({ stepsPercent }, context) => {
  const isRising = stepsPercent.every((step, index) => index === 0 || step > (stepsPercent[index - 1] ?? 0));
  if (isRising && stepsPercent.at(-1) === 100) return;
  context.addIssue({ code: 'custom', path: ['stepsPercent'], message: 'rising percentages, the last one 100' });
});
