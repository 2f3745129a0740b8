import { expect, test } from 'vitest';
import { questionsOf } from '../../../../../src/adapters/aws/checkup/permission-questions.ts';

const owner = { partition: 'aws', account: '123456789012', region: 'us-east-1', controlRegions: ['us-east-1'] };
const arn = 'arn:aws:route53-recovery-control::123456789012:controlpanel/p/routingcontrol/r';

test.each([
  ['StringEquals', ['a', 'b'], { values: ['a'], type: 'string' }],
  ['StringLike', 'a*', { values: ['afailover-doctor'], type: 'string' }],
  ['ForAllValues:StringEquals', ['a', 'b'], { values: ['a', 'b'], type: 'stringList' }],
  ['Bool', 'true', { values: ['true'], type: 'boolean' }],
  ['BoolIfExists', 'false', { values: ['false'], type: 'boolean' }],
])('a condition by %s is asked with a value of its type', (operator, value, expected) => {
  const conditions = { [operator]: { 'a:key': value } };

  const [question] = questionsOf([{ actions: ['a:Do'], resources: [arn], conditions }], owner);

  expect(question?.context).toContainEqual({ key: 'a:key', ...expected });
});
