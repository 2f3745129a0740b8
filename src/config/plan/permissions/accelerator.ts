import { allow, type KindStatements } from './statement.ts';

/**
 * The dials of the endpoint groups that are declared. The same action changes their endpoints and health checks: IAM
 * has no condition for the dial alone. Source: Service Authorization Reference, "AWS Global Accelerator".
 */
export const acceleratorStatements: KindStatements = ({ services }) => {
  const arns = Object.values(services).flatMap(({ traffic }) =>
    Object.values(traffic.accelerator?.endpointGroupArns ?? {}),
  );
  return [
    allow(['globalaccelerator:DescribeEndpointGroup', 'globalaccelerator:UpdateEndpointGroup'], [...new Set(arns)]),
  ];
};
