import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateDBInstanceCommand, CreateDBInstanceReadReplicaCommand, RDSClient } from '@aws-sdk/client-rds';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { AwsSurveyor } from '../../../src/adapters/aws/survey/aws-surveyor.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { defineDeployment } from '../../../src/config/loader.ts';
import type { SiteSurvey } from '../../../src/core/detection/site-survey.ts';
import type { DataResource } from '../../../src/core/model/data.ts';
import type { Service } from '../../../src/core/model/service.ts';
import type { Measures, Scalable } from '../../../src/core/model/site.ts';
import { makeBallot } from '../../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../../src/core/register/register.ts';
import { motoStartMsMax } from '../../support/moto.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { SimAccount } from '../../support/sim-account.ts';
import { shop } from '../../unit/config/shop.fixture.ts';

const home = 'us-east-1';
const away = 'us-west-2';
const lagMs = 700;
const load = 12;

const metric = { namespace: 'Shop', name: 'Requests', statistic: 'Sum', dimensions: {}, maxAgeMs: 300_000 } as const;
const group: Scalable = { kind: 'auto-scaling-group', name: 'web', size: 3, asActive: false, standbySize: 1 };
const machines: Scalable = { kind: 'instances', instanceIds: ['i-1', 'i-2'] };

/** How the service is configured, and what its register says. */
interface Given {
  readonly data?: DataResource;
  readonly measures?: Measures;
  readonly scale?: readonly Scalable[];
  readonly register?: Partial<Register>;
}

/** Makes the world that every test is about, and surveys its waiting site, `oregon`, or another name. */
type Survey = (given: Given, site?: string) => Promise<SiteSurvey>;

function serviceOf({ data, measures, scale }: Given): Service {
  const { web } = defineDeployment(shop).services;
  if (!web?.sites.oregon) return expect.fail('the fixture has a service of two sites');
  const oregon = { ...web.sites.oregon, measures: measures ?? {}, scale: scale ?? [] };
  return { ...web, sites: { ...web.sites, oregon }, ...(data ? { data } : {}) };
}

const registerOf = ({ register }: Given): Register => ({ ...genesis('virginia'), ...register });

/**
 * The facts of a site that waits, is behind its writer, carries something, and of whose three machines one is there.
 * The id of a cluster is another one in each test, so that no metric is that of another test.
 */
function describeFacts(survey: Survey): void {
  const cluster = (id: string): DataResource => {
    const arn = (region: string) => `arn:aws:rds:${region}:123456789012:cluster:${id}`;
    return { kind: 'aurora-global', globalId: id, clusters: { virginia: arn(home), oregon: arn(away) } };
  };

  it('has the lag that AWS publishes of a replica', async () => {
    expect(await survey({ data: cluster('waits') })).toMatchObject({ replicationLagMs: lagMs });
  });

  it.each([
    ['has been decided', 'decided', { active: 'oregon', writer: 'virginia' }],
    ['was promoted, and taken back unseen', 'unseen', { active: 'oregon', writer: 'oregon' }],
  ])('has it also once a move there %s', async (_, id, register) => {
    expect(await survey({ data: cluster(id), register })).toMatchObject({ replicationLagMs: lagMs });
  });

  it('has the lag of a replica of RDS behind the instance that it follows, and none behind another one', async () => {
    const data: DataResource = { kind: 'rds-replica', instances: { virginia: 'shop-east', oregon: 'shop-west' } };

    expect(await survey({ data })).toMatchObject({ replicationLagMs: lagMs });
    expect(await survey({ data, register: { writer: 'oregon' } })).not.toHaveProperty('replicationLagMs');
  });

  it('has no lag and no load where nothing is named to read them from', async () => {
    expect(await survey({})).toEqual({ findings: [] });
  });

  it('has the load where a metric is named', async () => {
    const load = { ...metric, statistic: 'Maximum' } as const;

    expect(await survey({ measures: { load } })).toMatchObject({ load: 12 });
  });

  it('has the size that was asked for, and that which is there', async () => {
    expect(await survey({ scale: [group] })).toMatchObject({ size: 3, inService: 1 });
  });

  it('has the share of its instances that is there, and nothing was asked for', async () => {
    const facts = await survey({ scale: [machines] });

    expect([facts.size, facts.inService]).toEqual([undefined, 0]);
  });

  it('is refused for a site that the function does not know', async () => {
    await expect(survey({}, 'frankfurt')).rejects.toThrow('frankfurt');
  });
}

describe('a survey in the simulator', () => {
  describeFacts(async (given, site = 'oregon') => {
    const deployment = { ...defineDeployment(shop), services: { web: serviceOf(given) } };
    const sim = new SimAccount(deployment);
    const { world } = sim;
    Object.assign(world.sites.get('web', 'oregon'), { replicationLagMs: lagMs, load, bootMs: 3_600_000 });
    world.tables.accept(away, 'web', makeBallot(1, 'test'), registerOf(given));
    const [scalable] = given.scale ?? [];
    if (scalable !== undefined)
      world.scales.write(deployment, { region: away, service: 'web', site: 'oregon' }, scalable, 3);
    return await sim.call(away, 'survey', { region: away, service: 'web', site, isFenceOwed: false });
  });
});

describeOnMoto('a survey in AWS, by moto', [home, away], (clients) => {
  beforeAll(async () => {
    const make = { DBInstanceClass: 'db.t3.micro', Engine: 'postgres' };
    const source = `arn:aws:rds:${home}:123456789012:db:shop-east`;
    await clients()
      .of(RDSClient, home)
      .send(new CreateDBInstanceCommand({ ...make, DBInstanceIdentifier: 'shop-east' }));
    const replica = { DBInstanceIdentifier: 'shop-west', SourceDBInstanceIdentifier: source };
    await clients().of(RDSClient, away).send(new CreateDBInstanceReadReplicaCommand(replica));
  }, motoStartMsMax);

  describeFacts(async (given, site = 'oregon') => {
    await putMetrics(clients(), given);
    const surveyor = new AwsSurveyor(clients(), {
      services: { web: serviceOf(given) },
      compute: {
        readScale: async (_place, { kind }) =>
          kind === 'instances' ? { wanted: 1, ready: 0 } : { wanted: 3, ready: 1 },
      },
      databases: { roleOf: async () => 'replica' },
      hook: { ask: async () => expect.fail('no function is to be asked') },
      clock: systemClock,
      registerOf: async () => registerOf(given),
    });
    return await surveyor.survey(away, { service: 'web', site, isFenceOwed: false });
  });
});

/** What CloudWatch has in the region of the waiting site. */
async function putMetrics(clients: AwsClients, { data }: Given): Promise<void> {
  const client = clients.of(CloudWatchClient, away);
  const put = (Namespace: string, MetricName: string, Value: number, dimensions: Readonly<Record<string, string>>) => {
    const Dimensions = Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: value }));
    const MetricData = [{ MetricName, Value, Dimensions, Timestamp: new Date(systemClock.wallMs() - 60_000) }];
    return client.send(new PutMetricDataCommand({ Namespace, MetricData }));
  };
  await put(metric.namespace, metric.name, load, {});
  if (data?.kind === 'rds-replica')
    await put('AWS/RDS', 'ReplicaLag', lagMs / 1_000, { DBInstanceIdentifier: data.instances.oregon ?? '' });
  if (data?.kind !== 'aurora-global') return;
  const dimensions = { DBClusterIdentifier: data.globalId, SourceRegion: home };
  await put('AWS/RDS', 'AuroraGlobalDBReplicationLag', lagMs, dimensions);
}
