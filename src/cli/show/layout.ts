/** Cells of a table, a row each, the heading first. */
export type Rows = readonly (readonly string[])[];

/** Lays out rows in columns as wide as their widest cell, two blanks apart. */
export function columns(rows: Rows, indent = ''): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) => indent + row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A duration in the unit in which it reads best, such as `340 ms`, `12.3 s`, `59.0 min`, `23.5 h`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${(ms / 60_000).toFixed(1)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

/** An instant as ISO 8601 in UTC. */
export function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** `1 site`, `2 sites`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
