import { beforeEach, describe, expect, it } from 'vitest';
import { acceleratorHandlers } from '../../src/adapters/aws/accelerator.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import type { AcceleratorThing, Dials } from '../../src/core/kinds/accelerator.ts';
import { kinds } from '../../src/core/kinds/kinds.ts';
import type { KindHandlers } from '../../src/ports/ports.ts';
import { SimAccount } from '../support/sim-account.ts';
import { type Answering, faultOf, jsonError, standIn } from '../support/stand-in.ts';
import { shop } from '../unit/config/shop.fixture.ts';
import { endpointGroupServer } from './accelerator.fixture.ts';

const groupArn = (id: string) =>
  `arn:aws:globalaccelerator::111122223333:accelerator/1234abcd/listener/0123vxyz/endpoint-group/${id}`;
const [virginia, oregon] = [groupArn('virginia1'), groupArn('oregon1')];
const atVirginia: AcceleratorThing = { dials: { [virginia]: 100, [oregon]: 0 } };
const atOregon: AcceleratorThing = { dials: { [virginia]: 0, [oregon]: 100 } };

type Handlers = KindHandlers<'accelerator'>;

describe('an accelerator in the simulator', () => {
  describeContract(async () => {
    const { web } = shop.services;
    if (!web) return expect.fail('the fixture has no service "web"');
    const traffic = { accelerator: { endpointGroupArns: { virginia, oregon } } };
    const account = new SimAccount(defineDeployment({ ...shop, services: { web: { ...web, traffic } } }));
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

/** An account in which the dial of Virginia is up; only its control plane in us-west-2 answers. */
async function open(answer?: Answering) {
  const state = {
    dials: new Map([
      [virginia, 100],
      [oregon, 0],
    ]),
    updates: [] as [string, number][],
  };
  const { clients, seen } = await standIn(['us-west-2'], answer ?? endpointGroupServer(state));
  return { handlers: acceleratorHandlers(clients), seen, ...state };
}

function describeContract(make: () => Promise<Handlers>): void {
  let handlers: Handlers;

  beforeEach(async () => {
    handlers = await make();
  });

  const isSo = (thing: AcceleratorThing, seen: Dials) => kinds.accelerator.compare(thing, seen) === 'as-ordered';

  it('is up where it was up at first', async () => {
    const seen = await handlers['read:accelerator'](atOregon);

    expect(seen).toEqual(atVirginia.dials);
    expect([isSo(atVirginia, seen), isSo(atOregon, seen)]).toEqual([true, false]);
  });

  it('is up elsewhere once it was written, however often', async () => {
    await handlers['write:accelerator'](atOregon);
    await handlers['write:accelerator'](atOregon);

    expect(isSo(atOregon, await handlers['read:accelerator'](atOregon))).toBe(true);
  });

  it('is invalid for an endpoint group that is not there', async () => {
    const strange = { dials: { [virginia]: 0, [groupArn('nobody1')]: 100 } };

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

  it('turns nothing up when the other dial could not be turned down', async () => {
    const state = {
      dials: new Map([
        [virginia, 100],
        [oregon, 0],
      ]),
      updates: [] as [string, number][],
    };
    const serve = endpointGroupServer(state);
    const { handlers } = await open((seen, response, index) =>
      String(seen.headers['x-amz-target']).endsWith('.UpdateEndpointGroup')
        ? jsonError(response, 'InternalServiceErrorException', 500)
        : serve(seen, response, index),
    );

    expect((await faultOf(() => handlers['write:accelerator'](atOregon))).kind).toBe('unavailable');
    expect(Object.fromEntries(state.dials)).toEqual(atVirginia.dials);
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
