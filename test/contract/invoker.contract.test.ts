import { beforeEach, describe, expect, it } from 'vitest';
import { LambdaInvoker } from '../../src/adapters/aws/lambda/lambda-invoker.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { obey } from '../../src/core/kinds/actuator.ts';
import { kindOf } from '../../src/core/kinds/kinds.ts';
import type { Order } from '../../src/core/kinds/order.ts';
import { serviceOf } from '../../src/core/model/deployment.ts';
import { digestsOf } from '../../src/core/model/digest.ts';
import { placeText } from '../../src/core/model/traffic.ts';
import { makeBallot } from '../../src/core/register/ballot.ts';
import { genesis } from '../../src/core/register/register.ts';
import { runRoutine } from '../../src/ports/routine-runner.ts';
import { SimStateTables } from '../../src/sim/world/state-tables.ts';
import { SimAccount } from '../support/sim-account.ts';
import { faultOf, jsonError, type StandIn, standIn } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

type Invoker = Pick<LambdaInvoker, 'invoke'>;

const home = 'us-east-1';
const away = 'us-west-2';
const regions = [home, away];
const deployment = defineDeployment(zones);

const address: Order = {
  service: 'web',
  token: { epoch: 1, attempt: 1 },
  manner: 'enforce',
  digests: digestsOf(serviceOf(deployment, 'web')),
  kind: 'address',
  address: 0,
  site: 'right',
};

/** Actuator functions over empty state tables. */
interface Functions {
  readonly invoker: Invoker;
  readonly tables: SimStateTables;
}

describe('actuators in the simulator', () => {
  describeContract(async () => {
    const account = new SimAccount(deployment);
    return {
      invoker: { invoke: (region, order) => account.call(home, 'invoke', { region, order }) },
      tables: account.world.tables,
    };
  });
});

// moto runs no function without docker: a server of this test speaks Lambda's Invoke and runs the actuator's own core.
describe('actuators in Lambda, by a stand-in', () => {
  describeContract(async () => {
    const tables = new SimStateTables(regions, () => 'aaaa');
    const places = new Map<string, string>();
    const { clients } = await standIn(regions, ({ headers, body }, response) => {
      const region = headers.authorization?.split('/')[2] ?? '';
      void runRoutine(obey(kindOf('address'), JSON.parse(body), { deployment, region }), {
        clock: systemClock,
        rng: systemRng,
        handlers: {
          readTable: async ({ region: place, services }) => tables.read(place, services),
          claimToken: async ({ region: place, service, ...claim }) => tables.claimToken(place, service, claim),
          'read:address': async ({ allocationId, place }) => ({
            at: places.get(allocationId) ?? null,
            belongsAt: placeText(place),
          }),
          'write:address': async ({ allocationId, place }) => {
            places.set(allocationId, placeText(place));
            return null;
          },
        },
      }).then((report) => response.end(JSON.stringify(report)));
    });
    return { invoker: new LambdaInvoker(clients, 'zones'), tables };
  });
});

function describeContract(open: () => Promise<Functions>): void {
  let invoker: Invoker;
  let tables: SimStateTables;

  beforeEach(async () => {
    ({ invoker, tables } = await open());
  });

  function remember(region: string, epoch: number): void {
    tables.accept(region, 'web', makeBallot(1, '0.aaaa'), { ...genesis('right'), epoch });
  }

  it('is carried out by the function of the region that is named', async () => {
    // The function of the thing's own region fails for want of a register, and says where.
    expect(await invoker.invoke(home, address)).toEqual({
      outcome: 'failed',
      fault: { kind: 'unavailable', detail: expect.stringContaining(home) },
    });
  });

  it.each(regions.filter((region) => region !== home))(
    'is refused by the function of %s, which touches no such thing',
    async (region) => {
      expect(await invoker.invoke(region, address)).toEqual({
        outcome: 'failed',
        fault: { kind: 'invalid', detail: expect.stringContaining('not a thing of web') },
      });
    },
  );

  it('is told that the thing is as ordered, and whether it had to be written', async () => {
    remember(home, 1);

    const first = await invoker.invoke(home, address);
    const second = await invoker.invoke(home, address);

    expect(first).toEqual({ outcome: 'as-ordered', hasWritten: true });
    expect(second).toEqual({ outcome: 'as-ordered', hasWritten: false });
  });

  it('is told that the order is stale, and what came after it', async () => {
    remember(home, 7);

    expect(await invoker.invoke(home, address)).toMatchObject({ outcome: 'stale', claimed: { epoch: 7 } });
  });
}

describe('LambdaInvoker on the wire', () => {
  const asOrdered = { outcome: 'as-ordered', hasWritten: true } as const;

  function answering(payload: string, headers: Record<string, string> = {}): Promise<StandIn> {
    return standIn([home], (_seen, response) => response.writeHead(200, headers).end(payload));
  }

  const invoke = ({ clients }: StandIn, order: Order = address) =>
    new LambdaInvoker(clients, 'shop').invoke(home, order);

  const some = { service: 'web', token: { epoch: 1, attempt: 1 }, manner: 'repair', digests: { web: 'a' } } as const;
  it.each([
    address,
    { ...some, kind: 'fence', site: 'left', isIsolated: true, isSelfFence: false },
    { ...some, kind: 'promote', from: 'left', to: 'right', isPlanned: true, isDataLossAllowed: false },
    { ...some, kind: 'start', site: 'left', part: 'instances i-1', isServing: true, activeSize: null },
    { ...some, kind: 'targets', listener: 0, weights: { left: 100, right: 0 } },
    { ...some, kind: 'dns', weights: { left: 100 } },
    { ...some, kind: 'publish', epoch: 1, sites: [], isReadOnly: false },
  ] as const)('sends the order as it is to the $kind function and waits', async (order) => {
    const lambda = await answering(JSON.stringify(asOrdered));

    expect(await invoke(lambda, order)).toEqual(asOrdered);
    expect(lambda.seen.map(({ path }) => path)).toEqual([
      `/2015-03-31/functions/shop-failover-${order.kind}/invocations`,
    ]);
    expect(lambda.seen[0]?.headers['x-amz-invocation-type'] ?? 'RequestResponse').toBe('RequestResponse');
    expect(JSON.parse(lambda.seen[0]?.body ?? '')).toEqual(order);
  });

  it.each([
    asOrdered,
    { outcome: 'pending', hasWritten: true, detail: 'asked for, not there yet' },
    { outcome: 'stale', claimed: { epoch: 2, attempt: 1 } },
    { outcome: 'disagreed', detail: 'web/left: configured differently in us-east-1' },
    { outcome: 'failed', fault: { kind: 'throttled', detail: 'RequestLimitExceeded' } },
  ])('hands back $outcome', async (report) => {
    expect(await invoke(await answering(JSON.stringify(report)))).toEqual(report);
  });

  it.each([
    '',
    'null',
    '{"outcome":"as-ordered"',
    '"as-ordered"',
    '{}',
    '{"outcome":"done"}',
    '{"outcome":"as-ordered"}',
    '{"outcome":"as-ordered","hasWritten":"yes"}',
    '{"outcome":"pending"}',
    '{"outcome":"pending","hasWritten":true}',
    '{"outcome":"pending","hasWritten":1,"detail":"not yet"}',
    '{"outcome":"stale"}',
    '{"outcome":"stale","claimed":{"epoch":1}}',
    '{"outcome":"stale","claimed":{"epoch":1.5,"attempt":1}}',
    '{"outcome":"disagreed"}',
    '{"outcome":"failed"}',
    '{"outcome":"failed","fault":{"detail":"no"}}',
    '{"outcome":"failed","fault":{"kind":"sulking","detail":"no"}}',
    '{"outcome":"failed","fault":{"kind":"denied"}}',
  ])('is invalid when the function answers %s', async (payload) => {
    expect((await faultOf(async () => invoke(await answering(payload)))).kind).toBe('invalid');
  });

  it.each(['Handled', 'Unhandled'])('is unavailable when the function ended with an error (%s)', async (how) => {
    const lambda = await answering('{"errorMessage":"boom"}', { 'x-amz-function-error': how });

    expect(await faultOf(() => invoke(lambda))).toEqual({
      kind: 'unavailable',
      detail: 'shop-failover-address failed: {"errorMessage":"boom"}',
    });
  });

  it.each([
    ['TooManyRequestsException', 429, 'throttled'],
    ['EC2ThrottledException', 502, 'throttled'],
    ['AccessDeniedException', 403, 'denied'],
    ['ResourceNotFoundException', 404, 'unavailable'],
    ['InvalidRequestContentException', 400, 'invalid'],
    ['ServiceException', 500, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s, in one request', async (code, status, kind) => {
    const lambda = await standIn([home], (_seen, response) => jsonError(response, code, status));

    expect((await faultOf(() => invoke(lambda))).kind).toBe(kind);
    expect(lambda.seen).toHaveLength(1);
  });

  it('times out when the function does not end within the deadline of its clients', async () => {
    const lambda = await standIn([home], () => {}, { callDeadlineMs: 100 });

    expect((await faultOf(() => invoke(lambda))).kind).toBe('timeout');
  });
});
