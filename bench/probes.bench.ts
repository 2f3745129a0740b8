import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { probeHttp } from '../src/adapters/net/http-prober.ts';
import { httpTargetOf } from '../src/adapters/net/http-target.ts';
import { type HttpProbe, plainProbe } from '../src/core/model/probe.ts';

/** Connections under way at one time, the same for both sides. */
const concurrency = 32;
/** Rounds of each side, by turns, so that a busy machine disturbs both alike. */
const roundCount = 20;
/** Rounds of each side before the measured ones, in which the engine compiles. */
const warmUpRoundCount = 4;

/** Processor time of `count` requests over new connections on loopback, as the median of the rounds suggests it. */
export interface ProbesBench {
  /** Our prober, milliseconds of user and system time. */
  readonly probeCpuMs: number;
  /** A bare `node:net` socket that connects, sends the same request, reads to the end and parses nothing. */
  readonly bareCpuMs: number;
  readonly ratio: number;
  readonly count: number;
}

/**
 * Measures what a probe costs above the socket that it needs anyway.
 *
 * @param count - probes for each side, at least `roundCount`
 * @param targetPath - compiled `probe-target`, the server's program
 * @throws when a probe does not pass or the server does not start
 */
export async function benchProbes(count = 10_000, targetPath = defaultTargetPath()): Promise<ProbesBench> {
  const target = fork(targetPath);
  try {
    const port = await portOf(target);
    const probe = probeOf(port);
    const request = httpTargetOf(probe).request;
    const probeOnce = async (): Promise<void> => {
      const observation = await probeHttp(probe);
      if (observation.outcome !== 'pass') throw new Error(`a probe did not pass: ${JSON.stringify(observation)}`);
    };
    const bareOnce = (): Promise<void> => exchange(port, request);

    const roundSize = Math.ceil(count / roundCount);
    const probeRounds: number[] = [];
    const bareRounds: number[] = [];
    for (let round = -warmUpRoundCount; round < roundCount; round += 1) {
      const probeCpuMs = await cpuMsOf(roundSize, probeOnce);
      const bareCpuMs = await cpuMsOf(roundSize, bareOnce);
      if (round < 0) continue;
      probeRounds.push(probeCpuMs);
      bareRounds.push(bareCpuMs);
    }
    const probeCpuMs = (median(probeRounds) * count) / roundSize;
    const bareCpuMs = (median(bareRounds) * count) / roundSize;
    return { probeCpuMs, bareCpuMs, ratio: probeCpuMs / bareCpuMs, count };
  } finally {
    target.kill();
  }
}

/** Beside this file or its bundle; the source when neither was built. */
function defaultTargetPath(): string {
  const candidates = ['./probe-target.js', './bench/probe-target.js', './probe-target.ts'];
  const paths = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`none of these exists: ${paths.join(', ')}`);
  return path;
}

async function portOf(target: ChildProcess): Promise<number> {
  const exit = once(target, 'exit').then(([code]) => {
    throw new Error(`the target process ended with ${code} before it listened`);
  });
  const [port] = await Promise.race([once(target, 'message'), exit]);
  exit.catch(() => undefined);
  return port as number;
}

function probeOf(port: number): HttpProbe {
  return plainProbe(`http://127.0.0.1:${port}/healthz`, 5_000, 'ok');
}

function exchange(port: number, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', () => undefined);
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

async function cpuMsOf(count: number, once: () => Promise<void>): Promise<number> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await once();
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
