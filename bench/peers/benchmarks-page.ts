import { cpus, totalmem } from 'node:os';
import type { Measured } from './rounds.ts';

/** What a run of the benchmark gave. */
export interface PeersResult {
  readonly equal: readonly Measured[];
  readonly asShipped: readonly Measured[];
  /** As in "HAProxy 2.6.12". */
  readonly versions: readonly string[];
  /** Load of the machine at the start and at the end. */
  readonly loads: readonly [number, number];
}

/** docs/benchmarks.md. */
export function benchmarksPage({ equal, asShipped, versions, loads }: PeersResult): string {
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  return `# Recovery beside the peers

Written by \`npm run bench:peers\`, which measured all recoveries in one run. Do not edit it; run the command again.

Two backends on one machine. The one that serves is ended with SIGKILL at a random instant between two checks. A client
asks every 50 ms in the way that the program has for clients: it asks DNS and then the site, or the proxy, or the
address that moves, or a Sentinel and then the master. Counted is the time from the kill to the end of the first good
answer from the other backend. All programs are measured in turn, round after round, so that what else the machine does
meets all of them alike.

Machine: ${cpus().length} cores, ${memoryGib} GiB, a network of its own without a way out.
${versions.join(', ')}.
Processes that wanted a core, on average of a minute: ${loads.map((load) => load.toFixed(1)).join(' at the start, ')} at the end.

## At equal checks

A check a second and two failures, or what comes nearest to it in the program's own settings.

${table(equal)}

## As shipped

What each program does when its settings are left alone.

${table(asShipped)}

## What this says, and what it does not

- HAProxy, gdnsd and keepalived decide alone: one program, from one place, is enough to move. Sentinel and cdk-failover
  ask a majority first, and write down who won.
- HAProxy is on the path of every request, and keepalived works within one network. Neither leaves a region by itself.
- In the drill the health checkers look at an oracle every second. Route 53's look every ten, so that on AWS a move by
  DNS shows about two seconds after the decision, plus the record's TTL. \`npx cdk-failover drill\` prints both bounds.
- A kill is the easiest fault: the system answers at once that nobody listens. A hang costs every program its timeout.
- Fewer checks make more false moves. What the defaults of cdk-failover trade for them is measured by
  \`npm run bench\`, over 200 simulated days of noise.
`;
}

function table(rows: readonly Measured[]): string {
  const ms = (value: number) => `${Math.round(value).toLocaleString('en')}`;
  const lines = [...rows]
    .sort((a, b) => a.medianMs - b.medianMs)
    .map(
      ({ name, settings, medianMs, fastestMs, slowestMs, rounds }) =>
        `| ${name} | ${settings} | ${ms(medianMs)} | ${ms(fastestMs)} to ${ms(slowestMs)} | ${rounds} |`,
    );
  return ['| program | settings | median, ms | range, ms | kills |', '|---|---|---|---|---|', ...lines].join('\n');
}
