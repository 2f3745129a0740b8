import type { WorkSeen } from '../../../core/kinds/work.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { Work } from '../../../core/model/site.ts';
import type { Scheduler } from '../../scheduler.ts';

/** What an event source mapping takes to turn on or off. Rules and schedules do so at once. */
const turnMs = 20_000;

/** What begins work by itself, in each region. */
export class SimWork {
  readonly #scheduler: Scheduler;
  readonly #seen = new Map<string, WorkSeen>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Makes what the deployment names, on at the active site; what exists stays as it is. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const [service, { sites }] of Object.entries(deployment.services)) {
      for (const [site, { region, work }] of Object.entries(sites)) {
        if (region === undefined) continue;
        for (const one of work) {
          const key = keyOf(region, one);
          if (!this.#seen.has(key)) this.#seen.set(key, activeOf(service) === site ? 'on' : 'off');
        }
      }
    }
  }

  read(region: string, one: Work): WorkSeen {
    return this.#seen.get(keyOf(region, one)) ?? 'off';
  }

  /** Whether the write changed anything. What is turning already takes no other change. */
  turn(region: string, one: Work, isOn: boolean): boolean {
    const key = keyOf(region, one);
    if (this.read(region, one) !== (isOn ? 'off' : 'on')) return false;
    const end: WorkSeen = isOn ? 'on' : 'off';
    const isSlow = one.kind === 'event-source-mapping';
    this.#seen.set(key, isSlow ? (isOn ? 'turning-on' : 'turning-off') : end);
    if (isSlow) this.#scheduler.after(turnMs, () => this.#seen.set(key, end));
    return true;
  }

  /** A stranger turns something on or off. */
  set(region: string, one: Work, isOn: boolean): void {
    this.#seen.set(keyOf(region, one), isOn ? 'on' : 'off');
  }
}

function keyOf(region: string, one: Work): string {
  switch (one.kind) {
    case 'eventbridge-rule':
      return `${region}/rule/${one.bus}/${one.name}`;
    case 'eventbridge-schedule':
      return `${region}/schedule/${one.group}/${one.name}`;
    case 'event-source-mapping':
      return `${region}/${one.uuid}`;
  }
}
