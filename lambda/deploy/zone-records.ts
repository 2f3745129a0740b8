import { batchesOf, type Declared, declaredChanges, placeOf } from '../../src/adapters/aws/dns/zone-records.ts';
import type { Route53Dns } from '../../src/adapters/aws/dns.ts';
import { isTransient } from '../../src/core/fault.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { PortError } from '../../src/ports/port-error.ts';
import type { ProviderEvent, ZoneRecords } from './deploy-event.ts';

/** Longest time in which a step is tried again, in milliseconds. The function has thirteen minutes. */
const triesMsMax = 5 * 60_000;

/**
 * How long a refusal is taken for a role that is not known yet, in milliseconds: a new role takes seconds until every
 * region knows it. Source: IAM User Guide, "Troubleshoot IAM", "Changes that I make are not always immediately
 * visible".
 */
const deniedMsMax = 60_000;

const pauseMs = 5_000;

/**
 * Wait for a batch whose answer was lost, in milliseconds: nobody can ask whether it is in sync. Source: Route 53 API
 * Reference, "ChangeResourceRecordSets", "Change Propagation to Route 53 DNS Servers": 60 seconds, as a rule.
 */
const settleMs = 60_000;

/** Records of one zone, as far as a deployment needs them. */
export type Zone = Pick<Route53Dns, 'changeZone'>;

/** Where the records are: in another place, an update makes them anew, and CloudFormation has the old ones removed. */
export function zoneRecordsId({ Account, ZoneId, Service }: ZoneRecords): string {
  return [Account, ZoneId, Service].join('/');
}

/**
 * What an event of CloudFormation asks for: what the stack had declared in this zone, and what it declares now.
 */
export function declaredIn(
  { RequestType, OldResourceProperties: old }: ProviderEvent,
  wish: ZoneRecords,
): Declared & { readonly isNew: boolean } {
  if (RequestType === 'Delete') return { former: wish.Records, wanted: [], isNew: false };
  const isHere = RequestType === 'Update' && old?.Account === wish.Account && old.ZoneId === wish.ZoneId;
  return { former: isHere ? (old.Records ?? []) : [], wanted: wish.Records, isNew: !isHere };
}

/**
 * Leads a zone of another account from what a stack had declared to what it declares.
 *
 * Everything is tried again from what the zone then holds, so that a lost answer, a throttled call or half of the work
 * is no end. Where a new resource fails for good, what it made is removed: CloudFormation does not ask for that.
 *
 * @throws {PortError} for what stays refused: nothing is removed before all that shall be is there
 */
export async function deployRecords(
  zone: Zone,
  zoneId: string,
  { isNew, ...declared }: Declared & { readonly isNew: boolean },
  clock: Clock,
): Promise<void> {
  const made = new Set<string>();
  try {
    await carryOut(zone, zoneId, declared, clock, made);
  } catch (error) {
    const own = declared.wanted.filter((record) => made.has(placeOf(record)));
    if (isNew && own.length > 0) {
      await carryOut(zone, zoneId, { former: own, wanted: [] }, clock, new Set()).catch(() => {});
    }
    throw error;
  }
}

async function carryOut(
  zone: Zone,
  zoneId: string,
  declared: Declared,
  clock: Clock,
  made: Set<string>,
): Promise<void> {
  const startedAtMs = clock.monotonicMs();
  let isUncertain = false;
  let isRefusedTwice = false;
  for (;;) {
    let isSent = false;
    try {
      await zone.changeZone(
        zoneId,
        (held) => batchesOf(declaredChanges(held, declared, made)),
        (batch) => {
          isSent = true;
          for (const { Action, ResourceRecordSet: set } of batch)
            if (set && Action === 'CREATE') made.add(placeOf(set));
        },
      );
      if (isUncertain) await clock.sleep(settleMs);
      return;
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      isUncertain ||= isSent;
      // A batch whose answer was lost is sent again by the connection, and refused then, because it was taken.
      const isWorthALook = error.fault.kind === 'invalid' && isSent && !isRefusedTwice;
      if (isWorthALook) isRefusedTwice = true;
      else if (clock.monotonicMs() - startedAtMs >= limitMsOf(error)) throw error;
      await clock.sleep(pauseMs);
    }
  }
}

function limitMsOf({ fault }: PortError): number {
  if (fault.kind === 'denied') return deniedMsMax;
  return isTransient(fault) ? triesMsMax : 0;
}
