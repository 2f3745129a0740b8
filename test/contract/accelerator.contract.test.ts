import { beforeEach, describe, expect, it } from 'vitest';
import { acceleratorHandlers } from '../../src/adapters/aws/accelerator.ts';
import { parseDeploymentValue } from '../../src/config/loader.ts';
import type { AcceleratorThing, EndpointGroups } from '../../src/core/kinds/accelerator.ts';
import { kinds } from '../../src/core/kinds/kinds.ts';
import type { KindHandlers } from '../../src/ports/ports.ts';
import { SimAccount } from '../support/sim-account.ts';
import { type Answering, faultOf, jsonError, standIn } from '../support/stand-in.ts';
import { shop } from '../unit/config/shop.fixture.ts';
import { endpoint, endpointGroupServer } from './accelerator.fixture.ts';

const groupArn = (id: string) =>
  `arn:aws:globalaccelerator::111122223333:accelerator/1234abcd/listener/0123vxyz/endpoint-group/${id}`;
const [virginia, oregon] = [groupArn('virginia1'), groupArn('oregon1')];
const group = (dial: number, weights: Readonly<Record<string, number>> = {}) => ({ dial, weights });
const atVirginia: AcceleratorThing = { groups: { [virginia]: group(100), [oregon]: group(0) } };
const atOregon: AcceleratorThing = { groups: { [virginia]: group(0), [oregon]: group(100) } };
/** Two sites in Virginia's group, told apart by the weights of their endpoints. */
const endpointIds = { left: ['i-left'], right: ['i-right', 'i-right-2'], oregon: ['i-oregon'] };
const weighed = (dial: number, left: number, right: number): AcceleratorThing => ({
  groups: {
    [virginia]: group(dial, { 'i-left': left, 'i-right': right, 'i-right-2': right }),
    [oregon]: group(100 - dial, { 'i-oregon': dial === 0 ? 128 : 0 }),
  },
});
const [atLeft, atRight] = [weighed(100, 128, 0), weighed(100, 0, 128)];

type Handlers = KindHandlers<'accelerator'>;

describe('an accelerator in the simulator', () => {
  describeContract(async () => {
    const { web } = shop.services;
    if (!web) return expect.fail('the fixture has no service "web"');
    const { virginia: site, oregon: other } = web.sites;
    if (!site || !other) return expect.fail('the fixture has no two sites');
    const rightProbes = [{ type: 'https', url: 'https://right.shop.example/healthz' }];
    const sites = {
      left: { ...site, priority: 300 },
      right: { ...site, priority: 200, probes: rightProbes },
      oregon: other,
    };
    const accelerator = { endpointGroupArns: { left: virginia, right: virginia, oregon }, endpointIds };
    const traffic = { accelerator };
    const account = new SimAccount(
      parseDeploymentValue({ ...shop, services: { web: { ...web, sites, traffic } } }, 'c.yaml'),
    );
    return {
      'read:accelerator': (thing) => account.call('us-east-1', 'read:accelerator', thing),
      'write:accelerator': (thing) => account.call('us-east-1', 'write:accelerator', thing),
    };
  });
});

// moto has no Global Accelerator: a server of this test takes its place.
describe('an accelerator in Global Accelerator, by a stand-in', () => {
  describeContract(async () => (await open()).handlers);
});

/** An account in which Virginia's dial and its left endpoint are up; beside them one that nobody declares. */
function freshState() {
  return {
    dials: new Map([
      [virginia, 100],
      [oregon, 0],
    ]),
    endpoints: new Map([
      [virginia, [endpoint('i-left', 128), endpoint('i-right', 0), endpoint('i-right-2', 0), endpoint('i-other', 7)]],
      [oregon, [endpoint('i-oregon', 0)]],
    ]),
    updates: [] as [string, number | undefined][],
  };
}

/** The same account; only its control plane in us-west-2 answers. */
async function open(answer?: Answering) {
  const state = freshState();
  const { clients, seen } = await standIn(['us-west-2'], answer ?? endpointGroupServer(state));
  return { handlers: acceleratorHandlers(clients), seen, ...state };
}

function describeContract(make: () => Promise<Handlers>): void {
  let handlers: Handlers;

  beforeEach(async () => {
    handlers = await make();
  });

  const isSo = (thing: AcceleratorThing, seen: EndpointGroups) =>
    kinds.accelerator.compare(thing, seen) === 'as-ordered';

  it('is up where it was up at first', async () => {
    const seen = await handlers['read:accelerator'](atOregon);

    expect(seen).toEqual(atVirginia.groups);
    expect([isSo(atVirginia, seen), isSo(atOregon, seen)]).toEqual([true, false]);
  });

  it('is up elsewhere once it was written, however often', async () => {
    await handlers['write:accelerator'](atOregon);
    await handlers['write:accelerator'](atOregon);

    expect(isSo(atOregon, await handlers['read:accelerator'](atOregon))).toBe(true);
  });

  it('goes from endpoint to endpoint of one group, and on to another group', async () => {
    const before = await handlers['read:accelerator'](atRight);
    await handlers['write:accelerator'](atRight);
    const moved = await handlers['read:accelerator'](atRight);
    await handlers['write:accelerator'](weighed(0, 0, 0));

    expect([isSo(atLeft, before), isSo(atRight, before)]).toEqual([true, false]);
    expect([isSo(atLeft, moved), isSo(atRight, moved)]).toEqual([false, true]);
    expect(isSo(weighed(0, 0, 0), await handlers['read:accelerator'](atRight))).toBe(true);
  });

  it('is invalid for an endpoint that is not in its group, and adds none', async () => {
    const strange = { groups: { [virginia]: group(100, { 'i-nobody': 128 }) } };

    expect((await faultOf(() => handlers['read:accelerator'](strange))).kind).toBe('invalid');
    expect((await faultOf(() => handlers['write:accelerator'](strange))).kind).toBe('invalid');
  });

  it('is invalid for an endpoint group that is not there', async () => {
    const strange = { groups: { [virginia]: group(0), [groupArn('nobody1')]: group(100) } };

    expect((await faultOf(() => handlers['read:accelerator'](strange))).kind).toBe('invalid');
    expect((await faultOf(() => handlers['write:accelerator'](strange))).kind).toBe('invalid');
  });
}

describe('an accelerator on the wire', () => {
  it('is turned down at the one site before it is turned up at the other', async () => {
    const { handlers, updates } = await open();

    await handlers['write:accelerator'](atOregon);
    await handlers['write:accelerator'](atVirginia);

    expect(updates).toEqual([
      [virginia, 0],
      [oregon, 100],
      [oregon, 0],
      [virginia, 100],
    ]);
  });

  it('writes the dial alone, and only where it differs', async () => {
    const { handlers, seen, dials } = await open();
    dials.set(oregon, 100);

    await handlers['write:accelerator'](atOregon);

    const updates = seen.filter(({ headers }) => String(headers['x-amz-target']).endsWith('.UpdateEndpointGroup'));
    expect(updates.map(({ body }) => JSON.parse(body))).toEqual([
      { EndpointGroupArn: virginia, TrafficDialPercentage: 0 },
    ]);
  });

  it('turns all weights of a group in one call, and leaves other endpoints as they are', async () => {
    const { handlers, seen, endpoints } = await open();

    await handlers['write:accelerator'](atRight);
    await handlers['write:accelerator'](atRight);

    const updates = seen.filter(({ headers }) => String(headers['x-amz-target']).endsWith('.UpdateEndpointGroup'));
    expect(updates).toHaveLength(1);
    expect(JSON.parse(updates[0]?.body ?? '')).not.toHaveProperty('TrafficDialPercentage');
    expect(endpoints.get(virginia)).toEqual([
      endpoint('i-left', 0),
      endpoint('i-right', 128),
      endpoint('i-right-2', 128),
      endpoint('i-other', 7),
    ]);
  });

  describe('with endpoints of another account', () => {
    const balancer = (name: string) =>
      `arn:aws:elasticloadbalancing:us-east-1:222233334444:loadbalancer/app/${name}/50dc6c495c0c9188`;
    const attachment = (id: string) => `arn:aws:globalaccelerator::222233334444:attachment/${id}`;
    const [theirs, neighbour] = [balancer('right'), balancer('neighbour')];
    const wanted: AcceleratorThing = { groups: { [virginia]: group(100, { 'i-left': 0, [theirs]: 128 }) } };
    const openShared = async () => {
      const state = freshState();
      state.endpoints.set(virginia, [endpoint('i-left', 128), endpoint(theirs, 0), endpoint(neighbour, 7)]);
      const shared = {
        '222233334444': [
          [{ EndpointId: neighbour, AttachmentArn: attachment('one') }],
          [{ EndpointId: theirs, AttachmentArn: attachment('two') }],
        ],
      };
      return { ...(await open(endpointGroupServer({ ...state, shared }))), endpoints: state.endpoints };
    };

    it('names the attachment of each, declared or not, on whichever page it is', async () => {
      const { handlers, seen, endpoints } = await openShared();

      await handlers['write:accelerator'](wanted);

      const bodies = seen.map(({ body }) => JSON.parse(body));
      const lists = bodies.filter((body) => 'ResourceOwnerAwsAccountId' in body);
      expect(lists.map(({ AcceleratorArn }) => AcceleratorArn)).toEqual(
        Array(2).fill('arn:aws:globalaccelerator::111122223333:accelerator/1234abcd'),
      );
      expect(bodies.at(-1).EndpointConfigurations).toEqual([
        endpoint('i-left', 0),
        { ...endpoint(theirs, 128), AttachmentArn: attachment('two') },
        { ...endpoint(neighbour, 7), AttachmentArn: attachment('one') },
      ]);
      expect(endpoints.get(virginia)).toEqual([endpoint('i-left', 0), endpoint(theirs, 128), endpoint(neighbour, 7)]);
    });

    it('asks nobody what is shared where the dial alone is turned', async () => {
      const { handlers, seen } = await openShared();

      await handlers['write:accelerator']({ groups: { [virginia]: group(0, { 'i-left': 128, [theirs]: 0 }) } });

      expect(seen.filter(({ body }) => body.includes('ResourceOwnerAwsAccountId'))).toEqual([]);
    });
  });

  it('turns nothing up when the other dial could not be turned down', async () => {
    const state = freshState();
    const serve = endpointGroupServer(state);
    const { handlers } = await open((seen, response, index) =>
      String(seen.headers['x-amz-target']).endsWith('.UpdateEndpointGroup')
        ? jsonError(response, 'InternalServiceErrorException', 500)
        : serve(seen, response, index),
    );

    expect((await faultOf(() => handlers['write:accelerator'](atOregon))).kind).toBe('unavailable');
    expect(Object.fromEntries(state.dials)).toEqual({ [virginia]: 100, [oregon]: 0 });
  });

  it.each([
    ['AccessDeniedException', 400, 'denied'],
    ['ThrottlingException', 400, 'throttled'],
    ['InvalidArgumentException', 400, 'invalid'],
    ['InternalServiceErrorException', 500, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s', async (code, status, kind) => {
    const { handlers } = await open((_seen, response) => jsonError(response, code, status));

    expect((await faultOf(() => handlers['read:accelerator'](atOregon))).kind).toBe(kind);
  });
});
