import { createNetProber } from '../../../src/adapters/net/net-prober.ts';
import { quantile } from '../../../src/cli/drill/quantile.ts';
import type { Observation } from '../../../src/core/detection/observation.ts';
import { bareConnection } from './bare-connection.ts';
import { type Blackbox, startBlackbox } from './blackbox.ts';
import { type ProbeCase, probeCases } from './cases.ts';
import { startEndpoints } from './endpoint-process.ts';

/** How both judge one endpoint, in the last of the rounds; the times are medians of them. */
export interface Judged {
  readonly what: string;
  readonly isUp: boolean;
  readonly ours: Verdict;
  readonly blackbox: Verdict;
}

/** What one of them says of an endpoint. */
export interface Verdict {
  readonly isUp: boolean;
  readonly saw: string;
  readonly latencyMs: number;
}

/** What one probe of a healthy endpoint costs each, as the median of the rounds. */
export interface Cost {
  readonly what: string;
  readonly ours: PerProbe;
  readonly blackbox: PerProbe;
  /** The connection alone, by Node's own TLS; null where there is none. */
  readonly bare: PerProbe | null;
  /** Ours by theirs, round by round. */
  readonly ratios: { readonly latency: readonly number[]; readonly cpu: readonly number[] };
}

/** A probe's time to the verdict, its processor time, and how many of all were found down for the machine's sake. */
export interface PerProbe {
  readonly latencyMs: number;
  readonly cpuMs: number;
  readonly missed: number;
}

/** What a run of the comparison gave. */
export interface ProbesResult {
  readonly judged: readonly Judged[];
  readonly costs: readonly Cost[];
  readonly rounds: number;
  /** Probes of each endpoint and side in a round. */
  readonly roundSize: number;
}

/** Rounds in which the endpoints are judged. */
const matrixRounds = 3;
const roundCount = 9;
/** Before the measured ones, in which the engine compiles. */
const warmUpRoundCount = 2;
const roundSize = 500;
/** Probes of a round that a busy machine may keep waiting past their deadline. */
const missedMax = 5;

/**
 * Has both probers ask the same endpoints by turns, one probe at a time.
 *
 * @param isQuick - one round, for a look
 * @throws when a program does not start, or a healthy endpoint is not found well
 */
export async function measureProbes(isQuick: boolean): Promise<ProbesResult> {
  const { ports, child } = await startEndpoints();
  const blackbox = await startBlackbox().catch((error: unknown) => {
    child.kill();
    throw error;
  });
  try {
    const cases = probeCases(ports);
    const rounds = isQuick ? 1 : roundCount;
    // First, so that nothing is compiled while the endpoints are judged.
    const healthy = cases.filter(({ isUp }) => isUp);
    const costs = await costsOf(healthy, blackbox, rounds);
    const judged: Judged[] = [];
    for (const one of cases) judged.push(await judge(one, blackbox, isQuick ? 1 : matrixRounds));
    return { judged, costs, rounds, roundSize };
  } finally {
    child.kill();
    await blackbox.stop();
  }
}

async function judge(one: ProbeCase, blackbox: Blackbox, rounds: number): Promise<Judged> {
  const own: Verdict[] = [];
  const others: Verdict[] = [];
  for (let round = 0; round < rounds; round += 1) {
    own.push(await askOurs(one));
    others.push(await blackbox.ask(one));
  }
  return { what: one.what, isUp: one.isUp, ours: lastOf(own), blackbox: lastOf(others) };
}

function lastOf(verdicts: readonly Verdict[]): Verdict {
  const last = verdicts.at(-1);
  if (last === undefined) throw new Error('no round was made');
  return {
    ...last,
    latencyMs: quantile(
      verdicts.map(({ latencyMs }) => latencyMs),
      0.5,
    ),
  };
}

const prober = createNetProber({ controlTargets: [], controlTimeoutMs: 1_000 });

async function askOurs({ probe, what }: ProbeCase): Promise<Verdict> {
  const observation = await prober.probe(probe);
  if (observation.outcome === 'unknown') throw new Error(`${what}: ${observation.detail}`);
  return { isUp: observation.outcome === 'pass', saw: reasonOf(observation), latencyMs: observation.latencyMs };
}

function reasonOf(observation: Observation): string {
  if (observation.outcome !== 'fail') return '';
  return observation.saw === undefined ? observation.reason : `${observation.reason}: ${observation.saw}`;
}

async function costsOf(cases: readonly ProbeCase[], blackbox: Blackbox, rounds: number): Promise<readonly Cost[]> {
  const ours = new Map<string, PerProbe[]>();
  const theirs = new Map<string, PerProbe[]>();
  const bare = new Map<string, PerProbe[]>();
  const askBare = new Map(
    cases.flatMap(({ what, probe }) => (probe.type === 'https' ? [[what, bareConnection(probe)] as const] : [])),
  );
  for (let round = -warmUpRoundCount; round < rounds; round += 1) {
    for (const one of cases) {
      const own = await perProbe(() => askOurs(one), ownCpuMs);
      const other = await perProbe(
        () => blackbox.ask(one),
        () => blackbox.cpuMs(),
      );
      const ask = askBare.get(one.what);
      const alone = ask === undefined ? null : await perProbe(ask, ownCpuMs);
      if (round < 0) continue;
      if (alone !== null) bare.set(one.what, [...(bare.get(one.what) ?? []), alone]);
      ours.set(one.what, [...(ours.get(one.what) ?? []), own]);
      theirs.set(one.what, [...(theirs.get(one.what) ?? []), other]);
    }
  }
  return cases.map(({ what }) => costOf(what, ours.get(what) ?? [], theirs.get(what) ?? [], bare.get(what) ?? []));
}

async function perProbe(ask: () => Promise<Verdict>, cpuMs: () => number): Promise<PerProbe> {
  const latencies: number[] = [];
  const before = cpuMs();
  for (let count = 0; count < roundSize; count += 1) {
    const { isUp, latencyMs } = await ask();
    if (isUp) latencies.push(latencyMs);
  }
  const missed = roundSize - latencies.length;
  if (missed > missedMax) throw new Error(`a healthy endpoint is found down by ${missed} probes of ${roundSize}`);
  return { latencyMs: quantile(latencies, 0.5), cpuMs: (cpuMs() - before) / roundSize, missed };
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function costOf(what: string, ours: readonly PerProbe[], theirs: readonly PerProbe[], bare: readonly PerProbe[]): Cost {
  const ratios = (pick: (one: PerProbe) => number) =>
    ours.flatMap((own, round) => {
      const other = theirs[round];
      return other === undefined ? [] : pick(own) / pick(other);
    });
  const latency = ratios(({ latencyMs }) => latencyMs);
  const cpu = ratios(({ cpuMs }) => cpuMs);
  return {
    what,
    ours: medianOf(ours),
    blackbox: medianOf(theirs),
    bare: bare.length === 0 ? null : medianOf(bare),
    ratios: { latency, cpu },
  };
}

function medianOf(rounds: readonly PerProbe[]): PerProbe {
  return {
    latencyMs: quantile(
      rounds.map(({ latencyMs }) => latencyMs),
      0.5,
    ),
    cpuMs: quantile(
      rounds.map(({ cpuMs }) => cpuMs),
      0.5,
    ),
    missed: rounds.reduce((sum, { missed }) => sum + missed, 0),
  };
}
