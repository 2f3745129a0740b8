import type { BlockRow, CompareRow } from './list.ts';

/** What {@link comparePage} is made from. */
export interface Comparison {
  readonly rows: readonly CompareRow[];
  readonly blocks: readonly BlockRow[];
  readonly sources: readonly string[];
}

/** docs/compare.md. */
export function comparePage({ rows, blocks, sources }: Comparison): string {
  return `# Beside what exists

Made by \`npm run docs\` from a list that a test holds against the schema. What each way costs for a configuration of
yours: \`cdk-failover cost FILE --compare\`. How fast four programs move the same clients after the same kill:
[benchmarks.md](benchmarks.md).

## What a move changes, and what it goes by

"Custom action" means that the step is yours to write. Nothing here was tried in a real AWS account, of ours or of
others; what others do is taken from their documents.

${table(
  ['', 'here', 'ARC Region switch', 'others'],
  rows.map(({ what, keys, regionSwitch, others }) => [
    what,
    keysText(keys),
    regionSwitch ?? 'no',
    others || 'nobody that we know',
  ]),
)}

## Region switch, block by block

${table(
  ['block', 'here', 'what differs'],
  blocks.map(({ block, keys, here }) => [block, keysText(keys) || 'no key', here]),
)}

What Region switch has besides, and this project does not: steps of one plan in other accounts, a dashboard in the
console, and AWS's support. It starts a plan by hand, or by up to ten conditions of CloudWatch alarms; it evaluates a
plan every 30 minutes. It does not ask for a majority, and does not look at lag.

Found in:

${sources.map((source) => `- ${source}`).join('\n')}
`;
}

function keysText(keys: readonly string[]): string {
  return keys.map((key) => `\`${key.replace(/:(.*)$/, ': $1')}\``).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
