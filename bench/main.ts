import { columns } from '../src/cli/show/layout.ts';
import { benchClient, type ClientBench } from './client.bench.ts';
import { benchDrill, type DrillBench } from './drill.bench.ts';
import { benchFunctions, type FunctionsBench } from './functions.bench.ts';
import { benchPatterns, type PatternBench } from './patterns.bench.ts';
import { benchProbes, type ProbesBench } from './probes.bench.ts';
import { benchRecovery, type RecoveryBench } from './recovery.bench.ts';
import { benchRegister, type RegisterBench } from './register.bench.ts';
import { benchSimulation, type SimulationBench } from './simulation.bench.ts';
import { benchSuspicion, type SuspicionBench } from './suspicion.bench.ts';
import { benchSynth, type SynthBench } from './synth.bench.ts';

/** Everything that is measured, as `npm run bench -- --json` prints it. */
interface BenchResult {
  readonly probes: ProbesBench;
  readonly patterns: readonly PatternBench[];
  readonly simulation: SimulationBench;
  readonly recovery: RecoveryBench;
  readonly suspicion: SuspicionBench;
  readonly register: RegisterBench;
  readonly client: ClientBench;
  readonly functions: FunctionsBench;
  readonly synth: SynthBench;
  readonly drill: DrillBench;
}

/** What `--quick` measures instead: enough to see that everything works. */
const full = {
  probes: 10_000,
  simulatedHours: 24,
  recoverySeeds: 1_000,
  noisyDays: 200,
  suspicionKills: 1_000,
  registerChanges: 60,
  clientCalls: 20_000,
  starts: 15,
  ticks: 20,
  synths: 5,
  drills: 20,
};
const quick = {
  probes: 1_000,
  simulatedHours: 2,
  recoverySeeds: 20,
  noisyDays: 5,
  suspicionKills: 100,
  registerChanges: 12,
  clientCalls: 2_000,
  starts: 3,
  ticks: 5,
  synths: 1,
  drills: 3,
};

const flags = process.argv.slice(2);
const unknown = flags.find((flag) => flag !== '--json' && flag !== '--quick');
if (unknown === undefined) {
  await main(flags.includes('--json'), flags.includes('--quick') ? quick : full);
} else {
  process.stderr.write(`bench: ${unknown} is unknown; there are --json and --quick\n`);
  process.exitCode = 2;
}

async function main(isJson: boolean, size: typeof full): Promise<void> {
  // Warnings of the runtime, such as the SDK's about the age of Node, are not results.
  process.removeAllListeners('warning');
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  say('probes ...');
  const probes = await benchProbes(size.probes);
  say('patterns ...');
  const patterns = benchPatterns();
  say('simulation ...');
  const simulation = benchSimulation(size.simulatedHours);
  say('recovery ...');
  const recovery = benchRecovery(size.recoverySeeds);
  say('suspicion ...');
  const suspicion = benchSuspicion(size.noisyDays, size.suspicionKills);
  say('register ...');
  const register = await benchRegister(size.registerChanges);
  say('client ...');
  const client = await benchClient(size.clientCalls);
  say('functions ...');
  const functions = await benchFunctions(size);
  say('synth ...');
  const synth = await benchSynth(size.synths);
  say('drills ...');
  const drill = await benchDrill(size.drills, (recoveryMs, run) => say(`  ${run} of ${size.drills}: ${recoveryMs} ms`));
  const result: BenchResult = {
    probes,
    patterns,
    simulation,
    recovery,
    suspicion,
    register,
    client,
    functions,
    synth,
    drill,
  };
  process.stdout.write(isJson ? `${JSON.stringify(result, null, 2)}\n` : `${show(result)}\n`);
}

function show({
  probes,
  patterns,
  simulation,
  recovery,
  suspicion,
  register,
  client,
  functions,
  synth,
  drill,
}: BenchResult): string {
  const ms = (value: number) => `${Math.round(value)} ms`;
  const latency = ({ medianMs, p95Ms }: RegisterBench['apart']) => `median ${ms(medianMs)}, 95 % within ${ms(p95Ms)}`;
  return columns([
    [
      'drill, kill to good answer',
      `median ${ms(drill.medianMs)}, 90 % within ${ms(drill.p90Ms)}`,
      `floor ${ms(drill.floorMs)}, bound ${ms(drill.boundMs)}, ${drill.samplesMs.length} drills`,
    ],
    [
      'probe over a new connection',
      `${probes.ratio.toFixed(2)} times the CPU of a bare socket`,
      `${ms(probes.probeCpuMs)} against ${ms(probes.bareCpuMs)} for ${probes.count}`,
    ],
    ...patterns.map(({ name, medianMs }) => [`expression on 64 KiB, ${name}`, `median ${medianMs.toFixed(1)} ms`, '']),
    [
      'simulation',
      `${Math.round(simulation.simulatedSecondsASecond)} simulated seconds a second`,
      `${simulation.simulatedSeconds} s in ${simulation.seconds.toFixed(1)} s`,
    ],
    ...showRecovery(recovery),
    ...showSuspicion(suspicion),
    ['register change, 80 ms apart', latency(register.apart), `${register.apart.changes} changes`],
    ['  with three contenders', latency(register.contended), `${register.contended.changes} changes`],
    ['  DynamoDB stand-in, no delay', latency(register.local), `${register.local.changes} changes`],
    [
      "call by the clients' library",
      `adds ${client.addedUs.toFixed(1)} µs, 99 % within ${client.p99Us.toFixed(0)} µs`,
      `${client.callUs.toFixed(1)} µs against ${client.directUs.toFixed(1)} µs, ${client.calls} calls; pick ${client.pickUs.toFixed(2)} µs`,
    ],
    ...showFunctions(functions),
    ['cdk synth of examples/two-regions', `${synth.ratio.toFixed(2)} times one topic`, showSynth(synth)],
  ]);
}

function showRecovery({ cases, goodput }: RecoveryBench): readonly (readonly string[])[] {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return [
    ...cases.map(({ name, runs, p50Ms, p99Ms, maxMs, limitMs, boundMs }) => [
      name,
      `99 % within ${seconds(p99Ms)}, asked ${seconds(limitMs)}`,
      `median ${seconds(p50Ms)}, slowest ${seconds(maxMs)}, bound ${seconds(boundMs)}, ${runs} seeds`,
    ]),
    [
      'goodput of the survivor of two at 70 %',
      `99 % reach ${goodput.stagedPercent.toFixed(1)} % of what it can carry, asked 95 %`,
      `worst ${goodput.stagedWorstPercent.toFixed(1)} %; ${goodput.naivePercent.toFixed(1)} % when all is shifted at once, ${goodput.runs} seeds`,
    ],
  ];
}

function showSuspicion({ days, spells, detectors, decided }: SuspicionBench): readonly (readonly string[])[] {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const count = Object.values(spells).reduce((a, b) => a + b, 0);
  return [
    ...detectors.map(({ name, falseMovesTotal, killMs, hangMs, probesASecond }) => [
      `${name}, ${days} days of noise`,
      `${falseMovesTotal} false moves in ${count} spells`,
      `kill seen in ${seconds(killMs)}, hang in ${seconds(hangMs)} (medians); ${probesASecond.toFixed(2)} probes a second`,
    ]),
    [
      'kill, decided at the defaults',
      `median ${seconds(decided.medianMs)}`,
      `90 % within ${seconds(decided.p90Ms)}, slowest ${seconds(decided.maxMs)}, ${decided.runs} seeds`,
    ],
  ];
}

function showFunctions({ watcher, tick, oracle }: FunctionsBench): readonly (readonly string[])[] {
  const kb = (value: number) => `${Math.round(value)} KB`;
  const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  return [
    [
      'watcher, module to first tick',
      `${ms(watcher.firstTickMs)}, bundle of ${kb(watcher.bundleKb)}`,
      `whole SDK ${ms(watcher.wholeSdkFirstTickMs)}, ${kb(watcher.wholeSdkKb)}; as CommonJS ${ms(watcher.commonJsFirstTickMs)}`,
    ],
    ...(tick === null
      ? []
      : [
          [
            `warm tick of ${tick.sites} sites`,
            `${ms(tick.cpuMs)} of CPU`,
            `${tick.ticks} ticks, resident ${Math.round(tick.rssMb)} MiB`,
          ],
        ]),
    ...(oracle === null
      ? []
      : [
          [
            'oracle, warm answer',
            `median ${ms(oracle.medianMs)}, 99 % within ${ms(oracle.p99Ms)}`,
            `${oracle.answers} answers`,
          ],
        ]),
  ];
}

function showSynth({ exampleMs, oneTopicMs, runs }: SynthBench): string {
  return `${Math.round(exampleMs)} ms against ${Math.round(oneTopicMs)} ms, ${runs} pairs`;
}
