import { DescribeRouteTablesCommand, EC2Client, ReplaceRouteCommand, type Route } from '@aws-sdk/client-ec2';
import { canonicalBlock } from '../../config/kinds/address-block.ts';
import { leadsTo, type RouteState, type RouteThing } from '../../core/kinds/route.ts';
import { placeText } from '../../core/model/traffic.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { Rng } from '../../ports/rng.ts';
import type { AwsClients } from './clients.ts';
import { afterEach } from './settlement.ts';
import { throughThrottling } from './throttling.ts';

/**
 * Most routes that are replaced side by side. EC2 takes 50 at once from an account, and five a second from then on.
 * Source: Amazon EC2 Developer Guide, "Request throttling for the Amazon EC2 API", mutating actions.
 */
const besideMax = 10;

/**
 * Reads and replaces routes of EC2 route tables.
 *
 * Each route is a call of its own. A route that is right already is not written, and a table that fails does not stop
 * the writes to others; what is throttled is asked for again while there is time. `ReplaceRoute` creates no route: the
 * user's template must create it. A black hole with the right target is not written either: its target is down, and a
 * write would change nothing. Source: Amazon EC2 API Reference, "ReplaceRoute" and "Route", `State`.
 *
 * @param writeMs - longest time of a write, without the deadline of one call
 */
export function routeHandlers(clients: AwsClients, clock: Clock, rng: Rng, writeMs: number): KindHandlers<'route'> {
  return {
    'read:route': async (thing) => await readRoutes(clients.in(thing.account), thing),
    'write:route': async (thing) => {
      const patience = { clock, rng, untilMs: clock.monotonicMs() + writeMs };
      const there = clients.in(thing.account);
      const seen = await readRoutes(there, thing);
      const missing = wantedOf(thing).filter(({ table, destination }) => {
        const found = seen.find((one) => one.table === table && one.destination === destination);
        return found === undefined || !leadsTo(found, thing.target);
      });
      await afterEach(missing, besideMax, ({ table, destination }) =>
        throughThrottling(patience, () => replace(there, thing, table, destination)),
      );
      const dropped = seen.find((one) => one.isBlackhole && leadsTo(one, thing.target));
      if (dropped !== undefined) throw blackHole(dropped, thing);
      return null;
    },
  };
}

/** No write helps: whatever stopped, detached or deleted the target has to be undone. */
function blackHole({ table, destination }: RouteState[number], { target }: RouteThing): PortError {
  const whither = `${table} leads ${destination} to ${placeText(target)}`;
  return new PortError({ kind: 'unavailable', detail: `${whither}, which is stopped, detached or gone: start it` });
}

/** @throws {PortError} `invalid` when the region does not have all of the tables */
async function readRoutes(clients: AwsClients, { region, tables, destinations }: RouteThing): Promise<RouteState> {
  const command = new DescribeRouteTablesCommand({ RouteTableIds: [...tables] });
  const { RouteTables } = await clients.call((options) => clients.of(EC2Client, region).send(command, options));
  return tables.flatMap((table) => {
    const found = RouteTables?.find(({ RouteTableId }) => RouteTableId === table);
    if (!found) throw new PortError({ kind: 'invalid', detail: `no ${table} in ${region}` });
    return (found.Routes ?? []).flatMap((route) => {
      const shown = canonicalBlock(destinationOf(route));
      const destination = destinations.find((one) => canonicalBlock(one) === shown);
      if (shown === null || destination === undefined) return [];
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
