import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksPerSecond, clientsLoadOf } from '../../../src/config/plan/clients-load.ts';
import { oraclePath } from '../../../src/core/dns/oracle-vote.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { clientKey } from './harness/functions/function-url.ts';
import { exampleDeployment } from './harness/template/example-deployment.ts';
import { World } from './harness/world.ts';

const home = 'us-east-1';
const floodMs = 10_000;
/** Route 53 waits this long for an answer. Source: Route 53 Developer Guide, "How Route 53 determines ...". */
const answerMsMax = 2_000;
/** What the issue asks for: three times the rate of the checks. */
const checksTimes = 3;
const strangersPerSecond = 100;
const clientsPerSecond = 80;

/** examples/two-regions with clients: a hundred programs that ask each five seconds. */
function startWorld(): Promise<World> {
  return World.start(['virginia', 'oregon'], async ({ sites }): Promise<Deployment> => {
    const deployment = exampleDeployment('two-regions', {
      zoneId: 'Z0EXAMPLE',
      healthUrls: Object.fromEntries(Object.values(sites).map((site) => [site.name, site.healthUrl])),
      dnsAddresses: { virginia: '203.0.113.10', oregon: '198.51.100.20' },
    });
    const { web } = deployment.services;
    if (web === undefined) throw new Error('the example has a service');
    const endpoints = { virginia: 'https://virginia.internal', oregon: 'https://oregon.internal' };
    return { ...deployment, services: { web: { ...web, clients: { fleet: 100, askMs: 5_000, endpoints } } } };
  });
}

/** Asks at a rate until the time is over; what came back each time. */
async function keepAsking<T>(perSecond: number, ask: () => Promise<T>): Promise<readonly T[]> {
  const endMs = Date.now() + floodMs;
  const asked: Promise<T>[] = [];
  while (Date.now() < endMs) {
    asked.push(ask());
    await sleep(1_000 / perSecond);
  }
  return Promise.all(asked);
}

describe('the votes beside a flood of clients and strangers', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.begin();
  });
  afterAll(() => world?.stop());

  it('are all answered in time, three times as often as Route 53 asks', async () => {
    const { deployment } = world;
    const zoneId = deployment.services.web?.traffic.dns?.zone.id ?? '';
    const path = oraclePath({ deployment: deployment.name, service: 'web', zoneId }, ['virginia']);
    const url = `http://${world.oracleHosts[home]}${path}`;
    const endpoints = world.endpointsUrl(home);
    const askVote = async () => {
      const startedMs = performance.now();
      const { status } = await fetch(url);
      return { status, tookMs: performance.now() - startedMs };
    };
    await askVote();

    const [votes, strangers, clients] = await Promise.all([
      keepAsking(checksTimes * checksPerSecond(deployment), askVote),
      keepAsking(strangersPerSecond, () => endpoints.askEndpoints('web', null)),
      keepAsking(clientsPerSecond, () => endpoints.askEndpoints('web', clientKey)),
    ]);

    const load = clientsLoadOf(deployment);
    const statusesOf = (replies: readonly { readonly status: number }[]) =>
      [...new Set(replies.map(({ status }) => status))].sort();
    expect(votes.length).toBeGreaterThan((floodMs / 1_000) * checksPerSecond(deployment));
    expect(statusesOf(votes)).toEqual([503]);
    expect(Math.max(...votes.map(({ tookMs }) => tookMs))).toBeLessThan(answerMsMax);
    expect(statusesOf(strangers)).toEqual([403]);
    expect(statusesOf(clients)).toEqual([200, 429]);
    const served = clients.filter(({ status }) => status === 200).length;
    expect(served).toBeLessThanOrEqual((load?.servedPerSecond ?? 0) * (floodMs / 1_000 + 2));
    expect(served).toBeGreaterThan((load?.askedPerSecond ?? 0) * (floodMs / 1_000));
  });
});
