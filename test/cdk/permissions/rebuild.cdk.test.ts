import { App, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { policyStatements } from '../../../lib/constructs/permissions/policy-statement.ts';
import { defineDeployment } from '../../../src/config/loader.ts';
import { functionsOf } from '../../../src/config/plan/function-set.ts';
import { statementsFor } from '../../../src/config/plan/permissions/permissions.ts';
import { shop } from '../../unit/config/shop.fixture.ts';
import { plain } from '../synthesized.ts';

const fence = { kind: 'read-only', functionName: 'db-read-only' } as const;
const { web } = shop.services;
const withRebuild = (rebuild?: { readonly afterMs: string }) =>
  defineDeployment({
    ...shop,
    services: {
      web: {
        ...web,
        sites: Object.fromEntries(Object.entries(web?.sites ?? {}).map(([name, site]) => [name, { ...site, fence }])),
        failover: { maxReplicationLagMs: 30_000 },
        data: { kind: 'rds-replica', instances: { virginia: 'shop-east', oregon: 'shop-west' }, rebuild },
      },
    } as typeof shop.services,
  });

const db = (region: string, id: string) => `arn:aws:rds:${region}:111122223333:db:${id}`;

test('renames its own instances and makes replicas in their place, and may delete nothing', () => {
  const stack = new Stack(new App(), 'Test', { env: { account: '111122223333', region: 'us-east-1' } });

  const grants = policyStatements(statementsFor(withRebuild({ afterMs: '1h' }), 'us-east-1', 'rebuild'))
    .map((statement) => plain(stack.resolve(statement.toStatementJson())))
    .slice(2);

  const [own, kept, other] = [
    db('us-east-1', 'shop-east'),
    db('us-east-1', 'shop-east-before-*'),
    db('us-west-2', 'shop-west'),
  ];
  const text = JSON.stringify(grants)
    .replaceAll('<AWS::Partition>', 'aws')
    .replaceAll('<AWS::AccountId>', '111122223333');
  expect(JSON.parse(text)).toMatchObject([
    { Action: 'rds:DescribeDBInstances', Resource: [own, other, kept] },
    { Action: 'rds:ModifyDBInstance', Resource: [own, kept] },
    { Action: 'rds:CreateDBInstanceReadReplica', Resource: expect.arrayContaining([own, other]) },
    { Action: 'rds:AddTagsToResource', Resource: own },
  ]);
  expect(text).not.toContain('Delete');
});

test('there is such a function only where it is asked for, in the regions of the sites', () => {
  const regionsWith = (deployment: ReturnType<typeof withRebuild>) =>
    deployment.controlRegions.filter((region) => functionsOf(deployment, region).includes('rebuild'));

  expect(regionsWith(withRebuild({ afterMs: '1h' }))).toEqual(['us-east-1', 'us-west-2']);
  expect(regionsWith(withRebuild())).toEqual([]);
});
