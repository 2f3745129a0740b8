import type { Happening } from './happening.ts';

/** Longest subject that SNS takes. */
const subjectLengthMax = 100;

/** A happening in words for people. */
export function messageOf(
  deployment: string,
  region: string,
  happening: Happening,
): { readonly subject: string; readonly body: string } {
  const subject = `${deployment}: ${happening.detail}`.replace(/[^\x20-\x7e]/g, '?').slice(0, subjectLengthMax);
  return { subject, body: `${happening.detail}\nSeen from ${region}.\n\nWhat to type: failover status\n` };
}
