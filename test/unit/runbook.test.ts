import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alarmNames } from '../../src/core/alarm.ts';

const sections = readFileSync('docs/runbook.md', 'utf8').split(/^## /m).slice(1);

test('every alarm is a heading of the runbook, and the reverse', () => {
  const headings = sections.map((section) => section.split('\n')[0]);

  expect([...headings].sort()).toEqual([...alarmNames].sort());
});

test.each(['Description', 'Investigation', 'Resolution', 'When not to act'])(
  'every entry of the runbook has: %s',
  (part) => {
    const lacking = sections.filter((section) => !section.includes(`**${part}.**`));

    expect(lacking).toEqual([]);
  },
);
