import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { partitionKey, stateTableName } from '../../../config/plan/names.ts';

/** The table as `CreateTable` takes it, for whoever makes one without CloudFormation: the lab and the tests. */
export function stateTableSchema(deployment: string): CreateTableCommandInput {
  return {
    TableName: stateTableName(deployment),
    AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
}
