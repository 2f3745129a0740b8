import type { TrialResult, TrialSize } from './trial.ts';

/** One row. */
export interface Measured extends TrialSize, TrialResult {
  /** The size that a deployment gets by itself; otherwise it is here to compare. */
  readonly isGiven: boolean;
}

/**
 * docs/help/watcher-size.md.
 *
 * @param version - of the Node that ran the watchers, such as `v24.1.0`
 */
export function watcherSizePage(rows: readonly Measured[], version: string): string {
  return `# The size of a watcher

Written by \`npm run bench:watcher\`, which measured all of it in one run. Do not edit it; run the command again.

Three watchers, as they are deployed, run on Node ${version.slice(1)} with the flags that Lambda gives it. Each is in a
control group with the share of a processor that Lambda gives a function of its size. Their sites and their tables
answer over TLS, from another process. The sites answer at once, so that what is seen is the watcher's own work.

- **born**: from the start of all three until every service has a register.
- **moved**: from the moment at which the first site of every service fails, all at once, until all have moved.
- **taken over**: from the start of a second watcher in a region until it has taken over.
- **stood still**: the longest time, in each of the three, for which the watcher could do nothing else.
- **at rest**: share of its processor that it uses while nothing happens.

| services | sites | every | memory, MB | most used, MB | to spare, MB | at rest | born, s | moved, s | taken over, s | stood still, ms |
|---|---|---|---|---|---|---|---|---|---|---|
${rows.map(line).join('\n')}

A row in brackets is not what a deployment gets: it is the smallest function that Lambda offers, to compare.

## What this says, and what it does not

- \`watcher.memoryMb\` left out gives a size from these figures with at least 60 MB to spare. The alarm \`memory-short\`
  begins when less than 30 are left.
- More than 1,769 MB gives a watcher no more speed: it uses one processor.
- Lambda adds a process of its own to each function. What that takes has not been measured, and nothing here has run in
  an AWS account.
`;
}

function line({ services, sites, intervalMs, memoryMb, isGiven, ...seen }: Measured): string {
  const { peakMb, restUtilization, genesis, failover, takeover } = seen;
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const stills = [genesis, failover, takeover].map(({ lagMs }) => Math.round(lagMs)).join(', ');
  const cells = [
    services,
    (services * sites).toLocaleString('en'),
    `${intervalMs / 1_000} s`,
    memoryMb,
    Math.ceil(peakMb),
    Math.floor(memoryMb - peakMb),
    `${Math.round(restUtilization * 100)} %`,
    seconds(genesis.tookMs),
    seconds(failover.tookMs),
    seconds(takeover.tookMs),
    stills,
  ];
  return `| ${cells.map((cell) => (isGiven ? cell : `(${cell})`)).join(' | ')} |`;
}
