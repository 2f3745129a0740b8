import { type Change, isEqual, newIn, type ServicePair } from './change.ts';

/** What changes of that which steers clients. */
export function switchChanges({ before, after }: ServicePair): readonly Change[] {
  const where = after.name;
  const [then, now] = [before.traffic, after.traffic].map(setOnly) as [Switches, Switches];
  const both = Object.keys(now).filter((name) => Object.hasOwn(then, name));
  return [
    ...newIn(then, now).map(
      (name): Change => ({
        kind: 'switch-added',
        where: `${where} (traffic.${name})`,
        effect: 'care',
        message: 'Within a minute it is set to what the register says, whatever it is now.',
        hint: 'check by "cdk-failover status" that the active site is the one that it leads to now',
      }),
    ),
    ...newIn(now, then).map(
      (name): Change => ({
        kind: 'switch-removed',
        where: `${where} (traffic.${name})`,
        effect: 'care',
        message:
          name === 'dns'
            ? 'The records are removed, so the name answers nothing.'
            : 'It stays as it is and follows no move any more.',
        hint: 'make sure that clients come another way before this is deployed',
      }),
    ),
    ...both.filter((name) => name !== 'dns' && !isEqual(then[name], now[name])).map((name) => changed(where, name)),
    ...lastResortRemoved({ before, after }),
    ...recordChanges({ before, after }),
  ];
}

type Switches = Readonly<Record<string, unknown>>;

function setOnly(traffic: ServicePair['before']['traffic']): Switches {
  return Object.fromEntries(Object.entries(traffic).filter(([, value]) => value !== undefined));
}

function changed(service: string, name: string): Change {
  return {
    kind: 'switch-changed',
    where: `${service} (traffic.${name})`,
    effect: 'care',
    message:
      'What is named now is set to what the register says, within a minute; what is named no more stays as it is.',
    hint: 'deploy while no run is open, and clean up what is named no more by hand',
  };
}

/** Where watchers edit weights, nothing keeps the deployment from taking the endpoint's record away. */
function lastResortRemoved({ before, after }: ServicePair): readonly Change[] {
  const [then, now] = [before.traffic.dns, after.traffic.dns];
  if (then?.lastResort === undefined || now === undefined || now.lastResort !== undefined) return [];
  const served =
    then.mode !== 'records'
      ? 'the deployment of the records waits, and is rolled back after ten minutes'
      : then.policy === 'weighted'
        ? 'its record is removed all the same, and clients are answered with sites that are down'
        : 'the record stays as it is';
  return [
    {
      kind: 'last-resort-removed',
      where: after.name,
      effect: 'care',
      message: `From now on clients stay at a site that is down. While the static endpoint serves, ${served}.`,
      hint: 'deploy while "cdk-failover status" says PROTECTED',
    },
  ];
}

function recordChanges({ before, after }: ServicePair): readonly Change[] {
  const [then, now] = [before.traffic.dns, after.traffic.dns];
  if (then === undefined || now === undefined) return [];
  // Of a zone of another account that is left, `zone-changes.ts` speaks.
  if (then.zone.account !== undefined && !isEqual(then.zone, now.zone)) return [];
  const namesOf = (dns: typeof then) =>
    [dns.record, ...(dns.moreRecords ?? [])].map((name) => `${dns.zone.id} ${name}`);
  const lost = namesOf(then).filter((name) => !namesOf(now).includes(name));
  if (lost.length === 0) return [];
  const names = lost.map((name) => name.split(' ')[1]).join(', ');
  // Paths of oracles go by the zone (ADR 19), and the regions are deployed before the records.
  const isUnasked = then.mode === 'oracle' && then.zone.id !== now.zone.id;
  return [
    {
      kind: 'record-changed',
      where: after.name,
      effect: 'care',
      // Of no stack is a record that watchers write.
      ...(then.mode === 'records' && then.policy === 'failover'
        ? {
            message: `The new record is made, and ${names} stays as it is: nobody writes it any more.`,
            hint: `deploy while no run is open, and then make ${names} an alias of the new record by hand, in one change`,
          }
        : {
            message: isUnasked
              ? `${names} is made in zone ${now.zone.id} and then removed in zone ${then.zone.id}. Oracles know the old checks' questions no more once their regions are deployed: from then until the records are, votes are missing.`
              : `The new record is made first, and then ${names} is removed and answers nothing.`,
            hint: isUnasked
              ? `deploy it while the first site serves, once clients ask zone ${now.zone.id} or are led there`
              : 'deploy both names first (record: [NEW, OLD]), and remove the old one when no client asks for it',
          }),
    },
  ];
}
