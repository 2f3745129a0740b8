import type { Notification } from '../alerting/notification.ts';
import type { NamedService } from '../model/service.ts';
import type { OpinionItem } from '../tables/opinion-item.ts';
import { bad, type Check, ok, unknown } from './check.ts';

/**
 * What a watcher cannot check or repair, by the alerts that watchers have open; and whether the record in a zone of
 * another account can be reached, which is tried every few seconds.
 *
 * @param items - of the watchers that were heard, by region
 */
export function driftChecks(
  service: NamedService,
  items: Readonly<Record<string, Pick<OpinionItem, 'notifications'> | undefined>>,
): readonly Check[] {
  const heard = Object.values(items).filter((item) => item !== undefined);
  const stuck = heard
    .flatMap(({ notifications = {} }) => Object.values(notifications))
    .filter(({ alarm, isOpen, event }) => alarm === 'drift-stuck' && isOpen && event.service === service.name);
  const account = editedZoneAccount(service);
  const ofRole = stuck.filter((each) => account !== null && isDeniedRecord(each));
  return [
    ...(account === null ? [] : [zoneRoleCheck(service.name, account, heard.length > 0, ofRole.length > 0)]),
    ...stuck.filter((each) => !ofRole.includes(each)).map((each) => driftCheck(service.name, each)),
  ];
}

/** Account of the zone in which a record is edited; null where it is the deployment's own, or nothing is edited. */
function editedZoneAccount({ traffic: { dns } }: NamedService): string | null {
  return (dns?.mode === 'records' ? dns.zone.account : undefined) ?? null;
}

function isDeniedRecord({ event: { data } }: Notification): boolean {
  return data.thing === 'dns' && data.why === 'denied';
}

function zoneRoleCheck(service: string, account: string, isAnyHeard: boolean, isDenied: boolean): Check {
  const asked = { name: 'role', subject: service };
  if (!isAnyHeard) return unknown(asked, `nobody says whether the record in account ${account} can be reached`);
  if (!isDenied) return ok(asked, `no watcher is denied the record in account ${account}`);
  return bad(
    asked,
    `the record in account ${account} cannot be edited: the role there cannot be taken, or is not for it`,
    `have the owner of ${account} deploy its stack of roles, with the same externalId (docs/sites/accounts.md)`,
  );
}

function driftCheck(service: string, { event: { detail, data } }: Notification): Check {
  const asked = { name: 'drift', subject: service };
  return bad(asked, detail, `look at the log of the function ${data.thing} (runbook: drift-stuck)`);
}
