import { z } from 'zod';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(-?\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)$/;

/** How other formats and people say a unit. A word that is none of these is no duration. */
const unitWords: readonly (readonly [word: RegExp, unitMs: number])[] = [
  [/^(ms|msecs?|millis|milliseconds?)$/, unitMs.ms],
  [/^(s|secs?|seconds?)$/, unitMs.s],
  [/^(m|mins?|minutes?)$/, unitMs.m],
  [/^(h|hrs?|hours?)$/, unitMs.h],
  [/^(d|days?)$/, unitMs.d],
];

/**
 * Milliseconds of a duration such as `250ms`, `30s`, `5m`, `1h`, `2d`, rounded to whole ones.
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
 * What somebody meant who wrote a duration in another format: `PT1H` (ISO 8601), `1 hour`, `1h 30m`, `60`.
 *
 * Such texts are refused with the line to write, not taken: `60` is seconds to one and milliseconds to another, and ISO
 * 8601 has two meanings of `M`.
 *
 * @returns null where nobody can tell
 */
function meantDuration(written: string): string | null {
  const text = written.trim().toLowerCase();
  if (/^\d{1,9}(\.\d{1,3})?$/.test(text)) return `${text}s`;
  const [, days = '', time = ''] = /^p(\d+d)?(?:t(.+))?$/.exec(text) ?? [];
  const parts = [
    ...(days === '' && time === '' ? text : `${days}${time}`).matchAll(/(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)[\s,]*/g),
  ];
  const ms = parts.reduce((sum, [, amount, word = '']) => {
    const unit = unitWords.find(([form]) => form.test(word))?.[1];
    return sum + (unit === undefined ? Number.NaN : Math.round(Number(amount) * unit));
  }, 0);
  const read = parts.map(([part]) => part).join('');
  const isAll = read.length > 0 && read === (days === '' && time === '' ? text : `${days}${time}`);
  return isAll && Number.isInteger(ms) ? durationText(ms) : null;
}

/**
 * The schema of a duration: whole milliseconds as a number, or a text with a unit.
 *
 * @param minMs - smallest that is allowed
 * @param maxMs - largest that is allowed
 */
export function duration(minMs: number, maxMs: number) {
  const range = `${durationText(minMs)} to ${durationText(maxMs)}`;
  const error = `${range}, as milliseconds or with a unit: 250ms, 30s, 5m, 1h, 2d`;
  return z
    .union([z.number(), z.string()], { error })
    .transform((value, context) => {
      const ms = typeof value === 'number' ? value : durationMs(value);
      if (Number.isInteger(ms) && ms >= minMs && ms <= maxMs) return ms;
      const meant = typeof value === 'string' && Number.isNaN(ms) ? meantDuration(value) : null;
      const hint = meant === null ? null : `write ${meant}`;
      context.issues.push({ code: 'custom', message: error, input: value, params: { hint } });
      return z.NEVER;
    })
    .meta({ allowed: range, isDuration: true });
}
