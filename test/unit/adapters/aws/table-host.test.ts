import { expect, test } from 'vitest';
import { AwsClients } from '../../../../src/adapters/aws/clients.ts';
import { tableHost } from '../../../../src/adapters/aws/tables/dynamodb-state-tables.ts';

test.each([
  ['us-east-1', 'dynamodb.us-east-1.amazonaws.com'],
  ['cn-north-1', 'dynamodb.cn-north-1.amazonaws.com.cn'],
  ['us-gov-west-1', 'dynamodb.us-gov-west-1.amazonaws.com'],
])('the tables of %s are reached where its partition has them', (region, host) => {
  expect(tableHost(new AwsClients({}), region)).toBe(host);
});
