/** Cells of a table, a row each, the heading first. */
export type Rows = readonly (readonly string[])[];

/** How wide what is printed may be, in characters, and how a word is marked for the eye. */
export interface Page {
  readonly width: number;
  /** Marks a word as good, doubtful or bad; a program, and whoever asked for no colour, gets it as it is. */
  readonly mark: (tone: Tone, text: string) => string;
}

/** What a marked word means. */
export type Tone = 'good' | 'doubtful' | 'bad';

/** What a program reads: lines as long as they are, and no colour. */
export const plainPage: Page = { width: Number.POSITIVE_INFINITY, mark: (_tone, text) => text };

/** Least room for the last column of a table before its rows are written below one another, in characters. */
const lastColumnMin = 24;
const gap = '  ';

/**
 * Lays out rows in columns as wide as their widest cell, two blanks apart.
 *
 * Where that is wider than the page, the last column is wrapped; where that leaves it no room, each row becomes a block
 * of lines, `heading: cell`.
 */
export function columns(rows: Rows, indent = '', width = Number.POSITIVE_INFINITY): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  const firstWidths = widths.slice(0, -1);
  const firstWidth = indent.length + firstWidths.reduce((sum, each) => sum + each + gap.length, 0);
  const isFitting = firstWidth + (widths.at(-1) ?? 0) <= width;
  if (!isFitting && width - firstWidth < lastColumnMin) return blocks(rows, indent, width);
  return rows.map((row) => layOut(row, firstWidths, indent, isFitting ? Number.POSITIVE_INFINITY : width)).join('\n');
}

function layOut(row: readonly string[], widths: readonly number[], indent: string, width: number): string {
  const first = row.slice(0, widths.length).map((cell, index) => cell.padEnd(widths[index] ?? 0) + gap);
  const start = indent + first.join('');
  return wrap(`${start}${row[widths.length] ?? ''}`.trimEnd(), width, ' '.repeat(start.length));
}

/** Each row below the other: its first cell, then what its heading says of each further cell. */
function blocks([headings = [], ...rows]: Rows, indent: string, width: number): string {
  return rows
    .map(([title = '', ...cells]) => {
      const said = cells.flatMap((cell, index) => {
        const bare = cell.trim();
        return bare === '-' || bare === '' ? [] : [`${headings[index + 1] ?? ''} ${bare}`.trim()];
      });
      return wrap(`${indent}${title}: ${said.join(', ')}`, width, `${indent}${gap}`);
    })
    .join('\n');
}

/** Wraps each line of a text by itself. What does not fit stands two blanks deeper than its line begins. */
export function wrapAll(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrap(line, width, `${/^ */.exec(line)?.[0] ?? ''}${gap}`))
    .join('\n');
}

/**
 * Breaks a line between words so that none of its parts is wider than the page; a word that is wider stays whole.
 *
 * @param hang - what every further line begins with
 */
export function wrap(line: string, width: number, hang: string): string {
  const lines: string[] = [];
  let left = line;
  while (left.length > width) {
    const start = lines.length === 0 ? (/^ */.exec(left)?.[0].length ?? 0) : hang.length;
    const before = left.lastIndexOf(' ', width);
    const at = before > start ? before : left.indexOf(' ', Math.max(width, start));
    if (at < 0) break;
    lines.push(left.slice(0, at).trimEnd());
    left = hang + left.slice(at + 1).trimStart();
  }
  return [...lines, left].join('\n');
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

/** The time of day of an instant, to the second, in UTC. */
export function secondOfDay(atMs: number): string {
  return instant(atMs).slice(11, 19);
}

/** `1 site`, `2 sites`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
