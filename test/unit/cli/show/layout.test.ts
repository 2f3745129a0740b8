import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columns, wrap, wrapAll } from '../../../../src/cli/show/layout.ts';

const rows = [
  ['site', 'role', 'why'],
  ['virginia', 'active', 'a long reason that has many words in it, more than fit'],
  ['oregon', 'standby', '-'],
];

test('each line of a text is wrapped by itself, below where it begins', () => {
  expect(wrapAll('head\n    found   a line that is long\nend', 20)).toBe(
    'head\n    found   a line\n      that is long\nend',
  );
});

describe('columns', () => {
  test('a table that fits is one line a row', () => {
    expect(columns(rows).split('\n')).toHaveLength(3);
  });

  test('a table that is too wide has its last column wrapped below itself', () => {
    expect(columns(rows, '', 45)).toBe(
      [
        'site      role     why',
        'virginia  active   a long reason that has',
        '                   many words in it, more',
        '                   than fit',
        'oregon    standby  -',
      ].join('\n'),
    );
  });

  test('a cell under a heading without words stands by itself in a block', () => {
    const narrow = columns(
      [
        ['site', 'verdict', ''],
        ['virginia', 'down for a quorum of watchers', 'was left'],
      ],
      '',
      30,
    );

    expect(narrow).toBe('virginia: verdict down for a\n  quorum of watchers, was left');
  });

  test('a table without room for its last column is a block a row', () => {
    expect(columns(rows, '', 40)).toBe(
      [
        'virginia: role active, why a long reason',
        '  that has many words in it, more than',
        '  fit',
        'oregon: role standby',
      ].join('\n'),
    );
  });
});

test('wrapping loses no word, and no line is wider than the page', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 90 }), (all, width) => {
      const lines = wrap(all.join(' '), width, '    ').split('\n');

      expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(all);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    }),
  );
});

test('a word that is wider than the page stays whole', () => {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/1';

  expect(wrap(`of ${arn} here`, 30, '  ')).toBe(`of\n  ${arn}\n  here`);
});
