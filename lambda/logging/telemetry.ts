import type { OtlpExporter } from '../../src/adapters/net/outgoing/otlp-exporter.ts';
import { newEvent } from '../../src/core/alerting/event.ts';
import type { TelemetryReport } from '../../src/core/telemetry/report.ts';
import type { Log } from './log.ts';

/**
 * Sends telemetry. What was not taken is dropped and logged: it is no fault of the function, which would repeat it and
 * raise an alarm. Never rejects.
 */
export async function exportOrDrop(
  exporter: Pick<OtlpExporter, 'export' | 'dropped'>,
  report: TelemetryReport,
  log: Log,
): Promise<void> {
  try {
    await exporter.export(report);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const data = { signal: report.signal, dropped: exporter.dropped.count };
    log.write(newEvent('telemetry-dropped', null, `${report.signal} were not taken: ${why}`, { data }));
  }
}
