import { expect, test } from 'vitest';
import { configPage } from '../../../src/config/config-page.ts';
import { readRepository } from './shop.fixture.ts';

test('docs/config.md is what the schema and the rules say (npx tsx scripts/config-page.ts writes it)', () => {
  expect(readRepository('docs/config.md')).toBe(configPage());
});

test('every key is described, limited and has its default', () => {
  const rows = configPage()
    .split('\n')
    .filter((line) => line.startsWith('| `'));

  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter((row) => row.includes('any value') || row.includes('undefined'))).toEqual([]);
  expect(rows).toContain('| `intervalMs` | 250ms to 1m | `2s` | Time between two ticks of a watcher. |');
});
