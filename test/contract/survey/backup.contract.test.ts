import { describe, expect, it } from 'vitest';
import { BackupReader } from '../../../src/adapters/aws/survey/backup.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { defineDeployment } from '../../../src/config/loader.ts';
import type { BackupFacts } from '../../../src/core/detection/backup.ts';
import type { BackupSource } from '../../../src/core/model/site.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { type BackupState, backupServer } from '../../support/servers/backup-server.ts';
import { SimAccount } from '../../support/sim-account.ts';
import { type Answering, jsonError, standIn, xml, xmlError } from '../../support/stand-in.ts';
import { shop } from '../../unit/config/shop.fixture.ts';

const home = 'us-west-2';
const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 0, 31);
const cluster = `arn:aws:rds:${home}:111122223333:cluster:shop`;
const instance = `arn:aws:rds:${home}:111122223333:db:shop`;
const copied: BackupSource = {
  kind: 'aws-backup',
  vault: 'copies',
  resourceArn: 'arn:aws:rds:us-east-1:111122223333:cluster:shop',
  maxAgeMs: 26 * hourMs,
  maxRestoreAgeMs: 840 * hourMs,
};
const { maxRestoreAgeMs: _asked, ...unrestored } = copied;

/** Lets reads take as long as they do; its own time is told. */
function clockAt(time: { ms: number }): Clock {
  const sleep: Clock['sleep'] = (_ms, signal) =>
    new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
  return { wallMs: systemClock.wallMs, monotonicMs: () => time.ms, sleep };
}

/** Epoch seconds, some hours ago. */
const ago = (hours: number) => (nowMs - hours * hourMs) / 1_000;
const point = (hours: number, Status = 'COMPLETED', ResourceArn = copied.resourceArn) => ({
  ResourceArn,
  Status,
  CreationDate: ago(hours),
});
const continuous = (hours: number, Status = 'AVAILABLE') => ({
  ...point(hours, Status),
  RecoveryPointArn: `arn:aws:backup:${home}:111122223333:recovery-point:continuous:cluster-abc-0123abcd`,
});
const job = (hours: number, ValidationStatus?: string, Status = 'COMPLETED') => ({
  Status,
  CompletionDate: ago(hours),
  ...(ValidationStatus === undefined ? {} : { ValidationStatus }),
});

async function readerOf(answer: Answering, time = { ms: 0 }) {
  const { clients, seen } = await standIn([home], answer);
  const reader = new BackupReader(clients, clockAt(time));
  return { seen, read: (source: BackupSource = copied, atMs = nowMs) => reader.factsOf(home, source, atMs) };
}

const vaultOf = (state: Partial<BackupState>) =>
  readerOf(backupServer({ vault: 'copies', points: [], jobs: [], pageSize: 2, ...state }));

describe('the age of backups in a vault', () => {
  it.each<[string, Partial<BackupState>, BackupFacts]>([
    [
      'the newest counts, in whatever order they come',
      { points: [point(40), point(3), point(9)] },
      { backupAgeMs: 3 * hourMs },
    ],
    ['one over the limit is known, too', { points: [point(99), point(31), point(70)] }, { backupAgeMs: 31 * hourMs }],
    ['none is none', {}, { backupAgeMs: null }],
    [
      'what cannot be restored is none',
      { points: [point(1, 'PARTIAL'), point(1, 'EXPIRED'), point(1, 'STOPPED'), point(1, 'CREATING')] },
      { backupAgeMs: null },
    ],
    ['an available one can be restored', { points: [point(2, 'AVAILABLE')] }, { backupAgeMs: 2 * hourMs }],
    ['a continuous one is of now, whenever it began', { points: [continuous(700)] }, { backupAgeMs: 0 }],
    [
      'a continuous one that was stopped is none',
      { points: [continuous(700, 'STOPPED'), point(90)] },
      { backupAgeMs: 90 * hourMs },
    ],
    ['those of another resource are none', { points: [point(1, 'COMPLETED', cluster)] }, { backupAgeMs: null }],
    ['one of a clock that is ahead is new', { points: [point(-0.1)] }, { backupAgeMs: 0 }],
    ['a vault that is not there leaves it unknown', { vault: 'another' }, {}],
    [
      'a list without end leaves it unknown: its newest may be on a later page',
      { points: Array.from({ length: 9 }, (_, index) => point(30 + index)) },
      {},
    ],
  ])('%s', async (_, state, expected) => {
    const { read } = await vaultOf(state);

    expect(await read(unrestored)).toEqual(expected);
  });

  it.each<[string, BackupState['jobs'], number | null]>([
    ['the newest restore counts', [job(300), job(200), job(250)], 200 * hourMs],
    ['one that a test found good', [job(200, 'SUCCESSFUL')], 200 * hourMs],
    ['not one that a test found bad, or did not end', [job(2, 'FAILED'), job(3, 'TIMED_OUT'), job(400)], 400 * hourMs],
    ['not one that failed', [job(2, undefined, 'FAILED')], null],
    ['none is none', [], null],
  ])('of restores: %s', async (_, jobs, restoreAgeMs) => {
    const { read } = await vaultOf({ jobs, points: [point(1)] });

    expect(await read()).toEqual({ backupAgeMs: hourMs, restoreAgeMs });
  });

  it('knows the one where the other is refused', async () => {
    const vault = backupServer({ vault: 'copies', points: [point(1)], jobs: [], pageSize: 2 });
    const { read } = await readerOf((seen, response, index) =>
      seen.path.startsWith('/resources')
        ? jsonError(response, 'AccessDeniedException', 403)
        : vault(seen, response, index),
    );

    expect(await read()).toEqual({ backupAgeMs: hourMs });
  });
});

describe('between two reads', () => {
  it('asks again after five minutes, grows older meanwhile, and is unknown after fifteen without an answer', async () => {
    const time = { ms: 0 };
    const vault = backupServer({ vault: 'copies', points: [point(1)], jobs: [], pageSize: 2 });
    let isDark = false;
    const { read, seen } = await readerOf(
      (one, response, index) => (isDark ? jsonError(response, 'InternalFailure', 500) : vault(one, response, index)),
      time,
    );

    const facts: BackupFacts[] = [];
    for (const ms of [0, 299_999, 300_000, 900_000, 900_001]) {
      time.ms = ms;
      facts.push(await read(unrestored, nowMs + ms));
      isDark = true;
    }

    expect(facts).toEqual([
      { backupAgeMs: hourMs },
      { backupAgeMs: hourMs + 299_999 },
      { backupAgeMs: hourMs + 300_000 },
      { backupAgeMs: hourMs + 900_000 },
      {},
    ]);
    expect(seen).toHaveLength(3);
  });
});

describe('the time to which RDS can restore', () => {
  const rds = (arn: string): BackupSource => ({ kind: 'rds', resourceArn: arn, maxAgeMs: 1_800_000 });
  const answering =
    (action: string, body: string): Answering =>
    ({ form }, response) =>
      form.Action === action
        ? xml(response, `<${action}Response><${action}Result>${body}</${action}Result></${action}Response>`)
        : xmlError(response, 'InvalidAction');
  const time = `<LatestRestorableTime>${new Date(nowMs - 4 * 60_000).toISOString()}</LatestRestorableTime>`;
  const clusters = (arn: string, more: string) =>
    `<DBClusters><DBCluster><DBClusterArn>${arn}</DBClusterArn>${more}</DBCluster></DBClusters>`;
  const instances = (arn: string, more: string) =>
    `<DBInstances><DBInstance><DBInstanceArn>${arn}</DBInstanceArn>${more}</DBInstance></DBInstances>`;
  const off = '<BackupRetentionPeriod>0</BackupRetentionPeriod>';
  const [ofCluster, ofInstance] = ['DescribeDBClusters', 'DescribeDBInstances'];

  it.each<[string, string, string, string, BackupFacts]>([
    ['of a cluster', cluster, ofCluster, clusters(cluster, time), { backupAgeMs: 240_000 }],
    ['of an instance', instance, ofInstance, instances(instance, time), { backupAgeMs: 240_000 }],
    ['none, where backups are off', instance, ofInstance, instances(instance, off), { backupAgeMs: null }],
    ['not known, where RDS does not say', instance, ofInstance, instances(instance, ''), {}],
    ['not known, of one with another ARN', cluster, ofCluster, clusters(`${cluster}-2`, time), {}],
    ['not known, where there is none', cluster, 'Other', '', {}],
  ])('is read: %s', async (_, arn, action, body, expected) => {
    const { read } = await readerOf(answering(action, body));

    expect(await read(rds(arn))).toEqual(expected);
  });
});

describe('the survey in the simulator', () => {
  it.each<[string, BackupSource | undefined, readonly string[]]>([
    ['says nothing of a site that declares none', undefined, []],
    ['says the age alone where no restore is asked', unrestored, ['backupAgeMs']],
    ['says both', copied, ['backupAgeMs', 'restoreAgeMs']],
  ])('%s', async (_, backup, expected) => {
    const { web } = shop.services;
    if (!web?.sites.oregon) return expect.fail('the fixture has a site "oregon"');
    const sites = { ...web.sites, oregon: { ...web.sites.oregon, ...(backup ? { measures: { backup } } : {}) } };
    const account = new SimAccount(defineDeployment({ ...shop, services: { web: { ...web, sites } } }));

    const survey = await account.call(home, 'survey', {
      region: home,
      service: 'web',
      site: 'oregon',
      isFenceOwed: false,
    });

    const young = (ageMs: number | null | undefined) => typeof ageMs === 'number' && ageMs < 1_000;
    const said = Object.keys(survey).filter((key) => key === 'backupAgeMs' || key === 'restoreAgeMs');
    expect(said).toEqual(expected);
    expect(said.every((key) => young(survey[key as 'backupAgeMs']))).toBe(true);
  });
});
