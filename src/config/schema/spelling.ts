import { z } from 'zod';

/** What a text was read as: its one canonical form, or what to write instead. */
export type Reading = { readonly value: string } | { readonly hint: string | null };

/**
 * A text that people write in several ways. Whatever they write, the deployment holds one form of it. So two ways of
 * writing one thing never look like two things: not in a digest, a comparison, or the name of a record.
 *
 * @param read - the canonical form of a text, or the hint with which it is refused
 * @param allowed - the form in words, with an example
 */
export function spelled(read: (written: string) => Reading, allowed: string) {
  return z
    .string({ error: allowed })
    .transform((written, context) => {
      const reading = read(written);
      if ('value' in reading) return reading.value;
      context.issues.push({ code: 'custom', message: allowed, input: written, params: { hint: reading.hint } });
      return z.NEVER;
    })
    .meta({ allowed });
}

/** The hint that {@link spelled} gave its issue; null for any other issue. */
export function hintOf(issue: z.core.$ZodIssue): string | null {
  const hint: unknown = issue.code === 'custom' ? issue.params?.hint : null;
  return typeof hint === 'string' ? hint : null;
}
