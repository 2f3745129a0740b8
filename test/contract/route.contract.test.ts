import {
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { routeHandlers } from '../../src/adapters/aws/route.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { kinds } from '../../src/core/kinds/kinds.ts';
import type { RouteState, RouteThing } from '../../src/core/kinds/route.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { KindHandlers } from '../../src/ports/ports.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { ec2Error, faultOf, standIn, xml } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

const home = 'us-east-1';
const away = 'us-west-2';
/** The functions write for half of a step, whose time is this by default. */
const handlersOf = (clients: AwsClients, clock: Clock = systemClock) => routeHandlers(clients, clock, systemRng, 5_000);
const destinations = ['10.200.0.1/32', '10.201.0.0/16'];

/** Three tables whose routes lead to the left at first, and what leads to either side. */
interface Place {
  readonly handlers: KindHandlers<'route'>;
  readonly tables: readonly string[];
  readonly left: RouteThing['target'];
  readonly right: RouteThing['target'];
}

describe('routes in the simulator', () => {
  describeContract(async () => {
    const { web } = zones.services;
    if (!web) return expect.fail('the fixture has no service "web"');
    const tables = ['rtb-1', 'rtb-2', 'rtb-3'];
    const left = { networkInterfaceId: 'eni-left' };
    const right = { networkInterfaceId: 'eni-right' };
    const traffic = { route: { region: home, tables, destinations, targets: { left, right } } };
    const account = new SimAccount(defineDeployment({ ...zones, services: { web: { ...web, traffic } } }));
    return {
      handlers: {
        'read:route': (thing) => account.call(thing.region, 'read:route', thing),
        'write:route': (thing) => account.call(thing.region, 'write:route', thing),
      },
      tables,
      left,
      right,
    };
  });
});

describeOnMoto('routes in EC2, by moto', [home, away], (clients) => {
  describeContract(() => placeInEc2(clients()));

  it('is invalid to ask for a table that is in another region', async () => {
    const { handlers, tables, right } = await placeInEc2(clients());

    const thing = { region: away, tables, destinations, target: right };

    expect((await faultOf(() => handlers['read:route'](thing))).kind).toBe('invalid');
  });
});

function describeContract(open: () => Promise<Place>): void {
  let place: Place;
  let there: RouteThing;

  beforeEach(async () => {
    place = await open();
    there = { region: home, tables: place.tables, destinations, target: place.right };
  });

  const isSo = (thing: RouteThing, seen: RouteState) => kinds.route.compare(thing, seen) === 'as-ordered';

  it('leads where it was made to lead at first, for every destination of every table', async () => {
    const seen = await place.handlers['read:route'](there);

    expect(seen).toHaveLength(place.tables.length * destinations.length);
    expect(isSo({ ...there, target: place.left }, seen)).toBe(true);
    expect(isSo(there, seen)).toBe(false);
  });

  it('leads elsewhere once it was written', async () => {
    await place.handlers['write:route'](there);

    expect(isSo(there, await place.handlers['read:route'](there))).toBe(true);
  });

  it('stays when it is written again', async () => {
    await place.handlers['write:route'](there);
    await place.handlers['write:route'](there);

    expect(isSo(there, await place.handlers['read:route'](there))).toBe(true);
  });

  it('is invalid to replace a route that is not there; the others are replaced all the same', async () => {
    const more = { ...there, destinations: [...destinations, '10.99.0.0/16'] };

    expect((await faultOf(() => place.handlers['write:route'](more))).kind).toBe('invalid');
    expect(isSo(there, await place.handlers['read:route'](there))).toBe(true);
    expect(isSo(more, await place.handlers['read:route'](more))).toBe(false);
  });

  it('is partly so while one table leads elsewhere, which is not so', async () => {
    const [first = ''] = place.tables;
    await place.handlers['write:route']({ ...there, tables: [first] });

    const seen = await place.handlers['read:route'](there);

    expect(isSo(there, seen)).toBe(false);
    expect(isSo({ ...there, tables: [first] }, seen)).toBe(true);
  });
}

describe('routes on the wire', () => {
  const thing = {
    region: home,
    tables: ['rtb-1', 'rtb-2', 'rtb-3'],
    destinations: ['0.0.0.0/0', '::/0'],
    target: { instanceId: 'i-right' },
  };
  const item = (destination: string, end: string, state: string) =>
    `<item>${destination}<instanceId>${end}</instanceId><networkInterfaceId>eni-1</networkInterfaceId><state>${state}</state></item>`;
  const ipv4 = '<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>';
  // In whatever spelling: EC2 says nowhere which one it gives back.
  const ipv6 = '<destinationIpv6CidrBlock>0:0:0:0:0:0:0:0/0</destinationIpv6CidrBlock>';

  /** Tables whose routes lead to an instance; `rtb-2` refuses to be written. */
  async function tablesThat(end: string, state: string) {
    const replaced: string[] = [];
    const { clients } = await standIn([home], ({ body }, response) => {
      const asked = new URLSearchParams(body);
      if (asked.get('Action') === 'ReplaceRoute') {
        const what = `${asked.get('RouteTableId')} ${asked.get('DestinationCidrBlock') ?? asked.get('DestinationIpv6CidrBlock')}`;
        const isRefused = what.startsWith('rtb-2');
        if (!isRefused) replaced.push(what);
        response.writeHead(isRefused ? 400 : 200, { 'content-type': 'text/xml' });
        response.end(
          isRefused
            ? '<Response><Errors><Error><Code>InvalidRoute.NotFound</Code><Message>no</Message></Error></Errors></Response>'
            : '<ReplaceRouteResponse><return>true</return></ReplaceRouteResponse>',
        );
        return;
      }
      const tables = thing.tables.map(
        (table) =>
          `<item><routeTableId>${table}</routeTableId><routeSet>${item(ipv4, end, state)}${item(ipv6, end, state)}</routeSet></item>`,
      );
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        `<DescribeRouteTablesResponse><routeTableSet>${tables.join('')}</routeTableSet></DescribeRouteTablesResponse>`,
      );
    });
    return { handlers: handlersOf(clients), replaced };
  }

  it('replaces IPv4 and IPv6 routes, each by a call; a table that fails keeps no other from being written', async () => {
    const { handlers, replaced } = await tablesThat('i-left', 'active');

    const fault = await faultOf(() => handlers['write:route'](thing));

    expect(fault.kind).toBe('invalid');
    expect(replaced.sort()).toEqual(['rtb-1 0.0.0.0/0', 'rtb-1 ::/0', 'rtb-3 0.0.0.0/0', 'rtb-3 ::/0']);
  });

  it('is not so while the right target is a black hole, and nothing is written over it', async () => {
    const { handlers, replaced } = await tablesThat('i-right', 'blackhole');

    const fault = await faultOf(() => handlers['write:route'](thing));
    const seen = await handlers['read:route'](thing);

    expect(kinds.route.compare(thing, seen)).toBe('differs');
    expect(replaced).toEqual([]);
    const detail = 'rtb-1 leads 0.0.0.0/0 to i-right, which is stopped, detached or gone: start it';
    expect(fault).toEqual({ kind: 'unavailable', detail });
  });

  it('replaces more routes than EC2 takes at once, ten side by side, and waits while it is throttled', async () => {
    const many = {
      ...thing,
      tables: Array.from({ length: 20 }, (_, index) => `rtb-${index}`),
      destinations: Array.from({ length: 3 }, (_, index) => `10.${index}.0.0/16`),
      target: { instanceId: 'i-right' },
    };
    const clock = virtualClock();
    let [tokens, filledMs, beside, besideMost] = [50, 0, 0, 0];
    const { clients } = await standIn([home], ({ form }, response) => {
      if (form.Action !== 'ReplaceRoute') {
        const tables = many.tables.map((table) => `<item><routeTableId>${table}</routeTableId><routeSet/></item>`);
        return xml(response, `<Answer><routeTableSet>${tables.join('')}</routeTableSet></Answer>`);
      }
      beside += 1;
      besideMost = Math.max(besideMost, beside);
      tokens = Math.min(50, tokens + ((clock.monotonicMs() - filledMs) / 1_000) * 5);
      filledMs = clock.monotonicMs();
      const isTaken = tokens >= 1;
      if (isTaken) tokens -= 1;
      setTimeout(() => {
        beside -= 1;
        if (isTaken) xml(response, '<Answer><return>true</return></Answer>');
        else ec2Error(response, 'RequestLimitExceeded', 503);
      }, 1);
    });

    await handlersOf(clients, clock)['write:route'](many);

    expect(besideMost).toBeLessThanOrEqual(10);
    expect(clock.monotonicMs()).toBeLessThan(5_000);
  });

  it('gives up on what is throttled once the time of a write is over', async () => {
    const clock = virtualClock();
    const { clients } = await standIn([home], ({ form }, response) => {
      if (form.Action === 'ReplaceRoute') return ec2Error(response, 'RequestLimitExceeded', 503);
      const tables = thing.tables.map((table) => `<item><routeTableId>${table}</routeTableId><routeSet/></item>`);
      xml(response, `<Answer><routeTableSet>${tables.join('')}</routeTableSet></Answer>`);
    });

    const fault = await faultOf(() => handlersOf(clients, clock)['write:route'](thing));

    expect(fault.kind).toBe('throttled');
    expect(clock.monotonicMs()).toBeLessThanOrEqual(5_000);
  });
});

/** A clock on which sleeping takes no time, but is counted. */
function virtualClock(): Clock {
  let nowMs = 0;
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
  };
}

async function placeInEc2(clients: AwsClients): Promise<Place> {
  const ec2 = clients.of(EC2Client, home);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = Vpc?.VpcId ?? '';
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24' }));
  const newInterface = async () => {
    const made = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId ?? '' }));
    return { networkInterfaceId: made.NetworkInterface?.NetworkInterfaceId ?? '' };
  };
  const [left, right] = [await newInterface(), await newInterface()];
  const tables: string[] = [];
  for (let made = 0; made < 3; made += 1) {
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
    const RouteTableId = RouteTable?.RouteTableId ?? '';
    tables.push(RouteTableId);
    for (const DestinationCidrBlock of destinations) {
      await ec2.send(
        new CreateRouteCommand({ RouteTableId, DestinationCidrBlock, NetworkInterfaceId: left.networkInterfaceId }),
      );
    }
  }
  return { handlers: handlersOf(clients), tables, left, right };
}
