import type { FunctionHost } from './function-host.ts';

/** EventBridge fires once a minute; here three times as often, so that a test sees watchers succeed each other. */
export const schedulePeriodMs = 20_000;

/** Fires the watchers, each region at moments of its own. */
export class Schedule {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /**
   * @param count - events fired at each turn: EventBridge promises at least one
   */
  start(watchers: readonly FunctionHost[], count = 1): void {
    for (const [place, host] of watchers.entries()) {
      const fire = () => {
        for (let each = 0; each < count; each += 1) {
          host.invokeAsync({ source: 'aws.events', 'detail-type': 'Scheduled Event', region: host.spec.region });
        }
      };
      fire();
      const offsetMs = (schedulePeriodMs * place) / watchers.length;
      const first = setTimeout(
        () => {
          this.#timers.set(host.spec.region, setInterval(fire, schedulePeriodMs));
          fire();
        },
        schedulePeriodMs / 2 + offsetMs,
      );
      this.#timers.set(host.spec.region, first);
    }
  }

  /** No more events in the region, or anywhere. */
  stop(region?: string): void {
    for (const [each, timer] of this.#timers) {
      if (region !== undefined && region !== each) continue;
      clearInterval(timer);
      this.#timers.delete(each);
    }
  }
}
