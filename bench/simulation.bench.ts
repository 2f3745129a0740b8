import { systemClock } from '../src/adapters/system/clock.ts';
import { readScenario, surroundingsOf } from '../src/cli/simulate/scenarios.ts';
import { runScenario } from '../src/sim/run.ts';

/** How fast the simulator runs a quiet day. */
export interface SimulationBench {
  readonly simulatedSeconds: number;
  readonly seconds: number;
  readonly simulatedSecondsASecond: number;
}

/** One service, two sites, three watchers, a tick of two seconds; every checker listens. */
const dayText = (hours: number) => `
name: "a quiet day"
seed: 1
duration: ${hours}h
config:
  name: bench
  controlRegions: [us-east-1, us-west-2, us-east-2]
  services:
    web:
      mode: active-passive
      sites:
        virginia: { region: us-east-1, priority: 100, standby: hot, capacity: 100, probes: [{ type: http, url: "http://virginia.bench.example/", timeoutMs: 1000, expect: { status: 200 } }] }
        oregon: { region: us-west-2, priority: 50, standby: hot, capacity: 100, probes: [{ type: http, url: "http://oregon.bench.example/", timeoutMs: 1000, expect: { status: 200 } }] }
      detection: { intervalMs: 2000, fallCount: 3, riseCount: 3, quorum: 2 }
      traffic:
        dns:
          zone: { id: Z0BENCH, name: bench.example }
          record: www.bench.example
          ttlSeconds: 30
          mode: oracle
          addresses: { virginia: { a: 203.0.113.10 }, oregon: { a: 198.51.100.20 } }
events: []
expect:
  - { at: end, active: { web: virginia } }
`;

/**
 * Simulates hours in which nothing happens, which is what most of a simulated day is.
 *
 * @throws when the day does not end as it should
 */
export function benchSimulation(hours = 24): SimulationBench {
  const scenario = readScenario(dayText(hours), 'bench', () => '');
  const startMs = systemClock.monotonicMs();
  const report = runScenario(scenario, surroundingsOf(scenario));
  const seconds = (systemClock.monotonicMs() - startMs) / 1_000;
  if (!report.isPassed)
    throw new Error(`the quiet day failed: ${JSON.stringify(report.failures[0] ?? report.violations[0])}`);
  const simulatedSeconds = hours * 3_600;
  return { simulatedSeconds, seconds, simulatedSecondsASecond: simulatedSeconds / seconds };
}
