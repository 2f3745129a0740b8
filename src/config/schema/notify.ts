import { z } from 'zod';
import { list } from './fields.ts';
import { spelled } from './spelling.ts';
import { strict } from './strict-object.ts';

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

const topicsField = list(topicField, 0, topicsMax, 'topics').refine(
  (topics) => new Set(topics).size === topics.length,
  { error: 'a list of different topics' },
);

/** Where messages are sent. */
export const notifySchema = strict({
  emails: list(email, 0, 20, 'e-mail addresses').default([]).describe('Addresses that get messages.'),
  topics: topicsField
    .meta({ allowed: `a list of 0 to ${topicsMax} topics` })
    .default([])
    .describe(
      'SNS topics of yours that get each message too, in any region and account. Name topics in two regions: a topic hears nothing while its own region is lost.',
    ),
});
