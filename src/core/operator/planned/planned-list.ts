import { secondOf } from '../../calendar/pause.ts';
import { describePlanned } from '../../calendar/planned-words.ts';
import { type Deployment, serviceOf } from '../../model/deployment.ts';
import type { PlannedSwitchover } from '../../register/planned-switchover.ts';
import type { Routine } from '../../routine.ts';
import { composeServiceView } from '../../tables/service-view.ts';
import type { OperatorResult } from '../result.ts';
import { noRegister, readTables } from '../table-survey.ts';

/** What `cdk-failover switchover --list --json` prints. */
export interface PlannedJson {
  /** By service: what is planned, or `none`; `unborn` without a register; null where no majority of tables answers. */
  readonly services: Readonly<Record<string, PlannedSwitchover | 'none' | 'unborn' | null>>;
  /** Control regions whose table gave no answer, and why. */
  readonly silent: Readonly<Record<string, string>>;
}

/** Lists the switchovers that are planned for every service, or for one. */
export function* showPlanned(deployment: Deployment, asked: string | null): Routine<OperatorResult> {
  const names = asked === null ? Object.keys(deployment.services) : [asked];
  const services = names.map((name) => serviceOf(deployment, name));
  const { views, silent } = yield* readTables(deployment, services);
  const planned = Object.fromEntries(
    services.map((service): [string, PlannedJson['services'][string]] => {
      const view = composeServiceView(deployment, service, views, {}).register;
      if (view.kind === 'absent') return [service.name, 'unborn'];
      return [service.name, 'register' in view ? (view.register.planned ?? 'none') : null];
    }),
  );
  const lines = Object.entries(planned).map(([name, plan]) => `${name}: ${lineOf(plan)}`);
  const json: PlannedJson = { services: planned, silent };
  return { exit: Object.values(planned).includes(null) ? 1 : 0, message: lines.join('\n'), json };
}

function lineOf(plan: PlannedJson['services'][string]): string {
  if (plan === null) return 'no majority of state tables answers';
  if (plan === 'unborn') return noRegister;
  if (plan === 'none') return 'nothing is planned';
  return `${describePlanned(plan)}, until ${secondOf(plan.latestMs)}, by ${plan.by}: ${plan.reason}`;
}
