import type { Deployment } from '../../../../core/model/deployment.ts';
import { regionOfArn } from '../../../schema/aws-id.ts';
import { eventSource } from '../../names.ts';
import { receiverSecretsOf } from '../../secrets.ts';
import { ownAccount, partition, topicArn } from '../arn.ts';
import type { Statement } from '../statement.ts';
import { secretStatements } from './secrets.ts';

/**
 * What the notify function of a region may do: publish to the topics, read the secrets of webhooks and of the
 * collector of telemetry, and put events of its own source on the bus.
 */
export function notifyStatements(deployment: Deployment, region: string): readonly Statement[] {
  const { topics } = deployment.notify;
  return [
    {
      sid: 'People',
      actions: ['sns:Publish'],
      resources: [topicArn(deployment, region), ...topics],
    },
    ...topics.map(encryption),
    ...secretStatements(region, receiverSecretsOf(deployment)),
    {
      sid: 'Events',
      actions: ['events:PutEvents'],
      resources: [`arn:${partition}:events:${region}:${ownAccount}:event-bus/default`],
      // A request may hold several sources; for none at all the set operator alone would be true.
      conditions: {
        'ForAllValues:StringEquals': { 'events:source': [eventSource] },
        Null: { 'events:source': 'false' },
      },
    },
  ];
}

/**
 * The key of a topic of the user's, which may be encrypted: for messages to this topic, through SNS, alone. Source: SNS
 * Developer Guide, "Managing Amazon SNS encryption keys and costs".
 */
function encryption(topic: string): Statement {
  const [, partition, , , account] = topic.split(':');
  const region = regionOfArn(topic);
  return {
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    resources: [`arn:${partition}:kms:${region}:${account}:key/*`],
    conditions: {
      StringEquals: {
        'kms:ViaService': `sns.${region}.amazonaws.com`,
        'kms:EncryptionContext:aws:sns:topicArn': topic,
      },
    },
  };
}
