import {
  DescribeTargetGroupAttributesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { NamedService } from '../../../core/model/service.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AwsClients } from '../clients.ts';
import { Elbv2LoadBalancers } from '../targets.ts';
import { type BalancerFacts, balancerFindings } from './balancer-audit.ts';
import { SlowFacts } from './slow-facts.ts';

/** Names of the attributes. Source: Elastic Load Balancing API Reference, "TargetGroupAttribute". */
const healthyTargetsMinKey = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count';
const acrossZonesKey = 'load_balancing.cross_zone.enabled';

/** Reads now and then what of a balancer would hinder the move to a site that waits behind it. */
export class BalancerAuditor {
  readonly #clients: AwsClients;
  readonly #facts: SlowFacts<BalancerFacts>;

  constructor(clients: AwsClients, clock: Clock) {
    this.#clients = clients;
    this.#facts = new SlowFacts(clock);
  }

  /**
   * Findings about a site that waits; empty for one that serves, and where nothing is known. Never rejects.
   *
   * @param healthyTargets - of the site, where they are known
   */
  async findingsOf(
    service: NamedService,
    site: string,
    servingSite: string | null,
    healthyTargets: number | undefined,
  ): Promise<readonly string[]> {
    const { targets } = service.traffic;
    if (targets?.targetGroups[site] === undefined || servingSite === null || servingSite === site) return [];
    const facts = await this.#facts.get(`${service.name}/${site}`, () => this.#read(targets, site));
    if (facts === null) return [];
    const zones = Object.keys(targets.targetGroups).flatMap((name) => service.sites[name]?.zone ?? []);
    return balancerFindings(
      { ...facts, ...(healthyTargets === undefined ? {} : { healthyTargets }) },
      { stickinessSeconds: targets.stickinessSeconds, areZonesDifferent: new Set(zones).size > 1 },
    );
  }

  async #read(
    { region, listenerArn, targetGroups }: NonNullable<NamedService['traffic']['targets']>,
    site: string,
  ): Promise<BalancerFacts> {
    const balancers = new Elbv2LoadBalancers(this.#clients);
    const [attributes, stickySeconds] = await Promise.all([
      this.#attributesOf(region, targetGroups[site] ?? ''),
      Promise.all(listenerArn.map((arn) => balancers.readStickySeconds(region, arn))),
    ]);
    const least = Number(attributes.get(healthyTargetsMinKey));
    const across = attributes.get(acrossZonesKey);
    return {
      stickySeconds,
      ...(Number.isInteger(least) ? { healthyTargetsMin: least } : {}),
      ...(across === 'true' || across === 'false' ? { isAcrossZones: across === 'true' } : {}),
    };
  }

  async #attributesOf(region: string, TargetGroupArn: string): Promise<ReadonlyMap<string, string>> {
    const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn });
    const { Attributes } = await this.#clients.call((options) =>
      this.#clients.of(ElasticLoadBalancingV2Client, region).send(command, options),
    );
    return new Map((Attributes ?? []).flatMap(({ Key, Value }) => (Key && Value ? [[Key, Value] as const] : [])));
  }
}
