import { partitionOf, usualPartition } from '../../../config/regions.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients, Credentials, CredentialsSource } from '../clients.ts';

/** A role in another account, and how it is taken. */
export interface RoleToTake {
  readonly account: string;
  readonly name: string;
  readonly externalId: string;
  /** Who takes it, for the records of the other account. */
  readonly sessionName: string;
  /** Region whose STS is asked: the caller's own, so that no other region is needed. */
  readonly region: string;
}

/**
 * Length of a session in seconds. It is the longest: a function has its own role from STS, and a role that is taken by
 * such a one is held for an hour at most. Source: STS API Reference, "AssumeRole", `DurationSeconds`.
 */
const sessionSeconds = 3_600;

/**
 * Time before the end of credentials at which they count as over, in milliseconds. A call that is under way must end
 * before they do. Source: our own; the SDK takes five minutes too, and asks again from then on.
 */
const marginMs = 300_000;

/** Pause after a renewal that failed while the credentials are still good, in milliseconds. Source: our own. */
const renewalPauseMs = 60_000;

/** Credentials that are held. */
interface Held {
  readonly credentials: Credentials;
  /** From then on they are renewed; epoch milliseconds. */
  readonly renewAtMs: number;
  /** From then on they count as over; epoch milliseconds. */
  readonly endMs: number;
}

/**
 * Credentials of a role in another account. They are taken once for all clients, and renewed from half their life on:
 * an outage of STS is not noticed before the other half is over.
 *
 * @param clients - with the credentials of the process itself; their deadline bounds each call to STS
 * @returns a source that throws a `PortError`: `denied` when there is no such role, or it does not trust the caller
 */
export function assumedRole(clients: AwsClients, clock: Clock, role: RoleToTake): CredentialsSource {
  let held: Held | null = null;
  let pending: Promise<Held> | null = null;
  const renew = () => {
    pending ??= take(clients, clock, role).finally(() => {
      pending = null;
    });
    return pending;
  };
  return async () => {
    const nowMs = clock.wallMs();
    const isGood = held !== null && nowMs < held.endMs;
    if (held !== null && isGood && nowMs < held.renewAtMs) return held.credentials;
    try {
      held = await renew();
    } catch (error) {
      if (held === null || !isGood) throw error;
      held = { ...held, renewAtMs: nowMs + renewalPauseMs };
    }
    return held.credentials;
  };
}

/** The client is imported once a role is taken: most deployments are in one account. */
async function take(clients: AwsClients, clock: Clock, role: RoleToTake): Promise<Held> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { account, name, externalId, sessionName, region } = role;
  // A role is in the partition of whoever takes it: none is trusted from another one.
  const partition = partitionOf(region) ?? usualPartition;
  const command = new AssumeRoleCommand({
    RoleArn: `arn:${partition}:iam::${account}:role/${name}`,
    RoleSessionName: sessionName,
    ExternalId: externalId,
    DurationSeconds: sessionSeconds,
  });
  const { Credentials: given } = await clients
    .call((options) => clients.of(STSClient, region).send(command, options))
    .catch((error: unknown) => {
      throw explained(error, role);
    });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new PortError({ kind: 'unavailable', detail: `sts:AssumeRole of ${name} gave no credentials` });
  }
  const nowMs = clock.wallMs();
  const renewAtMs = nowMs + (Expiration.getTime() - nowMs) / 2;
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    // The SDK's clients keep what they were given until the margin before this, and then ask here again.
    expiration: new Date(renewAtMs + marginMs),
  };
  return { credentials, renewAtMs, endMs: Expiration.getTime() - marginMs };
}

/** STS gives the same answer for a role that is not there and for one that trusts somebody else. */
function explained(error: unknown, { account, name }: RoleToTake): unknown {
  if (!(error instanceof PortError)) return error;
  const { kind, detail } = error.fault;
  const way = 'deploy the stack of roles there, with the same externalId (docs/sites/accounts.md)';
  const text =
    kind === 'denied' ? `role ${name} of account ${account} cannot be taken: ${way}` : `sts:AssumeRole: ${detail}`;
  return new PortError({ kind, detail: text }, error.cause);
}
