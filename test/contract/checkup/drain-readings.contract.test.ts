import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { Patience } from '../../../src/adapters/aws/checkup/patience.ts';
import { readDrains } from '../../../src/adapters/aws/checkup/sites/drain-readings.ts';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { lookingStatements } from '../../../src/config/plan/permissions/operator.ts';
import { drainCheck } from '../../../src/core/checkup/fencing/drain-checks.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { exampleDeployment } from '../../cdk/synthesized.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { standIn, xml, xmlError } from '../../support/stand-in.ts';

const home = 'us-east-1';
const times = { answerMsMax: 60_000, listenMsMax: 60_000, patienceMs: 60_000 };
const group = `arn:aws:elasticloadbalancing:${home}:123456789012:targetgroup/shop-web/0123456789abcdef`;

/** A deployment whose site in Virginia is fenced by its target group. */
function fencedBy(targetGroupArn: string, account?: string): Deployment {
  const example = exampleDeployment('two-regions');
  const { web } = example.services;
  if (!web?.sites.virginia) return expect.fail('the example has a service with the site');
  const fence = { kind: 'targets' as const, targetGroupArn, targetIds: ['i-1'] };
  const virginia = { ...web.sites.virginia, fence, ...(account === undefined ? {} : { account }) };
  return { ...example, services: { web: { ...web, sites: { ...web.sites, virginia } } } };
}

async function readingsOf(clients: AwsClients, deployment: Deployment) {
  const patience = new Patience(times);
  try {
    return await readDrains(clients, deployment, patience);
  } finally {
    patience.end();
  }
}

describeOnMoto('how the targets of a fence drain, by moto', [home], (clients) => {
  it('is five minutes at first, and none once the delay is 0', async () => {
    const { Subnets = [] } = await clients().of(EC2Client, home).send(new DescribeSubnetsCommand({}));
    const balancers = clients().of(ElasticLoadBalancingV2Client, home);
    const asked = { Name: 'shop-drains', Protocol: 'HTTP' as const, Port: 80, VpcId: Subnets[0]?.VpcId };
    const { TargetGroups } = await balancers.send(new CreateTargetGroupCommand(asked));
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';

    const before = await readingsOf(clients(), fencedBy(TargetGroupArn));
    const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '0' }];
    await balancers.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
    const after = await readingsOf(clients(), fencedBy(TargetGroupArn));

    expect(before.map(drainCheck)).toMatchObject([
      { state: 'doubtful', subject: 'web/virginia', found: expect.stringContaining('for 300 s') },
    ]);
    expect(after.map(drainCheck)).toMatchObject([{ state: 'ok' }]);
  });
});

describe('how the targets of a fence drain, on the wire', () => {
  const attributes = (all: Readonly<Record<string, string>>) => {
    const members = Object.entries(all).map(
      ([key, value]) => `<member><Key>${key}</Key><Value>${value}</Value></member>`,
    );
    const result = `<DescribeTargetGroupAttributesResult><Attributes>${members.join('')}</Attributes></DescribeTargetGroupAttributesResult>`;
    return `<DescribeTargetGroupAttributesResponse>${result}</DescribeTargetGroupAttributesResponse>`;
  };

  it.each([
    ['true', true],
    ['false', false],
  ])('says of a Network Load Balancer whether connections are cut (%s)', async (text, cutsConnections) => {
    const { clients, seen } = await standIn([home], (_one, response) =>
      xml(
        response,
        attributes({
          'deregistration_delay.timeout_seconds': '0',
          'deregistration_delay.connection_termination.enabled': text,
        }),
      ),
    );

    const readings = await readingsOf(clients, fencedBy(group));

    expect(readings).toMatchObject([{ reading: { kind: 'read', value: { delaySeconds: 0, cutsConnections } } }]);
    expect(seen.map(({ form }) => [form.Action, form.TargetGroupArn])).toEqual([
      ['DescribeTargetGroupAttributes', group],
    ]);
  });

  it('is not known where it is refused, or not said', async () => {
    const refused = await standIn([home], (_one, response) => xmlError(response, 'AccessDenied', 403));
    const unsaid = await standIn([home], (_one, response) => xml(response, attributes({})));

    const checks = [
      ...(await readingsOf(refused.clients, fencedBy(group))),
      ...(await readingsOf(unsaid.clients, fencedBy(group))),
    ];

    expect(checks.map(drainCheck)).toMatchObject([{ state: 'unknown' }, { state: 'unknown' }]);
  });

  it('is not asked of another account, nor where no fence takes targets out', async () => {
    const { clients, seen } = await standIn([home], (_one, response) => xmlError(response, 'AccessDenied', 403));

    const elsewhere = await readingsOf(clients, fencedBy(group, '210987654321'));
    const none = await readingsOf(clients, exampleDeployment('two-regions'));

    expect(elsewhere).toMatchObject([{ reading: { kind: 'unread', why: expect.stringContaining('210987654321') } }]);
    expect([none, seen]).toEqual([[], []]);
  });

  it('is a right of those who look, where a fence takes targets out', () => {
    const actionsOf = (deployment: Deployment) => lookingStatements(deployment).flatMap(({ actions }) => actions);
    const right = 'elasticloadbalancing:DescribeTargetGroupAttributes';

    expect(actionsOf(fencedBy(group))).toContain(right);
    expect(actionsOf(exampleDeployment('two-regions'))).not.toContain(right);
  });
});
