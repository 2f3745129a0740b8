import { functionField } from './aws-id.ts';
import { choice, flag, pattern, regionField } from './fields.ts';
import { probeFields } from './probe-fields.ts';
import { type Reading, spelled } from './spelling.ts';
import { strict } from './strict-object.ts';

/** Longest name of an alarm. Source: CloudWatch API Reference, `PutMetricAlarm`. */
const alarmNameLengthMax = 255;

/** A probe that reads a CloudWatch alarm. Its region is filled in by the site. */
export const alarmProbe = strict({
  type: choice(['cloudwatch-alarm']).describe('What kind of probe it is.'),
  name: spelled(readAlarmName, 'the name of an alarm').describe(
    'Name of the alarm. `OK` is a good answer, `ALARM` a failure. `INSUFFICIENT_DATA` and an alarm that cannot be read are unknown.',
  ),
  region: regionField.optional().describe('Region of the alarm. Left out: that of the site.'),
  composite: flag()
    .default(false)
    .describe(
      'Whether it is a composite alarm. IAM shows those only to who may read every alarm of the region, so the watchers may do that then.',
    ),
  ...probeFields,
});

/** A probe that invokes a function of the user's. Its region is filled in by the site. */
export const functionProbe = strict({
  type: choice(['function']).describe('What kind of probe it is.'),
  functionName: functionField.describe(
    'Name of a Lambda function of yours. It answers `{ ok: true }`, `{ ok: false, reason }` or `{ ok: null, reason }`, the last when it cannot tell.',
  ),
  alias: pattern(/^(?!\d+$)[A-Za-z0-9-_]{1,128}$/, 'the name of an alias')
    .optional()
    .describe('Alias that is invoked. Left out: the newest code.'),
  region: regionField.optional().describe('Region in which it runs. Left out: that of the site.'),
  ...probeFields,
});

function readAlarmName(written: string): Reading {
  const arn = /^arn:[a-z-]+:cloudwatch:([a-z0-9-]+):\d*:alarm:(.+)$/.exec(written);
  if (arn !== null) return { hint: `write name: ${arn[2]} and region: ${arn[1]}` };
  if (written.length > alarmNameLengthMax) return { hint: `at most ${alarmNameLengthMax} characters` };
  // In a policy these would stand for other alarms too.
  if (/[*?$]/.test(written)) return { hint: 'a policy cannot name an alarm that has *, ? or $ in its name' };
  return written.trim() === '' || /\p{Cc}/u.test(written) ? { hint: null } : { value: written };
}
