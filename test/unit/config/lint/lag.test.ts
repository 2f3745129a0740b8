import { describe, expect, test } from 'vitest';
import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';
import { lintDeployment } from '../../../../src/config/lint/lint.ts';
import { defineDeployment } from '../../../../src/config/loader.ts';
import { shop } from '../shop.fixture.ts';

type ServiceInput = DeploymentInput['services'][string];

/** The shop, whose waiting site is told its lag by a heartbeat; where it is fenced, its data is promoted as well. */
function beating(maxReplicationLagMs: number, isFenced = false): DeploymentInput {
  const web = shop.services.web as ServiceInput;
  const { virginia, oregon } = web.sites;
  if (!virginia || !oregon) throw new Error('the fixture has two sites');
  const fence = isFenced ? { fence: { kind: 'custom' as const, functionName: 'cut-off' } } : {};
  const lag = { kind: 'heartbeat' as const, tableName: 'beats', key: 'web', attribute: 'at' };
  const data = { kind: 'custom' as const, functions: { virginia: 'promote', oregon: 'promote' } };
  const service: ServiceInput = {
    ...web,
    ...(isFenced ? { data } : {}),
    failover: { maxReplicationLagMs, leaseMs: 20_000 },
    sites: {
      virginia: { ...virginia, ...fence, measures: { lag } },
      oregon: { ...oregon, ...fence, measures: { lag } },
    },
  };
  return { ...shop, services: { web: service } };
}

const findingOf = (input: DeploymentInput) =>
  lintDeployment(defineDeployment(input)).find(({ name }) => name === 'heartbeat-outlives-limit');

describe('a heartbeat that a dead writer no longer writes', () => {
  test('is over a limit that a move takes longer than', () => {
    expect(findingOf(beating(5_000))).toMatchObject({
      path: 'services.web.failover.maxReplicationLagMs',
      what: expect.stringContaining('the limit is 5 s, and the heartbeat of virginia and oregon may be'),
    });
  });

  test.each([
    ['a limit of a minute', beating(60_000), false],
    ['a limit below what the lease adds where the old site is fenced first', beating(25_000, true), true],
    ['the same limit where nothing is fenced', beating(25_000), false],
    ['a limit above that', beating(120_000, true), false],
  ])('is found with %s, or not', (_, input, isFound) => {
    expect(findingOf(input) !== undefined).toBe(isFound);
  });

  test('is not asked about where nothing limits the lag', () => {
    const input = beating(5_000);
    const { failover: _limit, ...web } = input.services.web as ServiceInput;

    expect(findingOf({ ...input, services: { web } })).toBeUndefined();
  });
});

describe('a lag that AWS publishes for as long as the writer lives', () => {
  const told = (failover: ServiceInput['failover'], data: ServiceInput['data']): DeploymentInput => {
    const web = shop.services.web as ServiceInput;
    return { ...shop, services: { web: { ...web, data, failover } } };
  };
  const global = { kind: 'dynamodb-global' as const, tableName: 'orders' };
  const of = (input: DeploymentInput) =>
    lintDeployment(defineDeployment(input)).find(({ name }) => name === 'move-outlives-lag');
  const maxReplicationLagMs = 60_000;

  test.each<[string, ServiceInput['failover'], string]>([
    ['a person who takes any time', { maxReplicationLagMs, approval: {} }, 'whenever a person approves it'],
    ['a person who has ten minutes', { maxReplicationLagMs, approval: { waitMs: 600_000 } }, '61'],
    [
      'a person who has ten minutes and is then asked no more',
      { maxReplicationLagMs, approval: { waitMs: 600_000, atEnd: 'drop' } },
      '61',
    ],
    [
      'a person whose word counts later, too',
      { maxReplicationLagMs, approval: { waitMs: 60_000, atEnd: 'hold' } },
      'whenever',
    ],
  ])('is unknown once a move has waited for %s', (_, failover, what) => {
    expect(of(told(failover, global))).toMatchObject({
      path: 'services.web.failover.approval',
      what: expect.stringContaining(what),
    });
  });

  test.each<[string, ServiceInput['failover'], ServiceInput['data']]>([
    ['nobody is waited for', { maxReplicationLagMs }, global],
    ['a person has a minute', { maxReplicationLagMs, approval: { waitMs: 60_000 } }, global],
    ['nothing limits it', { approval: {} }, global],
    ['nothing moves by itself', { maxReplicationLagMs, automatic: false }, global],
  ])('is known in time where %s', (_, failover, data) => {
    expect(of(told(failover, data))).toBeUndefined();
  });
});
