import { expect, test } from 'vitest';
import { documents, forgottenDocuments, textOf } from '../../../website/pages.ts';
import { linkedText, pageFrom, pageLink } from '../../../website/staging.ts';

test('every document of docs/ is a page of the site', () => {
  expect(forgottenDocuments()).toEqual([]);
});

test.each(documents)('%s links to nothing that is not there', (file) => {
  expect(pageFrom(file, textOf(file)).dead).toEqual([]);
});

test.each([
  ['README.md', 'docs/data.md#permissions', 'data.md#permissions'],
  ['docs/adr/0001-register.md', '../data.md', '../data.md'],
  ['docs/data.md', '../README.md', 'index.md'],
  ['docs/modes.md', '../examples/route/failover.config.yaml', 'examples/route.md'],
  ['docs/data.md', '#permissions', '#permissions'],
  ['docs/data.md', 'https://aws.example/', 'https://aws.example/'],
])('a link in %s to %s is %s on its page', (file, link, expected) => {
  expect(pageLink(file, link)).toBe(expected);
});

test('what is no page is linked where the repository is', () => {
  expect(pageLink('docs/data.md', '../src/core')).toMatch(/^https:.*\/tree\/main\/src\/core$/);
  expect(pageLink('docs/data.md', '../bin/app.ts')).toMatch(/^https:.*\/blob\/main\/bin\/app\.ts$/);
});

test('a link that leads nowhere is told with its document, one in code is none', () => {
  const text = 'See [this](gone.md).\n\n`[a](b.md)`\n\n```\n[c](d.md)\n```\n';

  expect(pageFrom('docs/data.md', text).dead).toEqual(['docs/data.md: gone.md']);
});

test('a link that shows the path of a page shows its title', () => {
  expect(pageFrom('README.md', 'See [docs/data.md](docs/data.md).').text).toBe('See [Data](data.md).');
});

test('a document that a docstring names becomes a link, one that is none stays as it is', () => {
  const text = 'See docs/data.md, docs/adr/0001-register.md and docs/gone.md.';

  expect(linkedText(text)).toBe(
    'See [Data](/data.md), [1. The register: CASPaxos over one table a region](/adr/0001-register.md) and docs/gone.md.',
  );
});
