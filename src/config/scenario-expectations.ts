import { z } from 'zod';
import { duration, durationMs } from './duration.ts';
import type { Comparison, Expectation, When } from './scenario.ts';
import { strict } from './strict.ts';

/** Reads the expectations of a scenario file: a time form, and one or more things that must be so. */

const instant = duration(0, 400 * 86_400_000);
const comparisonPattern = /^(<=|>=|<|>|=)?\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/;

/** `3`, `"<= 2"`, `"> 0"`; with a unit it is a duration, in milliseconds. */
const comparison = z
  .union([z.number(), z.string().regex(comparisonPattern, 'a number or a bound such as "<= 2" or "<= 20s"')])
  .transform(readComparison);

function readComparison(value: number | string): Comparison {
  if (typeof value === 'number') return { operator: '=', value };
  const [, operator, number = '0', unit] = comparisonPattern.exec(value) ?? [];
  const amount = unit === undefined ? Number(number) : durationMs(`${number}${unit}`);
  return { operator: (operator ?? '=') as Comparison['operator'], value: amount };
}

const byName = <T extends z.ZodType>(value: T) => z.record(z.string(), value);
const matchers = {
  active: byName(z.string()).optional(),
  serving: byName(z.array(z.string())).optional(),
  moves: byName(comparison).optional(),
  epochDelta: byName(comparison).optional(),
  dns: byName(z.array(z.string())).optional(),
  eip: byName(z.string().nullable()).optional(),
  status: byName(z.record(z.string(), z.unknown())).optional(),
  opinion: byName(byName(z.enum(['up', 'suspect', 'down', 'unknown']))).optional(),
  verdict: byName(z.enum(['up', 'degraded', 'down', 'unclear'])).optional(),
  calls: byName(comparison).optional(),
  writes: comparison.optional(),
  rto: byName(comparison).optional(),
  lost: byName(comparison).optional(),
  alarm: z.string().optional(),
  notified: z.string().optional(),
  operator: z.string().optional(),
  exit: z.number().int().min(0).max(255).optional(),
  says: z.string().optional(),
};
const times = {
  at: z.union([z.literal('end'), instant]).optional(),
  by: instant.optional(),
  from: instant.optional(),
  to: z.union([z.literal('end'), instant]).optional(),
};

/** One expectation as it is written. */
export const expectationShape = z
  .strictObject({ ...times, ...matchers, always: strict(matchers).optional() })
  .refine(
    (e) => [e.at, e.by, e.to].filter((time) => time !== undefined).length <= 1,
    'one time form: at:, by:, or from: and to: with always:',
  )
  .refine((e) => (e.to === undefined) === (e.always === undefined), 'from: and to: go with always:')
  .refine(
    (e) => e.operator !== undefined || (e.exit === undefined && e.says === undefined),
    'exit: and says: go with operator:',
  )
  .refine(
    (e) => Object.keys(e.always ?? e).some((key) => key in matchers),
    `something to expect: ${Object.keys(matchers).join(', ')}`,
  );

type Parsed = z.infer<typeof expectationShape>;

/** Turns a parsed expectation into the one that the simulator knows; `end` stands for the end of the run. */
export function makeExpectation(parsed: Parsed, line: number | null): Expectation {
  const {
    at: _at,
    by: _by,
    from: _from,
    to: _to,
    always,
    operator,
    exit,
    says,
    ...rest
  } = { ...parsed, ...parsed.always };
  const wanted = operator === undefined ? {} : { operator: { name: operator, exit: exit ?? null, says: says ?? null } };
  const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { line, when: whenOf(parsed), ...defined, ...wanted };
}

function whenOf({ at, by, from, to }: Parsed): When {
  if (at === 'end') return { kind: 'end' };
  if (at !== undefined) return { kind: 'at', atMs: at };
  if (by !== undefined) return { kind: 'by', byMs: by };
  if (to !== undefined)
    return { kind: 'always', fromMs: from ?? 0, toMs: to === 'end' ? Number.POSITIVE_INFINITY : to };
  return { kind: 'total', fromMs: from ?? 0 };
}

/** The last instant that an expectation names, 0 when it names none. */
export function lastInstant({ when }: Expectation): number {
  switch (when.kind) {
    case 'at':
      return when.atMs;
    case 'by':
      return when.byMs;
    case 'always':
      return Number.isFinite(when.toMs) ? when.toMs : when.fromMs;
    case 'total':
      return when.fromMs;
    case 'end':
      return 0;
  }
}
