import { AwsClients } from '../../adapters/aws/clients.ts';
import { type Identity, readIdentity } from '../../adapters/aws/identity.ts';
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
 * Nothing outside its control regions is called: their state tables, and once their token services, for the account.
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
    return targetOver(clients, { deployment, where, timingProfile: awsTiming, deadlineMs: personDeadlineMs });
  } catch (error) {
    clients.close();
    throw error;
  }
}

/** The account that is being worked in; null when nobody says. */
function accountOf(identity: Identity, deployment: Deployment, file: string): string | null {
  switch (identity.kind) {
    case 'known':
      if (deployment.account === undefined || deployment.account === identity.account) return identity.account;
      throw wrong(
        `${file} is for account ${deployment.account}, and these credentials are for ${identity.account} (${identity.arn}): choose others with AWS_PROFILE`,
      );
    case 'missing':
      throw wrong(
        `no AWS credentials: run "aws sso login" or "aws configure", or set AWS_PROFILE (${identity.detail})`,
      );
    case 'expired':
      throw wrong(`the AWS credentials have expired: sign in again, as with "aws sso login" (${identity.detail})`);
    case 'rejected':
      throw wrong(`AWS does not take these credentials: choose others with AWS_PROFILE (${identity.detail})`);
    case 'unknown':
      return deployment.account ?? null;
  }
}

function wrong(message: string): FailoverError {
  return new FailoverError('TARGET', message);
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
