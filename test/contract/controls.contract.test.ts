import { beforeEach, describe, expect, it } from 'vitest';
import { controlsHandlers } from '../../src/adapters/aws/controls.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import type { ControlStates, ControlsThing } from '../../src/core/kinds/controls.ts';
import { kinds } from '../../src/core/kinds/kinds.ts';
import type { KindHandlers } from '../../src/ports/ports.ts';
import { SimAccount } from '../support/sim-account.ts';
import { type Answering, faultOf, jsonError, standIn } from '../support/stand-in.ts';
import { shop } from '../unit/config/shop.fixture.ts';

const controlArn = (id: string) =>
  `arn:aws:route53-recovery-control::111122223333:controlpanel/0123abcd/routingcontrol/${id}`;
const [virginia, oregon] = [controlArn('virginia1'), controlArn('oregon1')];
const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-2'];
const endpoints = Object.fromEntries(regions.map((region) => [region, `https://host-a.${region}.example/v1`]));
const place = { endpoints, region: 'us-west-2' };
const atVirginia: ControlsThing = { ...place, states: { [virginia]: true, [oregon]: false } };
const atOregon: ControlsThing = { ...place, states: { [virginia]: false, [oregon]: true } };

type Handlers = KindHandlers<'controls'>;

describe('routing controls in the simulator', () => {
  describeContract(async () => {
    const { web } = shop.services;
    if (!web) return expect.fail('the fixture has no service "web"');
    const traffic = { controls: { endpoints, routingControlArns: { virginia, oregon } } };
    const account = new SimAccount(defineDeployment({ ...shop, services: { web: { ...web, traffic } } }));
    return {
      'read:controls': (thing) => account.call('us-east-1', 'read:controls', thing),
      'write:controls': (thing) => account.call('us-east-1', 'write:controls', thing),
    };
  });
});

// moto has no routing controls: a server of this test takes their place.
describe('routing controls in ARC, by a stand-in', () => {
  describeContract(async () => (await open()).handlers);
});

interface Cluster {
  readonly states: Map<string, string>;
  /** Batches in the order in which they came. */
  readonly batches: Record<string, string>[];
}

/**
 * Answers as the JSON protocol of ARC's cluster does, by its API reference: a batch as a whole or not at all; a safety
 * rule asks for one control that is on at least.
 */
function clusterServer({ states, batches }: Cluster): Answering {
  return ({ headers, body }, response) => {
    const [, action] = String(headers['x-amz-target']).split('.');
    const answer = (value: object) =>
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(value));
    const input = JSON.parse(body);
    if (action === 'GetRoutingControlState') {
      const { RoutingControlArn: arn } = input;
      return states.has(arn)
        ? answer({ RoutingControlArn: arn, RoutingControlState: states.get(arn) })
        : jsonError(response, 'ResourceNotFoundException', 400);
    }
    const entries: [string, string][] = input.UpdateRoutingControlStateEntries.map(
      (one: { RoutingControlArn: string; RoutingControlState: string }) => [
        one.RoutingControlArn,
        one.RoutingControlState,
      ],
    );
    batches.push({ ...Object.fromEntries(entries), ...(input.SafetyRulesToOverride ? { overridden: 'yes' } : {}) });
    if (entries.some(([arn]) => !states.has(arn))) return jsonError(response, 'ResourceNotFoundException', 400);
    const after = new Map([...states, ...entries]);
    if (![...after.values()].includes('On')) return jsonError(response, 'ConflictException', 400);
    for (const [arn, state] of entries) states.set(arn, state);
    return answer({});
  };
}

/** A cluster in which the control of Virginia is on; any of its endpoints is answered by one server. */
async function open(answer?: (serve: Answering) => Answering) {
  const cluster: Cluster = {
    states: new Map([
      [virginia, 'On'],
      [oregon, 'Off'],
    ]),
    batches: [],
  };
  const serve = clusterServer(cluster);
  const { clients, seen } = await standIn(regions, answer?.(serve) ?? serve);
  return { handlers: controlsHandlers(clients), seen, ...cluster };
}

function describeContract(make: () => Promise<Handlers>): void {
  let handlers: Handlers;

  beforeEach(async () => {
    handlers = await make();
  });

  const isSo = (thing: ControlsThing, seen: ControlStates) => kinds.controls.compare(thing, seen) === 'as-ordered';

  it('is on where it was on at first', async () => {
    const seen = await handlers['read:controls'](atOregon);

    expect(seen).toEqual(atVirginia.states);
    expect([isSo(atVirginia, seen), isSo(atOregon, seen)]).toEqual([true, false]);
  });

  it('is on elsewhere once it was written, however often', async () => {
    await handlers['write:controls'](atOregon);
    await handlers['write:controls'](atOregon);

    expect(isSo(atOregon, await handlers['read:controls'](atOregon))).toBe(true);
  });

  it('is invalid for a routing control that is not there', async () => {
    const strange = { ...place, states: { [virginia]: false, [controlArn('nobody1')]: true } };

    expect((await faultOf(() => handlers['read:controls'](strange))).kind).toBe('invalid');
    expect((await faultOf(() => handlers['write:controls'](strange))).kind).toBe('invalid');
  });
}

/** The region whose endpoint a request was signed for. */
function regionAsked(headers: Readonly<Record<string, unknown>>): string {
  return /Credential=[^/]+\/\d+\/([a-z0-9-]+)\//.exec(String(headers.authorization))?.[1] ?? '';
}

describe('routing controls on the wire', () => {
  it('turns one off and the other on in one call, which overrides nothing, and only where they differ', async () => {
    const { handlers, batches, states } = await open();

    await handlers['write:controls'](atOregon);
    states.set(virginia, 'On');
    await handlers['write:controls'](atOregon);

    expect(batches).toEqual([{ [virginia]: 'Off', [oregon]: 'On' }, { [virginia]: 'Off' }]);
  });

  it('asks the endpoint of its own region first, then others, and stays with the one that answered', async () => {
    const dark = ['us-west-2', 'us-east-1'];
    const { handlers, seen } = await open((serve) => (request, response, index) => {
      if (dark.includes(regionAsked(request.headers)))
        return jsonError(response, 'EndpointTemporarilyUnavailableException', 503);
      return serve(request, response, index);
    });

    await handlers['read:controls']({ ...place, states: { [virginia]: true } });
    await handlers['write:controls']({ ...place, states: { [virginia]: true } });

    expect(seen.map(({ headers }) => regionAsked(headers))).toEqual([
      'us-west-2',
      'us-east-1',
      'eu-west-1',
      'eu-west-1',
    ]);
  });

  it('says why when no endpoint answers, after each of the five was asked once', async () => {
    const { handlers, seen } = await open(
      () => (_seen, response) => jsonError(response, 'EndpointTemporarilyUnavailableException', 503),
    );

    const fault = await faultOf(() => handlers['read:controls']({ ...place, states: { [virginia]: true } }));

    expect(fault.kind).toBe('unavailable');
    expect(new Set(seen.map(({ headers }) => regionAsked(headers)))).toEqual(new Set(regions));
    expect(seen).toHaveLength(regions.length);
  });

  it('is refused by a safety rule at once, and says so', async () => {
    const { handlers, seen, states } = await open();

    const fault = await faultOf(() => handlers['write:controls']({ ...place, states: { [virginia]: false } }));

    expect(fault).toMatchObject({ kind: 'denied', detail: expect.stringContaining('safety rule') });
    expect(seen.filter(({ headers }) => String(headers['x-amz-target']).includes('Update'))).toHaveLength(1);
    expect(states.get(virginia)).toBe('On');
  });

  it.each([
    ['AccessDeniedException', 400, 'denied', 1],
    ['ThrottlingException', 429, 'throttled', 5],
    ['ValidationException', 400, 'invalid', 1],
    ['InternalServerException', 500, 'unavailable', 5],
  ] as const)('says of %s (status %i) that it is %s, after %i calls', async (code, status, kind, count) => {
    const { handlers, seen } = await open(() => (_seen, response) => jsonError(response, code, status));

    const fault = await faultOf(() => handlers['read:controls']({ ...place, states: { [virginia]: true } }));

    expect([fault.kind, seen.length]).toEqual([kind, count]);
  });
});
