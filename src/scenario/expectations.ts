import { z } from 'zod';
import { duration, durationMs } from '../config/schema/duration.ts';
import { choice, named, text, wholeNumber } from '../config/schema/fields.ts';
import { strict } from '../config/schema/strict-object.ts';
import { alertNames } from '../core/alerting/alert-name.ts';
import { operatorName, timeField, timeMsMax } from './fields.ts';
import type { Comparison, Expectation, When } from './scenario.ts';
import { statusPart } from './status-part.ts';

/** The expectations of a scenario file: a time form, and one or more things that must be so. */

const comparisonForm = /^(<=|>=|<|>|=)?\s*(\d{1,12}(?:\.\d{1,6})?)\s*(ms|s|m|h)?$/;
const comparisonAllowed = 'a number or a bound such as "<= 2", "> 0" or "<= 20s"';

/** `3`, `"<= 2"`, `"> 0"`; with a unit it is a duration, in milliseconds. */
const comparison = z.union([z.number(), z.string()], { error: comparisonAllowed }).transform((value, context) => {
  const read = readComparison(value);
  if (read !== null) return read;
  context.issues.push({ code: 'custom', message: comparisonAllowed, input: value });
  return z.NEVER;
});

function readComparison(value: number | string): Comparison | null {
  if (typeof value === 'number') return { operator: '=', value };
  const [matched, operator, amount = '', unit] = comparisonForm.exec(value) ?? [];
  if (matched === undefined) return null;
  return {
    operator: (operator ?? '=') as Comparison['operator'],
    value: unit === undefined ? Number(amount) : durationMs(`${amount}${unit}`),
  };
}

/**
 * The bound that a part of a status is written as, such as `">= 1"`; null for a value. A text of a status never begins
 * with a sign of comparison.
 */
export function boundIn(written: unknown): Comparison | null {
  return typeof written === 'string' && /^[<>=]/.test(written) ? readComparison(written) : null;
}

/** What a part of a status must not be, as it is written: `{ not: X }`; absent for one that says what must be. */
export function notIn(written: object): { readonly not: unknown } | null {
  return 'not' in written && Object.keys(written).length === 1 ? written : null;
}

const word = text(300);
const words = z.array(word, { error: 'a list of names' });
const sitesOrCount = z.union([words, comparison], { error: 'a list of sites, or a bound on how many: "<= 1"' });
const api = z.string().regex(/^[a-z0-9-]+:[A-Za-z]+$/, 'service:Action, such as ec2:AssociateAddress');

const hookRequest = z
  .string()
  .regex(/^(beside|(read|write):(fence|promote|start))$/, 'beside, or read: or write: with fence, promote or start');

const matchers = {
  active: named(word, word, 'sites').optional(),
  serving: named(word, words, 'lists of sites').optional(),
  moves: named(word, comparison, 'numbers').optional(),
  epochDelta: named(word, comparison, 'numbers').optional(),
  voters: named(word, words, 'lists of control regions').optional(),
  dns: named(word, words, 'lists of sites or addresses').optional(),
  route: named(word, word.nullable(), 'targets').optional(),
  eip: named(word, word.nullable(), 'instances').optional(),
  weights: named(word, named(word, z.number(), 'weights'), 'weights by site').optional(),
  writer: named(word, word, 'sites').optional(),
  writable: named(word, sitesOrCount, 'lists of sites').optional(),
  open: named(word, sitesOrCount, 'lists of sites').optional(),
  isolated: named(word, sitesOrCount, 'lists of sites').optional(),
  work: named(word, z.array(word, { error: 'a list of sites' }), 'sites').optional(),
  scale: named(word, named(word, z.number(), 'sizes'), 'sizes by site').optional(),
  published: named(word, words, 'lists of sites').optional(),
  goodput: named(word, comparison, 'percentages').optional(),
  status: named(word, statusPart, 'states').optional(),
  opinion: named(word, named(word, choice(['up', 'suspect', 'down', 'unknown']), 'opinions'), 'watchers').optional(),
  verdict: named(word, choice(['up', 'degraded', 'down', 'unclear']), 'verdicts').optional(),
  calls: named(api, comparison, 'numbers').optional(),
  hooks: named(hookRequest, comparison, 'numbers').optional(),
  writes: comparison.optional(),
  rto: named(word, comparison, 'durations').optional(),
  lost: named(word, comparison, 'numbers').optional(),
  alarm: choice(alertNames).optional(),
  alarmResolved: choice(alertNames).optional(),
  noAlarm: choice(alertNames).optional(),
  notified: z
    .union([word, named(word, comparison, 'numbers')], { error: 'a part of a message, or parts with numbers' })
    .optional(),
  heard: named(word, comparison, 'numbers').optional(),
  operator: operatorName.optional(),
  exit: wholeNumber(0, 255).optional(),
  says: word.optional(),
};
const matcherKeys = Object.keys(matchers);

const timeOrEnd = z.union([z.literal('end'), timeField], { error: `end, or ${allowedTime()}` });
const times = {
  at: timeOrEnd.optional(),
  by: timeField.optional(),
  from: timeField.optional(),
  to: timeOrEnd.optional(),
};

function allowedTime(): string {
  return String(duration(0, timeMsMax).meta()?.allowed);
}

/** What can be expected, whenever it must be so. */
export const matcherShape = strict(matchers);

/** A key of what can be expected. */
export type Matcher = keyof typeof matchers;

const alwaysShape = matcherShape.refine(expectsSomething, `something to expect: ${matcherKeys.join(', ')}`);

/** One expectation as it is written. */
export const expectationShape = strict({ ...times, ...matchers, always: alwaysShape.optional() }).superRefine(
  (written, context) => {
    for (const message of faultsOfForm(written)) context.addIssue({ code: 'custom', message });
  },
);

type Parsed = z.infer<typeof expectationShape>;

function faultsOfForm(written: Parsed): readonly string[] {
  const { at, by, from, to, always } = written;
  const forms = [at, by, to].filter((time) => time !== undefined).length;
  const outer = expectsSomething(written);
  const faults = [
    forms > 1 || (from !== undefined && (at !== undefined || by !== undefined))
      ? 'one time form: at, or by, or from and to with always, or from alone'
      : null,
    (to === undefined) !== (always === undefined) ? 'to and always together' : null,
    always !== undefined && outer ? 'what always holds inside always' : null,
    always === undefined && !outer ? `something to expect: ${matcherKeys.join(', ')}` : null,
    [written, always ?? {}].some(saysWithoutOperator) ? 'exit and says with operator' : null,
  ];
  return faults.filter((fault) => fault !== null);
}

function expectsSomething(written: object): boolean {
  return matcherKeys.some((key) => key in written);
}

function saysWithoutOperator(written: Pick<Parsed, 'operator' | 'exit' | 'says'>): boolean {
  return written.operator === undefined && (written.exit !== undefined || written.says !== undefined);
}

/**
 * Turns a parsed expectation into the one that the simulator knows; `to: end` is infinite until the length of the run
 * is known.
 */
export function makeExpectation(parsed: Parsed, line: number | null): Expectation {
  const { at: _at, by: _by, from: _from, to: _to, always, ...outer } = parsed;
  const { operator, exit, says, ...rest } = always ?? outer;
  const wanted = operator === undefined ? {} : { operator: { name: operator, exit: exit ?? null, says: says ?? null } };
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { line, when: whenOf(parsed), ...given, ...wanted };
}

function whenOf({ at, by, from, to }: Parsed): When {
  if (at === 'end') return { kind: 'end' };
  if (at !== undefined) return { kind: 'at', atMs: at };
  if (by !== undefined) return { kind: 'by', byMs: by };
  if (to !== undefined) {
    return { kind: 'always', fromMs: from ?? 0, toMs: to === 'end' ? Number.POSITIVE_INFINITY : to };
  }
  return { kind: 'total', fromMs: from ?? 0 };
}

/** The last instant that an expectation names; null when it looks at the end of the run. */
export function lastInstantMs({ when }: Expectation): number | null {
  switch (when.kind) {
    case 'at':
      return when.atMs;
    case 'by':
      return when.byMs;
    case 'always':
      return Number.isFinite(when.toMs) ? when.toMs : null;
    case 'total':
    case 'end':
      return null;
  }
}
