import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** The only key of a state table, a string: what the item is, and of which service. */
export const partitionKey = 'pk';

/** Name of a deployment's state table, the same in each control region. */
export function stateTableName(deployment: string): string {
  return `${deployment}-failover-state`;
}

/** The table as `CreateTable` takes it, for whoever makes one without CloudFormation: the lab and the tests. */
export function stateTableSchema(deployment: string): CreateTableCommandInput {
  return {
    TableName: stateTableName(deployment),
    AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
}
