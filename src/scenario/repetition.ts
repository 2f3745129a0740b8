import type { z } from 'zod';
import { duration } from '../config/schema/duration.ts';
import { wholeNumber } from '../config/schema/fields.ts';
import { strict } from '../config/schema/strict-object.ts';
import { timeField, timeMsMax } from './fields.ts';

/** Most times that one line of a scenario may happen: a tenth of a second for a simulated day is a mistake. */
const timesMax = 10_000;

/** What says how often an event happens, beside the keys of its kind. */
export const repetitionFields = {
  every: duration(1, timeMsMax).optional(),
  times: wholeNumber(2, timesMax).optional(),
  until: timeField.optional(),
};

/** How often an event happens: once without those. */
export const repetitionShape = strict({ at: timeField, ...repetitionFields }).superRefine(
  ({ at, every, times, until }, context) => {
    const say = (message: string) => context.addIssue({ code: 'custom', message });
    if (every === undefined) {
      if (times !== undefined || until !== undefined) say('times and until with every');
    } else if ((times === undefined) === (until === undefined)) say('with every, either times or until');
    else if (until !== undefined && until < at + every) say('an until that is at least one every after at');
    else if (until !== undefined && (until - at) / every >= timesMax) say(`at most ${timesMax} times`);
  },
);

/** When an event of this shape happens. */
export function instantsOf({ at, every = 0, times, until }: z.infer<typeof repetitionShape>): readonly number[] {
  const count = until === undefined ? (times ?? 1) : Math.floor((until - at) / every) + 1;
  return Array.from({ length: count }, (_, index) => at + index * every);
}

/** An event as it is written, in what says how often, and what says what. */
export function splitRepetition(written: object): { readonly repetition: object; readonly event: object } {
  const entries = Object.entries(written);
  const isOften = ([key]: readonly [string, unknown]) => key in repetitionFields;
  return {
    repetition: Object.fromEntries(entries.filter((entry) => entry[0] === 'at' || isOften(entry))),
    event: Object.fromEntries(entries.filter((entry) => !isOften(entry))),
  };
}
