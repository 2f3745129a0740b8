import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { shop } from '../shop.fixture.ts';

/** What is said of the shop with these changes; empty when it is accepted. */
function said(overrides: Overrides): string {
  try {
    parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml');
    return '';
  } catch (error) {
    return error instanceof ConfigError ? error.message : String(error);
  }
}

const topic = 'arn:aws:sns:us-east-1:111122223333:ops';

const several = (count: number, region = 'us-east-1') =>
  Array.from({ length: count }, (_, index) => `arn:aws:sns:${region}:111122223333:ops-${index}`);

test.each([
  [[topic]],
  [[topic, 'arn:aws:sns:eu-west-1:444455556666:ops']],
  [[...several(4), ...several(4, 'us-west-2')]],
  [[]],
])('topics %j are accepted', (topics) => {
  expect(said({ 'notify.topics': topics })).toBe('');
});

test.each<[readonly string[], string]>([
  [[`${topic}.fifo`], 'make a standard topic: a FIFO topic sends to queues alone'],
  [[`${topic}:6b0e71bd-7e97-4d97-80ce-4a0994e55286`], `this is a subscription; its topic is ${topic}`],
  [['ops'], 'allowed the ARN of an SNS topic'],
  [[topic, topic], 'a list of different topics'],
  [several(5), 'a list with 4 topics of a region at most'],
])('topics %j are refused: %s', (topics, hint) => {
  expect(said({ 'notify.topics': topics })).toContain(hint);
});

const slackUrl = 'https://hooks.slack.com/services/T0/B0/xyz';
const signingKey = { secret: 'shop/webhook' };

test.each([
  [{ url: 'https://hooks.shop.example/in', signingKey }, { format: 'json' }],
  [{ format: 'slack', url: { parameter: '/shop/slack' } }, { url: { parameter: '/shop/slack' } }],
  [{ format: 'pagerduty', routingKey: { secret: 'pager' } }, { url: 'https://events.pagerduty.com/v2/enqueue' }],
])('a webhook %j means %j', (webhook, means) => {
  const { notify } = parseDeploymentValue(applyOverrides(shop, { 'notify.webhooks': [webhook] }), 'c.yaml');

  expect(notify.webhooks).toMatchObject([means]);
});

test.each<[Readonly<Record<string, unknown>>, string]>([
  [{ url: 'http://hooks.shop.example/in', signingKey }, 'write https://hooks.shop.example/in'],
  [{ url: 'https://me:word@hooks.shop.example/in', signingKey }, 'leave user name and password out'],
  [{ url: 'https://hooks.shop.example/in' }, 'signingKey: found nothing, allowed { secret: NAME }'],
  [{ signingKey }, 'url: found nothing, allowed an https:// URL'],
  [{ format: 'slack', url: slackUrl, signingKey }, 'none: slack checks no signature'],
  [{ format: 'slack', url: slackUrl, routingKey: signingKey }, 'none: it is for format pagerduty'],
  [{ format: 'pagerduty' }, 'routingKey: found nothing, allowed { secret: NAME }'],
  [{ format: 'teams', url: slackUrl }, 'json, slack or pagerduty'],
  [{ url: slackUrl, secret: 'x' }, 'write signingKey: { secret: NAME }'],
])('a webhook %j is refused: %s', (webhook, hint) => {
  expect(said({ 'notify.webhooks': [webhook] })).toContain(hint);
});
