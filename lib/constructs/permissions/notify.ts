import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { eventSource } from '../../../src/config/plan/names.ts';
import { receiverSecretsOf } from '../../../src/config/plan/secrets.ts';
import { regionOfArn } from '../../../src/config/schema/aws-id.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { topicArn } from './arn.ts';
import { secretStatements } from './secrets/secrets.ts';

/**
 * What the notify function of a region may do: publish to the topics, read the secrets of webhooks and of the
 * collector of telemetry, and put events of its own source on the bus.
 */
export function notifyStatements(deployment: Deployment, region: string): readonly PolicyStatement[] {
  const { topics } = deployment.notify;
  return [
    new PolicyStatement({
      sid: 'People',
      actions: ['sns:Publish'],
      resources: [topicArn(deployment, region), ...topics],
    }),
    ...topics.map(encryption),
    ...secretStatements(region, receiverSecretsOf(deployment)),
    new PolicyStatement({
      sid: 'Events',
      actions: ['events:PutEvents'],
      resources: [`arn:${Aws.PARTITION}:events:${region}:${Aws.ACCOUNT_ID}:event-bus/default`],
      // A request may hold several sources; for none at all the set operator alone would be true.
      conditions: {
        'ForAllValues:StringEquals': { 'events:source': [eventSource] },
        Null: { 'events:source': 'false' },
      },
    }),
  ];
}

/**
 * The key of a topic of the user's, which may be encrypted: for messages to this topic, through SNS, alone. Source: SNS
 * Developer Guide, "Managing Amazon SNS encryption keys and costs".
 */
function encryption(topic: string): PolicyStatement {
  const [, partition, , , account] = topic.split(':');
  const region = regionOfArn(topic);
  return new PolicyStatement({
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    resources: [`arn:${partition}:kms:${region}:${account}:key/*`],
    conditions: {
      StringEquals: {
        'kms:ViaService': `sns.${region}.amazonaws.com`,
        'kms:EncryptionContext:aws:sns:topicArn': topic,
      },
    },
  });
}
