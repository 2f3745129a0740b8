import { credentialsTrouble } from '../../adapters/aws/accounts/identity.ts';
import { AwsClients } from '../../adapters/aws/clients.ts';
import { ExistingRecords, type HostedZone } from '../../adapters/aws/dns/existing-records.ts';
import { deadline } from '../../adapters/system/deadline.ts';
import { type ExistingRecord, proposalFrom, type RecordProposal } from '../../config/existing-records.ts';
import { PortError } from '../../ports/port-error.ts';

/** What Route 53 has of a name, or why nobody knows. */
export type RecordsSeen =
  | {
      readonly kind: 'seen';
      readonly zone: HostedZone;
      readonly records: readonly ExistingRecord[];
      readonly proposal: RecordProposal;
    }
  | { readonly kind: 'unseen'; readonly why: string };

/** Longest time that a person waits for this, in milliseconds. Source: our own, as for `status`. */
const allMs = 3_000;
/** Longest time of one call, in milliseconds: below the whole, so that a slow call is named for what it was. */
const callMs = 2_500;

/** What AWS's answer means for whoever runs the command; nothing here stops it. */
const troubles: Readonly<Record<NonNullable<ReturnType<typeof credentialsTrouble>>, string>> = {
  missing: 'there are no AWS credentials here',
  expired: 'the AWS credentials have expired',
  rejected: 'AWS does not accept the credentials',
};

/**
 * Reads the records of a name with the credentials that the AWS SDK finds, within three seconds. Writes nothing.
 *
 * @param zoneId - the zone that the person has named, if any
 * @param clients - closed at the end
 * @param waitMs - longest time of the whole
 * @returns never rejects: a first configuration can be written without
 */
export async function readExistingRecords(
  name: string,
  zoneId: string | undefined,
  clients: AwsClients = new AwsClients({ callDeadlineMs: callMs }),
  waitMs: number = allMs,
): Promise<RecordsSeen> {
  let cancel = () => {};
  const late = new Promise<RecordsSeen>((resolve) => {
    const why = `Route 53 did not answer within ${waitMs / 1_000} s`;
    cancel = deadline(waitMs, () => resolve({ kind: 'unseen', why }));
  });
  try {
    return await Promise.race([lookUp(new ExistingRecords(clients), name, zoneId), late]);
  } catch (error) {
    return { kind: 'unseen', why: whyNot(error) };
  } finally {
    cancel();
    clients.close();
  }
}

async function lookUp(route53: ExistingRecords, name: string, zoneId: string | undefined): Promise<RecordsSeen> {
  const zones = await route53.zonesOf(name);
  const zone = chooseZone(zones, name, zoneId);
  if (typeof zone === 'string') return { kind: 'unseen', why: zone };
  const records = await route53.recordsOf(zone.id, name);
  return { kind: 'seen', zone, records, proposal: proposalFrom(records) };
}

/** The zone that is meant; a text where nobody can tell. */
function chooseZone(zones: readonly HostedZone[], name: string, zoneId: string | undefined): HostedZone | string {
  const said = zones
    .map(({ id, isPrivate, name: zone }) => `${id} (${zone}${isPrivate ? ', private' : ''})`)
    .join(', ');
  if (zones.length === 0) return `this AWS account has no hosted zone for ${name}`;
  if (zoneId !== undefined) {
    return (
      zones.find(({ id }) => id === zoneId) ?? `zone ${zoneId} is not a zone of ${name} in this account; it has ${said}`
    );
  }
  const open = zones.filter(({ isPrivate }) => !isPrivate);
  const [only] = open;
  if (only !== undefined && open.length === 1) return only;
  if (only === undefined)
    return `this account has only a private zone for ${name}: ${said}; see docs/traffic/private-zone.md`;
  return `this account has several zones for ${name}: ${said}; say which one is delegated, with --zone ID`;
}

function whyNot(error: unknown): string {
  if (!(error instanceof PortError))
    return `the answer cannot be read (${error instanceof Error ? error.message : error})`;
  const trouble = credentialsTrouble(error);
  if (trouble !== null) return troubles[trouble];
  const { kind, detail } = error.fault;
  if (kind === 'denied') {
    return 'these credentials may not route53:ListHostedZonesByName and route53:ListResourceRecordSets';
  }
  if (kind === 'timeout') return 'Route 53 did not answer in time';
  if (kind === 'throttled') return 'Route 53 gets too many requests from this account; try again in a minute';
  return kind === 'unavailable'
    ? `Route 53 cannot be reached (${detail})`
    : `Route 53 refused the question (${detail})`;
}
