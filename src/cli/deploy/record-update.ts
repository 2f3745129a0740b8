import type { Change } from '../../config/changes/change.ts';
import { recordsPlan, type ServiceRecords } from '../../config/plan/records.ts';
import type { RecordPlan } from '../../core/dns/zone-plan.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { seededRandom } from '../../sim/random.ts';
import { type RecordResources, resourcesFrom, updateStack } from '../../sim/world/dns/stack-update.ts';
import { zoneBreaches } from '../../sim/world/dns/zone-rules.ts';

/** Orders in which an update is carried out; CloudFormation chooses any where resources do not need each other. */
const orders = 20;

/**
 * Carries out what CloudFormation would do to the records of each service, one record at a time, and holds every state
 * of the zone on the way against Route 53's own rules.
 *
 * @returns a refused change for each service that cannot come from one to the other
 */
export function refusedRecords(before: Deployment, after: Deployment): readonly Change[] {
  const [then, now] = [before, after].map(
    (deployment) => new Map(recordsPlan(deployment).map((each) => [each.service, each])),
  );
  return [...(now ?? [])].flatMap(([service, plan]) => {
    const old = then?.get(service);
    if (old === undefined || isMadeByFunction(old, plan)) return [];
    const [first] = breachesOf(old, plan);
    if (first === undefined) return [];
    return [
      {
        kind: 'records-refused',
        where: service,
        effect: 'refused',
        message: `Route 53 would refuse a step of the update: ${first}.`,
        hint: 'give the service the new record under another name first, lead clients there, and then remove the old one',
      },
    ];
  });
}

/**
 * Whether a function leads the records from the one to the other, in a zone of another account: it removes what stands
 * in the way of a record right before it makes that, in the same batch (`zone-records.ts`).
 */
function isMadeByFunction(before: ServiceRecords, after: ServiceRecords): boolean {
  return after.account !== undefined && after.account === before.account && after.zoneId === before.zoneId;
}

/** In another zone the records are made beside nothing, and then the old ones are removed in theirs. */
function breachesOf(before: ServiceRecords, after: ServiceRecords): readonly string[] {
  const [old, wanted] = [before, after].map(({ records, zoneId }) => resourcesFrom(records, zoneId)) as [
    RecordResources,
    RecordResources,
  ];
  if (before.zoneId === after.zoneId) return breachesBetween(old, wanted);
  return [...breachesBetween(new Map(), wanted), ...breachesBetween(old, new Map())];
}

function breachesBetween(before: RecordResources, after: RecordResources): readonly string[] {
  const breaches = new Set<string>();
  const note = (zone: readonly RecordPlan[]) => {
    for (const breach of zoneBreaches(zone)) breaches.add(breach);
  };
  for (let seed = 1; seed <= orders; seed += 1) updateStack(before, after, seededRandom(seed), note);
  return [...breaches];
}
