import {
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  DescribeInstancesCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { Patience } from '../../../src/adapters/aws/checkup/patience.ts';
import { readPlaces } from '../../../src/adapters/aws/checkup/sites/place-readings.ts';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { lookingStatements } from '../../../src/config/plan/permissions/operator.ts';
import { placeCheck } from '../../../src/core/checkup/places/place-checks.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import type { RouteTarget, Traffic } from '../../../src/core/model/traffic.ts';
import { exampleDeployment } from '../../cdk/synthesized.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const home = 'us-east-1';
const times = { answerMsMax: 60_000, listenMsMax: 60_000, patienceMs: 60_000 };

function steeredBy(traffic: Traffic): Deployment {
  const example = exampleDeployment('two-regions');
  const { web } = example.services;
  if (!web) return expect.fail('the example has a service');
  return { ...example, services: { web: { ...web, traffic } } };
}

const routesTo = (virginia: RouteTarget, oregon: RouteTarget) =>
  steeredBy({ route: { region: home, tables: ['rtb-1'], destinations: ['0.0.0.0/0'], targets: { virginia, oregon } } });

async function checksOf(clients: AwsClients, deployment: Deployment) {
  const patience = new Patience(times);
  try {
    return (await readPlaces(clients, deployment, patience)).map(placeCheck);
  } finally {
    patience.end();
  }
}

describeOnMoto('where addresses and routes belong, by moto', [home], (clients) => {
  const ec2 = () => clients().of(EC2Client, home);

  async function makeInstance() {
    const command = new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
    });
    const [{ InstanceId = '', SubnetId } = {}] = (await ec2().send(command)).Instances ?? [];
    const seen = await ec2().send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
    const [{ NetworkInterfaceId = '' } = {}] = seen.Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
    const off = { NetworkInterfaceId, SourceDestCheck: { Value: false } };
    await ec2().send(new ModifyNetworkInterfaceAttributeCommand(off));
    return { instanceId: InstanceId, networkInterfaceId: NetworkInterfaceId, SubnetId };
  }

  // moto leaves a terminated instance its interface, which EC2 deletes with it.
  it('is an instance that is there, until it has another interface; one that is not has none', async () => {
    const one = await makeInstance();
    const deployment = routesTo({ instanceId: one.instanceId }, { instanceId: 'i-0never' });

    const before = await checksOf(clients(), deployment);
    const { NetworkInterface } = await ec2().send(new CreateNetworkInterfaceCommand({ SubnetId: one.SubnetId }));
    const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
    const attachment = { NetworkInterfaceId, InstanceId: one.instanceId, DeviceIndex: 1 };
    await ec2().send(new AttachNetworkInterfaceCommand(attachment));
    const after = await checksOf(clients(), deployment);

    expect(before.map(({ state }) => state)).toEqual(['ok', 'bad']);
    expect(after).toMatchObject([
      { subject: 'web/virginia', state: 'bad', found: expect.stringContaining('has 2 network interfaces') },
      { subject: 'web/oregon', state: 'bad', found: expect.stringContaining('so it is terminated') },
    ]);
  });

  it('is an interface with its source/destination check, and one that never was', async () => {
    const { SubnetId } = await makeInstance();
    const { NetworkInterface } = await ec2().send(new CreateNetworkInterfaceCommand({ SubnetId }));
    const networkInterfaceId = NetworkInterface?.NetworkInterfaceId ?? '';

    const checks = await checksOf(clients(), routesTo({ networkInterfaceId }, { networkInterfaceId: 'eni-0never' }));

    expect(checks).toMatchObject([
      { state: 'bad', found: expect.stringContaining('attached to nothing') },
      { state: 'bad', found: expect.stringContaining('is not there any more') },
    ]);
  });

  it('is a right of those who look, unless every place is found by a tag', () => {
    const actionsOf = (deployment: Deployment) => lookingStatements(deployment).flatMap(({ actions }) => actions);
    const tagged = [{ tag: { key: 'Name', value: 'shop' } }];
    const address = { region: home, allocationId: ['eipalloc-1'], fallback: 'none' as const };
    const right = 'ec2:DescribeNetworkInterfaces';

    expect(actionsOf(routesTo({ instanceId: 'i-1' }, { instanceId: 'i-2' }))).toContain(right);
    expect(
      actionsOf(steeredBy({ address: { ...address, instances: { virginia: [{ instanceId: 'i-1' }] } } })),
    ).toContain(right);
    expect(actionsOf(steeredBy({ address: { ...address, instances: { virginia: tagged } } }))).not.toContain(right);
  });
});
