import { expect, test } from 'vitest';
import { examineAccount } from '../../../../../src/adapters/aws/checkup/account-inquiry.ts';
import { exampleDeployment } from '../../../../cdk/synthesized.ts';
import { standIn, xml, xmlError } from '../../../../support/stand-in.ts';
import { deployedFunction, examined } from './account.fixture.ts';

const deployment = exampleDeployment('two-regions');

function page(members: string, token = ''): string {
  const next = token === '' ? '' : `<NextToken>${token}</NextToken>`;
  const result = `<ListSubscriptionsByTopicResult><Subscriptions>${members}</Subscriptions>${next}</ListSubscriptionsByTopicResult>`;
  return `<ListSubscriptionsByTopicResponse>${result}</ListSubscriptionsByTopicResponse>`;
}

function member(endpoint: string, arn: string): string {
  return `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>email</Protocol><Endpoint>${endpoint}</Endpoint></member>`;
}

async function subscriptionsBy(answer: (topic: string, token: string | undefined) => string | null) {
  const { clients } = await standIn(deployment.controlRegions, ({ path, headers, form }, response) => {
    const named = deployedFunction(path, headers);
    if (named !== null) return void response.writeHead(200).end(JSON.stringify(named.answer));
    const { Action, TopicArn = '', NextToken } = form;
    if (Action !== 'ListSubscriptionsByTopic') return xmlError(response, 'AccessDenied', 403);
    const text = answer(TopicArn, NextToken);
    if (text === null) xmlError(response, 'NotFound', 404);
    else xml(response, text);
  });
  return (await examineAccount({ deployment, clients, ...examined })).subscriptions;
}

test('who has not confirmed is told from who has, over pages; what was ended is left out', async () => {
  const found = await subscriptionsBy((topic, token) =>
    token === undefined
      ? page(member('a@shop.example', 'PendingConfirmation') + member('gone@shop.example', 'Deleted'), 'more')
      : page(member('b@shop.example', `${topic}:1`)),
  );

  expect(found.map(({ region }) => region)).toEqual(deployment.controlRegions);
  expect(found[0]).toMatchObject({
    emails: ['oncall@shop.example'],
    hasOthers: false,
    reading: {
      kind: 'read',
      value: [
        { protocol: 'email', endpoint: 'a@shop.example', isConfirmed: false },
        { protocol: 'email', endpoint: 'b@shop.example', isConfirmed: true },
      ],
    },
  });
});

test('a topic that is not there has no subscribers', async () => {
  const found = await subscriptionsBy(() => null);

  expect(found.map(({ reading }) => reading)).toEqual(
    deployment.controlRegions.map(() => ({ kind: 'read', value: [] })),
  );
});
