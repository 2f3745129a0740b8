import { z } from 'zod';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const pattern = /^(-?\d+(?:\.\d+)?)(ms|s|m|h)$/;

/**
 * Milliseconds of a duration such as `250ms`, `30s`, `5m`, `1h`.
 *
 * @returns NaN for any other text
 */
export function durationMs(text: string): number {
  const [, amount, unit] = pattern.exec(text) ?? [];
  return amount === undefined ? Number.NaN : Number(amount) * unitMs[unit as keyof typeof unitMs];
}

/**
 * The schema of a duration: milliseconds as a number, or a text with a unit.
 *
 * @param minMs - smallest that is allowed
 * @param maxMs - largest that is allowed
 */
export function duration(minMs: number, maxMs: number) {
  return z
    .union([z.number(), z.string().regex(pattern, 'milliseconds, or a duration such as 250ms, 30s, 5m or 1h')])
    .transform((value) => (typeof value === 'number' ? value : durationMs(value)))
    .pipe(z.number().min(minMs).max(maxMs));
}
