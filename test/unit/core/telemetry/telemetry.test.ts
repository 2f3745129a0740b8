import { describe, expect, test } from 'vitest';
import { newRunTimes } from '../../../../src/core/register/ledger.ts';
import type { Run, Step } from '../../../../src/core/register/run.ts';
import { metricCatalogue, metricsRequest } from '../../../../src/core/telemetry/metrics.ts';
import { runFacts, type ServiceFacts } from '../../../../src/core/telemetry/report.ts';
import { traceIdOf, traceRequest } from '../../../../src/core/telemetry/trace.ts';

/** What a collector reads of a span. */
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  readonly status: { readonly code: number; readonly message?: string };
}

/** What a collector reads of a metric. */
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly { attributes: readonly unknown[]; asDouble: number }[] };
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly { asInt: string }[] };
}

const step = (name: Step['name'], endedMs: number | null, more: Partial<Step> = {}): Step => ({
  name,
  resource: 'thing',
  region: null,
  after: [],
  state: endedMs === null ? 'pending' : 'done',
  detail: 'it was done',
  ...(endedMs === null ? {} : { endedMs }),
  ...more,
});

const run: Run = {
  kind: 'failover',
  epoch: 7,
  attempt: 2,
  retries: 0,
  holder: null,
  from: 'virginia',
  to: 'oregon',
  serving: ['oregon'],
  reason: 'active-down',
  by: 'us-west-2',
  isDataLossAllowed: false,
  isProofWaived: false,
  isShortAllowed: false,
  demand: null,
  rampBefore: {},
  steps: [
    step('fence', 4_000),
    step('promote', 6_000, { after: ['fence'] }),
    step('dns', null, { after: ['promote'] }),
  ],
  state: 'running',
  times: newRunTimes(3_000, { faultMs: 1_000, detectedMs: 2_500, dataAtRiskMs: 40 }),
};

function spansOf(of: Run, region = 'us-west-2'): readonly Span[] {
  const report = { signal: 'traces', deployment: 'shop', region, atMs: 9_000, service: 'web', run: of } as const;
  const { path, body } = traceRequest(report);
  expect(path).toBe('/v1/traces');
  const { resourceSpans } = body as { resourceSpans: readonly { scopeSpans: readonly { spans: readonly Span[] }[] }[] };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

describe('the trace of a run', () => {
  test('has a span for the whole and one for each part that has ended, each after those it waited for', () => {
    const spans = spansOf(run);

    const [root, ...parts] = spans;
    expect(spans.map((span) => [span.name, span.startTimeUnixNano, span.endTimeUnixNano])).toEqual([
      ['failover', '1000000000', '6000000000'],
      ['detect', '1000000000', '2500000000'],
      ['decide', '2500000000', '3000000000'],
      ['fence', '3000000000', '4000000000'],
      ['promote', '4000000000', '6000000000'],
    ]);
    expect(root?.parentSpanId).toBeUndefined();
    expect(new Set(parts.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([root?.spanId]));
    expect(root?.attributes).toContainEqual({ key: 'failover.epoch', value: { intValue: '7' } });
    expect(root?.attributes).toContainEqual({ key: 'failover.to', value: { stringValue: 'oregon' } });
  });

  test('is the same whoever tells it, and another one for another epoch, service or deployment', () => {
    const ids = [
      traceIdOf('shop', 'web', 7),
      traceIdOf('shop', 'web', 8),
      traceIdOf('shop', 'api', 7),
      traceIdOf('bar', 'web', 7),
    ];

    expect(spansOf(run, 'us-east-1')).toEqual(spansOf(run, 'eu-west-1'));
    expect(new Set(ids).size).toBe(4);
    for (const { traceId, spanId } of spansOf(run)) {
      expect(traceId).toBe(ids[0]);
      expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
    }
    expect(new Set(spansOf(run).map(({ spanId }) => spanId)).size).toBe(5);
  });

  test('says which step failed, and what of it', () => {
    const failed = step('promote', 6_000, { state: 'failed', detail: 'no replica', after: ['fence'] });

    const spans = spansOf({ ...run, state: 'failed', steps: [step('fence', 4_000), failed] });

    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      ['failover', { code: 2, message: 'promote: no replica' }],
      ['detect', { code: 1 }],
      ['decide', { code: 1 }],
      ['fence', { code: 1 }],
      ['promote', { code: 2, message: 'no replica' }],
    ]);
  });

  test('of a planned move begins with its decision, and no span ends before it begins, whatever the clocks', () => {
    const spans = spansOf({ ...run, kind: 'switchover', steps: [step('dns', 2_000)], times: newRunTimes(3_000) });

    expect(spans.map((span) => [span.name, span.startTimeUnixNano, span.endTimeUnixNano])).toEqual([
      ['switchover', '3000000000', '3000000000'],
      ['dns', '3000000000', '3000000000'],
    ]);
  });
});

const facts: ServiceFacts = {
  protection: 'protected',
  epoch: 7,
  active: 'virginia',
  run: { kind: 'failover', decisionMs: 2_000, recoveryMs: null },
  sites: { virginia: { votes: { up: 2, suspect: 1 }, probeMs: 31 }, oregon: { votes: {}, replicationLagMs: 1_500 } },
};

function metricsOf(service: ServiceFacts, dropped = 0): readonly Metric[] {
  const report = {
    signal: 'metrics',
    deployment: 'shop',
    region: 'us-west-2',
    atMs: 9_000,
    services: { web: service },
  } as const;
  const { path, body } = metricsRequest(report, { count: dropped, sinceMs: 1_000 });
  expect(path).toBe('/v1/metrics');
  const { resourceMetrics } = body as {
    resourceMetrics: readonly { scopeMetrics: readonly { metrics: readonly Metric[] }[] }[];
  };
  return resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
}

/** Values with the last attribute of each. */
function valuesOf(metrics: readonly Metric[], name: string): readonly unknown[] {
  const points = metrics.find((metric) => metric.name === name)?.gauge?.dataPoints ?? [];
  return points.map(({ attributes, asDouble }) => [(attributes.at(-1) as Span['attributes'][number]).value, asDouble]);
}

describe('metrics', () => {
  test('say what is known, in their units, and nothing of what is not', () => {
    const metrics = metricsOf(facts);

    expect(valuesOf(metrics, 'failover.site.active')).toEqual([
      [{ stringValue: 'virginia' }, 1],
      [{ stringValue: 'oregon' }, 0],
    ]);
    expect(valuesOf(metrics, 'failover.site.votes')).toEqual([
      [{ stringValue: 'up' }, 2],
      [{ stringValue: 'suspect' }, 1],
    ]);
    expect(valuesOf(metrics, 'failover.site.replication.lag')).toEqual([[{ stringValue: 'oregon' }, 1.5]]);
    expect(valuesOf(metrics, 'failover.site.probe.duration')).toEqual([[{ stringValue: 'virginia' }, 0.031]]);
    expect(valuesOf(metrics, 'failover.run.decision.duration')).toEqual([[{ stringValue: 'failover' }, 2]]);
    expect(metrics.map(({ name }) => name)).not.toContain('failover.run.recovery.duration');
    expect(metrics.map(({ name }) => name).filter((name) => !Object.hasOwn(metricCatalogue, name))).toEqual([]);
  });

  test('name one level of protection, also when nothing can be seen', () => {
    const blind = metricsOf({ ...facts, protection: 'cannot-see', epoch: null, active: null, run: null });

    const levels = valuesOf(blind, 'failover.protection').filter((each) => (each as [unknown, number])[1] === 1);
    expect(levels).toEqual([[{ stringValue: 'cannot-see' }, 1]]);
    expect(blind.map(({ name }) => name)).not.toContain('failover.epoch');
    expect(blind.map(({ name }) => name)).not.toContain('failover.site.active');
  });

  test('count what was dropped, as a sum', () => {
    const dropped = metricsOf(facts, 3).find(({ name }) => name === 'failover.telemetry.dropped');

    expect(dropped?.sum).toMatchObject({
      isMonotonic: true,
      aggregationTemporality: 2,
      dataPoints: [{ startTimeUnixNano: '1000000000', timeUnixNano: '9000000000', asInt: '3' }],
    });
  });
});

test.each([
  [null, null],
  [run, { kind: 'failover', decisionMs: 2_000, recoveryMs: null }],
  [
    { ...run, times: { ...run.times, verifiedMs: 8_000 } },
    { kind: 'failover', decisionMs: 2_000, recoveryMs: 7_000 },
  ],
  [
    { ...run, times: newRunTimes(3_000) },
    { kind: 'failover', decisionMs: null, recoveryMs: null },
  ],
])('what the newest run says of time', (of, expected) => {
  expect(runFacts(of)).toEqual(expected);
});
