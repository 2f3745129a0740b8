import { spawn } from 'node:child_process';

/** A thing that is tried. */
export interface Check {
  readonly name: string;
  readonly work: () => Promise<void>;
}

/** Longest time of one command. On two free cores the slowest takes 40 s; .ci/run limits the whole. Source: our own. */
const commandMsMax = 600_000;
/** How much of what a command printed is shown when it fails. */
const shownLengthMax = 4_000;

/**
 * Runs a command to its end.
 *
 * @returns what it printed on its standard output
 * @throws {Error} with what it printed, when it fails or takes too long
 */
export function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: commandMsMax });
    let out = '';
    let all = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
      all += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      all += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${[command, ...args].join(' ')} in ${cwd}: ${code}\n${all.slice(-shownLengthMax)}`));
    });
  });
}

/** @throws {Error} when a command printed something else */
export function expectOutput(printed: string, wanted: RegExp): void {
  if (!wanted.test(printed)) throw new Error(`found ${JSON.stringify(printed)}, wanted ${wanted}`);
}

/** Carries checks out one after another, each with its seconds; the first that fails ends the process. */
export async function checkAll(checks: readonly Check[]): Promise<void> {
  for (const { name, work } of checks) {
    const began = performance.now();
    try {
      await work();
    } catch (error) {
      console.error(`not ok  ${name}\n${error instanceof Error ? error.message : String(error)}`);
      process.exit(1);
    }
    console.log(`ok  ${name} (${((performance.now() - began) / 1_000).toFixed(1)} s)`);
  }
}
