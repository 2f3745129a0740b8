import { expect, test } from 'vitest';
import { documents } from './document.fixture.ts';

const textOf = (path: string) => documents.find(({ file }) => file === path)?.text ?? '';

/** Figures of the generated table of costs, by column; each row is an example. */
function costsOf(column: number): readonly number[] {
  const [, table = ''] = /<!-- costs: generated -->([\s\S]*?)<!-- costs: end -->/.exec(textOf('docs/modes.md')) ?? [];
  const rows = table.split('\n').filter((line) => line.startsWith('| ['));
  return rows.map((row) => Number(/\d+/.exec(row.split('|')[column] ?? '')?.[0]));
}

test('the questions say what the examples cost, from the least to the most', () => {
  const costs = costsOf(4);

  expect(textOf('docs/help/faq.md')).toContain(
    `The examples are between $${Math.min(...costs)} and $${Math.max(...costs)} a month at list price`,
  );
});

test('the questions say within what time all examples decide', () => {
  expect(textOf('docs/help/faq.md')).toContain(`decided within ${Math.max(...costsOf(2))} seconds`);
});

test('README.md says what the two regions of its table cost', () => {
  const [, usd] =
    /\/two-regions\/failover\.config\.yaml\) \|[^|]*\|[^|]*\| \$(\d+) \|/.exec(textOf('docs/modes.md')) ?? [];

  expect(textOf('README.md')).toContain(`about $${usd} a month, two regions`);
});
