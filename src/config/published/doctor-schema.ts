import { z } from 'zod';
import { type Check, checkStates, checkupVersion } from '../../core/checkup/check.ts';

/**
 * What `cdk-failover doctor --json` prints, as a schema. It is versioned as that of `status`: a field that is added
 * leaves the version as it is.
 */

/** A schema for each field of a shape, no more and no less. */
type Fields<Shape> = { readonly [Key in keyof Shape]-?: z.ZodType };

const text = z.string();

const check = z.object({
  name: text.describe('What was looked at, such as quorum; each has a row in docs/doctor.md.'),
  subject: text.describe('What it was looked at of: a region, a service, a site as SERVICE/SITE, a zone.'),
  state: z
    .enum(checkStates)
    .describe(
      'bad: a failover would not work now, or would lose what it must not. doubtful: it would, with less margin or ' +
        'proof than was wanted. unknown: nobody answered in time, or nobody reports it.',
    ),
  found: text.describe('What was seen, a sentence for people; not to be compared.'),
  todo: text.nullable().describe('What to do, in one line; never null for a check that is bad.'),
} satisfies Fields<Check>);

const where = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lab'), pid: z.int().min(0) }),
  z.object({
    kind: z.literal('aws'),
    account: text.nullable().describe('Null when neither AWS nor the configuration says.'),
    isAccountChecked: z.boolean().describe('Whether AWS said that the credentials are for that account.'),
    regions: z.array(text),
  }),
]);

/** The whole answer. The compiler holds the fields of a check to those that the core tells. */
export const doctorShape = z.object({
  version: z.literal(checkupVersion).describe('Version of this shape.'),
  deployment: text,
  where: where.describe('Where it was asked.'),
  checks: z.array(check).describe('The worst first. `doctor` exits 1 if one of them is bad.'),
});

/** `schemas/doctor.schema.json` of the package. */
export function doctorSchema(): string {
  const { $schema: _, ...schema } = z.toJSONSchema(doctorShape, { target: 'draft-7', io: 'input' });
  const title = `What cdk-failover doctor --json prints: version ${checkupVersion}`;
  return `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema }, null, 1)}\n`;
}
