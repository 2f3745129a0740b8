import { type AddressSort, type AddressTraffic, addressSort } from '../../../core/model/traffic.ts';
import { ec2Arn } from './arn.ts';
import { allow, type KindStatements, lookStatements, type Statement } from './statement.ts';

/** What moves each sort of address that is assigned to an interface itself. */
const assigning: { readonly [S in Exclude<AddressSort, 'elastic-ip'>]: readonly string[] } = {
  ipv4: ['ec2:AssignPrivateIpAddresses'],
  'ipv4-prefix': ['ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
  ipv6: ['ec2:AssignIpv6Addresses', 'ec2:UnassignIpv6Addresses'],
  'ipv6-prefix': ['ec2:AssignIpv6Addresses', 'ec2:UnassignIpv6Addresses'],
};

/**
 * One statement a service and sort, so that no address can go to another service's interfaces. An Elastic IP is put at
 * a private address of a network interface, other addresses at the interface. That of an instance has an id of EC2's
 * own, so a service that names an instance may use all interfaces; one that names interfaces alone is held to those.
 * EC2's Describe calls know no resources. Source: Service Authorization Reference, "Actions, resources, and condition
 * keys for Amazon EC2", `AssociateAddress`, `AssignPrivateIpAddresses`, `AssignIpv6Addresses`.
 */
export const addressStatements: KindStatements = ({ region, services }) => {
  const all = Object.values(services).flatMap(({ traffic: { address } }) => address ?? []);
  const isByTag = all.some(({ instances }) =>
    Object.values(instances).some((held) => held.some((one) => 'tag' in one)),
  );
  return [
    ...all.flatMap((address) => movingStatements(region, address)),
    ...lookStatements([
      'ec2:DescribeAddresses',
      'ec2:DescribeNetworkInterfaces',
      ...(isByTag ? ['ec2:DescribeInstances'] : []),
    ]),
  ];
};

function movingStatements(region: string, { allocationId, instances }: AddressTraffic): readonly Statement[] {
  const places = Object.values(instances).flat();
  const named = places.flatMap((place) => ('networkInterfaceId' in place ? place.networkInterfaceId : []));
  const ids = places.some((place) => !('networkInterfaceId' in place)) ? ['*'] : [...new Set(named)];
  const interfaces = ids.map((id) => ec2Arn(region, 'network-interface', id));
  const elastic = allocationId.filter((id) => addressSort(id) === 'elastic-ip');
  const assigned = allocationId.flatMap((id) => {
    const sort = addressSort(id);
    return sort === 'elastic-ip' ? [] : assigning[sort];
  });
  return [
    ...(elastic.length === 0
      ? []
      : [allow(['ec2:AssociateAddress'], [...elastic.map((id) => ec2Arn(region, 'elastic-ip', id)), ...interfaces])]),
    ...(assigned.length === 0 ? [] : [allow([...new Set(assigned)].sort(), interfaces)]),
  ];
}
