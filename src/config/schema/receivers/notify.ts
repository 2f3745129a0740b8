import { z } from 'zod';
import type { Webhook } from '../../../core/model/notify.ts';
import { regionOfArn } from '../aws-id.ts';
import { choice, list } from '../fields.ts';
import { secretReference } from '../http-request.ts';
import { spelled } from '../spelling.ts';
import { strict } from '../strict-object.ts';

const email = z
  .email({ error: 'an e-mail address' })
  .max(254, 'an e-mail address')
  .meta({ allowed: 'an e-mail address' });

/** Most topics of the user's. Source: our own; one in each control region of a large deployment. */
const topicsMax = 10;

/**
 * The ARN of a standard topic. A FIFO topic sends to queues alone, and wants a group for each message. Source: SNS
 * Developer Guide, "Amazon SNS FIFO topics".
 */
const topicField = spelled((written) => {
  const arn = written.trim();
  if (/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,251}\.fifo$/.test(arn)) {
    return { hint: 'make a standard topic: a FIFO topic sends to queues alone' };
  }
  const isSubscription = /^(arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}):[0-9a-f-]{36}$/.exec(arn);
  if (isSubscription !== null) return { hint: `this is a subscription; its topic is ${isSubscription[1]}` };
  return /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(arn) ? { value: arn } : { hint: null };
}, 'the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:ops');

/**
 * Most of them in one region: its alarms tell each of them, and the deployment's own. Source: CloudWatch API Reference,
 * "PutMetricAlarm" and "PutCompositeAlarm", AlarmActions: five at most.
 */
const topicsOfRegionMax = 4;

const topicsField = list(topicField, 0, topicsMax, 'topics')
  .refine((topics) => new Set(topics).size === topics.length, { error: 'a list of different topics' })
  .refine((topics) => Math.max(0, ...countsBy(topics.map(regionOfArn))) <= topicsOfRegionMax, {
    error: `a list with ${topicsOfRegionMax} topics of a region at most: an alarm of CloudWatch has five actions`,
  });

function countsBy(names: readonly string[]): readonly number[] {
  return [...new Set(names)].map((name) => names.filter((one) => one === name).length);
}

/** Most webhooks. Source: our own; all are sent to at once. */
const webhooksMax = 10;

/** Where PagerDuty takes events. Source: PagerDuty, "Events API v2". */
const pagerDutyUrl = 'https://events.pagerduty.com/v2/enqueue';

const urlText = spelled((written) => {
  const url = written.trim();
  if (/^http:/i.test(url)) return { hint: `write ${url.replace(/^http:/i, 'https:')}` };
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return { hint: null };
  const { username, password, hash } = new URL(url);
  if (username !== '' || password !== '') {
    return {
      hint: 'leave user name and password out, or write url: { secret: NAME }, with the whole URL in that secret',
    };
  }
  return hash === '' ? { value: url } : { hint: 'no server is sent what follows #: leave it out' };
}, 'an https:// URL, or { secret: NAME }');

const webhookSchema = strict({
  format: choice(['json', 'slack', 'pagerduty'])
    .default('json')
    .describe(
      'What is sent. `json`: the event, signed after Standard Webhooks. `slack`: a text for an incoming webhook. `pagerduty`: an event of the Events API v2.',
    ),
  url: z
    .union([urlText, secretReference])
    .optional()
    .describe('Where to: an https:// URL, or a secret that holds it. For `pagerduty` it may be left out.'),
  signingKey: secretReference
    .optional()
    .describe(
      'Where the key of the signature is: `whsec_` and 24 to 64 bytes in base64. For `json`, and required there.',
    ),
  routingKey: secretReference.optional().describe('Where the integration key is. For `pagerduty`, and required there.'),
}).transform(({ format, url, signingKey, routingKey }, context): Webhook => {
  const refuse = (path: string, message: string) => {
    context.issues.push({ code: 'custom', path: [path], message, input: path });
    return z.NEVER;
  };
  if (format !== 'json' && signingKey !== undefined) return refuse('signingKey', `none: ${format} checks no signature`);
  if (format !== 'pagerduty' && routingKey !== undefined)
    return refuse('routingKey', 'none: it is for format pagerduty');
  if (format === 'pagerduty') {
    if (routingKey === undefined) return refuse('routingKey', '{ secret: NAME }, where the integration key is');
    return { format, url: url ?? pagerDutyUrl, routingKey };
  }
  if (url === undefined) return refuse('url', 'an https:// URL, or { secret: NAME }');
  if (format === 'slack') return { format, url };
  if (signingKey === undefined) return refuse('signingKey', '{ secret: NAME }, where the key of the signature is');
  return { format, url, signingKey };
});

/** Where messages are sent. */
export const notifySchema = strict({
  emails: list(email, 0, 20, 'e-mail addresses').default([]).describe('Addresses that get messages.'),
  topics: topicsField
    .meta({ allowed: `a list of 0 to ${topicsMax} topics, ${topicsOfRegionMax} of a region at most` })
    .default([])
    .describe(
      'SNS topics of yours that get each message too, in any region and account. Name topics in two regions: a topic hears nothing while its own region is lost.',
    ),
  webhooks: list(webhookSchema, 0, webhooksMax, 'webhooks')
    .default([])
    .describe('Servers that are sent each message by HTTPS: yours, Slack or PagerDuty.'),
});
