import { z } from 'zod';
import { parseCron } from '../../core/calendar/cron.ts';
import { duration } from './duration.ts';
import { choice, list, nameField, pattern } from './fields.ts';
import { strict } from './strict-object.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Longest window: a freeze over the end of the year. Source: our own; each day of it is looked at in every tick. */
const forMsMax = 31 * dayMs;

const cronAllowed =
  'five fields of cron in UTC: minute, hour, day, month, weekday, such as "0 3 * * 6" for Saturdays at 03:00';

const window = {
  cron: z
    .string({ error: cronAllowed })
    .refine((text) => parseCron(text) !== null, cronAllowed)
    .meta({ allowed: cronAllowed })
    .describe('When it opens, in UTC. Clocks of watchers may differ by seconds.'),
  forMs: duration(minuteMs, forMsMax).describe('How long it is open.'),
};

/** Windows of work at a site. */
export const maintenanceSchema = list(
  strict({ ...window, site: nameField.meta({ ...nameField.meta(), names: 'site' }).describe('The site.') }),
  0,
  20,
  'windows',
);

/** Shortest game day: each of the two switchovers has half of it. Source: our own. */
const gameDayMsMin = 10 * minuteMs;
/** Longest one. Source: our own: whoever came for it is still there. */
const gameDayMsMax = dayMs;

/** Windows in which the service moves and returns. */
export const gameDaysSchema = list(
  strict({
    cron: window.cron,
    forMs: duration(gameDayMsMin, gameDayMsMax).describe(
      'How long it is open. In its first half the service moves, in its second half it returns.',
    ),
    to: nameField
      .meta({ ...nameField.meta(), names: 'site' })
      .describe('The site that takes over. Left out: the one that would in a failover.')
      .optional(),
  }),
  0,
  20,
  'windows',
)
  .optional()
  .describe(
    'Times at which the watchers move the service to another site by a planned switchover, and back before the time is over. Only for active-passive.',
  );

/** Windows in which nothing moves. */
export const freezeSchema = list(
  strict({
    ...window,
    moves: choice(['planned', 'all'])
      .default('planned')
      .describe(
        'What does not move by itself. `planned`: failbacks and readmissions. `all`: failovers neither, so that a dead site stays the one that clients are sent to.',
      ),
  }),
  0,
  20,
  'windows',
);

/** Source of the forms: IAM User Guide, "IAM identifiers" and "IAM and AWS STS quotas". */
const approver = pattern(
  /^([\w+=,.@-]{1,128}|arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]{1,512}|arn:aws[a-z-]*:sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+)$/,
  'the name or the ARN of an IAM role or user, such as OnCall',
);

/** Who approves a failover, until when, and what then. */
export const approvalSchema = strict({
  waitMs: duration(10_000, dayMs)
    .optional()
    .describe('For how long a person is waited for. Left out: for as long as it takes.'),
  atEnd: choice(['go', 'hold', 'drop'])
    .optional()
    .describe(
      'What comes when `waitMs` is over: the failover goes by itself; it is held until somebody approves it; or it is dropped, and only a person moves by hand. Left out: go.',
    ),
  by: list(approver, 1, 20, 'names or ARNs of IAM roles and users')
    .optional()
    .describe(
      'Names or ARNs of the IAM roles and users whose approval the command line takes; in the lab, names of operators. Left out: that of anybody. It guards against a mistake and is no permission (docs/calendar.md).',
    ),
}).describe(
  'A failover waits until a person says `cdk-failover approve`. Left out: it waits for nobody. A pool has none.',
);
