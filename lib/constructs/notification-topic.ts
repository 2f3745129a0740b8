import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { topicName } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';

/**
 * The topic that people subscribe to.
 *
 * Not encrypted with a key: CloudWatch cannot publish to a topic under the key that AWS manages for SNS, and a key of
 * one's own would be one more thing that can keep an alarm from being heard. Messages name sites and alarms, no
 * secrets. Source: CloudWatch User Guide, "Notifying users on alarm changes".
 */
export class NotificationTopic extends Construct {
  /** The topic itself. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { topicName: topicName(deployment.name), enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        actions: ['sns:Publish'],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    for (const email of deployment.notify.emails) {
      new CfnSubscription(this, email, { topicArn: this.topic.topicArn, protocol: 'email', endpoint: email });
    }
  }
}
