import { EventBridgeClient, PutRuleCommand, RuleState } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { workHandlers } from '../../src/adapters/aws/work.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { kinds } from '../../src/core/kinds/kinds.ts';
import type { WorkThing } from '../../src/core/kinds/work.ts';
import type { Work } from '../../src/core/model/site.ts';
import type { KindHandlers } from '../../src/ports/ports.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { faultOf, jsonError, standIn } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

const home = 'us-east-1';
const mapping = { kind: 'event-source-mapping', uuid: '14e0db71-5d35-4eb5-b481-8945cf9d10c2' } as const;
const rule = { kind: 'eventbridge-rule', name: 'nightly', bus: 'default' } as const;

/** Work that is off. */
interface Place {
  readonly handlers: KindHandlers<'work'>;
  readonly work: readonly Work[];
}

function describeContract(open: () => Promise<Place>): void {
  let handlers: Place['handlers'];
  let on: WorkThing;
  let off: WorkThing;

  beforeEach(async () => {
    const place = await open();
    handlers = place.handlers;
    on = { region: home, work: place.work, isOn: true };
    off = { ...on, isOn: false };
  });

  /** Looks until nothing is turning any more. Each look at the simulator takes virtual time. */
  const settled = async (thing: WorkThing) => {
    let seen = await handlers['read:work'](thing);
    for (let looks = 1; looks < 20 && kinds.work.compare(thing, seen) === 'on-its-way'; looks += 1) {
      seen = await handlers['read:work'](thing);
    }
    return kinds.work.compare(thing, seen);
  };

  it('is off at first', async () => {
    expect(await settled(off)).toBe('as-ordered');
    expect(await settled(on)).toBe('differs');
  });

  it('is on once it was turned on, and off again', async () => {
    await handlers['write:work'](on);
    const first = await settled(on);
    await handlers['write:work'](off);

    expect(first).toBe('as-ordered');
    expect(await settled(off)).toBe('as-ordered');
  });

  it('is as it was when asked twice', async () => {
    await handlers['write:work'](on);
    await handlers['write:work'](on);

    expect(await settled(on)).toBe('as-ordered');
  });
}

describe.each([[rule], [mapping], [rule, mapping]])('work in the simulator', (...work) => {
  describeContract(async () => {
    const web = zones.services.web;
    if (!web?.sites.left || !web.sites.right) throw new Error('the fixture has two sites');
    const sites = { left: web.sites.left, right: { ...web.sites.right, work } };
    const account = new SimAccount(defineDeployment({ ...zones, services: { web: { ...web, sites } } }));
    const handlers: KindHandlers<'work'> = {
      'read:work': (thing) => account.call(home, 'read:work', thing),
      'write:work': (thing) => account.call(home, 'write:work', thing),
    };
    return { handlers, work };
  });
});

let made = 0;

describeOnMoto('rules in EventBridge, by moto', [home], (clients) => {
  describeContract(async () => ({ handlers: workHandlers(clients()), work: [await makeRule(clients())] }));

  it('is invalid to read or to turn on a rule that is not there', async () => {
    const handlers = workHandlers(clients());
    const missing = { region: home, work: [{ ...rule, name: 'nobody' }], isOn: true };

    expect((await faultOf(() => handlers['read:work'](missing))).kind).toBe('invalid');
    expect((await faultOf(() => handlers['write:work'](missing))).kind).toBe('invalid');
  });

  it('turns the other on when one is right already', async () => {
    const handlers = workHandlers(clients());
    const work = [await makeRule(clients()), await makeRule(clients())];
    await handlers['write:work']({ region: home, work: work.slice(0, 1), isOn: true });

    await handlers['write:work']({ region: home, work, isOn: true });

    expect(await handlers['read:work']({ region: home, work, isOn: true })).toEqual(['on', 'on']);
  });
});

// moto's mappings need a function of its own, which it runs with docker only.
describe('event source mappings in Lambda, by a stand-in', () => {
  describeContract(async () => ({ handlers: workHandlers((await lambdaStandIn()).clients), work: [mapping] }));

  it.each([
    ['Enabled', 'on'],
    ['Enabling', 'turning-on'],
    ['Creating', 'turning-on'],
    ['Updating', 'turning-on'],
    ['Disabling', 'turning-off'],
    ['Deleting', 'turning-off'],
    ['Disabled', 'off'],
  ])('reads the state %s as %s', async (state, seen) => {
    const { clients } = await standIn([home], (_seen, response) => response.end(JSON.stringify({ State: state })));

    expect(await workHandlers(clients)['read:work']({ region: home, work: [mapping], isOn: true })).toEqual([seen]);
  });

  it('cannot tell what a state means that Lambda does not document', async () => {
    const { clients } = await standIn([home], (_seen, response) => response.end(JSON.stringify({ State: 'Paused' })));
    const read = () => workHandlers(clients)['read:work']({ region: home, work: [mapping], isOn: true });

    expect(await faultOf(read)).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('Paused') });
  });

  it('is invalid to read a mapping that is not there', async () => {
    const { clients } = await standIn([home], (_seen, response) =>
      jsonError(response, 'ResourceNotFoundException', 404),
    );
    const read = () => workHandlers(clients)['read:work']({ region: home, work: [mapping], isOn: true });

    expect((await faultOf(read)).kind).toBe('invalid');
  });

  it('writes nothing while it is turning already', async () => {
    const { clients, seen } = await standIn([home], (_seen, response) =>
      response.end(JSON.stringify({ State: 'Enabling' })),
    );

    await workHandlers(clients)['write:work']({ region: home, work: [mapping], isOn: true });

    expect(seen.map(({ method }) => method)).toEqual(['GET']);
  });
});

/** One mapping, which turns within one look. */
async function lambdaStandIn() {
  let state = 'Disabled';
  return await standIn([home], ({ method, body }, response) => {
    if (method === 'PUT') state = JSON.parse(body).Enabled ? 'Enabling' : 'Disabling';
    const answer = { State: state };
    if (method === 'GET') state = state.replace('ing', 'ed');
    response.end(JSON.stringify(answer));
  });
}

async function makeRule(clients: AwsClients): Promise<Work> {
  made += 1;
  const name = `nightly-${made}`;
  const put = new PutRuleCommand({ Name: name, ScheduleExpression: 'rate(1 day)', State: RuleState.DISABLED });
  await clients.of(EventBridgeClient, home).send(put);
  return { ...rule, name };
}
