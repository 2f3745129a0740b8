import { type EndpointGroups, endpointWeight } from '../../../core/kinds/accelerator.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { AcceleratorTraffic } from '../../../core/model/traffic.ts';
import { SimFault } from '../api-call.ts';

/** A group as the account holds it. */
interface Group {
  dial: number;
  /** Weights of its endpoints by id. */
  readonly weights: Map<string, number>;
}

/** The traffic dials of all endpoint groups by ARN, and the weights of their endpoints. */
export class SimDials {
  readonly #groups = new Map<string, Group>();

  /** Makes what the deployment names; what exists stays as it is. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const [name, { traffic }] of Object.entries(deployment.services)) {
      if (traffic.accelerator === undefined) continue;
      const { endpointGroupArns, endpointIds = {} } = traffic.accelerator;
      const active = activeOf(name);
      for (const [site, arn] of Object.entries(endpointGroupArns)) {
        const dial = arn === endpointGroupArns[active] ? 100 : 0;
        const group = this.#groups.get(arn) ?? { dial, weights: new Map() };
        this.#groups.set(arn, group);
        for (const id of endpointIds[site] ?? [])
          if (!group.weights.has(id)) group.weights.set(id, site === active ? endpointWeight : 0);
      }
    }
  }

  /** @throws {SimFault} when there is no such endpoint group, or no such endpoint in it */
  read(groups: EndpointGroups): EndpointGroups {
    return Object.fromEntries(
      Object.entries(groups).map(([arn, { weights }]) => {
        const ids = Object.keys(weights);
        return [
          arn,
          { dial: this.#group(arn).dial, weights: Object.fromEntries(ids.map((id) => [id, this.#weightOf(arn, id)])) },
        ];
      }),
    );
  }

  /** Whether anything has changed. */
  write(groups: EndpointGroups): boolean {
    const before = this.read(groups);
    for (const [arn, { dial, weights }] of Object.entries(groups)) {
      const group = this.#group(arn);
      group.dial = dial;
      for (const [id, weight] of Object.entries(weights)) group.weights.set(id, weight);
    }
    return JSON.stringify(before) !== JSON.stringify(this.read(groups));
  }

  /**
   * Sites that new connections are sent to: those whose dial is up, that have a weight and are healthy. When there is
   * none, the accelerator ignores dials, and then weights too. Source: Global Accelerator Developer Guide, "How
   * failover works for unhealthy endpoints".
   */
  sitesOf(its: AcceleratorTraffic, isHealthy: (site: string) => boolean): readonly string[] {
    const healthy = Object.keys(its.endpointGroupArns).filter(isHealthy);
    const weighed = healthy.filter((site) => this.#weightShare(its, site) > 0);
    const up = weighed.filter((site) => this.shareOf(its, site) > 0);
    return [up, weighed, healthy].find(({ length }) => length > 0) ?? [];
  }

  /** How far a site is up, in percent: its dial, and of that what its least weight is of a full one. */
  shareOf(its: AcceleratorTraffic, site: string): number {
    return this.#group(its.endpointGroupArns[site] ?? '').dial * this.#weightShare(its, site);
  }

  /** A stranger sets dials, in percent by site; where endpoints are declared, their weights. */
  misplace({ endpointGroupArns, endpointIds }: AcceleratorTraffic, percents: Readonly<Record<string, number>>): void {
    for (const [site, arn] of Object.entries(endpointGroupArns)) {
      const group = this.#group(arn);
      const percent = percents[site] ?? 0;
      if (endpointIds === undefined) group.dial = percent;
      else if (percent > 0) group.dial = 100;
      for (const id of endpointIds?.[site] ?? []) group.weights.set(id, Math.round((percent / 100) * endpointWeight));
    }
  }

  #weightShare({ endpointGroupArns, endpointIds }: AcceleratorTraffic, site: string): number {
    const ids = endpointIds?.[site];
    if (ids === undefined) return 1;
    return Math.min(...ids.map((id) => this.#weightOf(endpointGroupArns[site] ?? '', id))) / endpointWeight;
  }

  #weightOf(arn: string, id: string): number {
    const weight = this.#group(arn).weights.get(id);
    if (weight === undefined) throw new SimFault({ kind: 'invalid', detail: `${id} is no endpoint of its group` });
    return weight;
  }

  #group(arn: string): Group {
    const group = this.#groups.get(arn);
    if (group === undefined) throw new SimFault({ kind: 'invalid', detail: `no endpoint group ${arn}` });
    return group;
  }
}
