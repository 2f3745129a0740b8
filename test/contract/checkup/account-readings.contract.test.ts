import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import {
  AssociateVPCWithHostedZoneCommand,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  type ResourceRecordSet,
  Route53Client,
  type VPCRegion,
} from '@aws-sdk/client-route-53';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, it, vi } from 'vitest';
import { readBootstraps } from '../../../src/adapters/aws/checkup/bootstrap-readings.ts';
import { readFunctions } from '../../../src/adapters/aws/checkup/deployed-functions.ts';
import { Patience } from '../../../src/adapters/aws/checkup/patience.ts';
import { readSubscriptions } from '../../../src/adapters/aws/checkup/subscription-readings.ts';
import { readDnsHeld } from '../../../src/adapters/aws/checkup/zone-readings.ts';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { functionName } from '../../../src/config/plan/names.ts';
import { recordsPlan } from '../../../src/config/plan/records.ts';
import { recordsCheck, zoneCheck } from '../../../src/core/checkup/zone-checks.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { exampleDeployment } from '../../cdk/synthesized.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const regions = ['us-east-1', 'us-west-2', 'us-east-2'];
const times = { answerMsMax: 60_000, listenMsMax: 60_000, patienceMs: 60_000 };

vi.setConfig({ testTimeout: 120_000 });

/** What is read while there is time, which is then over. */
async function patiently<T>(read: (patience: Patience) => Promise<T>): Promise<T> {
  const patience = new Patience(times);
  try {
    return await read(patience);
  } finally {
    patience.end();
  }
}

/** An example whose zone is one that moto has made. */
async function withZone(
  clients: AwsClients,
): Promise<{ readonly of: Deployment; readonly servers: readonly string[] }> {
  const command = new CreateHostedZoneCommand({ Name: 'shop.example', CallerReference: String(performance.now()) });
  const { HostedZone, DelegationSet } = await clients.of(Route53Client, 'us-east-1').send(command);
  const id = HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
  // moto makes up ids that Route 53 has not, and that no configuration may name.
  const text = JSON.stringify(exampleDeployment('two-regions')).replaceAll('Z0EXAMPLE', id);
  return { of: JSON.parse(text) as Deployment, servers: (DelegationSet?.NameServers ?? []).toSorted() };
}

/** The same in a private zone of the default network of a region, with watchers in the networks of these regions. */
async function withPrivateZone(clients: AwsClients, associated: readonly string[]): Promise<Deployment> {
  const ids = await Promise.all(
    regions.map(async (region) => {
      const { Vpcs } = await clients.of(EC2Client, region).send(new DescribeVpcsCommand({}));
      return [region, Vpcs?.[0]?.VpcId ?? ''] as const;
    }),
  );
  const vpcs = ids.map(([VPCRegion, VPCId]) => ({ VPCRegion: VPCRegion as VPCRegion, VPCId }));
  const [first, ...others] = vpcs.filter(({ VPCRegion: region }) => associated.includes(region));
  const route53 = clients.of(Route53Client, 'us-east-1');
  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({
      Name: 'shop.example',
      CallerReference: String(performance.now()),
      HostedZoneConfig: { PrivateZone: true },
      VPC: first,
    }),
  );
  for (const VPC of others) {
    await route53.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId: HostedZone?.Id, VPC }));
  }
  const id = HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
  const example = JSON.parse(JSON.stringify(exampleDeployment('two-regions')).replaceAll('Z0EXAMPLE', id));
  example.services.web.traffic.dns.zone.private = true;
  const place = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
  example.watcher.vpc = Object.fromEntries(ids.map(([region, vpcId]) => [region, { vpcId, ...place }]));
  return example as Deployment;
}

async function create(clients: AwsClients, { services }: Deployment, record: ResourceRecordSet): Promise<void> {
  const id = services.web?.traffic.dns?.zone.id;
  const batch = { Changes: [{ Action: 'CREATE' as const, ResourceRecordSet: record }] };
  await clients
    .of(Route53Client, 'us-east-1')
    .send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: batch }));
}

describeOnMoto('what AWS holds beside the tables', regions, (clients) => {
  it('is a zone with its name servers, in which nothing is in the way', async () => {
    const { of, servers } = await withZone(clients());

    const { zones, records } = await patiently((one) => readDnsHeld(clients(), of, async () => servers, one));

    expect(zones.map(zoneCheck)).toMatchObject([{ state: 'ok', subject: 'shop.example' }]);
    expect(records.map((one) => recordsCheck(one, false))).toMatchObject([{ state: 'ok', subject: 'web' }]);
    expect(records.map((one) => recordsCheck(one, true))).toMatchObject([{ state: 'bad' }]);
  });

  it('is a zone that resolvers do not ask, or none at all', async () => {
    const { of } = await withZone(clients());
    const elsewhere = await patiently((one) => readDnsHeld(clients(), of, async () => ['ns.old.example'], one));
    const none = await patiently((one) =>
      readDnsHeld(clients(), exampleDeployment('two-regions'), async () => [], one),
    );

    expect(elsewhere.zones.map(zoneCheck)).toMatchObject([
      { state: 'bad', found: expect.stringContaining('ns.old.example') },
    ]);
    expect(none.zones.map(zoneCheck)).toMatchObject([
      { state: 'bad', found: 'the account has no hosted zone Z0EXAMPLE' },
    ]);
  });

  it('is a private zone with its networks, or without one in which a watcher runs', async () => {
    const read = async (of: Deployment) =>
      (await patiently((one) => readDnsHeld(clients(), of, async () => ['never asked'], one))).zones.map(zoneCheck);

    const all = await read(await withPrivateZone(clients(), regions));
    const lacking = await read(await withPrivateZone(clients(), regions.slice(0, -1)));

    expect(all).toMatchObject([{ state: 'ok', found: 'is there, for its networks' }]);
    expect(lacking).toMatchObject([
      { state: 'doubtful', found: expect.stringContaining(`of ${regions.at(-1)}, where`) },
    ]);
  });

  it("is a record of somebody else's, or one that leads to a tree of ours", async () => {
    const { of } = await withZone(clients());
    const [plan] = recordsPlan(of);
    const name = plan?.askedNames[0] ?? '';
    const tree = plan?.records.find((record) => record.name === name)?.target;
    await create(clients(), of, { Name: name, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '203.0.113.9' }] });
    const taken = await patiently((one) => readDnsHeld(clients(), of, async () => [], one));

    const other = (await withZone(clients())).of;
    await create(clients(), other, {
      Name: name,
      Type: 'A',
      AliasTarget: {
        DNSName: tree?.kind === 'alias' ? tree.name : '',
        HostedZoneId: other.services.web?.traffic.dns?.zone.id,
        EvaluateTargetHealth: true,
      },
    });
    const ours = await patiently((one) => readDnsHeld(clients(), other, async () => [], one));

    expect(taken.records.map((one) => recordsCheck(one, false))).toMatchObject([
      { state: 'bad', found: `in the way: A of ${name}, 203.0.113.9` },
    ]);
    expect(ours.records.map((one) => recordsCheck(one, true))).toMatchObject([{ state: 'ok' }]);
  });

  it('is who is subscribed to the topic of a region', async () => {
    const sns = clients().of(SNSClient, 'us-west-2');
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'shop-failover' }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'oncall@shop.example' }));
    const deployed = Promise.resolve({ role: '', environment: { TOPIC_ARN: TopicArn }, reserved: null });
    const of = exampleDeployment('two-regions');

    const found = await patiently((one) =>
      readSubscriptions(clients(), of, [{ region: 'us-west-2', kind: 'notify', deployed }], one),
    );

    expect(found).toMatchObject([
      {
        region: 'us-west-2',
        reading: { kind: 'read', value: [{ protocol: 'email', endpoint: 'oncall@shop.example', isConfirmed: true }] },
      },
    ]);
  });

  it('is each function with its role, its environment and what is reserved for it', async () => {
    const of = exampleDeployment('two-regions');
    const client = clients().of(LambdaClient, 'us-west-2');
    const role = new CreateRoleCommand({ RoleName: 'notify', AssumeRolePolicyDocument: '{}' });
    const { Role } = await clients().of(IAMClient, 'us-west-2').send(role);
    const FunctionName = functionName(of.name, 'notify');
    await client.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: Role?.Arn,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: Buffer.from('nothing') },
        Environment: { Variables: { TOPIC_ARN: 'arn:aws:sns:us-west-2:123456789012:x' } },
      }),
    );
    await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 3 }));

    const read = await Promise.all(
      readFunctions(clients(), of).map(async ({ region, kind, deployed }) => [region, kind, await deployed] as const),
    );

    const there = read.filter(([, , deployed]) => deployed !== null);
    expect(read.length).toBeGreaterThan(there.length);
    expect(there).toEqual([
      [
        'us-west-2',
        'notify',
        { role: Role?.Arn, environment: { TOPIC_ARN: 'arn:aws:sns:us-west-2:123456789012:x' }, reserved: 3 },
      ],
    ]);
  });

  it('is the version of the bootstrap, where there is one', async () => {
    const command = new PutParameterCommand({ Name: '/cdk-bootstrap/mine/version', Value: '21', Type: 'String' });
    await clients().of(SSMClient, 'us-east-1').send(command);

    const found = await patiently((one) => readBootstraps(clients(), exampleDeployment('two-regions'), 'mine', one));

    expect(found.map(({ region, reading }) => [region, reading])).toEqual([
      ['us-east-1', { kind: 'read', value: 21 }],
      ['us-west-2', { kind: 'read', value: null }],
      ['us-east-2', { kind: 'read', value: null }],
    ]);
  });
});
