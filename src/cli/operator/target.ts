import type { DnsReader } from '../../adapters/aws/checkup/dns-reader.ts';
import { type ReportedTables, reportedTables } from '../../adapters/aws/checkup/table-inquiry.ts';
import type { AwsClients } from '../../adapters/aws/clients.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Command } from '../../core/operator/command.ts';
import type { TimingProfile } from '../../core/timing.ts';
import type { Where } from './location.ts';

/** A deployment within reach. */
export interface Target extends ReportedTables {
  readonly deployment: Deployment;
  readonly where: Where;
  /** What the deployment runs in, for the times that are shown. */
  readonly timingProfile: TimingProfile;
  /** Reads what Route 53 follows: votes and memories. */
  readonly dns: Pick<DnsReader, 'read' | 'latest'>;
  /** ARN of who asks, by AWS's word; null where AWS does not say. Absent away from AWS. */
  readonly principal?: string | null;
  /** Closes the connections. */
  readonly close: () => void;
}

/** What is known of a deployment before anybody has talked to it. */
export interface Known extends Pick<Target, 'deployment' | 'where' | 'timingProfile' | 'principal'> {
  readonly dns: DnsReader;
  /** How long the clients wait for one answer. */
  readonly deadlineMs: number;
}

/** The command as whoever is connected gives it: an approval is signed by what AWS calls them. */
export function signed(command: Command, { principal }: Pick<Target, 'principal'>): Command {
  return command.verb === 'approve' && principal !== undefined ? { ...command, principal } : command;
}

/** A deployment by its state tables, which is all that an operator needs of it. */
export function targetOver(clients: AwsClients, known: Known): Target {
  const { deployment, where, timingProfile, dns, deadlineMs, principal } = known;
  const account = where.kind === 'aws' ? where.account : null;
  const tables = reportedTables(clients, { deployment: deployment.name, account, deadlineMs });
  const close = () => {
    dns.close();
    clients.close();
  };
  return { ...tables, deployment, where, timingProfile, dns, close, ...(principal === undefined ? {} : { principal }) };
}
