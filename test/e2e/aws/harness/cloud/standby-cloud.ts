import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, DescribeSubnetsCommand, EC2Client, StopInstancesCommand } from '@aws-sdk/client-ec2';
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeleteParameterCommand, GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import type { Publication } from '../../../../../src/core/kinds/publication.ts';
import type { Cloud } from './cloud.ts';

/** Ids of what was made. */
export interface Parts {
  readonly listenerArn: string;
  readonly targetGroups: { readonly left: string; readonly right: string };
  /** Instance of `left`, the only target of its group. */
  readonly targetId: string;
  /** Auto Scaling group of `right`. */
  readonly groupName: string;
  /** Instances of `remote`. */
  readonly instanceIds: readonly string[];
}

/** Where it is, and how it begins. */
interface Place {
  readonly home: string;
  readonly away: string;
  readonly standbySize: number;
}

/** All of the weight, and none. */
const all = 100;
const groupName = 'shop-right';

/**
 * A load balancer with two target groups, an Auto Scaling group and stopped instances, made and read past the proxy.
 */
export class StandbyCloud {
  readonly parts: Parts;
  readonly #cloud: Cloud;
  readonly #place: Place;

  private constructor(cloud: Cloud, place: Place, parts: Parts) {
    this.#cloud = cloud;
    this.#place = place;
    this.parts = parts;
  }

  static async make(cloud: Cloud, place: Place): Promise<StandbyCloud> {
    const { home, away } = place;
    const [[targetId = ''], instanceIds, balancer] = await Promise.all([
      cloud.runInstances(home, [`${home}a`]),
      cloud.runInstances(away, [`${away}a`, `${away}b`]),
      makeBalancer(cloud, home),
      makeGroup(cloud, place),
    ]);
    return new StandbyCloud(cloud, place, { ...balancer, targetId, groupName, instanceIds });
  }

  /** All traffic to `left` and its target registered, `right` at its standby size, `remote` stopped, nothing told. */
  async reset(): Promise<void> {
    const { listenerArn, targetGroups, targetId, instanceIds } = this.parts;
    const { home, away, standbySize } = this.#place;
    const action = forward({ [targetGroups.left]: all, [targetGroups.right]: 0 });
    await this.#elb.send(new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions: [action] }));
    const Targets = [{ Id: targetId }];
    await this.#elb.send(new RegisterTargetsCommand({ TargetGroupArn: targetGroups.left, Targets }));
    const size = { AutoScalingGroupName: groupName, MinSize: 0, MaxSize: standbySize, DesiredCapacity: standbySize };
    await this.#of(AutoScalingClient, home).send(new UpdateAutoScalingGroupCommand(size));
    await this.#of(EC2Client, away).send(new StopInstancesCommand({ InstanceIds: [...instanceIds] }));
  }

  /** Weights of the two sites behind the load balancer. */
  async weights(): Promise<{ readonly left: number; readonly right: number }> {
    const { listenerArn, targetGroups } = this.parts;
    const { Listeners } = await this.#elb.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] }));
    const groups = Listeners?.[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    const weightOf = (arn: string) => groups.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.Weight ?? 0;
    return { left: weightOf(targetGroups.left), right: weightOf(targetGroups.right) };
  }

  /** Whether the target of `left` is in its group. */
  async isRegistered(): Promise<boolean> {
    const { targetGroups, targetId } = this.parts;
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroups.left });
    const { TargetHealthDescriptions = [] } = await this.#elb.send(command);
    return TargetHealthDescriptions.some(({ Target }) => Target?.Id === targetId);
  }

  /** Instances of the group of `right` that are in service. */
  async groupSize(): Promise<number> {
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] });
    const { AutoScalingGroups } = await this.#of(AutoScalingClient, this.#place.home).send(command);
    const instances = AutoScalingGroups?.[0]?.Instances ?? [];
    return instances.filter(({ LifecycleState }) => LifecycleState === 'InService').length;
  }

  /** Instances of `remote` that run. */
  async runningCount(): Promise<number> {
    const command = new DescribeInstancesCommand({ InstanceIds: [...this.parts.instanceIds] });
    const { Reservations = [] } = await this.#of(EC2Client, this.#place.away).send(command);
    const instances = Reservations.flatMap(({ Instances }) => Instances ?? []);
    return instances.filter(({ State }) => State?.Name === 'running').length;
  }

  /** What a parameter holds; null when there is none. */
  async published(region: string, Name: string): Promise<Publication | null> {
    try {
      const { Parameter } = await this.#of(SSMClient, region).send(new GetParameterCommand({ Name }));
      return JSON.parse(Parameter?.Value ?? '') as Publication;
    } catch (error) {
      if (error instanceof ParameterNotFound) return null;
      throw error;
    }
  }

  async deleteParameter(region: string, Name: string): Promise<void> {
    await this.#of(SSMClient, region)
      .send(new DeleteParameterCommand({ Name }))
      .catch((error: unknown) => {
        if (!(error instanceof ParameterNotFound)) throw error;
      });
  }

  get #elb(): ElasticLoadBalancingV2Client {
    return this.#of(ElasticLoadBalancingV2Client, this.#place.home);
  }

  get #of() {
    return this.#cloud.clients.of.bind(this.#cloud.clients);
  }
}

async function makeBalancer(cloud: Cloud, region: string): Promise<Pick<Parts, 'listenerArn' | 'targetGroups'>> {
  const elb = cloud.clients.of(ElasticLoadBalancingV2Client, region);
  const { Subnets = [] } = await cloud.clients.of(EC2Client, region).send(new DescribeSubnetsCommand({}));
  const subnets = Subnets.slice(0, 2).map(({ SubnetId }) => demand(SubnetId));
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: 'shop', Subnets: subnets }));
  const VpcId = demand(Subnets[0]?.VpcId);
  const makeTargetGroup = async (Name: string) => {
    const command = new CreateTargetGroupCommand({ Name, Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'instance' });
    return demand((await elb.send(command)).TargetGroups?.[0]?.TargetGroupArn);
  };
  const targetGroups = { left: await makeTargetGroup('shop-left'), right: await makeTargetGroup('shop-right') };
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [forward({ [targetGroups.left]: all, [targetGroups.right]: 0 })],
    }),
  );
  return { listenerArn: demand(Listeners?.[0]?.ListenerArn), targetGroups };
}

async function makeGroup(cloud: Cloud, { home, standbySize }: Place): Promise<void> {
  const client = cloud.clients.of(AutoScalingClient, home);
  const recipe = { LaunchConfigurationName: groupName, ImageId: 'ami-12c6146b', InstanceType: 't3.micro' };
  await client.send(new CreateLaunchConfigurationCommand(recipe));
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: groupName,
      LaunchConfigurationName: groupName,
      MinSize: 0,
      MaxSize: standbySize,
      DesiredCapacity: standbySize,
      AvailabilityZones: [`${home}b`],
    }),
  );
}

function forward(weights: Readonly<Record<string, number>>): Action {
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  return { Type: 'forward', ForwardConfig: { TargetGroups } };
}

function demand<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('moto answered without it');
  return value;
}
