import { AwsClients } from '../../adapters/aws/clients.ts';
import { readIdentity } from '../../adapters/aws/identity.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { credentialsCheck } from '../../core/checkup/account-checks.ts';
import { type Check, exitOf, worstFirst } from '../../core/checkup/check.ts';
import { checkUp } from '../../core/checkup/checkup.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { readDeployment, unreadDeployment } from '../../core/operator/table-survey.ts';
import { awsTiming } from '../../core/timing.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import { readConfigFile } from '../deploy/config-file.ts';
import { showCheckup } from '../show/checkup.ts';
import { duration } from '../show/layout.ts';
import { withProgress } from '../simulate/progress.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { findPlace } from './connection.ts';
import { isMissingTable } from './fault-explanation.ts';
import { connectToLab } from './lab-target.ts';
import { showWhere, type Where } from './location.ts';
import { examineMemories } from './memory-inquiry.ts';
import { examineOracles } from './oracle-inquiry.ts';
import { type Target, targetOver } from './target.ts';

/** Flags of `doctor`. */
export interface DoctorFlags {
  readonly json?: true;
  readonly lab?: string;
  readonly config?: string;
  readonly deployment?: string;
}

/**
 * Longest wait for one answer, in milliseconds. Shorter than other verbs wait: a region that is dark must leave time to
 * listen to the others. Source: our own; a new connection to the far side of the world costs about one second.
 */
const answerMsMax = 1_800;

/** Longest time to listen to the watchers, in milliseconds: most tick every two seconds. Source: our own. */
const listenMsMax = 3_200;

/**
 * Longest wait for all answers together, in milliseconds: the time to listen, and most of one answer that is then under
 * way. Source: our own; with half a second for late reports the whole run takes less than five seconds.
 */
const patienceMs = 3_800;

/** What was found, and where. */
interface Checkup {
  readonly deployment: string;
  readonly where: Where;
  readonly checks: readonly Check[];
}

/**
 * Says whether a failover would work now, the worst first, each finding with what to do.
 *
 * @param file - configuration of a deployment on AWS, as `--config` names it
 * @returns the exit code: 0 only if nothing is bad
 * @throws {FailoverError} USAGE, NOT_RUNNING or CONFIG when there is nothing to check
 */
export async function doctor(file: string | undefined, flags: DoctorFlags, terminal: Terminal): Promise<number> {
  if (file !== undefined && flags.config !== undefined) {
    throw new FailoverError('USAGE', 'FILE and --config name two deployments: give one of them');
  }
  const place = await findPlace({ lab: flags.lab, config: file ?? flags.config });
  const deployment = place.kind === 'lab' ? place.lab.deployment : await readConfigFile(place.file);
  confirmName(deployment, flags.deployment);
  const work = place.kind === 'lab' ? examineLab(connectToLab(place.lab), terminal) : examineAws(deployment, terminal);
  const checkup = await withProgress(terminal, systemClock, work, (ms) => `looking and listening, ${duration(ms)}`);
  terminal.signal.throwIfAborted();
  if (flags.json) printJson(terminal, checkup);
  else {
    terminal.out(`${showWhere(checkup.deployment, checkup.where)}\n`);
    terminal.out(`${showCheckup(checkup.checks, terminal.page)}\n`);
  }
  return exitOf(checkup.checks);
}

function confirmName({ name }: Deployment, meant: string | undefined): void {
  if (meant === undefined || meant === name) return;
  throw new FailoverError(
    'USAGE',
    `--deployment says ${meant}, and this is ${name}: name the file of the one you mean`,
  );
}

async function examineLab(target: Target, terminal: Terminal): Promise<Checkup> {
  try {
    const checks = await examineTables(target, terminal);
    return { deployment: target.deployment.name, where: target.where, checks };
  } finally {
    target.close();
  }
}

/**
 * Asks whose the credentials are while the tables are read, because there is little time. With credentials of nobody,
 * or of another account, nothing else would say anything of this deployment, and is left out.
 */
async function examineAws(deployment: Deployment, terminal: Terminal): Promise<Checkup> {
  const { name, account = null, controlRegions: regions } = deployment;
  const clients = new AwsClients({ callDeadlineMs: answerMsMax });
  try {
    const where: Where = { kind: 'aws', account, isAccountChecked: false, regions };
    const target = targetOver(clients, { deployment, where, timingProfile: awsTiming, deadlineMs: answerMsMax });
    const [identity, tables, oracles, memories] = await Promise.all([
      readIdentity(clients, regions),
      examineTables(target, terminal),
      examineOracles(clients, deployment, patienceMs),
      examineMemories(clients, deployment),
    ]);
    const credentials = credentialsCheck(name, deployment.account, identity);
    const found = [credentials, ...tables, ...oracles, ...memories];
    const checks = credentials.state === 'bad' ? [credentials] : worstFirst(found);
    const known = identity.kind === 'known' ? { account: identity.account, isAccountChecked: true } : {};
    return { deployment: name, where: { ...where, ...known }, checks };
  } finally {
    clients.close();
  }
}

/**
 * Reads the state tables and listens to the watchers, for a limited time.
 *
 * @param target - where each call has its own deadline
 */
export async function examineTables(
  { deployment, ports, readSilent }: Omit<Target, 'close'>,
  { signal }: Pick<Terminal, 'signal'>,
): Promise<readonly Check[]> {
  const ended = new AbortController();
  const reading = runRoutine(readDeployment(deployment, listenMsMax), ports, AbortSignal.any([signal, ended.signal]));
  const late = systemClock.sleep(patienceMs, ended.signal).then(() => null);
  late.catch(() => undefined);
  const read = await Promise.race([reading, late]).finally(() => ended.abort());
  const view = read ?? unreadDeployment(deployment, `no answer within ${duration(patienceMs)}`);
  const silent = await readSilent();
  const missing = Object.keys(silent).filter((region) => isMissingTable(silent[region] ?? ''));
  return checkUp(deployment, { view, silent, missing }, ports.clock.wallMs());
}
