import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import type { DnsZone } from '../../core/model/traffic.ts';
import { accountStackName, recordsStackName } from '../plan/names.ts';
import { recordsPlan } from '../plan/records.ts';
import type { Change } from './change.ts';

/**
 * What changes of deployed records in hosted zones of other accounts. A role there is for the names that the account's
 * stack was deployed with, so it matters which stack comes first (ADR 26).
 */
export function zoneChanges(before: Deployment, after: Deployment): readonly Change[] {
  return [...nameChanges(before, after), ...movedZones(before, after)];
}

function nameChanges(before: Deployment, after: Deployment): readonly Change[] {
  const kept = Object.keys(after.accounts ?? {}).filter((account) => before.accounts?.[account] !== undefined);
  return kept.flatMap((account): readonly Change[] => {
    const [then, now] = [namesIn(before, account), namesIn(after, account)];
    const added = now.filter(([, name]) => !then.some(([, other]) => other === name)).map(([, name]) => name);
    // Of a zone that is left altogether, `movedZones` speaks.
    const removed = then
      .filter(([zone, name]) => isStillUsed(after, zone) && !now.some(([, other]) => other === name))
      .map(([, name]) => name);
    if (added.length === 0 && removed.length === 0) return [];
    return [namesChanged(after, account, added, removed)];
  });
}

/** Names that clients ask for, of records that are deployed in an account, with their zones. */
function namesIn(deployment: Deployment, account: string): readonly (readonly [zone: string, name: string])[] {
  return recordsPlan(deployment)
    .filter((records) => records.account === account)
    .flatMap(({ zoneId, askedNames }) => askedNames.map((name) => [zoneId, name] as const));
}

function isStillUsed({ services }: Deployment, zone: string): boolean {
  return Object.values(services).some(({ traffic }) => traffic.dns?.zone.id === zone);
}

function namesChanged(
  after: Deployment,
  account: string,
  added: readonly string[],
  removed: readonly string[],
): Change {
  const where = `account ${account}`;
  const [roles, records] = [accountStackName(after.name, account), recordsStackName(after.name)];
  if (added.length > 0 && removed.length > 0) {
    return {
      kind: 'zone-names-replaced',
      where,
      effect: 'refused',
      message: `The role there would be for ${added.join(', ')} and not for ${removed.join(', ')}, which could not be removed: the deployment of the records would be rolled back.`,
      hint: 'deploy both first (record: [NEW, OLD]), and leave the old one out in a deployment of its own',
    };
  }
  return added.length > 0
    ? {
        kind: 'zone-names-added',
        where,
        effect: 'care',
        message: `The role there is for ${added.join(', ')} only once its stack is deployed; until then the deployment of the records is rolled back.`,
        hint: `have its owner deploy ${roles} first`,
      }
    : {
        kind: 'zone-names-removed',
        where,
        effect: 'care',
        message: `Once the stack of its roles is deployed, nothing may remove ${removed.join(', ')} there.`,
        hint: `deploy ${records} first, by its name, and have the owner of the account deploy ${roles} then`,
      };
}

/** Zones of other accounts that a service leaves: the role there is no longer for them, so nothing is removed. */
function movedZones(before: Deployment, after: Deployment): readonly Change[] {
  const left = recordsPlan(before).filter(({ account }) => account !== undefined);
  return left.flatMap(({ service, zoneId, account, askedNames }): readonly Change[] => {
    const now = Object.hasOwn(after.services, service) ? serviceOf(after, service).traffic.dns?.zone : undefined;
    if (now === undefined || isSame(now, zoneId, account)) return [];
    return [
      {
        kind: 'zone-moved',
        where: service,
        effect: 'care',
        message: `The records are made in zone ${now.id}, and ${askedNames.join(', ')} in zone ${zoneId} of account ${account} stays as it is, with checks that are gone. Oracles know the old checks' questions no more once their regions are deployed.`,
        hint: 'deploy it while the first site serves; remove the records there by hand once no client asks that zone',
      },
    ];
  });
}

function isSame(zone: DnsZone, id: string, account: string | undefined): boolean {
  return zone.id === id && zone.account === account;
}
