import { DescribeRouteTablesCommand, EC2Client, ReplaceRouteCommand, type Route } from '@aws-sdk/client-ec2';
import { leadsTo, type RouteState, type RouteThing } from '../../core/kinds/route.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';
import { afterAll } from './settlement.ts';

/**
 * Reads and replaces routes of EC2 route tables.
 *
 * Each route is a call of its own. A route that is right already is not written, and a table that fails does not stop
 * the writes to others. `ReplaceRoute` creates no route: the user's template must create it. A black hole with the
 * right target is not written either: its target is down, and a write would change nothing. Source: Amazon EC2 API
 * Reference, "ReplaceRoute" and "Route", `State`.
 */
export function routeHandlers(clients: AwsClients): KindHandlers<'route'> {
  return {
    'read:route': async (thing) => await readRoutes(clients.in(thing.account), thing),
    'write:route': async (thing) => {
      const there = clients.in(thing.account);
      const seen = await readRoutes(there, thing);
      const missing = wantedOf(thing).filter(({ table, destination }) => {
        const found = seen.find((one) => one.table === table && one.destination === destination);
        return found === undefined || !leadsTo(found, thing.target);
      });
      await afterAll(missing.map(({ table, destination }) => replace(there, thing, table, destination)));
      return null;
    },
  };
}

/** @throws {PortError} `invalid` when the region does not have all of the tables */
async function readRoutes(clients: AwsClients, { region, tables, destinations }: RouteThing): Promise<RouteState> {
  const command = new DescribeRouteTablesCommand({ RouteTableIds: [...tables] });
  const { RouteTables } = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
  return tables.flatMap((table) => {
    const found = RouteTables?.find(({ RouteTableId }) => RouteTableId === table);
    if (!found) throw new PortError({ kind: 'invalid', detail: `no ${table} in ${region}` });
    return (found.Routes ?? []).flatMap((route) => {
      const destination = destinationOf(route);
      if (!destinations.includes(destination)) return [];
      return [
        {
          table,
          destination,
          instanceId: route.InstanceId || null,
          networkInterfaceId: route.NetworkInterfaceId || null,
          isBlackhole: route.State === 'blackhole',
        },
      ];
    });
  });
}

async function replace(clients: AwsClients, thing: RouteThing, table: string, destination: string): Promise<void> {
  const { region, target } = thing;
  const command = new ReplaceRouteCommand({
    RouteTableId: table,
    ...(isIpv6(destination) ? { DestinationIpv6CidrBlock: destination } : { DestinationCidrBlock: destination }),
    ...('instanceId' in target ? { InstanceId: target.instanceId } : { NetworkInterfaceId: target.networkInterfaceId }),
  });
  await clients.call((options) => clients.of(EC2Client, region).send(command, options));
}

function wantedOf({ tables, destinations }: RouteThing) {
  return tables.flatMap((table) => destinations.map((destination) => ({ table, destination })));
}

function destinationOf({ DestinationCidrBlock, DestinationIpv6CidrBlock }: Route): string {
  return DestinationCidrBlock || DestinationIpv6CidrBlock || '';
}

function isIpv6(destination: string): boolean {
  return destination.includes(':');
}
