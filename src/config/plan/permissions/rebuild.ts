import { dbInstanceArn, rdsArn } from './arn.ts';
import { allow, type KindStatements } from './statement.ts';

/** The one tag that a new replica gets. */
const tagKey = 'cdk-failover:service';

/**
 * What the `rebuild` function of a region may do: rename the declared instances there and create replicas under their
 * identifiers, with the groups that the old ones have. It can delete nothing. IAM knows no key for a new identifier, so
 * `ModifyDBInstance` could change more of these instances than that. Source: Service Authorization Reference, "Amazon
 * RDS".
 */
export const rebuildStatements: KindStatements = ({ region, services }) => {
  const places = Object.values(services).flatMap(({ data, sites }) =>
    data?.kind !== 'rds-replica'
      ? []
      : Object.entries(data.instances).flatMap(([site, id]) => {
          const at = sites[site]?.region;
          return at === undefined ? [] : [{ id, at }];
        }),
  );
  const own = places.filter(({ at }) => at === region).map(({ id }) => dbInstanceArn(region, id));
  const kept = own.map((arn) => `${arn}-before-*`);
  const all = [...new Set(places.map(({ id, at }) => dbInstanceArn(at, id)))];
  const groups = ['og', 'pg', 'subgrp'].map((type) => rdsArn(region, type, '*'));
  return [
    allow(['rds:DescribeDBInstances'], [...all, ...kept]),
    allow(['rds:ModifyDBInstance'], [...own, ...kept]),
    allow(['rds:CreateDBInstanceReadReplica'], [...all, ...groups]),
    {
      actions: ['rds:AddTagsToResource'],
      resources: own,
      conditions: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': [tagKey] },
        Null: { 'aws:TagKeys': 'false' },
      },
    },
  ];
};
