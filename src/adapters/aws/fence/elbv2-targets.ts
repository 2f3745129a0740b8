import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  type TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { FenceState } from '../../../core/kinds/fence.ts';
import type { AwsClients } from '../clients.ts';
import { afterAll } from '../settlement.ts';

/** One registration of a target; a target may have several, on different ports. */
interface Registration {
  readonly id: string;
  readonly target: TargetDescription;
  /** Whether the target is draining: it gets no new connections, and keeps its present ones. */
  readonly isDraining: boolean;
}

/**
 * FenceState of targets by taking them out of their target group.
 *
 * A draining target is neither isolated nor released. Its requests and connections go on, and may write, until the
 * group's deregistration delay is over. The delay is `deregistration_delay.timeout_seconds`, by default five minutes.
 * Even a target without connections is draining until then. A run waits for it while the region answers. For proof of
 * the fence at once, set the delay to 0. After the delay, a Network Load Balancer
 * cuts established connections only with `deregistration_delay.connection_termination.enabled`. Source: Elastic Load
 * Balancing, "Edit target group attributes".
 *
 * Nothing is stored: a target returns on the port of its group, in the zone of its address. A target that was
 * registered on a port of its own is cut off like the others, and a person must register it there again.
 */
export class Elbv2Targets {
  readonly #clients: AwsClients;

  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /** @throws {PortError} `invalid` when the region has no such target group */
  async readIsolation(region: string, targetGroupArn: string, targetIds: readonly string[]): Promise<FenceState> {
    const registered = await this.#registrations(region, targetGroupArn, targetIds);
    return {
      isIsolated: registered.length === 0,
      isReleased: targetIds.every((id) => isServed(registered, id)),
      ...(registered.length > 0 && registered.every(({ isDraining }) => isDraining) ? { isClosing: true } : {}),
    };
  }

  /**
   * Takes out every registration, whatever its port. Each target is put back by a call of its own, so that a missing
   * target does not keep the others out.
   *
   * @throws {PortError} the first fault, after every target was tried
   */
  async setIsolation(
    region: string,
    targetGroupArn: string,
    targetIds: readonly string[],
    isIsolated: boolean,
  ): Promise<void> {
    const registered = await this.#registrations(region, targetGroupArn, targetIds);
    if (isIsolated) {
      const targets = registered.flatMap(({ isDraining, target }) => (isDraining ? [] : [target]));
      if (targets.length > 0) await this.#deregister(region, targetGroupArn, targets);
      return;
    }
    const missing = targetIds.filter((id) => !isServed(registered, id));
    await afterAll(missing.map((id) => this.#register(region, targetGroupArn, id)));
  }

  /** Asks for all of the group: asked for by id alone, a target on a port of its own would look unregistered. */
  async #registrations(
    region: string,
    targetGroupArn: string,
    targetIds: readonly string[],
  ): Promise<readonly Registration[]> {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    const { TargetHealthDescriptions } = await this.#clients.call((options) =>
      this.#clients.of(ElasticLoadBalancingV2Client, region).send(command, options),
    );
    return (TargetHealthDescriptions ?? []).flatMap(({ Target, TargetHealth }) => {
      const id = Target?.Id;
      if (id === undefined || !targetIds.includes(id) || TargetHealth?.Reason === 'Target.NotRegistered') return [];
      return [{ id, target: Target as TargetDescription, isDraining: TargetHealth?.State === 'draining' }];
    });
  }

  async #deregister(region: string, targetGroupArn: string, targets: TargetDescription[]): Promise<void> {
    const command = new DeregisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets: targets });
    await this.#clients.call((options) =>
      this.#clients.of(ElasticLoadBalancingV2Client, region).send(command, options),
    );
  }

  async #register(region: string, targetGroupArn: string, id: string): Promise<void> {
    const command = new RegisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets: [{ Id: id }] });
    await this.#clients.call((options) =>
      this.#clients.of(ElasticLoadBalancingV2Client, region).send(command, options),
    );
  }
}

function isServed(registered: readonly Registration[], id: string): boolean {
  return registered.some((one) => one.id === id && !one.isDraining);
}
