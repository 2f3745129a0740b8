import { expect, test } from 'vitest';
import { alarmReadIntervalMs, type Probe } from '../../../src/core/model/probe.ts';
import { sitesByPriority } from '../../../src/core/model/service.ts';
import {
  awsTiming,
  detectionBoundMs,
  leaseWaitMs,
  longestShiftMs,
  lookIntervalMs,
  recallOf,
  recoveryBound,
  tableCallMs,
  tickMsOf,
  verifyLimitMs,
} from '../../../src/core/timing.ts';
import { address, fence, oracleDns, recordsDns, service, serviceWith } from './service.fixture.ts';

test.each([
  [250, 50],
  [500, 50],
  [2_000, 100],
  [5_000, 250],
  [10_000, 500],
  [60_000, 500],
])('a tick of %i ms looks every %i ms', (tickMs, lookMs) => {
  expect(lookIntervalMs(tickMs)).toBe(lookMs);
});

test('the tick is the shortest interval of any service', () => {
  const tickMs = tickMsOf([serviceWith({ detection: { intervalMs: 4_000 } }), service]);

  expect(tickMs).toBe(1_000);
});

test('the wait for a lease covers the lease, the tick that notices it and the cutting off', () => {
  expect(leaseWaitMs(service)).toBe(10_000 + 2 * 1_000 + 2 * tableCallMs);
});

const probe = { type: 'tcp', host: 'h', port: 1, timeoutMs: 400, corroborating: false } as const;
const alias = { dnsName: 'one.elb.amazonaws.com', zoneId: 'Z1', ipv6: false };
const memoryDns = { ...oracleDns, mode: 'memory' } as const;
const aliasDns = { ...oracleDns, addresses: { ...oracleDns.addresses, one: { alias } } };
const probed = { one: { probes: [probe] } };

test('the bound adds detection, decision and shift (DNS by oracle)', () => {
  const bound = recoveryBound(serviceWith({ sites: probed }));

  expect(bound.detectMs).toBe(1_000 + 1_900 + 400);
  expect(bound.decideMs).toBe(50 + 3 * awsTiming.registerCallMs);
  expect(bound.shiftMs).toBe(awsTiming.oracleCacheMs + awsTiming.checkIntervalMs + 30_000);
  expect(bound.totalMs).toBe(bound.detectMs + bound.decideMs + bound.shiftMs);
});

test('an alarm is seen when it is read next: at most one interval after it has changed', () => {
  const alarm = { type: 'cloudwatch-alarm', name: 'ill', region: 'us-east-1', composite: false } as const;
  const given = (probes: readonly Probe[]) => recoveryBound(serviceWith({ sites: { one: { probes } } })).detectMs;

  const addedMs = given([probe, { ...alarm, timeoutMs: 1, corroborating: false }]) - given([probe]);

  expect(addedMs).toBe(alarmReadIntervalMs);
});

test.each([
  [60_000, 20_000],
  [300_000, 100_000],
  [10_000, 10_000],
])(
  'a metric is seen a third of its period after it has changed, and no sooner than an alarm (period=%i, added=%i)',
  (periodMs, addedMs) => {
    const metric = { type: 'cloudwatch-metric', namespace: 'Shop', name: 'hosts', dimensions: {} } as const;
    const read = { ...metric, statistic: 'Average', periodMs, maxAgeMs: 300_000, region: 'us-east-1' } as const;
    const judged = { ...read, expect: { atLeast: 1 }, missing: 'unknown', timeoutMs: 1, corroborating: false } as const;
    const given = (probes: readonly Probe[]) => recoveryBound(serviceWith({ sites: { one: { probes } } })).detectMs;

    expect(given([probe, judged]) - given([probe])).toBe(addedMs);
  },
);

/** What `fallCount` ticks alone would take: the fault just after a probe, and the last probe until its deadline. */
const ticksAloneMs = (fallCount: number, intervalMs: number, probeMs: number) => fallCount * intervalMs + probeMs;

test.each([
  // The defaults: a probe that hangs leaves no room between ticks.
  [2_000, 3, 500, 3_000, 1_500, 7_500],
  [2_000, 3, 500, 3_000, 500, 6_000],
  [2_000, 3, 500, 3_000, 1, 5_002],
  // The drill.
  [1_000, 2, 250, 250, 250, 1_750],
  [2_000, 1, 500, 0, 1_500, 3_500],
  [2_000, 3, 2_000, 3_000, 1_500, 7_500],
])(
  'detection is bounded (intervalMs=%i, fallCount=%i, suspectIntervalMs=%i, minDownMs=%i, probe=%i ms): %i ms',
  (...figures) => {
    const [intervalMs, fallCount, suspectIntervalMs, minDownMs, probeMs, boundMs] = figures;

    expect(detectionBoundMs({ intervalMs, fallCount, suspectIntervalMs, minDownMs }, probeMs)).toBe(boundMs);
    expect(boundMs).toBeLessThanOrEqual(ticksAloneMs(fallCount, intervalMs, probeMs));
  },
);

test.each([
  ['an edited record', { traffic: { dns: recordsDns } }, 5_000 + 60_000 + 30_000],
  ['an address alone', { traffic: { address } }, 5_000],
  ['the slower of an address and DNS', { traffic: { address, dns: recordsDns } }, 95_000],
  ['a fence first', { traffic: { address }, sites: { one: { probes: [probe], fence } } }, 14_000 + 5_000],
  ['a pulse, the minute of a metric and the TTL', { traffic: { dns: memoryDns } }, 180_000 + 30_000],
  ['what resolvers keep of an alias', { traffic: { dns: aliasDns } }, 1_000 + 10_000 + 60_000],
] as const)('the shift takes %s', (_, more, shiftMs) => {
  const given = serviceWith({ sites: probed, ...more });

  expect(recoveryBound(given).shiftMs).toBe(shiftMs);
  expect(verifyLimitMs(given, { from: 'one', to: 'two' })).toBe(2 * shiftMs);
});

test('a move back to a site that DNS remembers as left may take a pulse and the minute of a metric longer', () => {
  const given = serviceWith({ traffic: { dns: oracleDns }, sites: probed });
  const [first = '', last = ''] = sitesByPriority(given);
  const { shiftMs, recallMs } = recoveryBound(given);

  expect(recallMs).toBe(180_000);
  expect(longestShiftMs(given, { from: first, to: last })).toBe(shiftMs);
  expect(longestShiftMs(given, { from: last, to: first })).toBe(shiftMs + recallMs);
  expect(recallOf(given, { from: first, to: last }, recoveryBound(given))).toBe(0);
  expect(recallOf(given, { from: last, to: first }, recoveryBound(given))).toBe(recallMs);
});

test('a promotion that waits for the capacity of its data comes after the boot of the site, not beside it', () => {
  const data = { kind: 'aurora-global', globalId: 'g', clusters: {} } as const;
  const scale = [{ kind: 'aurora-serverless', cluster: 'two', size: 8, asActive: false, standbySize: 1 }] as const;
  const bootMs = 200_000;
  const shiftMs = (more: object) => recoveryBound(serviceWith({ data, sites: { two: { bootMs, ...more } } })).shiftMs;

  expect(shiftMs({ standby: 'warm', scale }) - shiftMs({})).toBe(bootMs);
});
