import { expect, test } from 'vitest';
import type { Fault } from '../../../../src/core/fault.ts';
import { type ActuatorPlace, obey } from '../../../../src/core/kinds/actuator.ts';
import { type FenceDesired, fenceAnyhow, fenceFor } from '../../../../src/core/kinds/fence.ts';
import { type AnyKind, kindOf } from '../../../../src/core/kinds/kinds.ts';
import { newOrder, type Order } from '../../../../src/core/kinds/order.ts';
import { hashOf } from '../../../../src/core/model/digest.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { address, fence, recordsDns, registerWith, runCanned, runWith, serviceWith } from '../service.fixture.ts';

const token = { epoch: 2, attempt: 1 };
const shop = serviceWith({ sites: { one: { fence } }, traffic: { address, dns: recordsDns } });
const deployment = { name: 'shop', services: { shop } };
const order = newOrder(shop, token, 'enforce', { kind: 'address', address: 0, site: 'two' });
const record = newOrder(shop, token, 'enforce', { kind: 'dns', site: 'two' });
const fenceOrder = (isSelfFence: boolean): Order =>
  newOrder(shop, token, 'enforce', { kind: 'fence', site: 'one', isIsolated: true, isSelfFence });

interface Outside {
  register?: Register | null;
  claimed?: { epoch: number; attempt: number };
  /** Where the address points, whether the site is isolated, or the record's address. */
  now?: string | boolean;
  /** Somebody who was configured differently claims the same token after the order's first claim. */
  isClaimedBetween?: boolean;
  isWriteSwallowed?: boolean;
  isWriteUnanswered?: boolean;
  /** Faults by call, used up one at a time. */
  faults?: Record<string, Fault[]>;
  faultsAfterWrite?: Record<string, Fault[]>;
  /** The claim that the table is found to hold. */
  held?: { token: Order['token']; digest: string };
  /** Virtual time that passes with each call of the name. */
  takesMs?: Record<string, number>;
}

const timeout: Fault = { kind: 'timeout', detail: 'no answer' };
const denied: Fault = { kind: 'denied', detail: 'not allowed' };
const epoch2 = registerWith({ epoch: 2, active: 'two', run: runWith() });

/** Carries an order out in an outside that is as given, and says what was called. */
function executeRun(given: Order, outside: Outside, held: ActuatorPlace['deployment'] = deployment) {
  const calls: string[] = [];
  const clock = { monotonicMs: 0 };
  const { register = epoch2, claimed, takesMs = {} } = outside;
  let { faults = {} } = outside;
  let { now = 'i-1' } = outside;

  const report = runCanned(
    obey(kindOf(given.kind), given, { deployment: held, region: 'region-1' }),
    (request) => {
      if (request.kind !== 'call') return undefined;
      calls.push(request.name);
      clock.monotonicMs += takesMs[request.name] ?? 0;
      const fault = faults[request.name]?.shift();
      if (fault) return { ok: false, fault };
      const input = request.input as {
        place?: { instanceId: string };
        isIsolated?: boolean;
        isAgain?: boolean;
        answer?: { values: { a: string } };
      };
      switch (request.name) {
        case 'readTable':
          return {
            ok: true,
            value: { opinions: null, acceptors: { shop: register === null ? null : { accepted: register } } },
          };
        case 'claimToken':
          return {
            ok: true,
            value: {
              isGranted: claimed === undefined && !(outside.isClaimedBetween && input.isAgain),
              claimed: claimed ?? token,
            },
          };
        case 'readClaim':
          return { ok: true, value: outside.held ?? null };
        case 'read:address':
          return { ok: true, value: { at: now, belongsAt: input.place?.instanceId } };
        case 'read:fence':
          return { ok: true, value: { isIsolated: now, isReleased: !now } };
        case 'read:dns':
          return { ok: true, value: { kind: 'values', values: { a: [now], aaaa: [], cname: [] } } };
        default:
          faults = { ...faults, ...outside.faultsAfterWrite };
          if (!outside.isWriteSwallowed)
            now = input.place?.instanceId ?? input.isIsolated ?? input.answer?.values.a[0] ?? now;
          return outside.isWriteUnanswered ? { ok: false, fault: timeout } : { ok: true, value: null };
      }
    },
    clock,
  );
  return { report, calls };
}

const writes = ['write:address', 'write:fence', 'write:dns'];
const writesOf = (calls: readonly string[]) => calls.filter((name) => writes.includes(name));

test.each([
  ['address', order, 'i-1'],
  ['dns', record, '192.0.2.1'],
  ['fence', fenceOrder(false), false],
] as const)('claims, reads, writes the difference and reads back (%s)', (_, given, now) => {
  const { report, calls } = executeRun(given, { now });

  expect(report).toEqual({ outcome: 'as-ordered', hasWritten: true });
  expect(calls.slice(0, 2)).toEqual(['readTable', 'claimToken']);
  expect(calls.slice(2)).toEqual([calls[2], writesOf(calls)[0], calls[2]]);
});

test('writes nothing when it is as ordered already, but shuts older orders out', () => {
  const { report, calls } = executeRun(order, { now: 'i-2' });

  expect(report).toEqual({ outcome: 'as-ordered', hasWritten: false });
  expect(calls).toEqual(['readTable', 'claimToken', 'read:address']);
});

test('a repair of what is as ordered claims nothing', () => {
  const { calls } = executeRun({ ...order, manner: 'repair' }, { now: 'i-2' });

  expect(calls).toEqual(['read:address']);
});

test('a repair claims before it writes', () => {
  const { report, calls } = executeRun({ ...order, manner: 'repair' }, {});

  expect(report).toEqual({ outcome: 'as-ordered', hasWritten: true });
  expect(calls).toEqual(['read:address', 'readTable', 'claimToken', 'write:address', 'read:address']);
});

const digest = hashOf(order.digests);

test.each([
  ['its own claim', { token, digest }, 'as-ordered'],
  ['nothing', undefined, 'failed'],
  ['the same token of somebody configured differently', { token, digest: 'other' }, 'failed'],
  ['an older claim', { token: { ...token, attempt: token.attempt - 1 }, digest }, 'failed'],
  ['a newer claim', { token: { ...token, epoch: token.epoch + 1 }, digest }, 'failed'],
])('S5: a claim whose answers are lost counts only where the table is read to hold it: %s', (_, held, outcome) => {
  const { report, calls } = executeRun(order, {
    faults: { claimToken: [timeout, timeout, timeout] },
    ...(held && { held }),
  });

  expect(report.outcome).toBe(outcome);
  expect(writesOf(calls)).toHaveLength(outcome === 'failed' ? 0 : 1);
});

test('a refused claim is not looked up', () => {
  const { calls } = executeRun(order, { faults: { claimToken: [denied] } });

  expect(calls).not.toContain('readClaim');
});

test('a token older than the one claimed is stale, and nothing is written', () => {
  const claimed = { epoch: 3, attempt: 1 };

  const { report, calls } = executeRun(order, { claimed });

  expect(report).toEqual({ outcome: 'stale', claimed });
  expect(writesOf(calls)).toEqual([]);
});

test.each([
  ['a newer epoch', registerWith({ epoch: 3, run: runWith({ epoch: 3 }) }), { epoch: 3, attempt: 1 }],
  ['a newer attempt', registerWith({ epoch: 2, run: runWith({ attempt: 2 }) }), { epoch: 2, attempt: 2 }],
])('a token is stale when the table’s own register knows of %s', (_, register, claimed) => {
  const { report, calls } = executeRun(order, { register });

  expect(report).toEqual({ outcome: 'stale', claimed });
  expect(calls).toEqual(['readTable']);
});

test('a table that holds no register refuses: it was lost and cannot vouch', () => {
  const { report, calls } = executeRun(order, { register: null });

  expect(report).toMatchObject({ outcome: 'failed', fault: { kind: 'unavailable' } });
  expect(calls).toEqual(['readTable']);
});

test('an answer that was lost after the effect is found by the read back', () => {
  const { report } = executeRun(order, { isWriteUnanswered: true });

  expect(report).toEqual({ outcome: 'as-ordered', hasWritten: true });
});

test('a write that was accepted but swallowed is failed', () => {
  const { report } = executeRun(order, { isWriteSwallowed: true });

  expect(report).toMatchObject({
    outcome: 'failed',
    fault: { detail: expect.stringContaining('did not take effect') },
  });
});

test('a write that got no answer and had no effect is failed with its own fault', () => {
  const { report } = executeRun(order, { isWriteSwallowed: true, isWriteUnanswered: true });

  expect(report).toEqual({ outcome: 'failed', fault: timeout });
});

test('a write that cannot be read back is failed with the reading’s fault', () => {
  const { report } = executeRun(order, { faultsAfterWrite: { 'read:address': [denied] } });

  expect(report).toEqual({ outcome: 'failed', fault: denied });
});

test.each([
  [151, 2],
  [150, 1],
] as const)('frozen for %i ms after its claim, it claims %i times before it writes', (frozenMs, times) => {
  const { report, calls } = executeRun(order, { takesMs: { 'read:address': frozenMs } });

  expect(report.outcome).toBe('as-ordered');
  expect(calls.filter((name) => name === 'claimToken')).toHaveLength(times);
  expect(calls.indexOf('write:address')).toBeGreaterThan(calls.lastIndexOf('claimToken'));
});

test('a claim whose own answer came late is made again, and where all are slow the write is made all the same', () => {
  const { report, calls } = executeRun(order, { takesMs: { claimToken: 151 } });

  expect(report.outcome).toBe('as-ordered');
  expect(calls.filter((name) => name === 'claimToken')).toHaveLength(3);
});

test('nothing is written under a claim whose answer took twice the deadline of a call: the function was frozen', () => {
  const { report, calls } = executeRun(order, { takesMs: { claimToken: 2_001 } });

  expect(report).toMatchObject({ outcome: 'failed', fault: { kind: 'unavailable' } });
  expect(writesOf(calls)).toEqual([]);
});

test.each([
  ['readTable', [timeout, timeout], 'as-ordered'],
  ['readTable', [timeout, timeout, timeout], 'failed'],
  ['readTable', [denied], 'failed'],
  ['claimToken', [timeout, timeout, timeout], 'failed'],
  ['read:address', [timeout], 'as-ordered'],
  ['read:address', [denied], 'failed'],
] as const)('%s with faults %j ends %s', (name, faults, outcome) => {
  const { report, calls } = executeRun(order, { faults: { [name]: [...faults] } });

  expect(report.outcome).toBe(outcome);
  expect(writesOf(calls)).toHaveLength(outcome === 'failed' ? 0 : 1);
});

test.each([
  [true, 'as-ordered'],
  [false, 'failed'],
] as const)(
  'without its table a fence may be carried out only by the site itself (isSelfFence=%s: %s)',
  (isSelfFence, outcome) => {
    const { report } = executeRun(fenceOrder(isSelfFence), { now: false, faults: { readTable: [denied] } });

    expect(report.outcome).toBe(outcome);
  },
);

test.each([
  ['in haste', 'enforce', ['write:fence', 'read:fence']],
  ['once it was closed', 'repair', ['read:fence', 'write:fence', 'read:fence']],
] as const)('a site that fences itself %s looks (%s): %j', (_, manner, expected) => {
  const { report, calls } = executeRun({ ...fenceOrder(true), manner }, { now: false });

  expect(calls.filter((name) => name.endsWith(':fence'))).toEqual(expected);
  expect(report).toEqual({ outcome: 'as-ordered', hasWritten: true });
});

test('a site that fences itself on a stale token is refused all the same', () => {
  const { report } = executeRun(fenceOrder(true), { now: false, claimed: { epoch: 9, attempt: 1 } });

  expect(report.outcome).toBe('stale');
});

test("a self-fence whose table lost its register is carried out: cutting oneself off needs nobody's leave", () => {
  const { report } = executeRun(fenceOrder(true), { now: false, register: null });

  expect(report.outcome).toBe('as-ordered');
});

const patient = { ...shop, failover: { ...shop.failover, blockMs: 1 }, detection: { ...shop.detection, fallCount: 9 } };
const { two, ...withoutTwo } = shop.sites;
const withoutTraffic = {
  address: { ...address, instances: { one: [{ instanceId: 'i-1' }] } },
  dns: { ...recordsDns, addresses: { one: recordsDns.addresses.one } },
} as NamedService['traffic'];

test.each<[string, NamedService, string | null]>([
  ['the mode', { ...shop, mode: 'active-active' }, 'shop: '],
  ['the fence of the site', serviceWith({ traffic: shop.traffic }), 'shop/one: '],
  ['a site that it does not know', { ...shop, sites: withoutTwo, traffic: withoutTraffic }, null],
  ['thresholds', patient, null],
])(
  'an order of whoever differs about %s is refused where it is about that, and nothing is claimed',
  (_, other, says) => {
    const cutOff = { kind: 'fence', site: 'one', isIsolated: true, isSelfFence: false } as const;
    const { report, calls } = executeRun(newOrder(other, token, 'enforce', cutOff), { now: false });

    if (says === null) expect(report).toEqual({ outcome: 'as-ordered', hasWritten: true });
    else {
      expect(report).toMatchObject({ outcome: 'disagreed', detail: `${says}configured differently in region-1` });
      expect(calls).toEqual([]);
    }
  },
);

test('an order about a site that the function does not have is refused as one of another configuration', () => {
  const renamed = {
    ...shop,
    sites: { ...withoutTwo, deux: two },
    traffic: { address: { ...address, instances: { one: [{ instanceId: 'i-1' }], deux: [{ instanceId: 'i-2' }] } } },
  };
  const { report, calls } = executeRun(
    newOrder(renamed as NamedService, token, 'repair', { kind: 'address', address: 0, site: 'deux' }),
    {},
  );

  expect(report).toMatchObject({ outcome: 'disagreed', detail: expect.stringContaining('shop/deux') });
  expect(calls).toEqual([]);
});

test('an order that says nothing of what its sender was configured with is refused', () => {
  expect(executeRun({ ...order, digests: {} }, {}).report).toMatchObject({ outcome: 'disagreed' });
});

test('a site that cuts itself off needs nobody to agree with it, but gives no proof to whoever means another fence', () => {
  const { report, calls } = executeRun({ ...fenceOrder(true), digests: { shop: 'another' } }, { now: false });

  expect(report.outcome).toBe('disagreed');
  expect(writesOf(calls)).toEqual(['write:fence']);
});

test.each<[string, NamedService, boolean]>([
  ['the mode, and has the same fence', { ...shop, mode: 'active-active' }, true],
  [
    'the fence',
    serviceWith({ sites: { one: { fence: { kind: 'read-only', functionName: 'x' } } }, traffic: shop.traffic }),
    false,
  ],
  [
    'the region of the site',
    { ...shop, sites: { ...shop.sites, one: { ...shop.sites.one, region: 'region-2' } } } as NamedService,
    false,
  ],
  ['whether there is one', serviceWith({ traffic: shop.traffic }), false],
])('whoever differs about %s is told whether the thing is the same', (_, held, isSame) => {
  const cutOff = { kind: 'fence', site: 'one', isIsolated: true, isSelfFence: false } as const;
  const given = newOrder(shop, token, 'repair', cutOff);
  const { report } = executeRun(given, { now: false }, { name: 'shop', services: { shop: held } });

  expect(report.outcome).toBe('disagreed');
  expect('isSameThing' in report).toBe(isSame);
});

const { one, ...withoutOne } = shop.sites;
const renamed = { ...shop, sites: { ...withoutOne, uno: { ...one, renamedFrom: 'one' } } } as NamedService;
const stranger = { ...shop, sites: { ...withoutOne, uno: one } } as NamedService;

test.each<[string, NamedService, NamedService, string, readonly string[]]>([
  ['by its new name, of a function that knows the former one', renamed, shop, 'uno', ['write:fence']],
  ['by its former name, of a function that knows the new one', shop, renamed, 'one', ['write:fence']],
  ['by a name that nobody said is the same', stranger, shop, 'uno', []],
])('a site that cuts itself off is found %s', (_, sender, held, site, writes) => {
  const [placed] = fenceFor(sender, site, true, true);
  const given = newOrder(sender, token, 'enforce', placed?.desired as FenceDesired);
  const { report, calls } = executeRun(given, { now: false }, { name: 'shop', services: { shop: held } });

  expect(report.outcome).toBe('disagreed');
  expect(writesOf(calls)).toEqual(writes);
});

test.each<[string, NamedService, NamedService, string, boolean, readonly string[]]>([
  [
    'closed, by the fence that the function knows',
    { ...shop, mode: 'active-active' },
    shop,
    'one',
    true,
    ['write:fence'],
  ],
  ['closed, by its new name, of a function that knows the former one', renamed, shop, 'uno', true, ['write:fence']],
  ['closed, by its former name, of a function that knows the new one', shop, renamed, 'one', true, ['write:fence']],
  ['opened, by its new name, of a function that knows the former one', renamed, shop, 'uno', false, ['write:fence']],
  ['left as it is, by a name that nobody said is the same', stranger, shop, 'uno', true, []],
])('S11: a fence that waits for no agreement is %s', (_, sender, held, site, isIsolated, writes) => {
  const [placed] = fenceAnyhow(sender, site, isIsolated);
  const given = newOrder(sender, token, 'repair', placed?.desired as FenceDesired);
  const deployment = { name: 'shop', services: { shop: held } };
  const { report, calls } = executeRun(given, { now: !isIsolated }, deployment);

  expect(report.outcome).toBe('disagreed');
  expect(writesOf(calls)).toEqual(writes);
  expect(calls.includes('claimToken')).toBe(writes.length > 0);
});

test.each<[string, Order['token'], Outside, object, readonly string[]]>([
  ['is not touched under an older token', { epoch: 1, attempt: 1 }, { now: false }, { outcome: 'stale' }, []],
  [
    'that cannot be closed is one of another configuration all the same',
    token,
    { now: false, isWriteSwallowed: true },
    { outcome: 'disagreed', detail: expect.stringMatching('configured differently in region-1; unavailable') },
    ['write:fence'],
  ],
])('S5: a fence that waits for no agreement and %s', (_, given, outside, outcome, writes) => {
  const [placed] = fenceAnyhow(renamed, 'uno', true);
  const { report, calls } = executeRun(newOrder(renamed, given, 'repair', placed?.desired as FenceDesired), outside);

  expect(report).toMatchObject(outcome);
  expect(writesOf(calls)).toEqual(writes);
});

test('whoever claims again finds that another configuration has claimed the same token since', () => {
  const { report, calls } = executeRun(order, { takesMs: { 'read:address': 151 }, isClaimedBetween: true });

  expect(report).toMatchObject({ outcome: 'disagreed', detail: expect.stringContaining('region-1') });
  expect(writesOf(calls)).toEqual([]);
});

test.each<[string, Outside, object]>([
  ['could be done', { now: 'i-1' }, { outcome: 'pending', hasWritten: false }],
  ['is so already', { now: 'i-2' }, { outcome: 'as-ordered', hasWritten: false }],
  ['may not be read', { faults: { 'read:address': [denied, denied, denied] } }, { outcome: 'failed' }],
])('a rehearsal neither claims nor writes, and says that it %s', (_, outside, expected) => {
  const { report, calls } = executeRun({ ...order, manner: 'rehearse' }, outside);

  expect(report).toMatchObject(expected);
  expect(calls.filter((name) => name === 'claimToken' || name.startsWith('write:'))).toEqual([]);
});

const hooked = serviceWith({ sites: { one: { fence: { kind: 'custom', functionName: 'cut-off' } } } });
const hookedOrder = newOrder(hooked, token, 'enforce', {
  kind: 'fence',
  site: 'one',
  isIsolated: true,
  isSelfFence: false,
});
const withHook = { name: 'shop', services: { shop: hooked } };

test('a function of the user that gave no answer to a read is not asked again in this attempt', () => {
  const { report, calls } = executeRun(
    hookedOrder,
    { now: false, faults: { 'read:fence': [timeout, timeout, timeout] } },
    withHook,
  );

  expect(report).toEqual({ outcome: 'failed', fault: timeout });
  expect(calls.slice(2)).toEqual(['read:fence']);
});

test('a read that failed without a function of the user behind it is tried again, as is one that the function ended', () => {
  const failed: Fault = { kind: 'unavailable', detail: 'cut-off failed' };

  const own = executeRun(fenceOrder(false), { now: true, faults: { 'read:fence': [timeout] } });
  const theirs = executeRun(hookedOrder, { now: true, faults: { 'read:fence': [failed] } }, withHook);

  expect(own.calls.slice(2)).toEqual(['read:fence', 'read:fence']);
  expect(theirs.calls.slice(2)).toEqual(['read:fence', 'read:fence']);
});

test('nothing is read beside a write of the user that may still run', () => {
  const { report, calls } = executeRun(hookedOrder, { now: false, isWriteUnanswered: true }, withHook);

  expect(report).toEqual({ outcome: 'failed', fault: timeout });
  expect(calls.slice(2)).toEqual(['read:fence', 'write:fence']);
});

test.each([
  ['what has it', 'no room', null, 'no room'],
  ['the write that was refused', null, denied, denied.detail],
  ['nobody', null, null, undefined],
] as const)('a thing that is on its way says why it is not there, by %s', (_, hindrance, refused, why) => {
  let looks = 0;
  const kind = {
    ...kindOf('address'),
    compare: () => (looks > 1 ? 'on-its-way' : 'differs'),
    hindranceOf: () => (looks > 1 ? hindrance : null),
  };

  const report = runCanned(obey(kind as unknown as AnyKind, order, { deployment, region: 'region-1' }), (request) => {
    if (request.kind !== 'call') return undefined;
    if (request.name === 'read:address') looks += 1;
    if (request.name === 'write:address' && refused !== null) return { ok: false, fault: refused };
    const table = { opinions: null, acceptors: { shop: { accepted: epoch2 } } };
    return { ok: true, value: request.name === 'readTable' ? table : { isGranted: true, claimed: token } };
  });

  expect(report).toMatchObject({ outcome: 'pending', hasWritten: true });
  expect((report as { why?: string }).why).toBe(why);
});
