import { expect, test } from 'vitest';
import type { SimEvent } from '../../src/sim/event.ts';
import { observe, readScenario, runFile } from '../support/scenarios.ts';

const twoRegions = 'config: examples/two-regions/failover.config.yaml';
const fenced = 'config: scenarios/fences/configs/fenced3.config.yaml';

const decided = (events: readonly SimEvent[]) => events.flatMap((event) => (event.type === 'decided' ? [event] : []));

test('S5: a run that is taken over has a higher attempt', () => {
  const { events } = observe(
    readScenario(`
name: the holder dies after the effect and before the note
${twoRegions}
overrides: { services.web.traffic.dns.mode: records }
duration: 4m
events:
  - { at: 60s, crash: { watcher: us-east-1, after: "step:dns" } }
  - { at: 60s, crash: { watcher: us-west-2, after: "step:dns" } }
  - { at: 60s, crash: { watcher: us-east-2, after: "step:dns" } }
  - { at: 65s, stop: site/virginia }
`),
  );

  const runs = decided(events).flatMap(({ register: { run } }) => (run?.epoch === 2 ? [run] : []));
  const holders = new Map(runs.map(({ attempt, holder }) => [attempt, holder?.invocation]));
  const claims = events.flatMap((event) => (event.type === 'claim' && event.isGranted ? [event.token] : []));
  expect(runs.at(-1)?.state).toBe('done');
  expect(holders.size).toBeGreaterThan(1);
  expect(new Set(runs.map(({ holder }) => holder?.invocation)).size).toBe(holders.size);
  expect(Math.max(...claims.map(({ attempt }) => attempt))).toBeGreaterThan(1);
});

test('L1: a table that missed a decision is given it', () => {
  const { world, events } = observe(
    readScenario(`
name: a table is dark while the service moves
${twoRegions}
duration: 4m
events:
  - { at: 58s, stop: table/us-east-2 }
  - { at: 60s, stop: site/virginia }
  - { at: 120s, start: table/us-east-2 }
`),
  );

  const held = world.tables.read('us-east-2', ['web']).acceptors.web;
  const accepts = events.flatMap((event) => (event.type === 'accept' ? [event] : []));
  expect(accepts.some(({ region, register }) => region === 'us-east-2' && register.epoch === 2)).toBe(true);
  expect(held?.accepted).toEqual(world.decisions.newest('web'));
});

test('S16: a site that became active by a move cuts itself off out of contact', () => {
  const report = runFile(
    readScenario(`
name: the region of a site that took over loses all others
${fenced}
duration: 5m
events:
  - { at: 60s, stop: site/virginia }
  - { at: 150s, cut: [us-west-2, us-east-1] }
  - { at: 150s, cut: [us-west-2, us-east-2] }
expect:
  - { at: 149s, active: { web: oregon } }
  - { by: 190s, isolated: { web: [virginia, oregon] } }
`),
  );

  expect(report.failures).toEqual([]);
  expect(report.violations).toEqual([]);
});

test('S16: a site cuts itself off though its own table is dark', () => {
  const report = runFile(
    readScenario(`
name: a region is cut off, and its own table is down
${fenced}
duration: 4m
events:
  - { at: 60s, stop: table/us-east-1 }
  - { at: 61s, cut: [us-east-1, us-west-2] }
  - { at: 61s, cut: [us-east-1, us-east-2] }
expect:
  - { by: 100s, isolated: { web: [virginia] } }
`),
  );

  expect(report.failures).toEqual([]);
  expect(report.violations).toEqual([]);
});

test('S9: a watcher that was frozen starts from unknown', () => {
  const { events } = observe(
    readScenario(`
name: a watcher sleeps
${twoRegions}
duration: 1m
events:
  - { at: 30s, freeze: watcher/us-east-1, for: 15s }
`),
  );

  const words = events.flatMap((event) => (event.type === 'voice' && event.watcher === 'us-east-1' ? [event] : []));
  const opinionOf = (word: (typeof words)[number] | undefined) => word?.item.tracks.web?.oregon?.opinion ?? 'unknown';
  const frozen = words.findLast(({ atMs }) => atMs < 30_000);
  const first = words.find(({ atMs, serial }) => atMs > 45_000 && serial === frozen?.serial);
  expect(opinionOf(frozen)).toBe('up');
  expect(first?.item.sequence).toBeGreaterThan(frozen?.item.sequence ?? Infinity);
  expect(opinionOf(first)).toBe('unknown');
});

test('S7: the time that a site has been up is not inherited over a gap', () => {
  const { events } = observe(
    readScenario(`
name: a site goes down and comes back while a watcher is away
${twoRegions}
overrides:
  services.web.failback: { mode: automatic, healthyForMs: 5m }
  services.web.failover.blockMs: 1m
duration: 12m
events:
  - { at: 60s, stop: site/virginia }
  - { at: 100s, start: site/virginia }
  - { at: 250s, stop: watcher/us-east-1 }
  - { at: 260s, stop: site/virginia }
  - { at: 300s, start: site/virginia }
  - { at: 330s, start: watcher/us-east-1 }
`),
  );

  const back = decided(events).find(({ register }) => register.run?.kind === 'failback');
  expect(back?.atMs).toBeGreaterThan(300_000 + 300_000);
  expect(back?.atMs).toBeLessThan(300_000 + 390_000);
});
