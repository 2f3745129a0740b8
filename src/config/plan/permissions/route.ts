import { ec2Arn } from './arn.ts';
import { allow, type KindStatements, lookStatements } from './statement.ts';

/**
 * The route tables that are declared, and no others. Neither the destination nor the target of a route is a resource or
 * a condition key, so a role can be held to tables, not to single routes. Source: Service Authorization Reference,
 * "Actions, resources, and condition keys for Amazon EC2", `ReplaceRoute` (route-table) and `DescribeRouteTables`
 * (none).
 */
export const routeStatements: KindStatements = ({ region, services }) => {
  const tables = [...new Set(Object.values(services).flatMap(({ traffic }) => traffic.route?.tables ?? []))];
  return [
    allow(
      ['ec2:ReplaceRoute'],
      tables.map((table) => ec2Arn(region, 'route-table', table)),
    ),
    ...lookStatements(['ec2:DescribeRouteTables']),
  ];
};
