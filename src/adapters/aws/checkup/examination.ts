import { awsChecks } from '../../../core/checkup/aws-checks.ts';
import type { Check } from '../../../core/checkup/check.ts';
import { notDeployed } from '../../../core/checkup/checkup.ts';
import { memoryChecks } from '../../../core/checkup/memory-checks.ts';
import { oracleChecks } from '../../../core/checkup/oracle-checks.ts';
import { type AccountExamination, examineAccount } from './account-inquiry.ts';
import { DnsReader, sourcesOnAws } from './dns-reader.ts';
import { examineTables, reportedTables } from './table-inquiry.ts';

/** From where, and for how long, a deployment is looked at. */
export interface Examination extends AccountExamination {
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

/**
 * Everything that is checked of a deployment on AWS, for a person and for the hourly run alike: what neither of them is
 * asked, such as whose the credentials are, is not here. Changes nothing.
 */
export async function examineDeployment(examination: Examination): Promise<readonly Check[]> {
  const { deployment, clients, times, signal } = examination;
  const { name, account = null } = deployment;
  const tables = reportedTables(clients, { deployment: name, account, deadlineMs: times.answerMsMax });
  const dns = new DnsReader(deployment, sourcesOnAws(clients, deployment, times.patienceMs));
  try {
    const [found, { oracles, memories }, ofAccount] = await Promise.all([
      examineTables(deployment, { ...tables, dns }, times, signal),
      dns.readWithin(times.patienceMs),
      examineAccount(examination),
    ]);
    const isDeployed = found.every(({ name }) => name !== notDeployed);
    return [
      ...found,
      ...oracleChecks(oracles ?? {}),
      ...memoryChecks(deployment, memories ?? {}),
      ...awsChecks(ofAccount, isDeployed),
    ];
  } finally {
    dns.close();
  }
}
