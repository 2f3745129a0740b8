import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../src/config/document.ts';
import { parseDeploymentValue } from '../../src/config/loader.ts';
import { applyOverrides, type Overrides } from '../../src/scenario/overrides.ts';
import type { DnsDeployment } from '../../src/sim/world/dns/names.ts';
import { World } from '../../src/sim/world/world.ts';

/**
 * The order in which checks and records become live. A check of an oracle counts as healthy until its checkers have
 * looked, and a healthy one is a vote against its site.
 */

const record = 'www.shop.example';
const virginia = '203.0.113.10';
const oregon = '198.51.100.20';
const ohio = '192.0.2.30';
const seeds = [1, 2, 3, 4, 5];

function deploymentWith(overrides: Overrides) {
  const file = 'examples/two-regions/failover.config.yaml';
  const { value } = parseDocument(readFileSync(file, 'utf8'), file);
  return parseDeploymentValue(applyOverrides(value, overrides), file);
}

const twoSites = deploymentWith({});
const stateless = deploymentWith({
  'services.web.failover': { leaseMs: 15_000 },
  'services.web.traffic.dns.directCheck': { type: 'https', port: 443 },
});

/** The two sites, and a third of a certain priority. */
function withOhio(priority: number) {
  const probes = [{ type: 'https', url: 'https://ohio.shop.example/healthz' }];
  return deploymentWith({
    'services.web.sites.ohio': { region: 'us-east-2', priority, probes },
    'services.web.traffic.dns.addresses.ohio': { a: ohio },
  });
}

/** What the name answers in each quarter of a second up to an instant, each answer once and in order; '' is none. */
function answersUntil(world: World, untilMs: number): readonly string[] {
  const answers: string[] = [];
  while (world.nowMs < untilMs) {
    const answer = world.names.addressesOf(record).join();
    if (answers.at(-1) !== answer) answers.push(answer);
    world.scheduler.runUntil(world.nowMs + 250);
  }
  return answers;
}

describe.each(seeds)('a first deployment (seed=%i)', (seed) => {
  const deploy = (dns: DnsDeployment, deployment = twoSites) =>
    answersUntil(new World(deployment, { seed, dns }), 120_000);

  test('names the standby first when records are made together with their checks', () => {
    expect(deploy('at-once')).toEqual([oregon, virginia]);
  });

  test('names nobody, then the preferred site, when records wait for the checkers', () => {
    expect(deploy('in-order')).toEqual(['', virginia]);
    expect(deploy('in-order', stateless)).toEqual(['', virginia]);
  });
});

test.each(seeds)('without a register nobody votes: the head is named until it is founded (seed=%i)', (seed) => {
  const preferOregon = deploymentWith({ 'services.web.failback.to': 'oregon' });
  const world = new World(preferOregon, { seed, dns: 'in-order' });

  const answers = answersUntil(world, 20_000);

  expect(answers).toEqual(['', virginia, oregon]);
});

describe.each(seeds)('a redeploy with a site behind the serving one, until then the last (seed=%i)', (seed) => {
  /** Oregon serves, Ohio comes behind it: Oregon gets a guard that it did not have. */
  function redeploy(dns: 'established' | 'at-once'): readonly string[] {
    const world = new World(twoSites, { seed, dns });
    world.scheduler.runUntil(60_000);
    for (const site of world.sites.all()) if (site.name === 'virginia') site.state = 'stopped';
    world.scheduler.runUntil(180_000);
    world.redeploy(withOhio(10));
    return answersUntil(world, 400_000);
  }

  test('names the new site first when records are made together with their checks', () => {
    expect(redeploy('at-once')).toEqual([ohio, oregon]);
  });

  test('never names the new site when records wait for the checkers', () => {
    expect(redeploy('established')).toEqual([oregon]);
  });
});

test.each(seeds)('a redeploy with a new head never names it while the register has another (seed=%i)', (seed) => {
  const world = new World(twoSites, { seed });
  world.scheduler.runUntil(60_000);

  world.redeploy(withOhio(200));

  expect(answersUntil(world, 300_000)).toEqual([virginia]);
});
