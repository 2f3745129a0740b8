import { allow, type KindStatements, lookStatements } from './statement.ts';

/**
 * The dials of the endpoint groups that are declared. The same action changes their endpoints and health checks: IAM
 * has no condition for the dial alone. Where weights are turned, what other accounts share is listed: an endpoint of
 * theirs may be in a group, declared or not. Source: Service Authorization Reference, "AWS Global Accelerator".
 */
export const acceleratorStatements: KindStatements = ({ services }) => {
  const arns = Object.values(services).flatMap(({ traffic }) =>
    Object.values(traffic.accelerator?.endpointGroupArns ?? {}),
  );
  const isWeighed = Object.values(services).some(({ traffic }) => traffic.accelerator?.endpointIds !== undefined);
  return [
    allow(['globalaccelerator:DescribeEndpointGroup', 'globalaccelerator:UpdateEndpointGroup'], [...new Set(arns)]),
    ...lookStatements(isWeighed ? ['globalaccelerator:ListCrossAccountResources'] : []),
  ];
};
