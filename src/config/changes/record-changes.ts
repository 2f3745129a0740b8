import { askedNames } from '../../core/dns/record-values.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { recordsStackName } from '../plan/names.ts';
import { recordsPlan, recordsRegionOf } from '../plan/records.ts';
import type { Change } from './change.ts';

/**
 * What changes of who makes a record. CloudFormation makes a record only where none is, and makes all that a template
 * has before it removes what it has no more. So a record that goes from one hand to another one cannot be made while
 * the first one has it. Source: CloudFormation User Guide, "Update behaviors of stack resources"; Route 53 API
 * Reference, "Change", CREATE.
 */
export function recordChanges(before: Deployment, after: Deployment): readonly Change[] {
  return [...ownerChanges(before, after), ...movedStack(before, after)];
}

/** Who makes the records of a name. */
interface Owner {
  readonly name: string;
  readonly service: string;
  /** The watchers, the stack of the records, or by its number the account in which a function makes them. */
  readonly hand: string;
}

/** Owners by zone and name. */
function ownersOf(deployment: Deployment): ReadonlyMap<string, Owner> {
  const planned = new Map(recordsPlan(deployment).map((each) => [each.service, each]));
  return new Map(
    Object.entries(deployment.services).flatMap(([service, { traffic }]) => {
      const { dns } = traffic;
      if (dns === undefined) return [];
      const plan = planned.get(service);
      const hand = plan === undefined ? 'watchers' : (plan.account ?? 'stack');
      return askedNames(dns).map((name): [string, Owner] => [`${dns.zone.id} ${name}`, { name, service, hand }]);
    }),
  );
}

function ownerChanges(before: Deployment, after: Deployment): readonly Change[] {
  const old = ownersOf(before);
  return [...ownersOf(after)].flatMap(([place, now]) => {
    const then = old.get(place);
    if (then === undefined || isSameOwner(then, now)) return [];
    return [
      {
        kind: 'record-owner-changed',
        where: now.service,
        effect: 'refused',
        ...(then.hand !== now.hand ? otherHand(then, now) : otherService(then, now, after)),
      },
    ];
  });
}

/** The watchers write a record whoever wrote it. */
function isSameOwner(then: Owner, now: Owner): boolean {
  return then.hand === now.hand && (then.service === now.service || now.hand === 'watchers');
}

type Text = Pick<Change, 'message' | 'hint'>;

function otherService(then: Owner, { name, service }: Owner, after: Deployment): Text {
  const isGone = !Object.hasOwn(after.services, then.service);
  return {
    message: `${name} is the record of ${then.service} and cannot be made for ${service} while it is there: the deployment of the records is rolled back, after the regions have gone over to ${service}.`,
    hint: isGone
      ? `keep ${then.service} as the name of the service; or give ${service} a record under another name, lead clients there, and remove ${then.service} in a later deployment`
      : `leave ${name} to ${then.service}; or give ${service} a record under another name, and lead clients there`,
  };
}

function otherHand(then: Owner, { name, hand }: Owner): Text {
  if (then.hand === 'watchers') {
    return {
      message: `The watchers have made ${name}, so it cannot be made once more: the deployment of the records is rolled back, and nobody writes the record any more once the regions are deployed.`,
      hint: `write another record, such as ha.${name}, for the new mode, deploy it, and then make ${name} an alias of it by hand, in one change`,
    };
  }
  if (hand === 'watchers') {
    return {
      message: `Whoever made ${name} may remove it after the watchers have taken it over; and where no record is left in the stack, "cdk deploy" leaves the stack and its records as they are.`,
      hint: `make a record by hand below another name, lead clients there, and remove the record of ${name} in a deployment of its own`,
    };
  }
  return {
    message: `${name} stands in its zone and would be made by another hand: by the stack in the own account, by a function in another one.`,
    hint: 'write the account of the zone as it is deployed; a zone of another account has another id',
  };
}

function movedStack(before: Deployment, after: Deployment): readonly Change[] {
  const [old, next] = [recordsRegionOf(before), recordsRegionOf(after)];
  const isAnywhere = [before, after].every((deployment) => recordsPlan(deployment).length > 0);
  if (old === next || !isAnywhere) return [];
  const stack = recordsStackName(after.name);
  const kept = [...ownersOf(before).keys()].filter((place) => ownersOf(after).has(place));
  const stays = `write recordsRegion: ${old}, and it stays there`;
  return [
    kept.length > 0
      ? {
          kind: 'records-moved',
          where: 'the deployment',
          effect: 'refused',
          message: `The stack ${stack} goes from ${old} to ${next}, where no record can be made that the stack in ${old} has: its deployment is rolled back.`,
          hint: stays,
        }
      : {
          kind: 'records-moved',
          where: 'the deployment',
          effect: 'care',
          message: `The stack ${stack} goes from ${old} to ${next}, and "cdk deploy" leaves the one in ${old} with its records as it is.`,
          hint: `${stays}; or delete it in ${old} once no client asks for the names in it`,
        },
  ];
}
