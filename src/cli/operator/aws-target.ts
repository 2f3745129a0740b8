import { readIdentity } from '../../adapters/aws/accounts/identity.ts';
import { DnsReader, sourcesOnAws } from '../../adapters/aws/checkup/dns-reader.ts';
import { AwsClients } from '../../adapters/aws/clients.ts';
import { type Identity, identityTrouble } from '../../core/checkup/account-checks.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { awsTiming } from '../../core/timing.ts';
import { readConfigFile } from '../deploy/config-file.ts';
import { type Target, targetOver } from './target.ts';

/**
 * Deadline of a call that a person waits for. A new connection to the far side of the world costs about a second, which
 * a watcher cannot wait for. Longer than this, a person wants to hear that nobody answers. Source: our own.
 */
const personDeadlineMs = 2_500;

/**
 * Connects to the deployment that a configuration file describes, with whatever credentials the AWS SDK finds.
 *
 * Nothing outside its control regions is called: their state tables, once their token services, for the account, and
 * for some verbs their oracles and alarms.
 *
 * @throws {FailoverError} CONFIG for a file that is wrong; TARGET for credentials that are missing, over, or of another
 *   account than the deployment's
 */
export async function connectToAws(file: string, signal: AbortSignal): Promise<Target> {
  const deployment = await readConfigFile(file);
  const clients = new AwsClients({ callDeadlineMs: personDeadlineMs });
  try {
    const identity = await unlessAborted(readIdentity(clients, deployment.controlRegions), signal);
    const account = accountOf(identity, deployment, file);
    const where = {
      kind: 'aws',
      account,
      isAccountChecked: identity.kind === 'known',
      regions: deployment.controlRegions,
    } as const;
    const dns = new DnsReader(deployment, sourcesOnAws(clients, deployment, personDeadlineMs));
    const principal = identity.kind === 'known' && identity.arn !== '' ? identity.arn : null;
    const known = { deployment, where, timingProfile: awsTiming, dns, deadlineMs: personDeadlineMs, principal };
    return targetOver(clients, known);
  } catch (error) {
    clients.close();
    throw error;
  }
}

/** The account that is being worked in; null when nobody says. */
function accountOf(identity: Identity, deployment: Deployment, file: string): string | null {
  const trouble = identityTrouble(file, deployment.account, identity);
  if (trouble !== null) {
    const { what, todo, detail } = trouble;
    throw new FailoverError('TARGET', `${what}: ${todo}${detail === null ? '' : ` (${detail})`}`);
  }
  return identity.kind === 'known' ? identity.account : (deployment.account ?? null);
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
