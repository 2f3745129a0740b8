import { expect, test } from 'vitest';
import { exportOrDrop } from '../../../lambda/logging/telemetry.ts';
import type { FailoverEvent } from '../../../src/core/alerting/event.ts';
import type { TelemetryReport } from '../../../src/core/telemetry/report.ts';
import { PortError } from '../../../src/ports/port-error.ts';

const report: TelemetryReport = { signal: 'metrics', deployment: 'shop', region: 'us-east-1', atMs: 1, services: {} };

/** What is logged of one export that ends so. */
async function loggedOf(sending: () => Promise<void>): Promise<readonly FailoverEvent[]> {
  const logged: FailoverEvent[] = [];
  const exporter = { export: sending, dropped: { count: 4, sinceMs: 0 } };
  await exportOrDrop(exporter, report, { write: (event) => void logged.push(event) });
  return logged;
}

test('what a collector does not take is logged with the count, and fails nothing', async () => {
  const logged = await loggedOf(async () => {
    throw new PortError({ kind: 'timeout', detail: 'the collector otlp.shop.example did not answer within 3000 ms' });
  });

  expect(logged).toEqual([
    {
      kind: 'telemetry-dropped',
      service: null,
      site: null,
      detail: expect.stringContaining('metrics were not taken: timeout: the collector otlp.shop.example'),
      data: { signal: 'metrics', dropped: 4 },
    },
  ]);
});

test('of what is taken nothing is logged', async () => {
  expect(await loggedOf(async () => {})).toEqual([]);
});
