import { expect, test } from 'vitest';
import type { Fault } from '../../../../src/core/fault.ts';
import type { StepReport } from '../../../../src/core/kinds/order.ts';
import { leaseWaitMs, verifyLimitMs } from '../../../../src/core/timing.ts';
import { address, fence, oracleDns, recordsDns, service, serviceWith, step } from '../service.fixture.ts';
import { dispatch, done, hangs, type Outside, says, stale } from './dispatch.fixture.ts';

const probes = [{ type: 'tcp', host: 'h', port: 1, timeoutMs: 400, corroborating: false }] as const;
const fenced = serviceWith({ sites: { one: { fence, probes } } });
const timeout: Fault = { kind: 'timeout', detail: 'no answer' };
const failed: StepReport = { outcome: 'failed', fault: { kind: 'throttled', detail: 'slow down' } };

const times: Outside = () => ({ answer: { ok: false, fault: timeout }, afterMs: 1_000 });

test('a fence with proof is done at once, under the token of the run', () => {
  const { end, endedMs, calls } = dispatch('fence', fenced, says(done));

  expect(end).toMatchObject({ state: 'done' });
  expect(endedMs).toBeLessThan(1_000);
  expect(calls[0]?.input).toMatchObject({
    region: 'region-1',
    order: { token: { epoch: 2, attempt: 1 }, manner: 'enforce', isIsolated: true, isSelfFence: false },
  });
});

test.each([
  ['is refused each time', says(failed)],
  ['gets no answer in time', times],
  ['hangs for ever', hangs],
])('a fence whose order %s falls back on the lease, not before it has run out', (_, outside) => {
  const { end, endedMs } = dispatch('fence', fenced, outside);

  expect(end).toMatchObject({ state: 'fallback' });
  expect(endedMs).toBe(leaseWaitMs(fenced));
});

test('a fence that works only at the third try has proof before the lease runs out', () => {
  const { end, endedMs } = dispatch('fence', fenced, (_, count) => says(count < 3 ? failed : done)());

  expect(end).toMatchObject({ state: 'done' });
  expect(endedMs).toBeLessThan(leaseWaitMs(fenced));
});

test.each(['fence', 'address', 'dns'] as const)('a %s order that is stale ends the step as stale', (name) => {
  const given = serviceWith({ sites: { one: { fence } }, traffic: { address, dns: recordsDns } });

  const { end, calls } = dispatch(name, given, says(stale));

  expect(end).toEqual({ state: 'stale', detail: 'epoch 3, attempt 1 is in charge' });
  expect(calls).toHaveLength(1);
});

test.each([
  ['address', 'dns', 'fallback'],
  ['address', 'none', 'failed'],
  ['dns', 'dns', 'failed'],
] as const)('the %s step with fallback %s ends %s after all attempts (stepAttemptsMax=3)', (name, fallback, state) => {
  const given = serviceWith({ traffic: { address: { ...address, fallback }, dns: recordsDns } });

  const { end, calls } = dispatch(name, given, says(failed));

  expect(end).toMatchObject({ state });
  expect(calls).toHaveLength(3);
});

test.each([
  ['fence', service],
  ['address', service],
  ['dns', service],
] as const)('a %s step with nothing to do is done without a call', (name, given) => {
  const { end, calls } = dispatch(name, given, hangs);

  expect(end).toMatchObject({ state: 'done' });
  expect(calls).toEqual([]);
});

test('verification waits until the name answers with the new site', () => {
  const { end, calls } = dispatch('verify', fenced, (_, count) =>
    says({ addresses: [count < 4 ? '192.0.2.1' : '192.0.2.2'] })(),
  );

  expect(end).toMatchObject({ state: 'done' });
  expect(calls).toHaveLength(4);
});

test.each([
  ['is one of many that its load balancer has', ['192.0.2.8', '192.0.2.9'], 'done'],
  ['is none of its load balancer', ['192.0.2.9'], 'failed'],
])('an answer for a site behind an alias that %s', (_, behind, state) => {
  const dnsName = 'two.elb.amazonaws.com';
  const addresses = { ...oracleDns.addresses, two: { alias: { dnsName, zoneId: 'Z1', ipv6: false } } };
  const given = serviceWith({ sites: { one: { probes } }, traffic: { dns: { ...oracleDns, addresses } } });

  const { end } = dispatch('verify', given, ({ input }) =>
    says({ addresses: (input as { name: string }).name === dnsName ? behind : ['192.0.2.8'] })(),
  );

  expect(end).toMatchObject({ state });
});

test('verification fails once its limit is over, with what the name still answers', () => {
  const { end, endedMs } = dispatch('verify', fenced, says({ addresses: ['192.0.2.1'] }));

  expect(end).toEqual({ state: 'failed', detail: 'shop.example.com still answers 192.0.2.1' });
  expect(endedMs).toBeGreaterThanOrEqual(verifyLimitMs(fenced));
});

test('nothing is verified when the traffic step failed', () => {
  const { end, calls } = dispatch('verify', fenced, hangs, { states: { steps: [step('dns', [], 'failed')] } });

  expect(end).toEqual({ state: 'failed', detail: 'nothing to verify: dns failed' });
  expect(calls).toEqual([]);
});

test('people who cannot be told do not make the run fail', () => {
  const { end } = dispatch('notify', fenced, times);

  expect(end).toMatchObject({ state: 'fallback' });
});
