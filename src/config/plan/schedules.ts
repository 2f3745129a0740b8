import type { Deployment } from '../../core/model/deployment.ts';
import { doctorRegionsOf } from './function-set.ts';
import { scheduleName } from './names.ts';

/** What starts a function of a control region again and again. */
export interface SchedulePlan {
  readonly kind: 'watcher' | 'doctor';
  readonly name: string;
  readonly description: string;
  /** Source of the form: EventBridge User Guide, "Creating a rule that runs on a schedule". */
  readonly expression: string;
}

const minutesPerHour = 60;
/** A small odd prime: names that differ in one letter get other minutes. Source: our own. */
const spread = 31;

/** The schedules of a control region. */
export function schedulesOf(deployment: Deployment, region: string): readonly SchedulePlan[] {
  const { name } = deployment;
  const minute = doctorMinute(deployment, region);
  return [
    {
      kind: 'watcher',
      name: scheduleName(name, 'watcher'),
      description: `Starts a watcher of ${name}`,
      expression: 'rate(1 minute)',
    },
    ...(minute === null
      ? []
      : [
          {
            kind: 'doctor' as const,
            name: scheduleName(name, 'doctor'),
            description: `Checks whether a failover of ${name} would work`,
            expression: `cron(${minute} * * * ? *)`,
          },
        ]),
  ];
}

/**
 * The minute at which a region checks: another one for each deployment, so that not all call at once, and the regions
 * of one deployment take turns. Null where it does not check.
 */
function doctorMinute(deployment: Deployment, region: string): number | null {
  const regions = doctorRegionsOf(deployment);
  const place = regions.indexOf(region);
  if (place < 0) return null;
  const first = [...deployment.name].reduce((sum, letter) => (sum * spread + letter.charCodeAt(0)) % minutesPerHour, 0);
  return (first + Math.floor((place * minutesPerHour) / regions.length)) % minutesPerHour;
}
