import { plural } from '../../src/cli/show/layout.ts';
import { surroundingsOf } from '../../src/cli/simulate/scenarios.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { applyEvent } from '../../src/sim/event-effects.ts';
import { World } from '../../src/sim/world/world.ts';
import type { PartReport } from './report.ts';

const dayMs = 86_400_000;
/** A failover each week, and the way back ten minutes later. */
const weekDays = 7;
/** Samples of the whole time: four a day in a month. */
const sampleCount = 120;
/** How much more the last quarter of the time may hold than the second one. */
const growthMax = 1.1;

/** Heap in use after everything dead was collected, at an instant of the simulation. */
export interface HeapSample {
  readonly day: number;
  readonly megabytes: number;
}

/**
 * A scenario with a failover and the way back each week, as the text of a file below out/nightly/.
 *
 * @param days - or a part of one; the first failover and its way back take twenty minutes
 */
export function monthText(days: number): string {
  const weeks = Array.from({ length: Math.ceil(days / weekDays) }, (_, week) => week * weekDays * 24);
  const events = weeks.flatMap((hour) => [
    `  - { at: ${hour * 60 + 5}m, stop: site/virginia }`,
    `  - { at: ${hour * 60 + 10}m, start: site/virginia }`,
    `  - { at: ${hour * 60 + 15}m, operator: "switchover web --to virginia --no-wait", as: week-${hour} }`,
  ]);
  return [
    'name: "a month with a failover each week"',
    'config: ../../examples/two-regions/failover.config.yaml',
    `duration: ${Math.round(days * 24 * 60)}m`,
    'events:',
    ...events,
    '',
  ].join('\n');
}

/** What a simulated month was like. */
export interface Month {
  readonly samples: readonly HeapSample[];
  readonly moves: number;
}

/**
 * Runs a scenario in this process, without the checkers: they keep books of all that was decided, which grow.
 *
 * @param heapBytes - collects what is dead and says what is left
 */
export function runMonth(scenario: Scenario, heapBytes: () => number): Month {
  const everyMs = scenario.durationMs / sampleCount;
  const world = new World(scenario.deployment, { seed: scenario.seed });
  let moves = 0;
  world.observe((event) => {
    if (event.type === 'decided' && event.previous !== null && event.register.epoch > event.previous.epoch) moves += 1;
  });
  const applying = { world, ...surroundingsOf(scenario) };
  for (const event of scenario.events) world.scheduler.at(event.atMs, () => applyEvent(event, applying));
  const samples = Array.from({ length: sampleCount }, (_, index) => {
    world.scheduler.runUntil((index + 1) * everyMs);
    return { day: ((index + 1) * everyMs) / dayMs, megabytes: heapBytes() / 2 ** 20 };
  });
  return { samples, moves };
}

/** Says whether memory stayed flat: the mean of the last quarter of the samples beside that of the second quarter. */
export function judgeMonth({ samples, moves }: Month, days: number): PartReport {
  const quarter = Math.floor(samples.length / 4);
  const meanOf = (part: readonly HeapSample[]) => part.reduce((sum, { megabytes }) => sum + megabytes, 0) / part.length;
  const early = meanOf(samples.slice(quarter, 2 * quarter));
  const late = meanOf(samples.slice(-quarter));
  const slope = slopeOf(samples.slice(quarter));
  const movesExpected = 2 * Math.ceil(days / weekDays);
  const shown = `${early.toFixed(1)} MB in the second quarter, ${late.toFixed(1)} MB in the last`;
  return {
    summary: `${plural(Math.round(days * 24), 'simulated hour')}, ${plural(moves, 'move')}: ${shown}, ${(slope * 1_024).toFixed(1)} KB a day`,
    table: [],
    findings: [
      ...(late > early * growthMax ? [`memory grows: ${shown}`] : []),
      ...(moves === movesExpected ? [] : [`${plural(moves, 'move')}, expected ${movesExpected}`]),
    ],
  };
}

/** Megabytes a day, by least squares. */
export function slopeOf(samples: readonly HeapSample[]): number {
  const count = samples.length;
  const meanDay = samples.reduce((sum, { day }) => sum + day, 0) / count;
  const mean = samples.reduce((sum, { megabytes }) => sum + megabytes, 0) / count;
  const over = samples.reduce((sum, { day, megabytes }) => sum + (day - meanDay) * (megabytes - mean), 0);
  const under = samples.reduce((sum, { day }) => sum + (day - meanDay) ** 2, 0);
  return under === 0 ? 0 : over / under;
}
