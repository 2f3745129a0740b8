import { ec2Arn } from './arn.ts';
import { allow, type KindStatements, lookStatements } from './statement.ts';

/**
 * One statement a service, so that no address can go to another service's interfaces. An Elastic IP is put at a private
 * address of a network interface. That of an instance has an id of EC2's own, so a service that names an instance may
 * use all interfaces; one that names interfaces alone is held to those. EC2's Describe calls know no resources. Source:
 * Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2", `AssociateAddress`.
 */
export const addressStatements: KindStatements = ({ region, services }) => {
  const associate = Object.values(services).flatMap(({ traffic: { address } }) => {
    if (address === undefined) return [];
    const places = Object.values(address.instances).flat();
    const named = places.flatMap((place) => ('networkInterfaceId' in place ? place.networkInterfaceId : []));
    const interfaces = places.some((place) => 'instanceId' in place) ? ['*'] : [...new Set(named)];
    return allow(
      ['ec2:AssociateAddress'],
      [
        ...address.allocationId.map((id) => ec2Arn(region, 'elastic-ip', id)),
        ...interfaces.map((id) => ec2Arn(region, 'network-interface', id)),
      ],
    );
  });
  return [...associate, ...lookStatements(['ec2:DescribeAddresses', 'ec2:DescribeNetworkInterfaces'])];
};
