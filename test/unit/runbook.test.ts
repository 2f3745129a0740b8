import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alertNames } from '../../src/core/alerting/catalogue.ts';

const parts = ['Description', 'Investigation', 'Resolution', 'When NOT to act'];
const text = readFileSync('docs/runbook.md', 'utf8');
const sections = text.split(/^## /m).slice(1);
const verbs = new Set(
  'status plan switchover failover failback pause resume ack maintenance quorum history validate'.split(' '),
);

test('every alarm is a heading of the runbook, and the reverse, in one order', () => {
  const headings = sections.map((section) => section.split('\n')[0]);

  expect(headings).toEqual([...alertNames]);
});

test.each(alertNames)('the entry of %s has its four parts in order, each with something to read', (name) => {
  const section = sections.find((candidate) => candidate.startsWith(`${name}\n`)) ?? '';

  const found = [...section.matchAll(/^\*\*(.+?)\.\*\* ([\s\S]*?)(?=\n\n\*\*|\s*$(?![\s\S]))/gm)];

  expect(found.map(([, part]) => part)).toEqual(parts);
  expect(found.filter(([, , words = '']) => words.split(/\s+/).length < 6)).toEqual([]);
});

test('every command in the runbook is one that the command line has', () => {
  const typed = [...text.matchAll(/(?:^|`)failover ([a-z]+)/gm)].map(([, verb = '']) => verb);

  expect(typed.length).toBeGreaterThan(alertNames.length);
  expect(typed.filter((verb) => !verbs.has(verb))).toEqual([]);
});

test('every link inside the runbook leads to a heading', () => {
  const anchors = [...text.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, anchor]) => anchor);

  expect(anchors.length).toBeGreaterThan(0);
  expect(anchors.filter((anchor) => !alertNames.some((name) => name === anchor))).toEqual([]);
});
