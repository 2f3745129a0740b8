import { z } from 'zod';
import type { Hit } from '../../core/operator/gameday/blast-radius.ts';
import type { RehearsedStep } from '../../core/operator/gameday/rehearsed-move.ts';
import {
  type Change,
  type ExpectedMove,
  type FaultReport,
  type GameDayReport,
  type Predicted,
  type RehearsalReport,
  reportVersion,
  type SeenMove,
} from '../../core/operator/gameday/report.ts';
import type { Compared } from '../../core/operator/gameday/unchanged.ts';

/**
 * What `cdk-failover gameday --json` prints, and `gameday.json` holds, as a schema. It is versioned as that of
 * `status`: a field that is added leaves the version as it is.
 */

/** A schema for each field of a shape, no more and no less. */
type Fields<Shape> = { readonly [Key in keyof Shape]-?: z.ZodType };

const text = z.string();
const texts = z.array(text);
const ms = z.number().min(0);
const spread = z.object({ median: ms, worst: ms }).nullable();

const predicted = z.object({
  seeds: z.int().min(1).describe('Simulated losses.'),
  movedCount: z.int().min(0).describe('In how many of them the service moved.'),
  decidedMs: spread,
  backMs: spread.describe('The last bad answer of a client.'),
  lossMs: ms.nullable().describe('Writes that were lost; null where nothing is promoted, or it is not known.'),
  badAtEndPercent: z.number().min(0).max(100),
} satisfies Fields<Predicted>);

const expected = z.object({
  from: text,
  to: text.nullable().describe('Null when no single site takes over.'),
  steps: z.array(z.object({ name: text, resource: text, region: text.nullable() })),
  boundMs: ms.describe('The documented bound, from the fault to the first good answer.'),
  predicted: predicted.nullable(),
  unpredicted: text.nullable().describe('Why nothing could be predicted.'),
} satisfies Fields<ExpectedMove>);

const hit = z.object({
  service: text,
  sites: texts,
  moves: z.enum(['yes', 'no', 'unknown']),
  why: text,
} satisfies Fields<Hit>);

const compared = z.object({
  what: text,
  before: text.nullable().describe('Null: not known.'),
  after: text.nullable(),
  isSame: z.boolean().nullable(),
} satisfies Fields<Compared>);

const rehearsal = z.object({
  steps: z.array(
    z.object({
      step: text,
      resource: text,
      region: text.nullable(),
      outcome: z.enum(['ready', 'would-do', 'fails', 'watchers']),
      detail: text,
    } satisfies Fields<RehearsedStep>),
  ),
  standby: z.object({ site: text, outcome: z.enum(['pass', 'fail', 'unknown']), saw: text }),
  active: z.array(compared).describe('The active side before and after.'),
} satisfies Fields<RehearsalReport>);

const fault = z.object({
  kind: z.enum(['fis', 'command']),
  what: text,
  abortedBy: text.nullable().describe('Why it was ended before the move was seen.'),
  end: text.nullable(),
  isOver: z.boolean().describe('Whether nothing of it is left, as far as can be told.'),
  alarms: z.array(z.object({ name: text, worst: text })),
} satisfies Fields<FaultReport>);

const seen = z.object({
  to: text.nullable(),
  decidedMs: z.number().nullable().describe('From the fault.'),
  recoveryMs: ms.nullable().describe('From the fault to the first good answer for good; null: never, or not measured.'),
  requests: z.int().min(0).nullable(),
  lostRequests: z.int().min(0).nullable(),
  unmeasured: text.nullable().describe('Why nothing was measured from outside.'),
  lossMs: ms.nullable(),
} satisfies Fields<SeenMove>);

const change = z.object({
  what: text,
  before: text,
  after: text,
  isBack: z.boolean().nullable().describe('Null for what never goes back, such as the epoch.'),
} satisfies Fields<Change>);

/** The whole report. The compiler holds its fields to those that the core tells. */
export const gameDayShape = z.object({
  version: z.literal(reportVersion).describe('Version of this shape.'),
  manner: z.enum(['dry-run', 'rehearsal', 'full']),
  deployment: text,
  where: text.describe('Where it is, in one line for people.'),
  target: z.enum(['lab', 'aws']),
  service: text,
  record: text.nullable(),
  by: text,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  isAsExpected: z.boolean().describe('The exit code is 0 only then.'),
  verdict: text.describe('One sentence for people; not to be compared.'),
  expected,
  obstacles: texts.describe('What would hold a failover back.'),
  blastRadius: z.array(hit).describe('Other services that the fault reaches.'),
  rehearsal: rehearsal.nullable(),
  fault: fault.nullable(),
  seen: seen.nullable(),
  changes: z.array(change),
  repeat: text.describe('The command line that does the same again.'),
} satisfies Fields<GameDayReport>);

/** `schemas/gameday.schema.json` of the package. */
export function gameDaySchema(): string {
  const course = z.looseObject({}).nullable().describe('What the page draws, in the shape of drill.json.');
  const shape = gameDayShape.extend({ course });
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { target: 'draft-7', io: 'input' });
  const title = `What cdk-failover gameday --json prints: version ${reportVersion}`;
  return `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema }, null, 1)}\n`;
}
