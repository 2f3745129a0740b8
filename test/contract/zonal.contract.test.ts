import { beforeEach, describe, expect, it } from 'vitest';
import { zonalHandlers } from '../../src/adapters/aws/zonal.ts';
import { parseDeploymentValue } from '../../src/config/loader.ts';
import { kinds } from '../../src/core/kinds/kinds.ts';
import type { ZonalState, ZonalThing } from '../../src/core/kinds/zonal.ts';
import type { KindHandlers } from '../../src/ports/ports.ts';
import { SimAccount } from '../support/sim-account.ts';
import { type Answering, faultOf, jsonError, standIn } from '../support/stand-in.ts';
import { zonedPool } from '../unit/config/kinds/zonal.fixture.ts';

const resourceArn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/0123456789abcdef';
const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 0, 1);
const place = { region: 'us-east-1', resourceArn, expiryMs: 12 * hourMs, comment: 'cdk-failover: web' };
const awayFrom = (...away: string[]): ZonalThing => ({ ...place, away });
const [none, fromA, fromB] = [awayFrom(), awayFrom('use1-az1'), awayFrom('use1-az2')];

type Handlers = KindHandlers<'zonal'>;

describe('a zonal shift in the simulator', () => {
  describeContract(async () => {
    const account = new SimAccount(parseDeploymentValue(zonedPool, 'c.yaml'));
    return {
      'read:zonal': (thing) => account.call('us-east-1', 'read:zonal', thing),
      'write:zonal': (thing) => account.call('us-east-1', 'write:zonal', thing),
    };
  });
});

// moto has no zonal shifts: a server of this test takes their place.
describe('a zonal shift in ARC, by a stand-in', () => {
  describeContract(async () => (await open()).handlers);
});

interface Shift {
  readonly zonalShiftId: string;
  readonly resourceIdentifier: string;
  readonly awayFrom: string;
  readonly comment: string;
  readonly expiryTime: number;
  readonly startTime: number;
  readonly appliedStatus: string;
  readonly shiftType: string;
}

interface Account {
  readonly shifts: Map<string, Shift>;
  /** Calls that change something, in the order in which they came. */
  readonly changes: string[];
}

/** Answers as the REST protocol of zonal shifts does, by the API's model: one shift of a customer's at a time. */
function shiftServer({ shifts, changes }: Account): Answering {
  return ({ method, path, body }, response) => {
    const answer = (value: object, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const [, kind = '', id = ''] = path.split('/').map(decodeURIComponent);
    if (kind === 'managedresources') {
      if (id !== resourceArn) return jsonError(response, 'ResourceNotFoundException', 404);
      return answer({ arn: id, name: 'shop', appliedWeights: {}, zonalShifts: [...shifts.values()] });
    }
    const input = body === '' ? {} : JSON.parse(body);
    const minutes = Number(/^([1-9][0-9]*)m$/.exec(input.expiresIn ?? '')?.[1]);
    changes.push([method, input.awayFrom ?? id, input.expiresIn].filter(Boolean).join(' '));
    if (method === 'POST') {
      if (input.resourceIdentifier !== resourceArn) return jsonError(response, 'ResourceNotFoundException', 404);
      if (shifts.size > 0) return jsonError(response, 'ConflictException', 409);
      const shift = shiftOf(`shift-${changes.length}`, input.awayFrom, input.comment, minutes * 60_000);
      shifts.set(shift.zonalShiftId, shift);
      return answer({ ...shift, status: 'ACTIVE' }, 201);
    }
    const known = shifts.get(id);
    if (known === undefined) return jsonError(response, 'ResourceNotFoundException', 404);
    shifts.delete(id);
    if (method === 'PATCH') shifts.set(id, shiftOf(id, known.awayFrom, input.comment, minutes * 60_000));
    return answer(known);
  };
}

function shiftOf(id: string, away: string, comment: string, leftMs: number, shiftType = 'ZONAL_SHIFT'): Shift {
  return {
    zonalShiftId: id,
    resourceIdentifier: resourceArn,
    awayFrom: away,
    comment,
    expiryTime: (nowMs + leftMs) / 1_000,
    startTime: nowMs / 1_000,
    appliedStatus: 'APPLIED',
    shiftType,
  };
}

/** A load balancer with these shifts. */
async function open(shifts: readonly Shift[] = [], answer?: Answering) {
  const account: Account = { shifts: new Map(shifts.map((shift) => [shift.zonalShiftId, shift])), changes: [] };
  const { clients, seen } = await standIn(['us-east-1'], answer ?? shiftServer(account));
  const clock = { wallMs: () => nowMs, monotonicMs: () => 0, sleep: async () => {} };
  return { handlers: zonalHandlers(clients, clock), seen, ...account };
}

function describeContract(make: () => Promise<Handlers>): void {
  let handlers: Handlers;

  beforeEach(async () => {
    handlers = await make();
  });

  const isSo = (thing: ZonalThing, seen: ZonalState) => kinds.zonal.compare(thing, seen) === 'as-ordered';

  it('is none at first', async () => {
    const seen = await handlers['read:zonal'](none);

    expect(seen.away).toBeNull();
    expect([isSo(none, seen), isSo(fromA, seen)]).toEqual([true, false]);
  });

  it('is there once it was written, however often, and gone once it was cancelled', async () => {
    await handlers['write:zonal'](fromA);
    await handlers['write:zonal'](fromA);
    const shifted = await handlers['read:zonal'](fromA);
    await handlers['write:zonal'](none);
    await handlers['write:zonal'](none);

    expect(shifted).toMatchObject({ away: 'use1-az1', isOwn: true });
    expect(shifted.leftMs).toBeGreaterThan(11 * hourMs);
    expect(isSo(none, await handlers['read:zonal'](none))).toBe(true);
  });

  it('goes from one zone to another', async () => {
    await handlers['write:zonal'](fromA);
    await handlers['write:zonal'](fromB);

    expect(isSo(fromB, await handlers['read:zonal'](fromB))).toBe(true);
  });

  it('is left alone when it was started for something else, and stands in the way', async () => {
    await handlers['write:zonal']({ ...fromA, comment: 'a power cut, says Bob' });
    await handlers['write:zonal'](none);

    expect(await handlers['read:zonal'](none)).toMatchObject({ away: 'use1-az1', isOwn: false });
    expect((await faultOf(() => handlers['write:zonal'](fromB))).kind).toBe('denied');
  });

  it('is invalid for a load balancer that is not there', async () => {
    const strange = { ...fromA, resourceArn: resourceArn.replace('shop', 'nobody') };

    expect((await faultOf(() => handlers['read:zonal'](strange))).kind).toBe('invalid');
    expect((await faultOf(() => handlers['write:zonal'](strange))).kind).toBe('invalid');
  });
}

describe('a zonal shift on the wire', () => {
  it('is started for its time in minutes, and renewed only when less than half of it is left', async () => {
    const { handlers, shifts, changes } = await open();

    await handlers['write:zonal'](fromA);
    const [shift] = shifts.values();
    if (shift === undefined) return expect.fail('no shift was started');
    shifts.set(shift.zonalShiftId, { ...shift, expiryTime: (nowMs + 5 * hourMs) / 1_000 });
    await handlers['write:zonal'](fromA);
    await handlers['write:zonal'](fromA);

    expect(changes).toEqual(['POST use1-az1 720m', 'PATCH shift-1 720m']);
  });

  it("does not count a practice run of ARC's own as a shift", async () => {
    const { handlers, changes } = await open([shiftOf('run-1', 'use1-az2', 'practice', hourMs, 'PRACTICE_RUN')]);

    expect((await handlers['read:zonal'](none)).away).toBeNull();
    expect(changes).toEqual([]);
  });

  it('names the shift that stands in the way', async () => {
    const { handlers, changes } = await open([shiftOf('shift-9', 'use1-az1', 'a power cut, says Bob', hourMs)]);

    const fault = await faultOf(() => handlers['write:zonal'](fromB));

    expect(fault).toMatchObject({ kind: 'denied', detail: expect.stringContaining('a power cut, says Bob') });
    expect(changes).toEqual([]);
  });

  it('is signed for the service, and asks for the load balancer by its whole ARN', async () => {
    const { handlers, seen } = await open();

    await handlers['read:zonal'](none);

    expect(seen[0]?.path).toBe(`/managedresources/${encodeURIComponent(resourceArn)}`);
    expect(String(seen[0]?.headers.authorization)).toContain('/us-east-1/arc-zonal-shift/aws4_request');
  });

  it.each([
    ['AccessDeniedException', 403, 'denied'],
    ['ThrottlingException', 429, 'throttled'],
    ['ValidationException', 400, 'invalid'],
    ['InternalServerException', 500, 'unavailable'],
    ['ConflictException', 409, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s', async (code, status, kind) => {
    const { handlers } = await open([], (_seen, response) => jsonError(response, code, status));

    expect((await faultOf(() => handlers['read:zonal'](fromA))).kind).toBe(kind);
  });

  it('takes an answer without a list of shifts for no knowledge, not for no shift', async () => {
    const { handlers } = await open([], (_seen, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    );

    expect((await faultOf(() => handlers['read:zonal'](fromA))).kind).toBe('unavailable');
  });
});
