import { ec2Arn } from './arn.ts';
import { allow, type KindStatements, lookStatements } from './kind-statements.ts';

/**
 * One statement a service, so that no address can go to another service's instances. EC2's Describe calls know no
 * resources. Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2".
 */
export const addressStatements: KindStatements = ({ region, services }) => {
  const associate = Object.values(services).flatMap(({ traffic: { address } }) => {
    if (address === undefined) return [];
    const instances = Object.values(address.instances).map((id) => ec2Arn(region, 'instance', id));
    return allow(['ec2:AssociateAddress'], [ec2Arn(region, 'elastic-ip', address.allocationId), ...instances]);
  });
  return [...associate, ...lookStatements(['ec2:DescribeAddresses'])];
};
