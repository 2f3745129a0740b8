import { readIdentity } from '../../adapters/aws/accounts/identity.ts';
import { examineDeployment } from '../../adapters/aws/checkup/examination.ts';
import { examineTables } from '../../adapters/aws/checkup/table-inquiry.ts';
import { AwsClients } from '../../adapters/aws/clients.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { credentialsCheck } from '../../core/checkup/account-checks.ts';
import { type Check, checkupVersion, exitOf, worstFirst } from '../../core/checkup/check.ts';
import { personTimes } from '../../core/checkup/checkup-times.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { bootstrapQualifierFor } from '../deploy/bootstrap-qualifier.ts';
import { readConfigFile } from '../deploy/config-file.ts';
import { showCheckup } from '../show/checkup.ts';
import { duration } from '../show/layout.ts';
import { withProgress } from '../simulate/progress.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { confirmName } from './confirmation.ts';
import { findPlace } from './connection.ts';
import { connectToLab } from './lab-target.ts';
import { showWhere, type Where } from './location.ts';
import type { Target } from './target.ts';

/** Flags of `doctor`. */
export interface DoctorFlags {
  readonly json?: true;
  readonly lab?: string;
  readonly config?: string;
  readonly deployment?: string;
}

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
  const work =
    place.kind === 'lab' ? examineLab(connectToLab(place.lab), terminal) : examineAws(place.file, deployment, terminal);
  const checkup = await withProgress(terminal, systemClock, work, (ms) => `looking and listening, ${duration(ms)}`);
  terminal.signal.throwIfAborted();
  if (flags.json) printJson(terminal, { version: checkupVersion, ...checkup });
  else {
    terminal.out(`${showWhere(checkup.deployment, checkup.where)}\n`);
    terminal.out(`${showCheckup(checkup.checks, terminal.page)}\n`);
  }
  return exitOf(checkup.checks);
}

async function examineLab(target: Target, terminal: Terminal): Promise<Checkup> {
  try {
    const checks = await examineTables(target.deployment, target, personTimes, terminal.signal);
    return { deployment: target.deployment.name, where: target.where, checks };
  } finally {
    target.close();
  }
}

/**
 * Asks whose the credentials are while the tables are read, because there is little time. With credentials of nobody,
 * or of another account, nothing else would say anything of this deployment, and is left out.
 */
async function examineAws(file: string, deployment: Deployment, terminal: Terminal): Promise<Checkup> {
  const { name, account = null, controlRegions: regions } = deployment;
  const clients = new AwsClients({ callDeadlineMs: personTimes.answerMsMax });
  try {
    const where: Where = { kind: 'aws', account, isAccountChecked: false, regions };
    const [identity, found] = await Promise.all([
      readIdentity(clients, regions),
      examineDeployment({
        deployment,
        clients,
        times: personTimes,
        bootstrapQualifier: bootstrapQualifierFor(file),
        signal: terminal.signal,
      }),
    ]);
    const credentials = credentialsCheck(name, deployment.account, identity);
    const checks = credentials.state === 'bad' ? [credentials] : worstFirst([credentials, ...found]);
    const known = identity.kind === 'known' ? { account: identity.account, isAccountChecked: true } : {};
    return { deployment: name, where: { ...where, ...known }, checks };
  } finally {
    clients.close();
  }
}
