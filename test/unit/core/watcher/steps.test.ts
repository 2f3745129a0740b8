import { describe, expect, test } from 'vitest';
import { noKnowledge, type SiteKnowledge } from '../../../../src/core/detection/site-knowledge.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import type { Fault } from '../../../../src/core/fault.ts';
import type { StepReport } from '../../../../src/core/kinds/order.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { Run } from '../../../../src/core/register/run.ts';
import { leaseWaitMs, verifyLimitMs } from '../../../../src/core/timing.ts';
import {
  address,
  fence,
  globalData,
  oracleDns,
  recordsDns,
  registerWith,
  service,
  serviceWith,
  step,
} from '../service.fixture.ts';
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
  ['gets no answer in time', times],
  ['hangs for ever', hangs],
])('a fence whose order %s in a silent region falls back on the lease, not before it has run out', (_, outside) => {
  const { end, endedMs } = dispatch('fence', fenced, outside);

  expect(end).toMatchObject({ state: 'fallback', proofs: { one: 'lease' } });
  expect(end).toMatchObject({ detail: expect.stringContaining('by lease, unproven') });
  expect(endedMs).toBe(leaseWaitMs(fenced));
});

test('a run that was taken over goes on counting the lease where its holder stopped', () => {
  const { end, endedMs } = dispatch('fence', fenced, hangs, { ageMs: 10_000, silentMs: 10_000 });

  expect(end).toMatchObject({ state: 'fallback' });
  expect(endedMs).toBeLessThanOrEqual(leaseWaitMs(fenced) - 10_000 + 500);
});

test.each([
  ['refuses each time', says(failed), true],
  [
    'is throttled each time',
    () => ({ answer: { ok: false, fault: { ...timeout, kind: 'throttled' } }, afterMs: 10 }),
    true,
  ],
  ['hangs, and whose region is heard', hangs, false],
] as const)('a fence that %s is no silence: it fails without proof, however long the lease', (_, outside, isSilent) => {
  const { end } = dispatch('fence', fenced, outside as Outside, { isSilent: () => isSilent });

  expect(end).toMatchObject({ state: 'failed', proofs: {} });
});

test('a region that is heard once in a while does not run out its lease meanwhile', () => {
  const isSilent = (nowMs: number) => Math.floor(nowMs / 1_000) % 8 !== 0;

  const { end, endedMs } = dispatch('fence', fenced, hangs, { isSilent });

  expect(end).toMatchObject({ state: 'failed' });
  expect(endedMs).toBeGreaterThan(2 * leaseWaitMs(fenced));
});

test('where proof is demanded, the end of the lease is none', () => {
  const strict = serviceWith({ sites: { one: { fence, probes } }, failover: { requireFenceProof: true } });

  expect(dispatch('fence', strict, hangs).end).toMatchObject({ state: 'failed' });
  expect(dispatch('fence', strict, hangs, { states: { isProofWaived: true } }).end).toMatchObject({
    state: 'fallback',
  });
});

test("the own region's proof in the register ends the wait", () => {
  const seen = (nowMs: number) =>
    registerWith({ epoch: 2, owed: [{ site: 'one', epoch: 2, proof: nowMs < 3_000 ? 'none' : 'closed' }] });

  const { end, endedMs } = dispatch('fence', fenced, hangs, { seen });

  expect(end).toMatchObject({ state: 'done', proofs: { one: 'closed' } });
  expect(endedMs).toBeLessThan(5_000);
});

test('an old site that is well for this service, and not known to be for its group, is left', () => {
  const knowledge = { ...noKnowledge, verdicts: { one: 'up' as const } };

  const { end } = dispatch('fence', fenced, hangs, { knowledge, isUpInGroup: false });

  expect(end).toMatchObject({ state: 'fallback', proofs: { one: 'lease' } });
});

test('a fence that is owed to the site that is gone to is not waited for', () => {
  const owed = [{ site: 'two', epoch: 2, proof: 'none' }] as const;

  expect(dispatch('fence', fenced, hangs, { register: registerWith({ epoch: 2, owed }) }).end).toMatchObject({
    state: 'done',
  });
});

test('an old site that is well again before its fence is closed is not left', () => {
  const knowledge = ({ nowMs }: { nowMs: number }) => ({
    ...noKnowledge,
    verdicts: { one: nowMs < 4_000 ? ('down' as const) : ('up' as const) },
  });

  const { end, endedMs } = dispatch('fence', fenced, hangs, { knowledge });

  expect(end).toMatchObject({ state: 'failed', detail: expect.stringContaining('up again') });
  expect(endedMs).toBeLessThan(5_000);
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
  const { end, calls } = dispatch(name, given, hangs, { register: registerWith({ epoch: 2 }) });

  expect(end).toMatchObject({ state: 'done' });
  expect(calls).toEqual([]);
});

test('a fence that is owed and configured no more is not closed: the step waits for the lease', () => {
  const { end, endedMs, calls } = dispatch('fence', service, hangs);

  expect(end).toMatchObject({ state: 'fallback', proofs: { one: 'lease' } });
  expect(endedMs).toBeGreaterThanOrEqual(leaseWaitMs(service));
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
  expect(endedMs).toBeGreaterThanOrEqual(verifyLimitMs(fenced, { from: 'virginia', to: 'oregon' }));
});

describe('a new site that a quorum calls down before DNS leads clients there', () => {
  const oldAnswer = says({ addresses: ['192.0.2.1'] });
  const knowledge = { ...noKnowledge, verdicts: { two: 'down' as const } };
  const verifies = (given: NamedService, states: Partial<Run>) =>
    dispatch('verify', given, oldAnswer, { knowledge, states: { to: 'two', serving: ['two'], ...states } }).end;
  const grounds = (two: Verdict) => ({ verdicts: { two }, opinions: {}, refused: {} });

  test.each<[string, Partial<Run>]>([
    ['was up when it was chosen', { grounds: grounds('up') }],
    ['was chosen by who saw no site', {}],
    ['was cold, and has been started since', { grounds: grounds('down'), steps: [step('start', [], 'done')] }],
  ])('holds up no other move: it %s', (_, states) => {
    expect(verifies(fenced, states)).toMatchObject({ state: 'failed', detail: expect.stringMatching('down again') });
  });

  test.each<[string, NamedService, Partial<Run>]>([
    ['was down when it was chosen', fenced, { grounds: grounds('down') }],
    ['is one of a pool', { ...fenced, mode: 'active-active' }, { grounds: grounds('up') }],
    ['may still boot', { ...fenced, detection: { ...fenced.detection, bootGraceMs: 3_600_000 } }, {}],
    ['is down for a static endpoint', fenced, { serving: ['last-resort'] }],
  ])('is waited for where it %s', (_, given, states) => {
    expect(verifies(given, states)).not.toMatchObject({ detail: expect.stringMatching('down again') });
  });
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

const disagreed: StepReport = { outcome: 'disagreed', detail: 'shop/one: configured differently in region-1' };

test.each(['fence', 'address'] as const)(
  '%s waits for a function of another configuration, at the cost of no attempt, and is done once it agrees',
  (name) => {
    const withAddress = serviceWith({ sites: { one: { fence, probes } }, traffic: { address } });
    const agreeingFrom = 20;
    const outside: Outside = (_request, count) => says(count < agreeingFrom ? disagreed : done)();

    const { end, calls } = dispatch(name, withAddress, outside, { isSilent: () => false });

    expect(end).toMatchObject({ state: 'done' });
    expect(calls.filter(({ name }) => name === 'invoke').length).toBe(agreeingFrom);
  },
);

test.each(['fence', 'address'] as const)('%s waits for as long as the function does not agree', (name) => {
  const withAddress = serviceWith({ sites: { one: { fence, probes } }, traffic: { address } });

  const { end } = dispatch(name, withAddress, says(disagreed), { isSilent: () => false });

  expect(end).toBeNull();
});

const budgeted = serviceWith({ data: globalData, failover: { maxReplicationLagMs: 30_000 } });
const lagging = (lagMs: number | undefined): SiteKnowledge => ({
  ...noKnowledge,
  reports: lagMs === undefined ? {} : { two: { replicationLagMs: lagMs } },
});

test.each([
  ['unknown', undefined, false],
  ['over the limit', 30_001, false],
  ['within the limit', 30_000, true],
])('S12: what is taken back may lose data only within the budget (lag %s)', (_, lagMs, isDataLossAllowed) => {
  const register = registerWith({ epoch: 2, active: 'two', writer: 'two' });

  const { calls } = dispatch('promote', budgeted, says(done), { knowledge: lagging(lagMs), register });

  expect(calls[0]?.input).toMatchObject({ order: { kind: 'promote', to: 'two', isDataLossAllowed } });
});

test.each([
  ['unknown', undefined],
  ['over the limit', 30_001],
])('S12: no site is promoted whose lag under the fence is %s', (_, lagMs) => {
  const { end, calls } = dispatch('promote', budgeted, says(done), { knowledge: lagging(lagMs) });

  expect(end).toMatchObject({ state: 'failed' });
  expect(calls).toEqual([]);
});
