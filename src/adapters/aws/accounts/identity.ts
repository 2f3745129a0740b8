import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readProfile } from '../../../config/env.ts';
import type { Identity } from '../../../core/checkup/account-checks.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { toPortError } from '../faults.ts';

/** Names of errors that say that the time of credentials is over. Source: common errors of the AWS APIs. */
const expiredNames = ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'];
/** Names of errors that say that a region does not know the credentials. */
const rejectedNames = [
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'AuthFailure',
];

/**
 * Asks the security token service of each region, all at once; the first that knows the caller is believed.
 *
 * Credentials count as expired or rejected only when no region accepts them. A region that the account has not enabled,
 * or whose clock is wrong, may refuse valid ones. Never throws.
 *
 * @param regions - the only regions that are asked
 */
export async function readIdentity(clients: AwsClients, regions: readonly string[]): Promise<Identity> {
  const faults: PortError[] = [];
  const asked = regions.map(async (region) => {
    try {
      return await ask(clients, region);
    } catch (error) {
      faults.push(toPortError(error));
      throw error;
    }
  });
  try {
    return await Promise.any(asked);
  } catch {
    return judge(faults);
  }
}

async function ask(clients: AwsClients, region: string): Promise<Identity> {
  const command = new GetCallerIdentityCommand({});
  const { Account, Arn } = await clients.call((options) => clients.of(STSClient, region).send(command, options));
  if (!Account) throw new PortError({ kind: 'invalid', detail: `the answer of ${region} names no account` });
  return { kind: 'known', account: Account, arn: Arn ?? '' };
}

function judge(faults: readonly PortError[]): Identity {
  const kinds = new Set(faults.map(credentialsTrouble));
  const [kind] = kinds;
  const detail = faults[0]?.fault.detail ?? 'nobody was asked';
  return kinds.size === 1 && kind ? { kind, detail, profile: readProfile() } : { kind: 'unknown', detail };
}

/**
 * What a fault says of the credentials themselves; null when it is about something else.
 *
 * @param error - as `AwsClients.call` throws it
 */
export function credentialsTrouble(error: PortError): 'missing' | 'expired' | 'rejected' | null {
  const { name, message } = error.cause instanceof Error ? error.cause : error;
  if (expiredNames.includes(name)) return 'expired';
  if (rejectedNames.includes(name)) return 'rejected';
  if (name !== 'CredentialsProviderError' && name !== 'TokenProviderError') return null;
  return /expired/i.test(message) ? 'expired' : 'missing';
}
