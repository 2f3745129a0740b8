import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, Programs } from '../programs.ts';
import { modules, type ProbeCase } from './cases.ts';

/** Command of Debian's package of the same name. */
export const blackboxCommand = 'prometheus-blackbox-exporter';

/** Ticks of the processor times in `/proc`. Source: proc(5), sysconf(_SC_CLK_TCK), which is 100 on Linux. */
const ticksPerSecond = 100;
const looksMax = 500;

/** What blackbox-exporter says of one probe. */
export interface BlackboxAnswer {
  readonly isUp: boolean;
  /** What its metrics tell of the reason; empty when they tell nothing. */
  readonly saw: string;
  /** By its own clock, without the question and the answer in metrics. */
  readonly latencyMs: number;
}

/** blackbox-exporter, as it runs. */
export interface Blackbox {
  ask(asked: ProbeCase): Promise<BlackboxAnswer>;
  /** Processor time that its process has taken so far, in milliseconds. */
  cpuMs(): number;
  stop(): Promise<void>;
}

/** @throws when it does not answer */
export async function startBlackbox(): Promise<Blackbox> {
  const programs = new Programs();
  const [port = 0] = await freePorts(1);
  const config = join(programs.folder, 'blackbox.yml');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ modules }));
  const listen = `--web.listen-address=127.0.0.1:${port}`;
  const child = programs.start(blackboxCommand, [`--config.file=${config}`, listen, '--log.level=error']);
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitFor(`${url}/-/healthy`, programs);
  } catch (error) {
    await programs.stop();
    throw error;
  }
  return {
    ask: async ({ module, target }) => {
      const answer = await fetch(`${url}/probe?${new URLSearchParams({ module, target })}`);
      return answerIn(await answer.text());
    },
    cpuMs: () => cpuMsOf(child.pid ?? 0),
    stop: () => programs.stop(),
  };
}

async function waitFor(url: string, programs: Programs): Promise<void> {
  for (let look = 0; look < looksMax; look += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await sleep(20);
  }
  throw new Error(`${blackboxCommand} does not answer: ${programs.output}`);
}

function answerIn(metrics: string): BlackboxAnswer {
  const metric = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
  const seconds = metric('probe_duration_seconds');
  if (Number.isNaN(seconds)) throw new Error(`${blackboxCommand} answered ${metrics.slice(0, 200)}`);
  const status = metric('probe_http_status_code');
  const isUp = metric('probe_success') === 1;
  const isWrongText = metric('probe_failed_due_to_regex') === 1;
  const reasons = [...(status > 0 && !isUp ? [`status ${status}`] : []), ...(isWrongText ? ['regex'] : [])];
  return { isUp, saw: reasons.join(', '), latencyMs: seconds * 1_000 };
}

/** User and system time; the name of the program, in brackets, may hold blanks. */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
}
