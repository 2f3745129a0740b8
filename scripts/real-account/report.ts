import type { Check, Findings, Series } from './tools.ts';

/** Median, extremes and count of a series; null for one without values. */
export function summaryOf({ values }: Pick<Series, 'values'>) {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return null;
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? least;
  const high = sorted[Math.floor(middle)] ?? most;
  return { count: sorted.length, least, median: (low + high) / 2, most };
}

/** The findings as tables of Markdown. */
export function showFindings({ series, checks }: Findings): string {
  const failed = checks.filter(({ isPassed }) => !isPassed);
  return [
    '| measured | values | least | median | most | unit | note |',
    '|---|---|---|---|---|---|---|',
    ...series.map(rowOf),
    '',
    `${checks.length - failed.length} of ${checks.length} checks passed.`,
    ...failed.map((check: Check) => `- failed: ${check.name} (${check.detail})`),
  ].join('\n');
}

function rowOf(one: Series): string {
  const summary = summaryOf(one);
  const figures =
    summary === null ? ['0', '-', '-', '-'] : [summary.count, summary.least, summary.median, summary.most].map(rounded);
  return `| ${[one.name, ...figures, one.unit, one.note].join(' | ')} |`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
