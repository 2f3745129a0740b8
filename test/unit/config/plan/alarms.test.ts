import { describe, expect, test } from 'vitest';
import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';
import { defineDeployment } from '../../../../src/config/loader.ts';
import { deploymentAlarms, serviceAlarms } from '../../../../src/config/plan/alarms.ts';
import { type AlertName, alertNames } from '../../../../src/core/alerting/alert-name.ts';
import { alertCatalogue } from '../../../../src/core/alerting/catalogue.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { shop } from '../shop.fixture.ts';

const ofDeployments = alertNames.filter((alarm) => alertCatalogue[alarm].scope === 'deployment');
const web = 'services.web';
const api = {
  ...shop.services.web,
  traffic: { dns: { ...shop.services.web?.traffic?.dns, record: 'api.shop.example' } },
};
const tcp = (host: string, more = {}) => ({ type: 'tcp', host, port: 443, ...more });

function alarmsOf(overrides: Overrides, service = 'web'): readonly AlertName[] {
  const deployment = defineDeployment(applyOverrides(shop, overrides) as DeploymentInput);
  return serviceAlarms(deployment, service).map(({ alarm }) => alarm);
}

const pool = { [`${web}.mode`]: 'active-active' };
const fenced = { [`${web}.sites.virginia.fence`]: { kind: 'custom', functionName: 'cut-off' } };
const tcpOnly = {
  [`${web}.sites.virginia.probes`]: [tcp('virginia')],
  [`${web}.sites.oregon.probes`]: [tcp('oregon')],
};
const choice = {
  [`${web}.sites.oregon.probes`]: [tcp('a'), tcp('b')],
  [`${web}.sites.oregon.require`]: 'any',
};
const data = (kind: object) => ({ [`${web}.data`]: kind, [`${web}.failover.maxReplicationLagMs`]: 5_000 });
const moved = data({ kind: 'elasticache-global', globalId: 'shop', members: { virginia: 'shop-v', oregon: 'shop-o' } });
const shared = data({ kind: 'dynamodb-global', tableName: 'orders' });
const group = (recoveryTimeMs?: number) => ({
  'services.api': api,
  groups: { all: { members: { web: ['api'], api: [] }, ...(recoveryTimeMs ? { recoveryTimeMs } : {}) } },
});

describe('an alarm is made only where something could raise it', () => {
  test.each<[AlertName, Overrides, Overrides]>([
    ['pool-fail-open', pool, {}],
    ['over-capacity', pool, {}],
    ['awaiting-approval', { [`${web}.failover.approval`]: {} }, {}],
    [
      'approval-lapsed',
      { [`${web}.failover.approval`]: { waitMs: '5m', atEnd: 'drop' } },
      { [`${web}.failover.approval`]: { waitMs: '5m' } },
    ],
    ['switchover-dropped', {}, pool],
    ['replication-lag', { [`${web}.failover.maxReplicationLagMs`]: 5_000 }, {}],
    ['writer-elsewhere', moved, {}],
    ['writer-elsewhere', moved, shared],
    ['blocked-awaiting-ack', {}, pool],
    ['blocked-awaiting-ack', {}, { [`${web}.failover.blockMs`]: 0 }],
    ['blocked-awaiting-ack', {}, { [`${web}.failover.automatic`]: false }],
    ['actuator-errors', fenced, {}],
    ['drift-repaired', fenced, {}],
    ['drift-stuck', { [`${web}.traffic.dns.mode`]: 'records' }, {}],
    ['self-fenced', fenced, {}],
    ['fence-owed', fenced, {}],
    ['fence-unproven', fenced, {}],
    ['spare-capacity', pool, { ...pool, [`${web}.capacity.spareSites`]: 0 }],
    [
      'last-resort',
      { [`${web}.failover.allDown`]: 'last-resort', [`${web}.traffic.dns.lastResort`]: { a: '192.0.2.99' } },
      {},
    ],
    ['shared-dependency', { [`${web}.sites.oregon.probes.0.dependency`]: 'login' }, {}],
    ['clock-offset', {}, tcpOnly],
    ['certificate-ending', {}, tcpOnly],
    ['certificate-ending', {}, { [`${web}.detection.grey.certificateDays`]: 0 }],
    [
      'backup-old',
      {
        [`${web}.sites.oregon.measures.backup`]: {
          kind: 'aws-backup',
          vault: 'shop',
          resourceArn: 'arn:aws:s3:::shop',
        },
      },
      {},
    ],
    ['probe-failing', choice, { ...choice, [`${web}.sites.oregon.require`]: 'all' }],
    ['probe-failing', choice, { ...choice, [`${web}.sites.oregon.require`]: { atLeast: 2 } }],
  ])('%s', (alarm, possible, impossible) => {
    expect(alarmsOf(possible)).toContain(alarm);
    expect(alarmsOf(impossible)).not.toContain(alarm);
  });

  test('recovery-time-missed, of the member that speaks for its group', () => {
    expect(alarmsOf(group(60_000), 'api')).toContain('recovery-time-missed');
    expect(alarmsOf(group(60_000), 'web')).not.toContain('recovery-time-missed');
    expect(alarmsOf(group(), 'api')).not.toContain('recovery-time-missed');
  });

  test('every other one is made for every service', () => {
    const optional = new Set(alertNames.filter((alarm) => !alarmsOf(tcpOnly).includes(alarm)));
    const ofServices = alertNames.filter((alarm) => alertCatalogue[alarm].scope === 'service');

    expect(ofServices.filter((alarm) => optional.has(alarm))).toEqual([
      'replication-lag',
      'writer-elsewhere',
      'awaiting-approval',
      'approval-lapsed',
      'actuator-errors',
      'drift-repaired',
      'drift-stuck',
      'self-fenced',
      'fence-owed',
      'fence-unproven',
      'pool-fail-open',
      'over-capacity',
      'spare-capacity',
      'recovery-time-missed',
      'clock-offset',
      'certificate-ending',
      'backup-old',
      'probe-failing',
      'last-resort',
      'shared-dependency',
    ]);
  });
});

test('alarms about no service are made once a region, whatever the services are', () => {
  const names = deploymentAlarms(defineDeployment(shop), 'us-east-1').map(({ alarm }) => alarm);

  expect(names).toEqual([...ofDeployments.filter((alarm) => alarm !== 'endpoints-errors'), 'watcher-silent']);
});

test('an alarm about endpoints is made where clients ask for them', () => {
  const endpoints = { virginia: 'https://virginia.internal', oregon: 'https://oregon.internal' };
  const asked = defineDeployment(applyOverrides(shop, { [`${web}.clients`]: { endpoints } }) as DeploymentInput);
  const plan = deploymentAlarms(asked, 'us-east-1').find(({ alarm }) => alarm === 'endpoints-errors');

  expect(plan?.metrics.map(({ name, dimensions }) => `${dimensions.FunctionName} ${name}`)).toEqual([
    'shop-failover-endpoints Errors',
    'shop-failover-endpoints Throttles',
  ]);
});

test('the hourly check has its alarm where it runs: in two regions, or in none', () => {
  const regionsOf = (deployment: DeploymentInput) => {
    const made = defineDeployment(deployment);
    return made.controlRegions.filter((region) =>
      deploymentAlarms(made, region).some(({ alarm }) => alarm === 'doctor-red'),
    );
  };

  expect(regionsOf(shop)).toEqual(['us-east-1', 'us-west-2']);
  expect(regionsOf({ ...shop, doctor: { hourly: false } })).toEqual([]);
});

test('the alarm of the hourly check wants two bad hours of three, and takes silence for neither good nor bad', () => {
  const plan = deploymentAlarms(defineDeployment(shop), 'us-east-1').find(({ alarm }) => alarm === 'doctor-red');

  expect(plan).toMatchObject({
    metrics: [{ namespace: 'CdkFailover', name: 'doctor-red', dimensions: { deployment: shop.name, service: '-' } }],
    periodMinutes: 60,
    wrongPeriods: 2,
    silence: 'unknown',
  });
});

test('a service that is none is an error', () => {
  expect(() => serviceAlarms(defineDeployment(shop), 'nobody')).toThrow(RangeError);
});
