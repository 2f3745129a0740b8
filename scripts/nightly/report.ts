import { columns, duration, plural, type Rows } from '../../src/cli/show/layout.ts';

/** What a part found. */
export interface PartReport {
  /** One line: what was tried, and how much of it was right. */
  readonly summary: string;
  /** Rows with the heading first; empty where one line says all. */
  readonly table: Rows;
  /** What is wrong, each with what repeats it. Empty: the part has passed. */
  readonly findings: readonly string[];
}

/** The report of a part, with its name and how long it took. */
export interface NamedReport extends PartReport {
  readonly part: string;
  readonly tookMs: number;
}

/** Findings of a part that are shown; the JSON has all of them. */
const shownMax = 20;

/** The line that a part prints when it ends. */
export function lineOf({ part, summary, findings, tookMs }: NamedReport): string {
  const verdict = findings.length === 0 ? 'ok' : 'FOUND';
  return `${verdict.padEnd(6)}${part.padEnd(8)}${summary} (${duration(tookMs)})`;
}

/** Everything that was found, and the tables: what is printed at the end. */
export function showReports(reports: readonly NamedReport[]): string {
  const blocks = reports.flatMap(({ part, table, findings }) => {
    const shown = findings.slice(0, shownMax);
    const more = findings.length - shown.length;
    return [
      ...(table.length > 0 ? [`${part}\n${columns(table, '  ')}`] : []),
      ...shown.map((finding) => `FOUND by ${part}: ${finding}`),
      ...(more > 0 ? [`FOUND by ${part}: and ${more} more; --json has all`] : []),
    ];
  });
  const rows = reports.map(({ part, findings, tookMs }) => [
    part,
    findings.length === 0 ? 'passed' : plural(findings.length, 'finding'),
    duration(tookMs),
  ]);
  return [...blocks, columns([['part', 'result', 'took'], ...rows], '')].map((text) => text.trimEnd()).join('\n\n');
}

/** Whether every part passed; none at all is no pass. */
export function isPassed(reports: readonly PartReport[]): boolean {
  return reports.length > 0 && reports.every(({ findings }) => findings.length === 0);
}
