import { describe, expect, test } from 'vitest';
import { adviceByIneligibility, adviceByReason } from '../../src/core/alerting/advice.ts';
import { alertCatalogue } from '../../src/core/alerting/catalogue.ts';
import { repositoryFiles } from '../support/repository-files.ts';
import { documents } from './document.fixture.ts';

const text = documents.find(({ file }) => file === 'docs/help/troubleshooting.md')?.text ?? '';
const sources = repositoryFiles().filter(({ path }) => path.startsWith('src/') && path.endsWith('.ts'));

/** What stands in backquotes in the first cells of the table below a heading. */
function quotedBelow(heading: string, page = text): readonly string[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
  return rows.flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word));
}

/** A message as sources may have it: what is in capitals there is filled in, and three dots end it. */
function isInSources(message: string, files: readonly { readonly text: string }[] = sources): boolean {
  const parts = message.split(/\b[A-Z]{4,}\b|\.\.\./).map((part) => part.trim());
  const long = parts.filter((part) => part.length > 3);
  return long.length > 0 && long.every((part) => files.some((file) => file.text.includes(part)));
}

const messages = ['The configuration', 'Which deployment', 'AWS does not answer'].flatMap((heading) =>
  quotedBelow(heading),
);

test.each(['critical', 'warning', 'info'])('the page of who is told has every alarm that is %s', (severity) => {
  const page = documents.find(({ file }) => file === 'docs/help/who-is-told.md')?.text ?? '';
  const row = page.split('\n').find((line) => line.startsWith(`| \`${severity}\` |`)) ?? '';
  const named = [...row.matchAll(/\[([a-z-]+)\]\(\.\.\/runbook\.md#\1\)/g)].map(([, name]) => name);
  const known = Object.entries(alertCatalogue).filter(([, facts]) => facts.severity === severity);

  expect(named.sort()).toEqual(known.map(([name]) => name).sort());
});

test('the page quotes messages', () => {
  expect(messages.length).toBeGreaterThan(15);
});

test.each(messages)('%s is a message of the sources', (message) => {
  expect(isInSources(message)).toBe(true);
});

test('a message that nothing prints is found', () => {
  expect(isInSources('the lab is on fire')).toBe(false);
  expect(isInSources('NAME')).toBe(false);
  expect(isInSources('this changes NAME on AWS', [{ text: 'this changes $' }, { text: ' on AWS' }])).toBe(true);
});

describe('every reason has a row, and no row another word', () => {
  test.each([
    ['What status says of a service', adviceByReason],
    ['Why a site may not take over', adviceByIneligibility],
  ])('%s', (heading, reasons) => {
    expect(quotedBelow(heading).toSorted()).toEqual(Object.keys(reasons).toSorted());
  });
});

test('the words of the glossary are in their order, each once', () => {
  const glossary = documents.find(({ file }) => file === 'docs/help/glossary.md')?.text ?? '';
  const words = [...glossary.matchAll(/^\| ([^|]+) \|/gm)].map(([, word = '']) => word.trim()).slice(2);

  expect(words.length).toBeGreaterThan(30);
  expect(words).toEqual([...new Set(words)].toSorted((a, b) => (a < b ? -1 : 1)));
});
