import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { BalancerAuditor } from '../../../src/adapters/aws/survey/balancer-facts.ts';
import { defineDeployment } from '../../../src/config/loader.ts';
import { serviceOf } from '../../../src/core/model/deployment.ts';
import type { NamedService } from '../../../src/core/model/service.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { standIn, xml, xmlError } from '../../support/stand-in.ts';
import { zones } from '../../unit/config/shop.fixture.ts';

const home = 'us-east-1';
const unknown = {
  listener: `arn:aws:elasticloadbalancing:${home}:123456789012:listener/app/shop/0123456789abcdef/0123456789abcdef`,
  group: (side: string) => `arn:aws:elasticloadbalancing:${home}:123456789012:targetgroup/${side}/0123456789abcdef`,
};

const counts = { healthy: 2, registered: 4 };

/** Waits for whatever is read, however long it takes. */
const patient: Clock = {
  wallMs: () => 0,
  monotonicMs: () => 0,
  sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
};

function serviceBehind(listenerArn: string, left: string, right: string, more: object = {}): NamedService {
  const { web } = zones.services;
  if (web === undefined) throw new Error('the fixture has a service');
  const sites = Object.fromEntries(
    Object.entries(web.sites).map(([name, site]) => [
      name,
      { ...site, zone: name === 'left' ? `${home}a` : `${home}b` },
    ]),
  );
  const traffic = { targets: { listenerArn, targetGroups: { left, right }, ...more } };
  return serviceOf(defineDeployment({ ...zones, services: { web: { ...web, sites, traffic } } }), 'web');
}

describeOnMoto('what of a balancer would hinder a move, by moto', [home], (clients) => {
  it('is read from the listener and the target group of the site that waits, and of no other', async () => {
    const { listenerArn, left, right } = await makeBalancer(clients(), {
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '3',
      'load_balancing.cross_zone.enabled': 'false',
    });
    const findingsOf = (site: string, serving: string | null, more = {}) =>
      new BalancerAuditor(clients(), patient).findingsOf(
        serviceBehind(listenerArn, left, right, more),
        site,
        serving,
        counts,
      );

    const [waiting, declared] = [
      await findingsOf('right', 'left'),
      await findingsOf('right', 'left', { stickinessSeconds: 60 }),
    ];

    expect(waiting).toEqual([
      expect.stringContaining('stickinessSeconds: 60'),
      expect.stringContaining('fewer than 3 are healthy, and there are 2'),
      expect.stringContaining('load_balancing.cross_zone.enabled: false'),
    ]);
    expect(declared).toEqual(waiting.slice(1));
    expect(await findingsOf('left', 'left')).toEqual([]);
    expect(await findingsOf('right', null)).toEqual([]);
    expect(await findingsOf('left', 'right', { stickinessSeconds: 60 })).toEqual([]);
  });
});

it('is nothing where AWS does not say, and the answer is asked for once in five minutes', async () => {
  const { clients, seen } = await standIn([home], (_, response) => xmlError(response, 'AccessDenied', 403));
  const auditor = new BalancerAuditor(clients, patient);
  const service = serviceBehind(unknown.listener, unknown.group('left'), unknown.group('right'));

  expect(await auditor.findingsOf(service, 'right', 'left', counts)).toEqual([]);
  const asked = seen.length;
  expect(await auditor.findingsOf(service, 'right', 'left', counts)).toEqual([]);
  expect(seen).toHaveLength(asked);
});

describe('a Network Load Balancer, by a stand-in', () => {
  const arn = (rest: string) => `arn:aws:elasticloadbalancing:${home}:123456789012:${rest}`;
  const balancer = 'net/shop/0123456789abcdef';
  const listener = arn(`listener/${balancer}/0123456789abcdef`);
  const group = (side: string) => arn(`targetgroup/${side}/0123456789abcdef`);
  const attribute = (key: string, value: string) => `<member><Key>${key}</Key><Value>${value}</Value></member>`;

  /** @param own - what the target group says of zones */
  async function findingsAt(own: string, ofBalancer: string) {
    const forward = `<member><Type>forward</Type><TargetGroupArn>${group('left')}</TargetGroupArn></member>`;
    const bodies: Readonly<Record<string, string>> = {
      DescribeListeners: `<Listeners><member><ListenerArn>${listener}</ListenerArn><DefaultActions>${forward}</DefaultActions></member></Listeners>`,
      DescribeTargetGroupAttributes: `<Attributes>${attribute('load_balancing.cross_zone.enabled', own)}${attribute('target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage', 'off')}</Attributes>`,
      DescribeLoadBalancerAttributes: `<Attributes>${attribute('load_balancing.cross_zone.enabled', ofBalancer)}</Attributes>`,
    };
    const { clients, seen } = await standIn([home], ({ form }, response) => {
      const { Action = '' } = form;
      xml(response, `<${Action}Response><${Action}Result>${bodies[Action]}</${Action}Result></${Action}Response>`);
    });
    const service = serviceBehind(listener, group('left'), group('right'));
    const findings = await new BalancerAuditor(clients, patient).findingsOf(service, 'right', 'left', counts);
    return { findings, asked: seen.flatMap(({ form }) => form.LoadBalancerArn ?? []) };
  }

  it.each([
    ['use_load_balancer_configuration', 'false', true],
    ['use_load_balancer_configuration', 'true', false],
    ['false', 'true', true],
    ['true', 'false', false],
  ])('keeps clients in their zone as its group (%s) or else it (%s) says: %s', async (own, ofBalancer, isKept) => {
    const { findings, asked } = await findingsAt(own, ofBalancer);

    expect(findings).toEqual(isKept ? [expect.stringContaining('keeps clients in their zone')] : []);
    expect(asked).toEqual(own.startsWith('use') ? [arn(`loadbalancer/${balancer}`)] : []);
  });
});

/** Two groups behind a listener with stickiness; the attributes are those of the right one. */
async function makeBalancer(clients: AwsClients, attributes: Readonly<Record<string, string>>) {
  const balancers = clients.of(ElasticLoadBalancingV2Client, home);
  const { Subnets = [] } = await clients.of(EC2Client, home).send(new DescribeSubnetsCommand({}));
  const { LoadBalancers } = await balancers.send(
    new CreateLoadBalancerCommand({
      Name: 'audited',
      Subnets: Subnets.slice(0, 2).map(({ SubnetId = '' }) => SubnetId),
    }),
  );
  const makeGroup = async (Name: string) => {
    const command = new CreateTargetGroupCommand({ Name, Protocol: 'HTTP', Port: 80, VpcId: Subnets[0]?.VpcId });
    return (await balancers.send(command)).TargetGroups?.[0]?.TargetGroupArn ?? '';
  };
  const [left, right] = [await makeGroup('audited-left'), await makeGroup('audited-right')];
  const Attributes = Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
  await balancers.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: right, Attributes }));
  const ForwardConfig = {
    TargetGroups: [left, right].map((TargetGroupArn) => ({ TargetGroupArn, Weight: 50 })),
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
  };
  const { Listeners } = await balancers.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn ?? '',
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', ForwardConfig }],
    }),
  );
  return { listenerArn: Listeners?.[0]?.ListenerArn ?? '', left, right };
}
