import { z } from 'zod';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const pattern = /^(-?\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h)$/;

/**
 * Milliseconds of a duration such as `250ms`, `30s`, `5m`, `1h`, rounded to whole ones.
 *
 * @returns NaN for any other text
 */
export function durationMs(text: string): number {
  const [, amount, unit] = pattern.exec(text) ?? [];
  return amount === undefined ? Number.NaN : Math.round(Number(amount) * unitMs[unit as keyof typeof unitMs]);
}

/** A number of milliseconds as a file would say it, in the largest unit that is whole: 90,000 is `90s`. */
export function durationText(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    if (ms !== 0 && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  }
  return ms === 0 ? '0' : `${ms}ms`;
}

/**
 * The schema of a duration: whole milliseconds as a number, or a text with a unit.
 *
 * @param minMs - smallest that is allowed
 * @param maxMs - largest that is allowed
 */
export function duration(minMs: number, maxMs: number) {
  const range = `${durationText(minMs)} to ${durationText(maxMs)}`;
  const error = `${range}, as milliseconds or with a unit: 250ms, 30s, 5m, 1h`;
  return z
    .union([z.number(), z.string()], { error })
    .transform((value, context) => {
      const ms = typeof value === 'number' ? value : durationMs(value);
      if (Number.isInteger(ms) && ms >= minMs && ms <= maxMs) return ms;
      context.issues.push({ code: 'custom', message: error, input: value });
      return z.NEVER;
    })
    .meta({ allowed: range, isDuration: true });
}
