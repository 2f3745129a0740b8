import type { Check } from '../../../core/checkup/check.ts';
import type { CheckupTimes } from '../../../core/checkup/checkup-times.ts';
import { memoryChecks } from '../../../core/checkup/memory-checks.ts';
import { oracleChecks } from '../../../core/checkup/oracle-checks.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { AwsClients } from '../clients.ts';
import { DnsReader, sourcesOnAws } from './dns-reader.ts';
import { examineTables, reportedTables } from './table-inquiry.ts';

/** From where, and for how long, a deployment is looked at. */
export interface Examination {
  readonly deployment: Deployment;
  /** Waits `times.answerMsMax` for one answer. */
  readonly clients: AwsClients;
  readonly times: CheckupTimes;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

/**
 * Everything that is checked of a deployment on AWS, for a person and for the hourly run alike: what neither of them is
 * asked, such as whose the credentials are, is not here. Changes nothing.
 */
export async function examineDeployment({
  deployment,
  clients,
  times,
  signal,
}: Examination): Promise<readonly Check[]> {
  const { name, account = null } = deployment;
  const tables = reportedTables(clients, { deployment: name, account, deadlineMs: times.answerMsMax });
  const dns = new DnsReader(deployment, sourcesOnAws(clients, deployment, times.patienceMs));
  try {
    const [found, { oracles, memories }] = await Promise.all([
      examineTables(deployment, { ...tables, dns }, times, signal),
      dns.readWithin(times.patienceMs),
    ]);
    return [...found, ...oracleChecks(oracles ?? {}), ...memoryChecks(deployment, memories ?? {})];
  } finally {
    dns.close();
  }
}
