import type { AwsClients } from '../../adapters/aws/clients.ts';
import type { Change } from '../../config/changes/change.ts';
import { changesBetween } from '../../config/changes/changes.ts';
import { ConfigError, type Finding } from '../../config/config-error.ts';
import type { LintFinding } from '../../config/lint/finding.ts';
import { lintDeployment } from '../../config/lint/lint.ts';
import { type ClientsLoad, clientsLoadOf, type OracleLoad, oracleLoadOf } from '../../config/plan/clients-load.ts';
import { type ConcurrencyNeed, concurrencyNeed } from '../../config/plan/concurrency.ts';
import { type DnsSize, dnsSizeOf } from '../../config/plan/dns-size.ts';
import { oversizedStacks } from '../../config/plan/stack-size.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { ValidateFlags } from '../program.ts';
import { showChanges } from '../show/changes.ts';
import { plural, wrapAll } from '../show/layout.ts';
import { showLint } from '../show/lint.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { readConfigFile } from './config-file.ts';
import type { FindRunning, Running } from './running-deployment.ts';

/** What `cdk-failover validate --json` prints of each file. */
export type FileReport =
  | {
      readonly file: string;
      readonly isValid: true;
      readonly services: number;
      readonly sites: number;
      readonly controlRegions: number;
      /** What is held in Route 53; null where nothing is. */
      readonly dns: DnsSize | null;
      /** What Route 53's checkers ask of each oracle, and how much of it is served; null where nothing asks them. */
      readonly oracle: OracleLoad | null;
      /** What clients inside the account ask for, and how much of it is served; null where there are none. */
      readonly clients: ClientsLoad | null;
      /** What the functions of a control region need of the account's concurrent executions. */
      readonly concurrency: ConcurrencyNeed;
      /** What the fault-domain lint finds; open are those with `acceptedBecause` null. */
      readonly lint: readonly LintFinding[];
      /** With `--against`: what follows when it is deployed where the other one runs. */
      readonly changes?: readonly Change[];
      /** With `--against aws`: what was read there, and what could not be. */
      readonly notes?: readonly string[];
    }
  | { readonly file: string; readonly isValid: false; readonly error: string; readonly findings: readonly Finding[] };

/**
 * Checks configuration files: lists everything that is wrong with any of them, what CloudFormation would refuse, and
 * what one lost region would break; with `--against`, what follows from deploying it where another one runs.
 *
 * @returns the exit code: 2 when one file is wrong or a change is refused, else 1 when a finding of the lint is neither
 *   mended nor accepted
 * @param clients - for `--against aws`; left out: with the credentials of the process
 * @throws {FailoverError} CONFIG when the file to compare with cannot be used, NOT_RUNNING when nothing runs on AWS
 */
export async function validate(
  files: readonly string[],
  flags: ValidateFlags,
  terminal: Terminal,
  clients?: AwsClients,
): Promise<number> {
  const findRunning = flags.against === undefined ? null : await finderOf(flags.against, clients);
  const reports = await Promise.all(files.map((file) => check(file, findRunning)));
  if (flags.json) printJson(terminal, { files: reports });
  for (const report of reports) {
    if (!report.isValid) terminal.err(`${report.error}\n`);
    else if (!flags.json) terminal.out(`${wrapAll(describe(report), terminal.page.width)}\n`);
  }
  if (!reports.every((report) => report.isValid && !isRefused(report.changes))) return 2;
  return reports.some((report) => report.isValid && openIn(report.lint).length > 0) ? 1 : 0;
}

function isRefused(changes: readonly Change[] = []): boolean {
  return changes.some(({ effect }) => effect === 'refused');
}

async function finderOf(against: string, clients?: AwsClients): Promise<FindRunning> {
  // The SDK comes with it, which nothing else here needs.
  const { runningBy } = await import('./running-deployment.ts');
  return await runningBy(against, clients);
}

async function check(file: string, findRunning: FindRunning | null): Promise<FileReport> {
  let deployment: Deployment;
  try {
    deployment = await readConfigFile(file);
    const oversized = oversizedStacks(deployment).map(({ finding }) => finding);
    if (oversized.length > 0) throw new ConfigError(file, oversized);
  } catch (error) {
    if (!(error instanceof FailoverError)) throw error;
    const findings = error instanceof ConfigError ? error.findings : [];
    return { file, isValid: false, error: error.message, findings };
  }
  const running = await runningFor(findRunning, deployment);
  return {
    file,
    isValid: true,
    ...sizeOf(deployment),
    dns: dnsSizeOf(deployment),
    oracle: oracleLoadOf(deployment),
    clients: clientsLoadOf(deployment),
    concurrency: concurrencyNeed(deployment),
    lint: lintDeployment(deployment),
    ...(running && { changes: await changesFrom(running.deployments, deployment) }),
    ...(running && running.notes.length > 0 && { notes: running.notes }),
  };
}

async function runningFor(findRunning: FindRunning | null, next: Deployment): Promise<Running | null> {
  return findRunning === null ? null : findRunning(next);
}

/** What follows for each of those that run; what follows for several of them is said once. */
async function changesFrom(running: readonly Deployment[], next: Deployment): Promise<readonly Change[]> {
  // The rules of Route 53 come with the simulator, which nothing else here needs.
  const { refusedRecords } = await import('./record-update.ts');
  const all = running.flatMap((one) => [...changesBetween(one, next), ...refusedRecords(one, next)]);
  return [...new Map(all.map((change) => [JSON.stringify(change), change])).values()];
}

function sizeOf({ services, controlRegions }: Deployment) {
  const all = Object.values(services);
  const sites = all.reduce((count, service) => count + Object.keys(service.sites).length, 0);
  return { services: all.length, sites, controlRegions: controlRegions.length };
}

function describe(report: FileReport & { readonly isValid: true }): string {
  const { file, services, sites, controlRegions, lint, changes, notes = [] } = report;
  const { dns, oracle, clients, concurrency } = report;
  const size = [plural(services, 'service'), plural(sites, 'site'), plural(controlRegions, 'control region')];
  const open = openIn(lint).length;
  const verdict = open === 0 ? 'ok' : `valid, but ${plural(open, 'finding')}`;
  const head = `${file}: ${verdict} (${size.join(', ')})`;
  const parts = [
    head,
    ...(dns === null ? [] : [showDns(dns)]),
    ...(oracle === null ? [] : [showOracle(oracle)]),
    ...(clients === null ? [] : [showClients(clients)]),
    showConcurrency(concurrency),
    ...(lint.length === 0 ? [] : [showLint(lint)]),
    ...notes.map((note) => `  ${note}`),
    ...(changes ? [showChanges(changes)] : []),
  ];
  return parts.join('\n');
}

function showDns({ healthChecks, healthChecksByDefault, aliasDepth }: DnsSize): string {
  const checks = `${plural(healthChecks, 'health check')}, of ${healthChecksByDefault} in an account by default`;
  return `  Route 53 holds ${checks}; its aliases are ${aliasDepth} deep`;
}

function showOracle({ askedPerSecond, servedPerSecond, checks, checksMax }: OracleLoad): string {
  const asked = `each oracle is asked ${tenthsOf(askedPerSecond)} times a second, by ${plural(checks, 'check')}`;
  return `  ${asked}; ${servedPerSecond} are served: enough for ${checksMax} checks`;
}

function tenthsOf(perSecond: number): number {
  return Math.round(perSecond * 10) / 10;
}

function showClients({ askedPerSecond, servedPerSecond, fleetMax }: ClientsLoad): string {
  return `  clients ask ${tenthsOf(askedPerSecond)} times a second in each control region, and ${servedPerSecond} are served: enough for ${fleetMax} programs`;
}

function showConcurrency({ region, reserved, quotaMin }: ConcurrencyNeed): string {
  return `  Lambda reserves ${reserved} concurrent executions in ${region}: the account needs a quota of ${quotaMin} in each control region`;
}

function openIn(lint: readonly LintFinding[]): readonly LintFinding[] {
  return lint.filter(({ acceptedBecause }) => acceptedBecause === null);
}
