import type { Dials } from '../../../core/kinds/accelerator.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { AcceleratorTraffic } from '../../../core/model/traffic.ts';
import { SimFault } from '../api-call.ts';

/** The traffic dials of all endpoint groups, by ARN. */
export class SimDials {
  readonly #dials = new Map<string, number>();

  /** Makes what the deployment names; what exists stays as it is. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const [name, { traffic }] of Object.entries(deployment.services)) {
      for (const [site, arn] of Object.entries(traffic.accelerator?.endpointGroupArns ?? {}))
        if (!this.#dials.has(arn)) this.#dials.set(arn, site === activeOf(name) ? 100 : 0);
    }
  }

  /** @throws {SimFault} when there is no such endpoint group */
  read(arns: readonly string[]): Dials {
    return Object.fromEntries(arns.map((arn) => [arn, this.#dialOf(arn)]));
  }

  /** Whether anything has changed. */
  write(dials: Dials): boolean {
    const changed = Object.entries(dials).filter(([arn, percent]) => this.#dialOf(arn) !== percent);
    for (const [arn, percent] of changed) this.#dials.set(arn, percent);
    return changed.length > 0;
  }

  /**
   * Sites that new connections are sent to: those whose dial is up and that are healthy. When there is none, the
   * accelerator takes any healthy site, whatever its dial. Source: Global Accelerator Developer Guide, "How failover
   * works for unhealthy endpoints".
   */
  sitesOf({ endpointGroupArns }: AcceleratorTraffic, isHealthy: (site: string) => boolean): readonly string[] {
    const healthy = Object.keys(endpointGroupArns).filter(isHealthy);
    const up = healthy.filter((site) => this.#dialOf(endpointGroupArns[site] ?? '') > 0);
    return up.length > 0 ? up : healthy;
  }

  #dialOf(arn: string): number {
    const dial = this.#dials.get(arn);
    if (dial === undefined) throw new SimFault({ kind: 'invalid', detail: `no endpoint group ${arn}` });
    return dial;
  }
}
