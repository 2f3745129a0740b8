import type { Check } from '../../../core/checkup/check.ts';
import { checkUp } from '../../../core/checkup/checkup.ts';
import type { CheckupTimes } from '../../../core/checkup/checkup-times.ts';
import { passedTime } from '../../../core/checkup/passed-time.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { readDeployment, unreadDeployment } from '../../../core/operator/table-survey.ts';
import type { Ports } from '../../../ports/ports.ts';
import { runRoutine } from '../../../ports/routine-runner.ts';
import { tableHandlers } from '../../../ports/state-tables.ts';
import { systemClock } from '../../system/clock.ts';
import { systemRng } from '../../system/rng.ts';
import type { AwsClients } from '../clients.ts';
import { DynamoDbStateTables } from '../tables/dynamodb-state-tables.ts';
import type { DnsReader } from './dns-reader.ts';
import { explainFault, isMissingTable, type TableCall } from './fault-explanation.ts';
import { RegionReports } from './region-reports.ts';

/** The state tables of a deployment, for somebody who wants to be told why one of them does not answer. */
export interface ReportedTables {
  /** What operators use: state tables, clock and randomness. */
  readonly ports: Ports;
  /** Control regions whose table did not answer when it was last asked, and why, in words. */
  readonly readSilent: () => Promise<Readonly<Record<string, string>>>;
}

/** Connects to the state tables of a deployment. */
export function reportedTables(clients: AwsClients, call: TableCall): ReportedTables {
  const reports = new RegionReports((error) => explainFault(error, call));
  const tables = new DynamoDbStateTables({
    clients,
    deployment: call.deployment,
    rng: systemRng,
    clock: systemClock,
  });
  return {
    ports: {
      clock: systemClock,
      rng: systemRng,
      handlers: {
        ...tableHandlers(reports.listenTo(tables)),
        // What an operator did is in the register's history; the log belongs to the watchers.
        log: async () => null,
      },
    },
    readSilent: () => reports.list((ms) => systemClock.sleep(ms)),
  };
}

/**
 * Reads the state tables and listens to the watchers, for a limited time.
 *
 * @param tables - where each call has its own deadline; where votes and memories are read too, what they say beside
 * @param signal - ends it before that
 */
export async function examineTables(
  deployment: Deployment,
  { ports, dns, readSilent }: ReportedTables & { readonly dns?: Pick<DnsReader, 'read'> },
  { listenMsMax, patienceMs }: CheckupTimes,
  signal?: AbortSignal,
): Promise<readonly Check[]> {
  const inquiry = dns?.read();
  const ended = new AbortController();
  const signals = [ended.signal, ...(signal === undefined ? [] : [signal])];
  const reading = runRoutine(readDeployment(deployment, listenMsMax), ports, AbortSignal.any(signals));
  const late = systemClock.sleep(patienceMs, ended.signal).then(() => null);
  late.catch(() => undefined);
  const read = await Promise.race([reading, late]).finally(() => ended.abort());
  const view = read ?? unreadDeployment(deployment, `no answer within ${passedTime(patienceMs)}`);
  const silent = await readSilent();
  const missing = Object.keys(silent).filter((region) => isMissingTable(silent[region] ?? ''));
  return checkUp(deployment, { view, silent, missing, readings: inquiry?.soFar() }, ports.clock.wallMs());
}
