import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  InvalidConfigurationRequestException,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type TargetGroupStickinessConfig as Stickiness,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetsThing } from '../../core/kinds/targets.ts';
import { targetWeightMax } from '../../core/register/share.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';

type Weights = Readonly<Record<string, number>>;

/** Weight of a target group for which the API gives none, because it is the only one of its action. */
const weightOfOne = 1;

/**
 * Weights of the forward action of a listener's default, or of a listener rule; the ARN says which.
 *
 * A write replaces the whole list of actions, and the API has no conditional writes. An edit of the same listener
 * between the read and the write is lost. A weight of 0 keeps a target group in the action, so that its targets are
 * still checked; the targets of a group without an action are not.
 */
export class Elbv2LoadBalancers {
  readonly #clients: AwsClients;

  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /** @throws {PortError} `invalid` when there is no such listener or rule, or it forwards to no target group */
  async readWeights(region: string, listenerArn: string): Promise<Weights> {
    return weightsOf(forwardOf(await this.#readActions(region, listenerArn), listenerArn));
  }

  /**
   * How long a cookie keeps a client at a target group, in seconds; 0 for not at all.
   *
   * @throws {PortError} `invalid` as above
   */
  async readStickySeconds(region: string, listenerArn: string): Promise<number> {
    const { ForwardConfig } = forwardOf(await this.#readActions(region, listenerArn), listenerArn);
    const { Enabled = false, DurationSeconds = 0 } = ForwardConfig?.TargetGroupStickinessConfig ?? {};
    return Enabled ? DurationSeconds : 0;
  }

  /**
   * Target groups that are named and not there yet are added; those that are there and not named are left out.
   *
   * A cookie wins over weights: clients that have one go on to a group of weight 0. So stickiness is switched off with
   * the write that gives a group the weight 0. AWS refuses that while the targets of a group are sticky by themselves.
   * Then the groups of weight 0 are left out, where no cookie leads; their targets are not checked until they are back.
   * Sources: AWS re:Post, "ALB to automatically redirect traffic"; aws-load-balancer-controller, issue 2734, for the
   * refusal.
   *
   * @param stickinessSeconds - how long clients stay at a group while every group has a share; undefined: as it is
   * @throws {PortError} `invalid` as above, and when a weight is not a whole number from 0 to 999, when no target group
   *   is named, or when the load balancer refuses a target group, such as one of another load balancer
   */
  async setWeights(
    region: string,
    listenerArn: string,
    weights: Weights,
    stickinessSeconds?: number | undefined,
  ): Promise<void> {
    const wrong = Object.entries(weights).find(([, weight]) => !isWeight(weight));
    if (wrong) throw invalid(`weight ${wrong[1]} of ${wrong[0]} is no whole number from 0 to ${targetWeightMax}`);
    if (Object.keys(weights).length === 0) throw invalid(`no target group is named for ${listenerArn}`);
    const actions = await this.#readActions(region, listenerArn);
    const forward = forwardOf(actions, listenerArn);
    const write = (to: Weights, stickiness: Stickiness | undefined) => {
      const changed = actions.map((action) =>
        action === forward ? reweighed(action, to, stickiness) : repeatable(action),
      );
      return this.#writeActions(region, listenerArn, changed);
    };
    const held = forward.ForwardConfig?.TargetGroupStickinessConfig;
    const isAnyLeft = Object.values(weights).some((weight) => weight === 0);
    const wanted = isAnyLeft ? switchedOff(held) : declared(held, stickinessSeconds);
    try {
      await write(weights, wanted);
    } catch (error) {
      if (wanted === held || !isAnyLeft || !isRefused(error)) throw error;
      await write(Object.fromEntries(Object.entries(weights).filter(([, weight]) => weight > 0)), held);
    }
  }

  async #readActions(region: string, arn: string): Promise<readonly Action[]> {
    const client = this.#clients.of(ElasticLoadBalancingV2Client, region);
    if (isRule(arn)) {
      const command = new DescribeRulesCommand({ RuleArns: [arn] });
      const { Rules } = await this.#clients.call((options) => client.send(command, options));
      return found(Rules, ({ RuleArn }) => RuleArn === arn, `${arn} in ${region}`).Actions ?? [];
    }
    const command = new DescribeListenersCommand({ ListenerArns: [arn] });
    const { Listeners } = await this.#clients.call((options) => client.send(command, options));
    return found(Listeners, ({ ListenerArn }) => ListenerArn === arn, `${arn} in ${region}`).DefaultActions ?? [];
  }

  /** What a request leaves out, such as the conditions of a rule and the certificates of a listener, stays as it is. */
  async #writeActions(region: string, arn: string, actions: Action[]): Promise<void> {
    const client = this.#clients.of(ElasticLoadBalancingV2Client, region);
    if (isRule(arn)) {
      const command = new ModifyRuleCommand({ RuleArn: arn, Actions: actions });
      await this.#clients.call((options) => client.send(command, options));
      return;
    }
    const command = new ModifyListenerCommand({ ListenerArn: arn, DefaultActions: actions });
    await this.#clients.call((options) => client.send(command, options));
  }
}

/** @throws {PortError} `invalid` when the ARN is of something else than a listener or a rule */
function isRule(arn: string): boolean {
  if (arn.includes(':listener-rule/')) return true;
  if (arn.includes(':listener/')) return false;
  throw invalid(`${arn} is no ARN of a listener or of a listener rule`);
}

/** The forward action. There is at most one, because it ends the list. */
function forwardOf(actions: readonly Action[], arn: string): Action {
  const forward = actions.find(({ Type }) => Type === 'forward');
  if (!forward) throw invalid(`${arn} forwards to no target group: give it an action of type forward`);
  return forward;
}

function weightsOf({ ForwardConfig, TargetGroupArn }: Action): Weights {
  const groups = ForwardConfig?.TargetGroups ?? [];
  if (groups.length === 0) return TargetGroupArn === undefined ? {} : { [TargetGroupArn]: weightOfOne };
  return Object.fromEntries(
    groups.flatMap(({ TargetGroupArn: arn, Weight }) => (arn === undefined ? [] : [[arn, Weight ?? weightOfOne]])),
  );
}

/** The API takes `TargetGroupArn` beside `ForwardConfig` only when both name the same one group. */
function reweighed({ TargetGroupArn: _, ...action }: Action, weights: Weights, stickiness?: Stickiness): Action {
  const groups = Object.entries(weights).map(([arn, weight]) => ({ TargetGroupArn: arn, Weight: weight }));
  const { TargetGroupStickinessConfig: __, ...kept } = action.ForwardConfig ?? {};
  const sticky = stickiness === undefined ? {} : { TargetGroupStickinessConfig: stickiness };
  return { ...action, ForwardConfig: { ...kept, TargetGroups: groups, ...sticky } };
}

/** Stickiness while a group gets nobody; the same object where there is nothing to switch off. */
function switchedOff(held: Stickiness | undefined): Stickiness | undefined {
  return held?.Enabled === true ? { Enabled: false } : held;
}

/** Stickiness while every group has a share. */
function declared(held: Stickiness | undefined, seconds: number | undefined): Stickiness | undefined {
  return seconds === undefined ? held : { Enabled: true, DurationSeconds: seconds };
}

/** Whether AWS refuses an action as it is: with stickiness off, while the targets of a group are sticky. */
function isRefused(error: unknown): boolean {
  return error instanceof PortError && error.cause instanceof InvalidConfigurationRequestException;
}

/**
 * An action in a form that can be written back. The API never returns the secret of an OIDC client, but keeps it on
 * request.
 */
function repeatable(action: Action): Action {
  if (!action.AuthenticateOidcConfig) return action;
  return { ...action, AuthenticateOidcConfig: { ...action.AuthenticateOidcConfig, UseExistingClientSecret: true } };
}

function found<T>(all: readonly T[] | undefined, isIt: (one: T) => boolean, what: string): T {
  const one = all?.find(isIt);
  if (one === undefined) throw invalid(`no ${what}`);
  return one;
}

function isWeight(weight: number): boolean {
  return Number.isInteger(weight) && weight >= 0 && weight <= targetWeightMax;
}

function invalid(detail: string): PortError {
  return new PortError({ kind: 'invalid', detail });
}

/** Reads and sets the weights of target groups. */
export function targetsHandlers(clients: AwsClients): KindHandlers<'targets'> {
  const balancersOf = ({ account }: TargetsThing) => new Elbv2LoadBalancers(clients.in(account));
  return {
    'read:targets': async (thing) => await balancersOf(thing).readWeights(thing.region, thing.listenerArn),
    'write:targets': async (thing) => {
      const { region, listenerArn, weights, stickinessSeconds } = thing;
      await balancersOf(thing).setWeights(region, listenerArn, weights, stickinessSeconds);
      return null;
    },
  };
}
