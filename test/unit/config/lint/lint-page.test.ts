import { expect, test } from 'vitest';
import { lintRules } from '../../../../src/config/lint/lint.ts';
import { lintPage } from '../../../../src/config/lint/lint-page.ts';
import { readRepository } from '../shop.fixture.ts';

test('docs/lint.md is what the lint says of itself (npx tsx scripts/config-page.ts writes it)', () => {
  expect(readRepository('docs/lint.md')).toBe(lintPage());
});

test('every finding is a heading of the page, and the reverse', () => {
  const headings = [...lintPage().matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);

  expect(headings).toEqual(lintRules.map(({ name }) => name));
});
