import { z } from 'zod';
import { functionField } from './aws-id.ts';
import { duration } from './duration.ts';
import { choice, flag, named, pattern, regionField, text } from './fields.ts';
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

/** A minute: what AWS's own services publish. Source: CloudWatch User Guide, "Metrics concepts". */
const minuteMs = 60_000;
/** Values of AWS's own services come one or two minutes late. Source: our own, with as much again for a gap. */
const metricMaxAgeMsDefault = 5 * minuteMs;
/** Most dimensions of a metric. Source: CloudWatch User Guide, "CloudWatch service quotas". */
const dimensionsMax = 30;

const limit = () => z.number({ error: 'a number' }).meta({ allowed: 'a number' }).optional();

const rangeAllowed = 'atLeast or above, or atMost or below, or one of each: { atLeast: 1 }, { above: 0, below: 100 }';

/** What the value of a metric has to be. */
const metricRange = strict({
  atLeast: limit().describe('Least good value.'),
  above: limit().describe('A good value is larger than this.'),
  atMost: limit().describe('Largest good value.'),
  below: limit().describe('A good value is smaller than this.'),
}).superRefine(({ atLeast, above, atMost, below }, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', path: [], message });
  const isDouble = (atLeast !== undefined && above !== undefined) || (atMost !== undefined && below !== undefined);
  const least = atLeast ?? above;
  const most = atMost ?? below;
  if (isDouble || (least === undefined && most === undefined)) refuse(rangeAllowed);
  else if (least !== undefined && most !== undefined) {
    const isOpen = above !== undefined || below !== undefined;
    if (least > most || (isOpen && least === most)) refuse('a range that some value is in');
  }
});

/** A probe that reads a CloudWatch metric. Its region is filled in by the site. */
export const metricProbe = strict({
  type: choice(['cloudwatch-metric']).describe('What kind of probe it is.'),
  namespace: text(255, 'a namespace').describe('Namespace of the metric, such as AWS/ApplicationELB.'),
  name: text(255, 'the name of a metric').describe('Name of the metric.'),
  dimensions: named(text(255), text(1_024), 'dimensions')
    .refine((dimensions) => Object.keys(dimensions).length <= dimensionsMax, {
      error: `a mapping of at most ${dimensionsMax} dimensions by name`,
    })
    .default({})
    .describe('All its dimensions: with one left out it is another metric.'),
  statistic: pattern(
    /^(Average|Maximum|Minimum|Sum|SampleCount|p\d{1,2}(\.\d{1,3})?)$/,
    'Average, Maximum, Minimum, Sum, SampleCount or a percentile such as p99',
  )
    .default('Average')
    .describe('Statistic over the values of a period.'),
  periodMs: duration(10_000, 3_600_000)
    .refine((ms) => ms === 10_000 || ms === 30_000 || ms % minuteMs === 0, {
      error: '10s, 30s or whole minutes up to 1h',
    })
    .default(minuteMs)
    .describe('Period of the statistic: whole minutes, or 10 s or 30 s for a metric of high resolution.'),
  maxAgeMs: duration(minuteMs, 3_600_000)
    .default(metricMaxAgeMsDefault)
    .describe('A value whose period ended longer ago is missing.'),
  expect: metricRange.describe(
    'What a good value is: `atLeast` or `above`, `atMost` or `below`, or one of each. Any other value fails the probe.',
  ),
  missing: choice(['unknown', 'down', 'up'])
    .default('unknown')
    .describe(
      'What it means that CloudWatch answers, and has no value. `unknown` moves nothing. What cannot be read is unknown in any case.',
    ),
  region: regionField.optional().describe('Region of the metric. Left out: that of the site.'),
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
