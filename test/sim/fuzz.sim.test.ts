import { expect, test } from 'vitest';
import { parseOperatorLine } from '../../src/cli/operator/operator-line.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { serviceOf } from '../../src/core/model/deployment.ts';
import { preferredSite } from '../../src/core/model/service.ts';
import type { ScenarioEvent } from '../../src/scenario/scenario.ts';
import { fuzzDeployments } from '../../src/sim/fuzz/deployments.ts';
import { failureOf, runDrawn, shrink } from '../../src/sim/fuzz/fuzz.ts';
import { drawScenario, troublesOf } from '../../src/sim/fuzz/scenario-draw.ts';
import { plantedBugs } from '../../src/sim/planted/bugs.ts';
import { runFile } from '../support/scenarios.ts';

/** A few seeds for every run of the tests; `cdk-failover fuzz --seeds 300` does the rest. */
const seeds = 24;

test(`faults that heal are felt, and leave every property whole (seeds=${seeds})`, () => {
  const runs = Array.from({ length: seeds }, (_, seed) => {
    const lines: string[] = [];
    const report = runDrawn(drawScenario(seed), parseOperatorLine, { onTrace: (line) => lines.push(line) });
    return { report, epochs: new Set(lines.flatMap((line) => /== web epoch (\d+)/.exec(line)?.[1] ?? [])).size };
  });

  const failed = runs.filter(({ report }) => !report.isPassed).map(({ report }) => report);
  expect(failed).toEqual([]);
  expect(runs.filter(({ epochs }) => epochs > 1).length).toBeGreaterThan(seeds / 4);
  expect(Math.max(...runs.map(({ epochs }) => epochs))).toBeGreaterThan(2);
});

test.each(fuzzDeployments.map((input) => [input.name, input] as const))(
  'the configuration %s, which a seed can draw, moves when its preferred sites stop',
  (_, configuration) => {
    const deployment = defineDeployment(configuration);
    const stops = Object.keys(deployment.services).map((service): ScenarioEvent => {
      const site = preferredSite(serviceOf(deployment, service));
      return { line: 1, atMs: 60_000, kind: 'stop', target: { kind: 'site', service, name: site } };
    });
    const epochs = new Set<string>();
    const scenario = { ...drawScenario(0), configuration, deployment, events: stops, expectations: [] };

    runDrawn({ ...scenario, durationMs: 240_000 }, parseOperatorLine, {
      onTrace: (line) => epochs.add(/== \S+ epoch [2-9]/.exec(line)?.[0] ?? ''),
    });

    expect(epochs.size).toBeGreaterThan(1);
  },
);

test('the same seed gives the same trace, byte for byte, and another seed another', () => {
  const traceOf = (seed: number) => {
    const lines: string[] = [];
    runFile(drawScenario(seed), { onTrace: (line) => lines.push(line) });
    return lines.join('\n');
  };

  const [first, again, other] = [traceOf(7), traceOf(7), traceOf(8)];

  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('a failing scenario is shrunk to fewer events that still fail of the same property', () => {
  const bug = plantedBugs.find(({ name }) => name === 'drift-is-ignored');
  const fails = (candidate: ReturnType<typeof drawScenario>) =>
    failureOf(runDrawn(candidate, parseOperatorLine, { bug }));
  const seed =
    Array.from({ length: 60 }, (_, index) => index).find((index) => fails(drawScenario(index)) === 'L1') ?? -1;
  const failing = drawScenario(seed);

  const small = shrink(failing, fails, 40);

  expect(fails(small)).toBe('L1');
  expect(troublesOf(small.events).length).toBeLessThan(troublesOf(failing.events).length);
  expect(small.events.filter(({ line }) => line === null)).toEqual(failing.events.filter(({ line }) => line === null));
});
