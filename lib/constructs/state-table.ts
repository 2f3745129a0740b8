import { CfnDeletionPolicy } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { partitionKey, stateTableName } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';

/**
 * The state table of a control region.
 *
 * It outlives its stack, cannot be deleted by mistake, and can be taken back to any second of the last 35 days: a table
 * that forgot is no voter until a majority has given it the register again. Nothing in it expires. Encrypted with the
 * key that DynamoDB owns: a key of one's own would be one more thing on every tick that can be throttled, disabled or
 * deleted, and what stands here (who is active) is no secret.
 */
export class StateTable extends Construct {
  /** The table itself. */
  readonly resource: CfnTable;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    this.resource = new CfnTable(this, 'Table', {
      tableName: stateTableName(deployment.name),
      attributeDefinitions: [{ attributeName: partitionKey, attributeType: 'S' }],
      keySchema: [{ attributeName: partitionKey, keyType: 'HASH' }],
      billingMode: 'PAY_PER_REQUEST',
      deletionProtectionEnabled: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      sseSpecification: { sseEnabled: false },
    });
    this.resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    this.resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    this.node.addValidation({ validate: () => this.#removalFaults() });
  }

  /**
   * An Aspect that removes everything with its stack would leave a stack that cannot be deleted, since the table
   * is protected. Whoever takes its protection away as well means it.
   */
  #removalFaults(): string[] {
    const { deletionPolicy } = this.resource.cfnOptions;
    const isProtected = this.resource.deletionProtectionEnabled !== false;
    if (deletionPolicy === CfnDeletionPolicy.RETAIN || !isProtected) return [];
    return [
      `${this.resource.node.path}: found the removal policy ${deletionPolicy ?? 'Delete'}, allowed Retain: it holds who is active, and is protected from deletion; leave AWS::DynamoDB::Table out (excludedResources of RemovalPolicies), or set deletionProtectionEnabled to false as well to lose it`,
    ];
  }
}
