import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { Elbv2LoadBalancers } from '../../src/adapters/aws/targets.ts';
import type { DeploymentInput } from '../../src/config/input/deployment.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { faultOf, type Seen, standIn, xml, xmlError } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

type LoadBalancers = Pick<Elbv2LoadBalancers, 'readWeights' | 'setWeights'>;

const home = 'us-east-1';
const prefix = `arn:aws:elasticloadbalancing:${home}:123456789012`;
const listener = `${prefix}:listener/app/shop/0123456789abcdef/0123456789abcdef`;
const rule = `${prefix}:listener-rule/app/shop/0123456789abcdef/0123456789abcdef/0123456789abcdef`;
const groupNamed = (name: string) => `${prefix}:targetgroup/${name}/0123456789abcdef`;

/** Something that forwards to two target groups, all of it to the left, and a group that it does not forward to. */
interface Place {
  readonly arn: string;
  readonly left: string;
  readonly right: string;
  readonly other: string;
}

/** Something that has load balancers. */
interface Holder {
  readonly loadBalancers: LoadBalancers;
  /** Makes new ones at each call, two at most. */
  place(): Promise<Place>;
  /** Of the same shape as those that are there. */
  readonly unknownArn: string;
}

describe.each([
  { what: 'listener', arn: listener },
  { what: 'rule', arn: rule },
])('load balancers in the simulator ($what)', ({ arn }) => {
  const arns = [arn, `${arn.slice(0, -1)}0`];

  describeContract(async () => {
    const account = new SimAccount(defineDeployment(behind(arns)));
    const unplaced = [...arns.entries()];
    return {
      loadBalancers: {
        readWeights: (region, listenerArn) =>
          account.call(region, 'read:targets', { region, listenerArn, weights: {} }),
        setWeights: async (region, listenerArn, weights) => {
          await account.call(region, 'write:targets', { region, listenerArn, weights });
        },
      },
      place: async () => {
        const [index, at] = unplaced.shift() ?? expect.fail('there are two');
        const [left, right, other] = ['left', 'right', 'other'].map((side) => groupNamed(`${side}${index}`));
        return { arn: at, left, right, other } as Place;
      },
      unknownArn: `${arn.slice(0, -1)}1`,
    };
  });
});

// Faults of moto_server 5.2.1: it takes any action of a listener unseen, a target group that is not there among them,
// and a weight of any size; what AWS refuses is held to by the stand-in below.
describeOnMoto('load balancers in AWS, by moto', [home], (clients) => {
  describe.each(['listener', 'rule'] as const)('%s', (what) => {
    describeContract(async () => ({
      loadBalancers: new Elbv2LoadBalancers(clients()),
      place: () => makePlace(clients(), what),
      unknownArn: what === 'listener' ? listener : rule,
    }));

    it.each([
      { left: 50, right: 50, declared: undefined, seconds: 60 },
      { left: 50, right: 50, declared: 300, seconds: 300 },
      { left: 0, right: 100, declared: undefined, seconds: 0 },
      { left: 0, right: 100, declared: 300, seconds: 0 },
    ])('keeps clients at a group for $seconds s ($left, $right, declared=$declared)', async (given) => {
      const place = await makePlace(clients(), what);
      const balancers = new Elbv2LoadBalancers(clients());
      const before = await actionsAt(clients(), place.arn);
      const weights = { [place.left]: given.left, [place.right]: given.right };

      await balancers.setWeights(home, place.arn, weights, given.declared);

      const after = await actionsAt(clients(), place.arn);
      expect(before.at(-1)?.ForwardConfig?.TargetGroupStickinessConfig).toEqual(stickiness);
      expect(await balancers.readStickySeconds(home, place.arn)).toBe(given.seconds);
      expect(after.map(({ Type }) => Type)).toEqual(before.map(({ Type }) => Type));
    });

    it('makes clients stay again once every group has a share', async () => {
      const { arn, left, right } = await makePlace(clients(), what);
      const balancers = new Elbv2LoadBalancers(clients());

      await balancers.setWeights(home, arn, { [left]: 0, [right]: 100 }, 60);
      const away = await balancers.readStickySeconds(home, arn);
      await balancers.setWeights(home, arn, { [left]: 50, [right]: 50 }, 60);

      expect([away, await balancers.readStickySeconds(home, arn)]).toEqual([0, 60]);
    });

    it('leaves the actions before the forward as they are', async () => {
      const place = await makePlace(clients(), what, [cognito]);

      await new Elbv2LoadBalancers(clients()).setWeights(home, place.arn, { [place.left]: 0, [place.right]: 100 });

      const [first, second] = await actionsAt(clients(), place.arn);
      expect(first).toMatchObject(cognito);
      expect(second?.Type).toBe('forward');
    });
  });

  it('counts the one group of a plain forward as all', async () => {
    const { left, right, loadBalancerArn } = await makeBalancer(clients());
    const arn = await makeListener(clients(), loadBalancerArn, [{ Type: 'forward', TargetGroupArn: left }]);
    const loadBalancers = new Elbv2LoadBalancers(clients());

    const before = await loadBalancers.readWeights(home, arn);
    await loadBalancers.setWeights(home, arn, { [left]: 0, [right]: 100 });

    expect(before).toEqual({ [left]: 1 });
    expect(await loadBalancers.readWeights(home, arn)).toEqual({ [left]: 0, [right]: 100 });
  });

  it('is invalid where the default action answers by itself', async () => {
    const { left, loadBalancerArn } = await makeBalancer(clients());
    const fixed: Action = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } };
    const arn = await makeListener(clients(), loadBalancerArn, [fixed]);
    const loadBalancers = new Elbv2LoadBalancers(clients());

    const faults = [
      await faultOf(() => loadBalancers.readWeights(home, arn)),
      await faultOf(() => loadBalancers.setWeights(home, arn, { [left]: 1 })),
    ];

    const refusal = {
      kind: 'invalid',
      detail: `${arn} forwards to no target group: give it an action of type forward`,
    };
    expect(faults).toEqual([refusal, refusal]);
    expect(await actionsAt(clients(), arn)).toMatchObject([fixed]);
  });
});

function describeContract(open: () => Promise<Holder>): void {
  let holder: Holder;
  let place: Place;

  /** A target group without a weight gets as much as one with 0. */
  const read = async ({ arn, left, right, other } = place) => {
    const weights = await holder.loadBalancers.readWeights(home, arn);
    return [left, right, other].map((group) => weights[group] ?? 0);
  };
  const set = (left: number, right: number) =>
    holder.loadBalancers.setWeights(home, place.arn, { [place.left]: left, [place.right]: right });

  beforeEach(async () => {
    holder = await open();
    place = await holder.place();
  });

  it('reads the weights that are there', async () => {
    expect(await read()).toEqual([100, 0, 0]);
  });

  it.each([
    [0, 100],
    [75, 25],
    [999, 1],
    [100, 0],
  ])('has the weights that were set (%i, %i)', async (left, right) => {
    await set(left, right);

    expect(await read()).toEqual([left, right, 0]);
  });

  it('has the weights that were set last', async () => {
    await set(0, 100);
    await set(50, 50);
    await set(50, 50);

    expect(await read()).toEqual([50, 50, 0]);
  });

  it('takes a target group in that was not there', async () => {
    const { arn, left, right, other } = place;

    await holder.loadBalancers.setWeights(home, arn, { [left]: 0, [right]: 30, [other]: 70 });

    expect(await read()).toEqual([0, 30, 70]);
  });

  it('sends nobody to a target group that is not named', async () => {
    const { arn, right } = place;

    await holder.loadBalancers.setWeights(home, arn, { [right]: 100 });

    expect(await read()).toEqual([0, 100, 0]);
  });

  it('leaves the other one alone', async () => {
    const other = await holder.place();

    await set(0, 100);

    expect(await read(other)).toEqual([100, 0, 0]);
  });

  it('is invalid to read or to set what is not there', async () => {
    const { loadBalancers, unknownArn } = holder;

    const faults = [
      await faultOf(() => loadBalancers.readWeights(home, unknownArn)),
      await faultOf(() => loadBalancers.setWeights(home, unknownArn, { [place.left]: 1 })),
    ];

    expect(faults.map(({ kind }) => kind)).toEqual(['invalid', 'invalid']);
  });
}

describe('Elbv2LoadBalancers on the wire', () => {
  const [left, right] = [groupNamed('left'), groupNamed('right')];

  /** A listener or rule with the actions, which takes every change. */
  const behindActions = (actions: string) =>
    standIn([home], ({ form }, response) => {
      if (form.Action === 'DescribeListeners')
        xml(response, described('Listener', listener, 'DefaultActions', actions));
      else if (form.Action === 'DescribeRules') xml(response, described('Rule', rule, 'Actions', actions));
      else xml(response, `<${form.Action}Response><${form.Action}Result/></${form.Action}Response>`);
    });

  it.each([
    {
      arn: listener,
      asks: 'DescribeListeners',
      writes: 'ModifyListener',
      list: 'DefaultActions',
      named: 'ListenerArn',
    },
    { arn: rule, asks: 'DescribeRules', writes: 'ModifyRule', list: 'Actions', named: 'RuleArn' },
  ])('changes weights by $writes, and nothing else', async ({ arn, asks, writes, list, named }) => {
    const { clients, seen } = await behindActions(oidcAction + forwardAction(left, right));

    await new Elbv2LoadBalancers(clients).setWeights(home, arn, { [left]: 0, [right]: 100 });

    expect(seen.map(({ form }) => form.Action)).toEqual([asks, writes]);
    expect(partsOf(seen[1])).toEqual({
      [named]: arn,
      [`${list}.member.1.Type`]: 'authenticate-oidc',
      [`${list}.member.1.Order`]: '1',
      [`${list}.member.1.AuthenticateOidcConfig.Issuer`]: 'https://login.shop.example',
      [`${list}.member.1.AuthenticateOidcConfig.AuthorizationEndpoint`]: 'https://login.shop.example/a',
      [`${list}.member.1.AuthenticateOidcConfig.TokenEndpoint`]: 'https://login.shop.example/t',
      [`${list}.member.1.AuthenticateOidcConfig.UserInfoEndpoint`]: 'https://login.shop.example/u',
      [`${list}.member.1.AuthenticateOidcConfig.ClientId`]: 'shop',
      [`${list}.member.1.AuthenticateOidcConfig.SessionTimeout`]: '600',
      // AWS never tells the secret: without this the request would be refused, or take it away.
      [`${list}.member.1.AuthenticateOidcConfig.UseExistingClientSecret`]: 'true',
      [`${list}.member.2.Type`]: 'forward',
      [`${list}.member.2.Order`]: '2',
      [`${list}.member.2.ForwardConfig.TargetGroups.member.1.TargetGroupArn`]: left,
      [`${list}.member.2.ForwardConfig.TargetGroups.member.1.Weight`]: '0',
      [`${list}.member.2.ForwardConfig.TargetGroups.member.2.TargetGroupArn`]: right,
      [`${list}.member.2.ForwardConfig.TargetGroups.member.2.Weight`]: '100',
      // A cookie wins over weights: with it, clients of the left one would stay there.
      [`${list}.member.2.ForwardConfig.TargetGroupStickinessConfig.Enabled`]: 'false',
    });
  });

  it('leaves the group out that gets nobody where AWS refuses to switch stickiness off', async () => {
    const { clients, seen } = await standIn([home], ({ form }, response) => {
      const isOff = form['DefaultActions.member.1.ForwardConfig.TargetGroupStickinessConfig.Enabled'] === 'false';
      if (form.Action === 'DescribeListeners')
        xml(response, described('Listener', listener, 'DefaultActions', forwardAction(left, right)));
      else if (isOff) xmlError(response, 'InvalidConfigurationRequest', 400);
      else xml(response, `<${form.Action}Response><${form.Action}Result/></${form.Action}Response>`);
    });

    await new Elbv2LoadBalancers(clients).setWeights(home, listener, { [left]: 0, [right]: 100 });

    expect(seen.map(({ form }) => form.Action)).toEqual(['DescribeListeners', 'ModifyListener', 'ModifyListener']);
    expect(partsOf(seen[2])).toEqual({
      ListenerArn: listener,
      'DefaultActions.member.1.Type': 'forward',
      'DefaultActions.member.1.Order': '2',
      'DefaultActions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn': right,
      'DefaultActions.member.1.ForwardConfig.TargetGroups.member.1.Weight': '100',
      'DefaultActions.member.1.ForwardConfig.TargetGroupStickinessConfig.Enabled': 'true',
      'DefaultActions.member.1.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds': '60',
    });
  });

  it('names a single target group once: beside several the API refuses it', async () => {
    const one = `<member><Type>forward</Type><TargetGroupArn>${left}</TargetGroupArn></member>`;
    const { clients, seen } = await behindActions(one);

    await new Elbv2LoadBalancers(clients).setWeights(home, listener, { [left]: 1, [right]: 1 });

    expect(partsOf(seen[1])).not.toHaveProperty('DefaultActions.member.1.TargetGroupArn');
  });

  it.each([
    { what: 'a weight above 999', arn: listener, weights: { [left]: 1_000 }, detail: 'weight 1000' },
    { what: 'a weight below 0', arn: listener, weights: { [left]: -1 }, detail: 'weight -1' },
    { what: 'a weight between whole numbers', arn: listener, weights: { [left]: 0.5 }, detail: 'weight 0.5' },
    { what: 'no weights', arn: listener, weights: {}, detail: 'no target group is named' },
    { what: 'another thing', arn: left, weights: { [left]: 1 }, detail: 'no ARN of a listener' },
  ])('is invalid to set $what, and asks nobody', async ({ arn, weights, detail }) => {
    const { clients, seen } = await behindActions(forwardAction(left, right));

    const fault = await faultOf(() => new Elbv2LoadBalancers(clients).setWeights(home, arn, weights as Weights));

    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining(detail) });
    expect(seen).toEqual([]);
  });

  it('is invalid when AWS describes another listener', async () => {
    const { clients } = await behindActions(forwardAction(left, right));

    const fault = await faultOf(() => new Elbv2LoadBalancers(clients).readWeights(home, `${listener}0`));

    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining(`${listener}0`) });
  });

  it.each([
    ['TargetGroupNotFound', 400, 'invalid'],
    ['TargetGroupAssociationLimit', 400, 'invalid'],
    ['InvalidConfigurationRequest', 400, 'invalid'],
    ['IncompatibleProtocols', 400, 'invalid'],
    ['ListenerNotFound', 400, 'invalid'],
    ['RuleNotFound', 400, 'invalid'],
    ['Throttling', 400, 'throttled'],
    ['AccessDenied', 403, 'denied'],
    ['InternalFailure', 500, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s, in one request', async (code, status, kind) => {
    const { clients, seen } = await standIn([home], ({ form }, response) => {
      if (form.Action === 'ModifyListener') xmlError(response, code, status);
      else xml(response, described('Listener', listener, 'DefaultActions', forwardAction(left, right)));
    });

    const fault = await faultOf(() => new Elbv2LoadBalancers(clients).setWeights(home, listener, { [left]: 1 }));

    expect(fault).toMatchObject({ kind, detail: expect.stringContaining(code) });
    expect(seen).toHaveLength(2);
  });

  it('times out when no answer comes', async () => {
    const { clients } = await standIn([home], () => {}, { callDeadlineMs: 100 });

    expect((await faultOf(() => new Elbv2LoadBalancers(clients).readWeights(home, rule))).kind).toBe('timeout');
  });
});

type Weights = Readonly<Record<string, number>>;

/** A service behind each listener. */
function behind(arns: readonly string[]): DeploymentInput {
  const { web } = zones.services;
  if (web === undefined) throw new Error('the fixture has a service');
  const services = arns.map((listenerArn, index) => {
    const targetGroups = { left: groupNamed(`left${index}`), right: groupNamed(`right${index}`) };
    return [`web${index}`, { ...web, traffic: { targets: { listenerArn, targetGroups } } }];
  });
  return { ...zones, services: Object.fromEntries(services) };
}

const stickiness = { Enabled: true, DurationSeconds: 60 };
const cognito: Action = {
  Type: 'authenticate-cognito',
  Order: 1,
  AuthenticateCognitoConfig: {
    UserPoolArn: `arn:aws:cognito-idp:${home}:123456789012:userpool/${home}_1`,
    UserPoolClientId: 'shop',
    UserPoolDomain: 'login',
  },
};

/** Names are unique, and all tests share one account. */
let made = 0;

async function makeBalancer(clients: AwsClients) {
  const balancers = clients.of(ElasticLoadBalancingV2Client, home);
  const { Subnets = [] } = await clients.of(EC2Client, home).send(new DescribeSubnetsCommand({}));
  made += 1;
  const { LoadBalancers: all } = await balancers.send(
    new CreateLoadBalancerCommand({
      Name: `balancer-${made}`,
      Subnets: Subnets.slice(0, 2).map(({ SubnetId = '' }) => SubnetId),
    }),
  );
  const groups: string[] = [];
  for (const side of ['left', 'right', 'other']) {
    const group = { Name: `${side}-${made}`, Protocol: 'HTTP', Port: 80, VpcId: Subnets[0]?.VpcId } as const;
    const { TargetGroups } = await balancers.send(new CreateTargetGroupCommand(group));
    groups.push(TargetGroups?.[0]?.TargetGroupArn ?? '');
  }
  const [left = '', right = '', other = ''] = groups;
  return { left, right, other, loadBalancerArn: all?.[0]?.LoadBalancerArn ?? '' };
}

async function makeListener(clients: AwsClients, loadBalancerArn: string, actions: Action[]): Promise<string> {
  const command = new CreateListenerCommand({
    LoadBalancerArn: loadBalancerArn,
    Protocol: 'HTTP',
    Port: 80,
    DefaultActions: actions,
  });
  const { Listeners } = await clients.of(ElasticLoadBalancingV2Client, home).send(command);
  return Listeners?.[0]?.ListenerArn ?? '';
}

async function makePlace(clients: AwsClients, what: 'listener' | 'rule', before: Action[] = []): Promise<Place> {
  const { left, right, other, loadBalancerArn } = await makeBalancer(clients);
  const TargetGroups = [
    { TargetGroupArn: left, Weight: 100 },
    { TargetGroupArn: right, Weight: 0 },
  ];
  const ForwardConfig = { TargetGroups, TargetGroupStickinessConfig: stickiness };
  const actions: Action[] = [...before, { Type: 'forward', Order: before.length + 1, ForwardConfig }];
  const listenerArn = await makeListener(clients, loadBalancerArn, actions);
  if (what === 'listener') return { arn: listenerArn, left, right, other };
  const command = new CreateRuleCommand({
    ListenerArn: listenerArn,
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', Values: ['/shop/*'] }],
    Actions: actions,
  });
  const { Rules } = await clients.of(ElasticLoadBalancingV2Client, home).send(command);
  return { arn: Rules?.[0]?.RuleArn ?? '', left, right, other };
}

async function actionsAt(clients: AwsClients, arn: string): Promise<readonly Action[]> {
  const balancers = clients.of(ElasticLoadBalancingV2Client, home);
  if (arn.includes(':listener-rule/')) {
    const { Rules } = await balancers.send(new DescribeRulesCommand({ RuleArns: [arn] }));
    return Rules?.[0]?.Actions ?? [];
  }
  const { Listeners } = await balancers.send(new DescribeListenersCommand({ ListenerArns: [arn] }));
  return Listeners?.[0]?.DefaultActions ?? [];
}

const oidcAction =
  '<member><Type>authenticate-oidc</Type><Order>1</Order><AuthenticateOidcConfig>' +
  '<Issuer>https://login.shop.example</Issuer>' +
  '<AuthorizationEndpoint>https://login.shop.example/a</AuthorizationEndpoint>' +
  '<TokenEndpoint>https://login.shop.example/t</TokenEndpoint>' +
  '<UserInfoEndpoint>https://login.shop.example/u</UserInfoEndpoint>' +
  '<ClientId>shop</ClientId><SessionTimeout>600</SessionTimeout>' +
  '</AuthenticateOidcConfig></member>';

/** All to the left, with stickiness. */
function forwardAction(left: string, right: string): string {
  const tuple = (arn: string, weight: number) =>
    `<member><TargetGroupArn>${arn}</TargetGroupArn><Weight>${weight}</Weight></member>`;
  return (
    '<member><Type>forward</Type><Order>2</Order><ForwardConfig>' +
    `<TargetGroups>${tuple(left, 100)}${tuple(right, 0)}</TargetGroups><TargetGroupStickinessConfig>` +
    '<Enabled>true</Enabled><DurationSeconds>60</DurationSeconds></TargetGroupStickinessConfig>' +
    '</ForwardConfig></member>'
  );
}

/** The answer to DescribeListeners or DescribeRules. */
function described(what: 'Listener' | 'Rule', arn: string, list: string, actions: string): string {
  const member = `<member><${what}Arn>${arn}</${what}Arn><${list}>${actions}</${list}></member>`;
  const result = `<Describe${what}sResult><${what}s>${member}</${what}s></Describe${what}sResult>`;
  return `<Describe${what}sResponse>${result}</Describe${what}sResponse>`;
}

/** What a request says, beside which request it is. */
function partsOf(seen: Seen | undefined): Readonly<Record<string, string>> {
  const { Action: _, Version: __, ...parts } = seen?.form ?? {};
  return parts;
}
