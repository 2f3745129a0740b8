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
