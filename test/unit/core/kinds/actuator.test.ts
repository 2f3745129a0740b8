import { expect, test } from 'vitest';
import type { Fault } from '../../../../src/core/fault.ts';
import { obey } from '../../../../src/core/kinds/actuator.ts';
import { kindOf } from '../../../../src/core/kinds/kinds.ts';
import type { Order } from '../../../../src/core/kinds/order.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { address, fence, recordsDns, registerWith, runCanned, runWith, serviceWith } from '../service.fixture.ts';

const token = { epoch: 2, attempt: 1 };
const order: Order = { service: 'shop', token, manner: 'enforce', kind: 'address', site: 'two' };
const record: Order = { service: 'shop', token, manner: 'enforce', kind: 'dns', site: 'two' };
const fenceOrder = (isSelfFence: boolean): Order => ({
  service: 'shop',
  token,
  manner: 'enforce',
  kind: 'fence',
  site: 'one',
  isIsolated: true,
  isSelfFence,
});
const deployment = {
  name: 'shop',
  services: { shop: serviceWith({ sites: { one: { fence } }, traffic: { address, dns: recordsDns } }) },
};

interface Outside {
  register?: Register | null;
  claimed?: { epoch: number; attempt: number };
  /** Where the address points, whether the site is isolated, or the record's address. */
  now?: string | boolean;
  isWriteSwallowed?: boolean;
  isWriteUnanswered?: boolean;
  /** Faults by call, used up one at a time. */
  faults?: Record<string, Fault[]>;
  faultsAfterWrite?: Record<string, Fault[]>;
  /** Virtual time that passes with each call of the name. */
  takesMs?: Record<string, number>;
}

const timeout: Fault = { kind: 'timeout', detail: 'no answer' };
const denied: Fault = { kind: 'denied', detail: 'not allowed' };
const epoch2 = registerWith({ epoch: 2, active: 'two', run: runWith() });

/** Carries an order out in an outside that is as given, and says what was called. */
function executeRun(given: Order, outside: Outside) {
  const calls: string[] = [];
  const clock = { monotonicMs: 0 };
  const { register = epoch2, claimed, takesMs = {} } = outside;
  let { faults = {} } = outside;
  let { now = 'i-1' } = outside;

  const report = runCanned(
    obey(kindOf(given.kind), given, { deployment, region: 'region-1' }),
    (request) => {
      if (request.kind !== 'call') return undefined;
      calls.push(request.name);
      clock.monotonicMs += takesMs[request.name] ?? 0;
      const fault = faults[request.name]?.shift();
      if (fault) return { ok: false, fault };
      const input = request.input as { instanceId?: string; isIsolated?: boolean; answer?: { values: { a: string } } };
      switch (request.name) {
        case 'readTable':
          return {
            ok: true,
            value: { opinions: null, acceptors: { shop: register === null ? null : { accepted: register } } },
          };
        case 'claimToken':
          return { ok: true, value: { isGranted: claimed === undefined, claimed: claimed ?? token } };
        case 'read:address':
          return { ok: true, value: { instanceId: now } };
        case 'read:fence':
          return { ok: true, value: { isIsolated: now, isReleased: !now } };
        case 'read:dns':
          return { ok: true, value: { kind: 'values', values: { a: now, aaaa: null } } };
        default:
          faults = { ...faults, ...outside.faultsAfterWrite };
          if (!outside.isWriteSwallowed) now = input.instanceId ?? input.isIsolated ?? input.answer?.values.a ?? now;
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
  [101, 2],
  [100, 1],
] as const)('frozen for %i ms after its claim, it claims %i times before it writes', (frozenMs, times) => {
  const { report, calls } = executeRun(order, { takesMs: { 'read:address': frozenMs } });

  expect(report.outcome).toBe('as-ordered');
  expect(calls.filter((name) => name === 'claimToken')).toHaveLength(times);
  expect(calls.indexOf('write:address')).toBeGreaterThan(calls.lastIndexOf('claimToken'));
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

test('a site that fences itself on a stale token is refused all the same', () => {
  const { report } = executeRun(fenceOrder(true), { now: false, claimed: { epoch: 9, attempt: 1 } });

  expect(report.outcome).toBe('stale');
});

test("a self-fence whose table lost its register is carried out: cutting oneself off needs nobody's leave", () => {
  const { report } = executeRun(fenceOrder(true), { now: false, register: null });

  expect(report.outcome).toBe('as-ordered');
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
