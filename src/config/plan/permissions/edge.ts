import { allow, type KindStatements } from './statement.ts';

/**
 * The stores that are declared; a single key has no ARN. Source: Service Authorization Reference, "Amazon CloudFront
 * KeyValueStore".
 */
export const edgeStatements: KindStatements = ({ services }) => {
  const stores = Object.values(services).flatMap(({ traffic }) => traffic.edge?.storeArn ?? []);
  const actions = ['DescribeKeyValueStore', 'GetKey', 'UpdateKeys'];
  return [
    allow(
      actions.map((action) => `cloudfront-keyvaluestore:${action}`),
      [...new Set(stores)],
    ),
  ];
};
