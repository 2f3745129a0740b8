import { quantile } from '../../../src/cli/drill/quantile.ts';
import type { Cost, Judged, ProbesResult, Verdict } from './measure.ts';

const heading = '## Probes beside blackbox-exporter';

/** When and with what the probes were measured. */
export interface ProbesRun {
  readonly result: ProbesResult;
  /** As in "blackbox-exporter 0.23.0". */
  readonly versions: readonly string[];
  /** Load of the machine at the start and at the end. */
  readonly loads: readonly [number, number];
}

/** The page with a new section about probes in place of its old one, which is its last. */
export function withProbes(page: string, run: ProbesRun): string {
  return `${withoutProbes(page)}\n${sectionOf(run)}`;
}

function withoutProbes(page: string): string {
  const start = page.indexOf(`\n${heading}\n`);
  return start < 0 ? page : page.slice(0, start);
}

function sectionOf({ result, versions, loads }: ProbesRun): string {
  const { judged, costs, rounds, roundSize } = result;
  return `${heading}

Measured by the same command, or alone by \`npm run bench:peers -- --probes\`, in the network of the machine.
${versions.join(', ')}.
Processes that wanted a core, on average of a minute: ${loads.map((load) => load.toFixed(1)).join(' at the start, ')} at the end.

Both ask the same endpoints on loopback, by turns, with the same deadline of a second, over a new connection each time:
cdk-failover by the prober of its watchers, blackbox-exporter by \`/probe\`. Redirects are not followed, by either; as
shipped, blackbox-exporter follows them.

${verdictLine(judged)}

${verdictTable(judged)}

Times are medians of a few rounds, each by the prober's own clock. What blackbox-exporter saw is what its metrics tell;
its log tells more.

What a probe of a healthy endpoint costs, as the median of ${rounds} rounds of ${roundSize} probes, one at a time:

${costTable(costs)}

- The ratio is ours by theirs, as the median of the rounds and their range: below 1, ours takes less. Missed is how many
  probes of all rounds found the endpoint down: on a machine that is busy, an answer may come after the deadline.
- A wide range says that the machine had other work. The processor times are the steadier measure there.
${bareLines(costs)}- The processor time of blackbox-exporter holds the question over HTTP and the answer in metrics, which each of its
  probes has. That of cdk-failover holds the probe alone; what a watcher does with the answers is in \`npm run bench\`.
- Between regions a network takes longer than either. So neither prober is what a check waits for.
- blackbox-exporter only measures. Prometheus asks it at each scrape, and Alertmanager tells people: nothing is moved.
`;
}

/** What of our time over TLS is the connection itself. */
function bareLines(costs: readonly Cost[]): string {
  const lines = costs.flatMap(({ what, bare }) => {
    if (bare === null) return [];
    const [ms, cpuMs] = [decimals(bare.latencyMs), decimals(bare.cpuMs)];
    return [
      `- ${what}: a connection of Node's own TLS with the same handshake and the same question takes`,
      `  ${ms} ms, and ${cpuMs} ms of the processor's time; our probe takes little more than that. It keeps the parsed`,
      '  authorities from probe to probe, and takes up no session again: a check shall see the certificate anew.',
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function verdictLine(judged: readonly Judged[]): string {
  const wrong = (pick: (one: Judged) => Verdict) => judged.filter((one) => pick(one).isUp !== one.isUp).length;
  const [ours, theirs] = [wrong(({ ours }) => ours), wrong(({ blackbox }) => blackbox)];
  return `Of ${judged.length} endpoints cdk-failover judges ${judged.length - ours} as is right, blackbox-exporter ${judged.length - theirs}.`;
}

function verdictTable(judged: readonly Judged[]): string {
  const cells = ({ isUp, saw, latencyMs }: Verdict) => [isUp ? 'up' : 'down', saw, decimals(latencyMs)];
  const rows = judged.map(({ what, isUp, ours, blackbox }) => [
    what,
    isUp ? 'up' : 'down',
    ...cells(ours),
    ...cells(blackbox),
  ]);
  const columns = ['endpoint', 'right', 'cdk-failover', 'saw', 'ms', 'blackbox-exporter', 'saw', 'ms'];
  return table(columns, rows);
}

function costTable(costs: readonly Cost[]): string {
  const times = ['ms, ours', 'ms, theirs', 'ratio', 'CPU ms, ours', 'CPU ms, theirs', 'ratio'];
  const columns = ['endpoint', ...times, 'missed, ours', 'missed, theirs'];
  const both = (ours: number, theirs: number, ratios: readonly number[]) => [
    decimals(ours),
    decimals(theirs),
    `${decimals(quantile(ratios, 0.5))} (${decimals(Math.min(...ratios))} to ${decimals(Math.max(...ratios))})`,
  ];
  const rows = costs.map(({ what, ours, blackbox, ratios }) => [
    what,
    ...both(ours.latencyMs, blackbox.latencyMs, ratios.latency),
    ...both(ours.cpuMs, blackbox.cpuMs, ratios.cpu),
    String(ours.missed),
    String(blackbox.missed),
  ]);
  return table(columns, rows);
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellOf).join(' | ')} |`;
  return [line(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(line)].join('\n');
}

/** What came over the wire may hold what a table is made of. */
function cellOf(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

function decimals(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
