import { z } from 'zod';
import { backupQuestions } from '../../core/detection/backup.ts';
import type { DnsStatus, RegionSays } from '../../core/operator/dns-status.ts';
import type { ApprovalStatus } from '../../core/operator/planned/approval-status.ts';
import type { AwayStatus } from '../../core/operator/planned/away-status.ts';
import type { PlannedStatus } from '../../core/operator/planned/planned-status.ts';
import type { Protection, ProtectionLevel } from '../../core/operator/protection.ts';
import type { RunStatus } from '../../core/operator/run-status.ts';
import type { BackupStatus, SiteStatus } from '../../core/operator/site-status.ts';
import { type ServiceState, type ServiceStatus, statusVersion } from '../../core/operator/status.ts';
import { stepNames } from '../../core/register/run.ts';

/**
 * What `cdk-failover status --json` prints, as a schema. It is versioned: a field that is added leaves the version as
 * it is, so readers must take fields that they do not know; a field that is taken out or means something else raises
 * it.
 */

const levels = ['protected', 'unprotected', 'moving', 'stuck', 'cannot-see'] as const satisfies ProtectionLevel[];
const states = [
  'steady',
  'suspected',
  'moving',
  'paused',
  'blocked',
  'stuck',
  'failsafe',
  'unborn',
] as const satisfies ServiceState[];
const roles = [
  'active',
  'standby',
  'maintenance',
  'lost',
  'withdrawn',
  'unknown',
] as const satisfies SiteStatus['role'][];

/** A schema for each field of a shape, no more and no less. */
type Fields<Shape> = { readonly [Key in keyof Shape]-?: z.ZodType };

const text = z.string();
const texts = z.array(text);
const count = z.int().min(0);
const timeMs = z.int().min(0).describe('Milliseconds since 1970, by the clock of whoever wrote it.');
const byName = <T extends z.ZodType>(value: T) => z.record(text, value);

const protection = z
  .object({
    level: z.enum(levels).describe('The first word that `status` prints for people.'),
    why: text.describe('One sentence for people; not to be compared.'),
    isWell: z.boolean().describe('Nothing is wrong: protected, or a planned move. `status` exits 0 when all are.'),
    reason: text.optional().describe('Code of what would keep clients where they are after the next fault.'),
    forMs: z
      .number()
      .min(0)
      .nullable()
      .optional()
      .describe('For how long it is unprotected at least, as the watchers counted; null: not known.'),
  } satisfies Fields<Protection>)
  .describe('Whether clients would be served after the next fault.');

const site = z.object({
  role: z.enum(roles),
  verdict: z.enum(['up', 'degraded', 'down', 'unclear']).describe('What a quorum of watchers holds.'),
  opinions: byName(z.enum(['up', 'suspect', 'down', 'unknown'])).describe('By watcher; silent ones are absent.'),
  failures: byName(text).describe('Why the newest probes failed, by watcher; absent for one whose probes passed.'),
  replicationLagMs: z.number().min(0).nullable(),
  load: z.number().min(0).nullable().describe('In the unit of its capacity.'),
  sharePercent: z.number().min(0).max(100).describe('Percent of its own share of the traffic that it is given.'),
  backups: z
    .partialRecord(
      z.enum(backupQuestions),
      z.object({
        ageMs: count.nullable().describe('Null where there is none, or nobody can tell.'),
        limitMs: count,
        state: z.enum(['good', 'old', 'none', 'unknown']),
      } satisfies Fields<BackupStatus>),
    )
    .describe('What is asked of its backups; empty for a site without `measures.backup`.'),
  ineligible: texts.describe('Why it may not become active; empty when it may.'),
} satisfies Fields<SiteStatus>);

const owed = z.object({
  site: text,
  proof: z.enum(['none', 'closed', 'lease']),
  sinceEpoch: count,
  sinceAtMs: timeMs.nullable(),
  state: text,
  data: z.enum(['replica', 'takes writes', 'not known']).nullable(),
  opensWhen: text,
});

const step = z.object({
  name: z.enum(stepNames as [string, ...string[]]),
  resource: text.describe('What it touches: a site, an address, a record.'),
  state: z.enum(['pending', 'done', 'fallback', 'failed', 'turned-back', 'skipped']),
  detail: text,
});

const run = z
  .object({
    kind: z.enum(['failover', 'switchover', 'failback', 'follow', 'withdraw', 'readmit', 'last-resort', 'recover']),
    epoch: count,
    attempt: count,
    state: z.enum(['running', 'done', 'failed']),
    from: text,
    to: text,
    reason: text,
    by: text.describe('Control region or operator that decided.'),
    holder: text.nullable().describe('Control region whose watcher carries it out.'),
    steps: z.array(step),
    ledger: z.array(z.object({ phase: text, atMs: timeMs, sinceStartMs: z.number() })),
  } satisfies Fields<RunStatus>)
  .describe('The newest move, under way or ended.');

const regionSays = z.object({
  sites: texts.nullable().describe('Sites that clients would be led to if every region said this; null: not known.'),
  why: text.nullable().describe('Why it is not known; null when it is.'),
} satisfies Fields<RegionSays>);

const service = z.object({
  protection,
  state: z.enum(states),
  reason: text.describe('Code of the decision; each has a row in docs/help/troubleshooting.md.'),
  detail: text.describe('One sentence for people; not to be compared.'),
  epoch: count.nullable().describe('Null while the register is not known.'),
  active: text.nullable(),
  writer: text
    .nullable()
    .describe('Site that truly writes and serves; another than `active` until a move has arrived.'),
  owed: z.array(owed).describe('Fences that must stay closed.'),
  serving: texts,
  sites: byName(site),
  watchers: byName(z.enum(['fresh', 'silent', 'unreachable'])).describe('By control region.'),
  voters: z.object({ now: texts, wanted: texts, waits: text.nullable() }).nullable(),
  pause: z
    .object({
      by: text,
      reason: text,
      untilMs: timeMs
        .nullable()
        .describe("When it ends by itself, by the voters' middle clock; null: a person ends it."),
    })
    .nullable()
    .describe('Nothing moves by itself while it lasts.'),
  blockLeftMs: z.number().min(0),
  calendar: z
    .object({
      maintenance: z.array(z.object({ site: text, untilMs: timeMs })),
      freeze: z.object({ moves: z.enum(['all', 'planned']), untilMs: timeMs }).nullable(),
    })
    .optional()
    .describe('Windows that are open by the clock of whoever asked.'),
  planned: z
    .object({
      from: text,
      to: text,
      atMs: timeMs,
      latestMs: timeMs,
      by: text,
      reason: text,
      waitsFor: text.nullable().describe('What stands in its way once its time has come; a sentence for people.'),
    } satisfies Fields<PlannedStatus>)
    .nullable()
    .describe('The switchover that a person has planned.'),
  away: z
    .object({ at: text, home: text, untilMs: timeMs } satisfies Fields<AwayStatus>)
    .nullable()
    .describe('The game day of the calendar that has not come back: where the service is, and where it was.'),
  approval: z
    .object({
      from: text,
      askedMs: timeMs,
      untilMs: timeMs.nullable().describe('Until when it is waited for; null: for as long as it takes.'),
      atEnd: z.enum(['go', 'hold', 'drop']).describe('What comes then.'),
      lapsedMs: timeMs.nullable().describe('When the time was found over, and the failover held or dropped.'),
      approvedBy: text.nullable().describe('Name of the operator, and on AWS the ARN that it knew them by.'),
      by: texts.nullable().describe('Whose approval counts; null: that of anybody.'),
    } satisfies Fields<ApprovalStatus>)
    .nullable()
    .describe('The failover from the active site that a person is asked to approve.'),
  lost: texts,
  disputes: z.array(z.object({ site: text.nullable(), regions: texts })),
  run: run.nullable(),
  stuck: z.object({ notSo: texts, clients: texts, commands: texts }).nullable(),
  dns: z
    .object({
      leadsTo: texts.nullable().describe('Sites that clients are led to by a majority of them; null: not known.'),
      state: z
        .enum(['agrees', 'follows', 'differs', 'unknown'])
        .describe('Against the register. `follows`: leads elsewhere, as is normal for a time after a move.'),
      followLeftMs: z.number().min(0).nullable().describe('How long it may go on to follow; null when it does not.'),
      oracles: byName(regionSays).nullable().describe('By control region; null where none is asked.'),
      memories: byName(regionSays).nullable().describe('By control region; null where DNS remembers nothing.'),
    } satisfies Fields<DnsStatus>)
    .nullable()
    .describe('Where votes and memories lead clients; null where there are none to be read.'),
  lastKnown: z
    .object({ epoch: count, active: text })
    .nullable()
    .describe('Without a majority: the newest value in the tables that answer, which may be outdated.'),
  named: text
    .nullable()
    .describe('While the register is lost: the site that the functions name as the one that writes and serves.'),
} satisfies Fields<ServiceStatus>);

const where = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lab'), pid: count, silent: byName(text) }),
  z.object({
    kind: z.literal('aws'),
    account: text.nullable(),
    isAccountChecked: z.boolean(),
    regions: texts,
    silent: byName(text),
  }),
]);

/** The whole answer. The compiler holds the fields of services, sites and runs to those that the core tells. */
export const statusShape = z.object({
  version: z.literal(statusVersion).describe('Version of this shape.'),
  where: where.describe('Where it was asked.'),
  deployment: text,
  services: byName(service),
  silent: byName(text).describe('Control regions whose table gave no answer, and why.'),
});

/** `schemas/status.schema.json` of the package. */
export function statusSchema(): string {
  const { $schema: _, ...schema } = z.toJSONSchema(statusShape, { target: 'draft-7', io: 'input' });
  const title = `What cdk-failover status --json prints: version ${statusVersion}`;
  return `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema }, null, 1)}\n`;
}
