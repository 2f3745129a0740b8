import type { ControlStates } from '../../../core/kinds/controls.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { ControlsTraffic } from '../../../core/model/traffic.ts';
import { SimFault } from '../api-call.ts';

/** The routing controls of every cluster, by ARN. */
export class SimControls {
  readonly #states = new Map<string, boolean>();

  /** Makes what the deployment names; what exists stays as it is. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const [name, { traffic }] of Object.entries(deployment.services)) {
      for (const [site, arn] of Object.entries(traffic.controls?.routingControlArns ?? {}))
        if (!this.#states.has(arn)) this.#states.set(arn, site === activeOf(name));
    }
  }

  /** @throws {SimFault} when there is no such routing control */
  read(arns: readonly string[]): ControlStates {
    return Object.fromEntries(arns.map((arn) => [arn, this.#isOn(arn)]));
  }

  /** Whether anything has changed. */
  write(states: ControlStates): boolean {
    const changed = Object.entries(states).filter(([arn, isOn]) => this.#isOn(arn) !== isOn);
    for (const [arn, isOn] of changed) this.#states.set(arn, isOn);
    return changed.length > 0;
  }

  /**
   * Sites that are named to clients: those whose control is on. When all are off, Route 53 answers as if all were on.
   * Source: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured".
   */
  sitesOf({ routingControlArns }: ControlsTraffic): readonly string[] {
    const sites = Object.keys(routingControlArns);
    const on = sites.filter((site) => this.#isOn(routingControlArns[site] ?? ''));
    return on.length > 0 ? on : sites;
  }

  #isOn(arn: string): boolean {
    const isOn = this.#states.get(arn);
    if (isOn === undefined) throw new SimFault({ kind: 'invalid', detail: `no routing control ${arn}` });
    return isOn;
  }
}
