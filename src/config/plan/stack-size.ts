import type { Deployment } from '../../core/model/deployment.ts';
import type { Finding } from '../config-error.ts';
import { deploymentAlarms, serviceAlarms } from './alarms.ts';
import { hasClients } from './clients-load.ts';
import { functionsOf } from './function-set.ts';
import { memoryAlarms } from './memories.ts';
import { hasFunctionUrls } from './oracle-fronts.ts';
import { recordsPlan } from './records.ts';
import { schedulesOf } from './schedules.ts';

/**
 * Most resources of one CloudFormation template. Its other limit, 1 MB, is not reached before this one: an alarm, the
 * largest of what there are many of, takes 1 KB. Source: CloudFormation User Guide, "Understand CloudFormation quotas".
 */
const resourcesMax = 500;
/** Of each function: itself, its role, its logs, and what happens when an asynchronous call fails. */
const resourcesOfFunction = 4;
/** Of a region: table, topic and its policy; the rule for changes of alarms, and its permission. */
const resourcesOfRegion = 5;
/** Of a schedule: its rule, and the permission to start the function. */
const resourcesOfSchedule = 2;
/** Of a public function URL: itself, two permissions, and a parameter. */
const resourcesOfPublicUrl = 4;
/** Of a function URL with authorization by IAM: itself and a parameter. */
const resourcesOfSignedUrl = 2;
/**
 * Of the records' stack: two functions, one of which nobody calls asynchronously; the oracles' host names, and the wait
 * for new checks.
 */
const resourcesOfRecords = 2 * resourcesOfFunction + 1;

/** How many resources a stack has. */
export interface StackSize {
  /** A control region, or `records`. */
  readonly stack: string;
  readonly resources: number;
}

/** The stack of health checks and records. */
export const recordsStack = 'records';

/** The stacks of a deployment. Tests hold the sizes against what is synthesized. */
export function stackSizesOf(deployment: Deployment): readonly StackSize[] {
  const { controlRegions, services, notify } = deployment;
  const alarms = [
    memoryAlarms(deployment).length,
    // One more for each service: its composite.
    ...Object.keys(services).map((service) => serviceAlarms(deployment, service).length + 1),
  ];
  const regions = controlRegions.map((region) => ({
    stack: region,
    resources:
      resourcesOfRegion +
      (region === controlRegions[0] ? 1 : 0) +
      schedulesOf(deployment, region).length * resourcesOfSchedule +
      (hasFunctionUrls(deployment) ? resourcesOfPublicUrl : 0) +
      (hasClients(deployment) ? resourcesOfSignedUrl : 0) +
      notify.emails.length +
      deploymentAlarms(deployment, region).length +
      sum(alarms) +
      functionsOf(deployment, region).length * resourcesOfFunction,
  }));
  // All records of a service in another account are one resource.
  const records = recordsPlan(deployment).map(
    ({ checks, records: sets, account }) => checks.length + (account === undefined ? sets.length : 1),
  );
  return records.length === 0
    ? regions
    : [...regions, { stack: recordsStack, resources: resourcesOfRecords + sum(records) }];
}

/** A stack that CloudFormation would refuse, and what to say of it. */
export interface OversizedStack {
  readonly stack: string;
  readonly finding: Finding;
}

/**
 * What CloudFormation would refuse about the stacks of a deployment: the largest stack of a region, and that of the
 * records, if it has more than {@link resourcesMax} resources.
 *
 * Not split over several stacks: alarms and records have names of their own, and one that changes stacks cannot be made
 * in the new before it is gone from the old.
 */
export function oversizedStacks(deployment: Deployment): readonly OversizedStack[] {
  const sizes = stackSizesOf(deployment);
  const region = sizes
    .filter(({ stack }) => stack !== recordsStack)
    .reduce<StackSize | null>((most, size) => (most === null || size.resources > most.resources ? size : most), null);
  const checked = [...(region === null ? [] : [region]), ...sizes.filter(({ stack }) => stack === recordsStack)];
  return checked.filter(isTooLarge).map(({ stack, resources }) => {
    const [owner, things] =
      stack === recordsStack ? ['the records', 'health checks and records'] : [`region ${stack}`, 'alarms'];
    const found = `services that need ${resources} resources in the stack of ${owner}, most of them ${things}`;
    const allowed = `${resourcesMax}, CloudFormation's limit`;
    return { stack, finding: { path: 'services', line: null, found, allowed, hint: hintFor(deployment) } };
  });
}

function isTooLarge({ resources }: StackSize): boolean {
  return resources > resourcesMax;
}

/** Into how many deployments of equal length the services go. */
function hintFor(deployment: Deployment): string {
  const services = Object.entries(deployment.services);
  for (let parts = 2; parts <= services.length; parts += 1) {
    const most = Math.ceil(services.length / parts);
    const slices = Array.from({ length: parts }, (_, part) => services.slice(part * most, (part + 1) * most));
    const fits = slices.every((slice) => {
      const part = { ...deployment, groups: {}, services: Object.fromEntries(slice) };
      return !stackSizesOf(part).some(isTooLarge);
    });
    if (fits) {
      return `split the services over ${parts} deployments of at most ${most} services, each with a name of its own; a group stays in one`;
    }
  }
  return 'take fewer sites or control regions';
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
