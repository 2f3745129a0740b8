import { duration } from '../config/schema/duration.ts';
import { text, wholeNumber } from '../config/schema/fields.ts';

/** Longest time that a scenario may speak of: a leap year and a month. */
export const timeMsMax = 400 * 86_400_000;

/** A time from the start of the run, or a length of time. */
export const timeField = duration(0, timeMsMax);

/** A status of HTTP. */
export const statusField = wholeNumber(100, 599);

/** What an operator's event is called, so that an expectation can speak of it. */
export const operatorName = text(60, 'a name');
