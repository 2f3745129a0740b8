import {
  DescribeLoadBalancerAttributesCommand,
  DescribeTargetGroupAttributesCommand,
  ElasticLoadBalancingV2Client,
  type LoadBalancerAttribute,
  type TargetGroupAttribute,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { networkBalancerOf } from '../../../config/schema/aws-id.ts';
import type { NamedService } from '../../../core/model/service.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AwsClients } from '../clients.ts';
import { Elbv2LoadBalancers } from '../targets.ts';
import { type BalancerFacts, balancerFindings } from './balancer-audit.ts';
import type { TargetCounts } from './healthy-targets.ts';
import { SlowFacts } from './slow-facts.ts';

/**
 * Names of the attributes. A group has `off` in place of a percentage, and the last of them in place of a flag where
 * the balancer decides, which has an attribute of the same name. Source: Elastic Load Balancing API Reference,
 * "TargetGroupAttribute" and "LoadBalancerAttribute".
 */
const healthyTargetsMinKey = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count';
const healthyPercentMinKey = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage';
const acrossZonesKey = 'load_balancing.cross_zone.enabled';
const asBalancer = 'use_load_balancer_configuration';

type Attributes = ReadonlyMap<string, string>;

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
   * @param counts - of the site's targets, where they are known
   */
  async findingsOf(
    service: NamedService,
    site: string,
    servingSite: string | null,
    counts: TargetCounts | undefined,
  ): Promise<readonly string[]> {
    const { targets } = service.traffic;
    if (targets?.targetGroups[site] === undefined || servingSite === null || servingSite === site) return [];
    const facts = await this.#facts.get(`${service.name}/${site}`, () => this.#read(targets, site));
    if (facts === null) return [];
    const zones = Object.keys(targets.targetGroups).flatMap((name) => service.sites[name]?.zone ?? []);
    return balancerFindings(
      { ...facts, ...(counts === undefined ? {} : { targets: counts }) },
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
    const percent = Number(attributes.get(healthyPercentMinKey));
    const across = await this.#acrossZones(region, listenerArn, attributes);
    return {
      stickySeconds,
      ...(Number.isInteger(least) ? { healthyTargetsMin: least } : {}),
      ...(Number.isInteger(percent) ? { healthyPercentMin: percent } : {}),
      ...(across === 'true' || across === 'false' ? { isAcrossZones: across === 'true' } : {}),
    };
  }

  /**
   * A Network Load Balancer stays in the zone unless it is told otherwise; an Application Load Balancer never does.
   * Source: Elastic Load Balancing, "Cross-zone load balancing for target groups", of either.
   */
  async #acrossZones(
    region: string,
    listenerArns: readonly string[],
    attributes: Attributes,
  ): Promise<string | undefined> {
    const said = attributes.get(acrossZonesKey);
    const balancer = listenerArns.flatMap((arn) => networkBalancerOf(arn) ?? [])[0];
    if (said !== asBalancer || balancer === undefined) return said;
    const command = new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: balancer });
    const { Attributes: its } = await this.#clients.call((options) =>
      this.#clients.of(ElasticLoadBalancingV2Client, region).send(command, options),
    );
    return byKey(its).get(acrossZonesKey);
  }

  async #attributesOf(region: string, TargetGroupArn: string): Promise<Attributes> {
    const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn });
    const { Attributes: its } = await this.#clients.call((options) =>
      this.#clients.of(ElasticLoadBalancingV2Client, region).send(command, options),
    );
    return byKey(its);
  }
}

function byKey(attributes: readonly (LoadBalancerAttribute | TargetGroupAttribute)[] = []): Attributes {
  return new Map(attributes.flatMap(({ Key, Value }) => (Key && Value ? [[Key, Value] as const] : [])));
}
