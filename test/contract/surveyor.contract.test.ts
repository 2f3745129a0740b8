import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { AwsSurveyor } from '../../src/adapters/aws/aws-surveyor.ts';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { LambdaSurveyor } from '../../src/adapters/aws/lambda/lambda-surveyor.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import type { Measures, Scalable, Site } from '../../src/core/model/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { faultOf, standIn } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

const home = 'us-east-1';
const metric = { namespace: 'Shop', name: 'Lag', statistic: 'Maximum', dimensions: {}, maxAgeMs: 300_000 } as const;
const heartbeat = { kind: 'heartbeat', tableName: 'beats', key: 'web', attribute: 'at' } as const;
const group: Scalable = { kind: 'auto-scaling-group', name: 'web', size: 3, asActive: false, standbySize: 2 };

/** Lets an audit take as long as it does: moto, under load, takes longer than AWS is given. */
const patientClock: Clock = {
  wallMs: systemClock.wallMs,
  monotonicMs: systemClock.monotonicMs,
  sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
};

/** A surveyor of a deployment whose waiting site has these measures and scale. */
function surveyorOf(clients: AwsClients, measures: Measures, more: Partial<Site> = {}, wanted = 2) {
  const web = defineDeployment(zones).services.web;
  if (!web?.sites.left || !web.sites.right) throw new Error('the fixture has a service of two sites');
  const sites = {
    left: { ...web.sites.left, scale: [] },
    right: { ...web.sites.right, measures, scale: [], ...more },
  };
  return new AwsSurveyor(clients, {
    services: { web: { ...web, sites } },
    compute: { readScale: async () => ({ wanted, ready: wanted }) },
    clock: patientClock,
    activeOf: async () => 'left',
  });
}

describeOnMoto('a survey in AWS, by moto', [home], (clients) => {
  it('knows nothing of lag and load without values', async () => {
    const missing = { ...metric, name: 'Missing' };
    const measures: Measures = { lag: { kind: 'metric', unitMs: 1_000, ...missing }, load: missing };

    expect(await surveyorOf(clients(), measures).survey(home, 'web', 'right')).toEqual({ findings: [] });
  });

  it('reads lag in its unit, and load', async () => {
    const data = { MetricName: metric.name, Value: 2, Timestamp: new Date(systemClock.wallMs() - 60_000) };
    await clients()
      .of(CloudWatchClient, home)
      .send(new PutMetricDataCommand({ Namespace: metric.namespace, MetricData: [data] }));

    const survey = await surveyorOf(clients(), {
      lag: { kind: 'metric', unitMs: 1_000, ...metric },
      load: metric,
    }).survey(home, 'web', 'right');

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

    const before = await surveyor.survey(home, 'web', 'right');
    const at = String(systemClock.wallMs() - 5_000);
    await client.send(new PutItemCommand({ TableName: 'beats', Item: { pk: { S: 'web' }, at: { N: at } } }));
    const after = await surveyor.survey(home, 'web', 'right');

    expect(before).toEqual({ findings: [] });
    expect(after.replicationLagMs).toBeGreaterThanOrEqual(5_000);
    expect(after.replicationLagMs).toBeLessThan(30_000);
  });

  it('sums sizes, and says what a waiting site lacks though nothing of the other side can be read', async () => {
    const surveyor = surveyorOf(clients(), {}, { standby: 'warm', scale: [group, { ...group, name: 'other' }] }, 1);

    expect(await surveyor.survey(home, 'web', 'right')).toEqual({
      size: 2,
      findings: ['group web: stands by with 1, less than its 2', 'group other: stands by with 1, less than its 2'],
    });
  });

  it('is invalid to survey a site that is not there', async () => {
    expect((await faultOf(() => surveyorOf(clients(), {}).survey('us-west-2', 'web', 'right'))).kind).toBe('invalid');
  });
});

describe('LambdaSurveyor on the wire', () => {
  const answering = (body: unknown, headers: Record<string, string> = {}) =>
    standIn([home], (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });

  it('asks the survey function of the region', async () => {
    const { clients, seen } = await answering({ load: 3, findings: ['a line'] });

    const survey = await new LambdaSurveyor(clients, 'zones').survey(home, 'web', 'right');

    expect(survey).toEqual({ load: 3, findings: ['a line'] });
    expect(seen[0]?.path).toContain('zones-failover-survey');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ service: 'web', site: 'right' });
  });

  it.each([[{}], [{ findings: 'none' }], [{ findings: [], load: 'much' }], [{ findings: [], replicationLagMs: -1 }]])(
    'takes %j for no survey',
    async (body) => {
      const { clients } = await answering(body);

      expect((await faultOf(() => new LambdaSurveyor(clients, 'zones').survey(home, 'web', 'right'))).kind).toBe(
        'invalid',
      );
    },
  );

  it('is unavailable when the function failed', async () => {
    const { clients } = await answering({ errorMessage: 'no' }, { 'x-amz-function-error': 'Unhandled' });

    expect((await faultOf(() => new LambdaSurveyor(clients, 'zones').survey(home, 'web', 'right'))).kind).toBe(
      'unavailable',
    );
  });
});
