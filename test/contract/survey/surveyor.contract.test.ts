import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EC2Client, RunInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { LambdaSurveyor } from '../../../src/adapters/aws/lambda/lambda-surveyor.ts';
import { AwsSurveyor, type SurveyorParts } from '../../../src/adapters/aws/survey/aws-surveyor.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { defineDeployment } from '../../../src/config/loader.ts';
import { type DataResource, isShared } from '../../../src/core/model/data.ts';
import type { Fence, Measures, Scalable, SiteParts } from '../../../src/core/model/site.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { PortError } from '../../../src/ports/port-error.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { faultOf, standIn } from '../../support/stand-in.ts';
import { zones } from '../../unit/config/shop.fixture.ts';

const home = 'us-east-1';
const metric = { namespace: 'Shop', name: 'Lag', statistic: 'Maximum', dimensions: {}, maxAgeMs: 300_000 } as const;
const heartbeat = { kind: 'heartbeat', tableName: 'beats', key: 'web', attribute: 'at' } as const;
const group: Scalable = { kind: 'auto-scaling-group', name: 'web', size: 3, asActive: false, standbySize: 2 };

/** What is asked of a site whose fence nobody owes. */
const usual = { service: 'web', site: 'right', isFenceOwed: false };

/** Lets an audit take as long as it does: moto, under load, takes longer than AWS is given. */
const patientClock: Clock = {
  wallMs: systemClock.wallMs,
  monotonicMs: systemClock.monotonicMs,
  sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
};

/** Lets nothing take any time. */
const hastyClock: Clock = { ...patientClock, sleep: async () => {} };

/** A surveyor of a deployment whose waiting site has these measures and scale. */
function surveyorOf(
  clients: AwsClients,
  measures: Measures,
  more: Partial<SiteParts> = {},
  wanted = 2,
  parts: Partial<SurveyorParts> = {},
  data?: DataResource,
) {
  const web = defineDeployment(zones).services.web;
  if (!web?.sites.left || !web.sites.right) throw new Error('the fixture has a service of two sites');
  const sites = {
    left: { ...web.sites.left, scale: [] },
    right: { ...web.sites.right, measures, scale: [], ...more },
  };
  return new AwsSurveyor(clients, {
    services: { web: { ...web, sites, data } },
    compute: { readScale: async () => ({ wanted, ready: wanted }) },
    databases: { roleOf: async (_service, _site, part) => (isShared(part) ? undefined : 'replica') },
    hook: { ask: async () => expect.fail('no function is to be asked') },
    clock: patientClock,
    registerOf: async () => ({ active: 'left', writer: 'left' }),
    ...parts,
  });
}

describe('a survey of a site in another account', () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', expiration: new Date(8e12) };
  const failing = (kind: 'denied' | 'timeout') => async () => {
    throw new PortError({ kind, detail: 'sts' });
  };

  it.each([
    ['it can, once it has taken it', async () => credentials, true],
    ['it cannot, where STS refuses it', failing('denied'), false],
    ['nothing, while STS gives no answer', failing('timeout'), undefined],
  ])('says of its role: %s', async (_, source, canTakeRole) => {
    const surveyor = surveyorOf(new AwsClients({ credentials: source }), {}, { account: '222233334444' });

    expect((await surveyor.survey(home, usual)).canTakeRole).toBe(canTakeRole);
  });

  it('says nothing of a role where it needs none', async () => {
    const surveyor = surveyorOf(new AwsClients({ credentials: failing('denied') }), {});

    expect(await surveyor.survey(home, usual)).toEqual({ findings: [] });
  });
});

describeOnMoto('a survey in AWS, by moto', [home], (clients) => {
  it('knows nothing of lag and load without values', async () => {
    const missing = { ...metric, name: 'Missing' };
    const measures: Measures = { lag: { kind: 'metric', unitMs: 1_000, ...missing }, load: missing };

    expect(await surveyorOf(clients(), measures).survey(home, usual)).toEqual({ findings: [] });
  });

  it('reads lag in its unit, and load', async () => {
    const data = { MetricName: metric.name, Value: 2, Timestamp: new Date(systemClock.wallMs() - 60_000) };
    await clients()
      .of(CloudWatchClient, home)
      .send(new PutMetricDataCommand({ Namespace: metric.namespace, MetricData: [data] }));

    const survey = await surveyorOf(clients(), {
      lag: { kind: 'metric', unitMs: 1_000, ...metric },
      load: metric,
    }).survey(home, usual);

    expect(survey).toEqual({ replicationLagMs: 2_000, load: 2, findings: [] });
  });

  it('reads lag from a heartbeat, and nothing from one that is missing', async () => {
    const client = clients().of(DynamoDBClient, home);
    await client.send(
      new CreateTableCommand({
        TableName: 'beats',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const surveyor = surveyorOf(clients(), { lag: heartbeat });

    const before = await surveyor.survey(home, usual);
    const at = String(systemClock.wallMs() - 5_000);
    await client.send(new PutItemCommand({ TableName: 'beats', Item: { pk: { S: 'web' }, at: { N: at } } }));
    const after = await surveyor.survey(home, usual);

    expect(before).toEqual({ findings: [] });
    expect(after.replicationLagMs).toBeGreaterThanOrEqual(5_000);
    expect(after.replicationLagMs).toBeLessThan(30_000);
  });

  it('sums sizes, and says what a waiting site lacks though nothing of the other side can be read', async () => {
    const surveyor = surveyorOf(clients(), {}, { standby: 'warm', scale: [group, { ...group, name: 'other' }] }, 1);

    expect(await surveyor.survey(home, usual)).toEqual({
      size: 2,
      inService: 2,
      findings: ['group web: stands by with 1, less than its 2', 'group other: stands by with 1, less than its 2'],
    });
  });

  it('is invalid to survey a site that is not there', async () => {
    expect((await faultOf(() => surveyorOf(clients(), {}).survey('us-west-2', usual))).kind).toBe('invalid');
  });
});

describeOnMoto('what opens a fence, by moto', [home], (clients) => {
  const owed = { ...usual, isFenceOwed: true };
  const launch = async (count: number) => {
    const command = new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: count, MaxCount: count });
    const { Instances } = await clients().of(EC2Client, home).send(command);
    return (Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []);
  };
  const groups = (instanceIds: readonly string[]): Fence => ({ kind: 'groups', instanceIds, isolationGroupId: 'sg-1' });

  it('is asked only where the fence is owed', async () => {
    const surveyor = surveyorOf(clients(), {}, { fence: groups(await launch(1)) });

    expect(await surveyor.survey(home, usual)).toEqual({ findings: [] });
    expect(await surveyor.survey(home, owed)).toEqual({ isWellInside: true, findings: [] });
  });

  it('finds a site well inside while all of its instances that are left run and pass their checks', async () => {
    const [one = '', two = ''] = await launch(2);
    const client = clients().of(EC2Client, home);
    const look = async () =>
      (await surveyorOf(clients(), {}, { fence: groups([one, two]) }).survey(home, owed)).isWellInside;

    const running = await look();
    await client.send(new StopInstancesCommand({ InstanceIds: [two] }));
    const stopped = await look();
    await client.send(new TerminateInstancesCommand({ InstanceIds: [two] }));
    const terminated = await look();
    await client.send(new TerminateInstancesCommand({ InstanceIds: [one] }));

    expect([running, stopped, terminated, await look()]).toEqual([true, false, true, undefined]);
  });

  it('looks at the instance that had the address, and at the targets that are instances', async () => {
    const [instanceId = ''] = await launch(1);
    const byAddress: Fence = { kind: 'address', allocationId: ['eipalloc-1'], instanceId };
    const byTargets: Fence = { kind: 'targets', targetGroupArn: 'arn:aws:group', targetIds: [instanceId] };

    const surveys = await Promise.all(
      [byAddress, byTargets].map((fence) => surveyorOf(clients(), {}, { fence }).survey(home, owed)),
    );

    expect(surveys.map(({ isWellInside }) => isWellInside)).toEqual([true, true]);
  });

  it.each([
    [[], 2, undefined],
    [[group], 2, true],
    [[group], 0, undefined],
  ])('judges targets that are addresses by what is scaled (%#)', async (scale, wanted, expected) => {
    const fence: Fence = { kind: 'targets', targetGroupArn: 'arn:aws:group', targetIds: ['10.0.0.1'] };

    const { isWellInside } = await surveyorOf(clients(), {}, { fence, scale }, wanted).survey(home, owed);

    expect(isWellInside).toBe(expected);
  });
});

describe('what opens a fence that a function closes', () => {
  const owed = { ...usual, isFenceOwed: true };

  it.each([
    ['custom', { isWellInside: true }],
    // Probes are readers: what they find wrong no size sets right.
    ['read-only', {}],
  ] as const)('is what is scaled where the function says nothing of it (%s: %j)', async (kind, expected) => {
    const { clients } = await standIn([home], () => {});
    const fence: Fence = { kind, functionName: 'cut-off' };
    const hook = { ask: async () => ({ isIsolated: true, isReleased: false }) };

    const survey = await surveyorOf(clients, {}, { fence, scale: [group] }, 2, { hook }).survey(home, owed);

    expect(survey).toEqual({ ...expected, size: 2, inService: 2, findings: [] });
  });

  it.each([
    ['custom', { isIsolated: true, isReleased: false, isWell: true }, { isWellInside: true }],
    ['custom', { isIsolated: true, isReleased: false, isWell: false }, { isWellInside: false }],
    ['custom', { isIsolated: true, isReleased: false }, {}],
    ['read-only', { isIsolated: true, isReleased: false, isWell: true }, { isWellInside: true }],
  ] as const)('is what the function says (%s, %j)', async (kind, answer, expected) => {
    const { clients } = await standIn([home], () => {});
    const hook = { ask: async () => answer };
    const fence: Fence = { kind, functionName: 'cut-off' };

    const survey = await surveyorOf(clients, {}, { fence }, 2, { hook }).survey(home, owed);

    expect(survey).toEqual({ ...expected, findings: [] });
  });

  it('is unknown when the function fails, or hangs for longer than a survey has', async () => {
    const { clients } = await standIn([home], () => {});
    const fence: Fence = { kind: 'custom', functionName: 'cut-off' };
    const failing = { hook: { ask: () => Promise.reject(new Error('no')) } };
    const hanging = { hook: { ask: () => new Promise<never>(() => {}) }, clock: hastyClock };

    const surveys = [
      await surveyorOf(clients, {}, { fence }, 2, failing).survey(home, owed),
      await surveyorOf(clients, {}, { fence }, 2, hanging).survey(home, owed),
    ];

    expect(surveys).toEqual([{ findings: [] }, { findings: [] }]);
  });

  it('is what the data says of the site, where there is data', async () => {
    const { clients } = await standIn([home], () => {});
    const data = { kind: 'custom', functions: { left: 'data', right: 'data' } } as const;

    expect(await surveyorOf(clients, {}, {}, 2, {}, data).survey(home, owed)).toEqual({
      dataRole: 'replica',
      findings: [],
    });
  });

  it('is read at rest where it is the role of data, for a failback goes only to a replica', async () => {
    const { clients } = await standIn([home], () => {});
    const data = { kind: 'custom', functions: { left: 'data', right: 'data' } } as const;

    expect(await surveyorOf(clients, {}, {}, 2, {}, data).survey(home, usual)).toEqual({
      dataRole: 'replica',
      findings: [],
    });
  });
});

describe('data that every site writes', () => {
  const arn = (region: string) => `arn:aws:memorydb:${region}:123456789012:cluster/shop`;
  const clusters = { left: arn(home), right: arn(home) };
  const data = { kind: 'memorydb-multi-region', globalId: 'virxk-shop', clusters } as const;

  it.each([
    ['available', { isDataUsable: true, findings: [] }],
    ['deleting', { isDataUsable: false, findings: ['the cluster shop of MemoryDB is deleting: it takes no writes'] }],
    ['resting', { findings: [] }],
  ])('is usable, or not, or unknown, by the state of the cluster (%s)', async (Status, expected) => {
    const { clients } = await standIn([home], (seen, response) => {
      if (seen.headers['x-amz-target'] !== 'AmazonMemoryDB.DescribeClusters') return response.writeHead(500).end();
      const body = { Clusters: [{ Status, MultiRegionClusterName: 'virxk-shop' }] };
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });

    expect(await surveyorOf(clients, {}, {}, 2, {}, data).survey(home, usual)).toEqual(expected);
  });
});

describe('LambdaSurveyor on the wire', () => {
  const answering = (body: unknown, headers: Record<string, string> = {}) =>
    standIn([home], (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });

  it('asks the survey function of the region', async () => {
    const { clients, seen } = await answering({ load: 3, findings: ['a line'] });

    const survey = await new LambdaSurveyor(clients, 'zones').survey(home, usual);

    expect(survey).toEqual({ load: 3, findings: ['a line'] });
    expect(seen[0]?.path).toContain('zones-failover-survey');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(usual);
  });

  it.each([
    [{}],
    [{ findings: [], dataRole: 'yes' }],
    [{ findings: [], isWellInside: 1 }],
    [{ findings: [], isDataUsable: 'yes' }],
    [{ findings: 'none' }],
    [{ findings: [], load: 'much' }],
    [{ findings: [], replicationLagMs: -1 }],
    [{ findings: [], replicationLagMs: null }],
    [{ findings: [], backupAgeMs: 'old' }],
    [{ findings: [], restoreAgeMs: -1 }],
  ])('takes %j for no survey', async (body) => {
    const { clients } = await answering(body);

    expect((await faultOf(() => new LambdaSurveyor(clients, 'zones').survey(home, usual))).kind).toBe('invalid');
  });

  it('is unavailable when the function failed', async () => {
    const { clients } = await answering({ errorMessage: 'no' }, { 'x-amz-function-error': 'Unhandled' });

    expect((await faultOf(() => new LambdaSurveyor(clients, 'zones').survey(home, usual))).kind).toBe('unavailable');
  });
});
