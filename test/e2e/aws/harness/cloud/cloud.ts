import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  AssociateVPCWithHostedZoneCommand,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type VPCRegion,
} from '@aws-sdk/client-route-53';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsClients, type CredentialsSource } from '../../../../../src/adapters/aws/clients.ts';
import { bodyText } from '../../../../../src/adapters/aws/tables/opinion-body.ts';
import { partitionKey } from '../../../../../src/config/plan/names.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import type { Stack } from '../template/template.ts';

/** moto is a development server in Python: under load an answer takes longer than AWS is given. */
const callDeadlineMs = 20_000;

/** One id of 36 begins with Z: of a thousand, all but never none. */
const zonesMax = 1_000;

/** The account as it is, past the fault proxy: what tests prepare and what they read. */
export class Cloud {
  /** Clients of every service, for what only one suite has. */
  readonly clients: AwsClients;

  readonly #endpoints: Readonly<Record<string, string>>;

  /**
   * @param endpoints - URL of moto, by region
   * @param credentials - of another account; left out: those of moto's own
   */
  constructor(endpoints: Readonly<Record<string, string>>, credentials?: CredentialsSource) {
    this.#endpoints = endpoints;
    this.clients = new AwsClients({ endpoints, callDeadlineMs, ...(credentials === undefined ? {} : { credentials }) });
  }

  /** Another account, as it is, in the region of Route 53: moto's regions know nothing of each other's keys. */
  async in(account: string): Promise<Cloud> {
    const command = new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/owner`, RoleSessionName: 'e2e' });
    const { Credentials } = await this.clients.of(STSClient, 'us-east-1').send(command);
    const given = {
      accessKeyId: demand(Credentials?.AccessKeyId),
      secretAccessKey: demand(Credentials?.SecretAccessKey),
      sessionToken: demand(Credentials?.SessionToken),
      expiration: new Date(Date.now() + 86_400_000),
    };
    return new Cloud(this.#endpoints, async () => given);
  }

  close(): void {
    this.clients.close();
  }

  /** Instances that run, one in each zone. */
  async runInstances(region: string, zones: readonly string[]): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const AvailabilityZone of zones) {
      const { Instances } = await this.clients.of(EC2Client, region).send(
        new RunInstancesCommand({
          ImageId: 'ami-12c6146b',
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
          Placement: { AvailabilityZone },
        }),
      );
      ids.push(demand(Instances?.[0]?.InstanceId));
    }
    return ids;
  }

  async allocateAddress(region: string): Promise<string> {
    const answer = await this.clients.of(EC2Client, region).send(new AllocateAddressCommand({ Domain: 'vpc' }));
    return demand(answer.AllocationId);
  }

  async associateAddress(region: string, AllocationId: string, InstanceId: string): Promise<void> {
    await this.clients
      .of(EC2Client, region)
      .send(new AssociateAddressCommand({ AllocationId, InstanceId, AllowReassociation: true }));
  }

  /**
   * Instance that holds the address now. moto names the instance only where the address was put by an instance id, and
   * EC2 wherever an interface of an instance holds it; so the instance is found by its interface.
   */
  async holderOf(region: string, allocationId: string): Promise<string | null> {
    const { Addresses } = await this.clients
      .of(EC2Client, region)
      .send(new DescribeAddressesCommand({ AllocationIds: [allocationId] }));
    const interfaceId = Addresses?.[0]?.NetworkInterfaceId;
    if (!interfaceId) return null;
    const { NetworkInterfaces } = await this.clients
      .of(EC2Client, region)
      .send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [interfaceId] }));
    return NetworkInterfaces?.[0]?.Attachment?.InstanceId ?? null;
  }

  /** Primary network interface of an instance. */
  async interfaceOf(region: string, instanceId: string): Promise<string> {
    const { NetworkInterfaces } = await this.clients
      .of(EC2Client, region)
      .send(
        new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }] }),
      );
    return demand(NetworkInterfaces?.[0]?.NetworkInterfaceId);
  }

  /**
   * A hosted zone. moto's ids begin with any letter, AWS's with Z: zones are made until one is as AWS's.
   *
   * @param networks - those that a private zone is associated with, by region; left out: a public zone
   */
  async createZone(Name: string, networks?: Readonly<Record<string, string>>): Promise<string> {
    const route53 = this.clients.of(Route53Client, 'us-east-1');
    const [first, ...others] = Object.entries(networks ?? {}).map(([region, VPCId]) => ({
      VPCRegion: region as VPCRegion,
      VPCId,
    }));
    const privately = first === undefined ? {} : { HostedZoneConfig: { PrivateZone: true }, VPC: first };
    for (let made = 0; made < zonesMax; made += 1) {
      const command = new CreateHostedZoneCommand({ Name, CallerReference: `e2e-${made}`, ...privately });
      const id = demand((await route53.send(command)).HostedZone?.Id).replace('/hostedzone/', '');
      if (!id.startsWith('Z')) continue;
      for (const VPC of others) await route53.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId: id, VPC }));
      return id;
    }
    throw new Error(`none of ${zonesMax} zones has an id that begins with Z`);
  }

  /** Networks that a zone is associated with; none of a public one. */
  async networksOfZone(Id: string): Promise<readonly string[]> {
    const { VPCs = [] } = await this.clients.of(Route53Client, 'us-east-1').send(new GetHostedZoneCommand({ Id }));
    return VPCs.map(({ VPCId }) => demand(VPCId));
  }

  /** The network that every region has from the start, and a subnet of it. */
  async defaultNetwork(region: string): Promise<{ readonly vpcId: string; readonly subnetIds: readonly string[] }> {
    const ec2 = this.clients.of(EC2Client, region);
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
    const vpcId = demand(Vpcs?.[0]?.VpcId);
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }));
    return { vpcId, subnetIds: [demand(Subnets?.[0]?.SubnetId)] };
  }

  /** Values of the A record of the name. */
  async recordOf(zoneId: string, name: string): Promise<readonly string[]> {
    const { ResourceRecordSets } = await this.clients
      .of(Route53Client, 'us-east-1')
      .send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    const record = ResourceRecordSets?.find(({ Name, Type }) => Name === `${name}.` && Type === 'A');
    return record?.ResourceRecords?.map(({ Value }) => demand(Value)) ?? [];
  }

  /** Has the A record of the name hold these values. */
  async setRecord(zoneId: string, name: string, values: readonly string[]): Promise<void> {
    const ResourceRecords = values.map((Value) => ({ Value }));
    const ResourceRecordSet = { Name: name, Type: 'A' as const, TTL: 30, ResourceRecords };
    const ChangeBatch = { Changes: [{ Action: 'UPSERT' as const, ResourceRecordSet }] };
    await this.clients
      .of(Route53Client, 'us-east-1')
      .send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch }));
  }

  /** Names of a zone that have addresses, sorted. */
  async namesOf(zoneId: string): Promise<readonly string[]> {
    const { ResourceRecordSets = [] } = await this.clients
      .of(Route53Client, 'us-east-1')
      .send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    const own = ResourceRecordSets.filter(({ Type }) => Type === 'A').map(({ Name }) => demand(Name));
    return [...new Set(own)].sort();
  }

  async putParameter(region: string, Name: string, Value: string): Promise<void> {
    await this.clients
      .of(SSMClient, region)
      .send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  }

  /** Makes the tables and topics of a stack as its template says; a table that is there already is made anew. */
  async deploy({ region, template, intrinsics }: Stack): Promise<void> {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type === 'AWS::DynamoDB::Table' || Type === 'AWS::DynamoDB::GlobalTable') {
        await this.#makeTable(region, intrinsics.resolve(Properties) as TableProperties);
      }
      if (Type === 'AWS::SNS::Topic') {
        const Name = intrinsics.text(Properties?.TopicName);
        await this.clients.of(SNSClient, region).send(new CreateTopicCommand({ Name }));
      }
    }
  }

  async #makeTable(region: string, { TableName, AttributeDefinitions, KeySchema }: TableProperties): Promise<void> {
    const client = this.clients.of(DynamoDBClient, region);
    await client.send(new DeleteTableCommand({ TableName })).catch(() => undefined);
    await client.send(
      new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' }),
    );
  }

  /** What a table accepted as the register of a service; null before anything was. */
  async registerOf(region: string, table: string, service: string): Promise<Register | null> {
    const item = await this.#itemOf(region, table, `register#${service}`);
    return item?.accepted?.S === undefined ? null : (JSON.parse(item.accepted.S) as Register);
  }

  /** What the region's watcher last wrote; null before its first word. */
  async opinionsOf(region: string, table: string): Promise<Opinions | null> {
    const item = await this.#itemOf(region, table, 'opinions');
    // moto shows an item in the middle of its update: what is not whole is not there yet.
    return item?.body === undefined ? null : (JSON.parse(bodyText(item.body)) as Opinions);
  }

  async #itemOf(region: string, TableName: string, key: string) {
    const { Item } = await this.clients
      .of(DynamoDBClient, region)
      .send(new GetItemCommand({ TableName, Key: { [partitionKey]: { S: key } }, ConsistentRead: true }));
    return Item ?? null;
  }
}

/** A watcher's word, as far as the tests wait for it. */
export interface Opinions {
  readonly tracks: Readonly<Record<string, Readonly<Record<string, { readonly opinion: string }>>>>;
}

interface TableProperties {
  readonly TableName: string;
  readonly AttributeDefinitions: { AttributeName: string; AttributeType: 'S' }[];
  readonly KeySchema: { AttributeName: string; KeyType: 'HASH' }[];
}

function demand<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('moto answered without it');
  return value;
}
