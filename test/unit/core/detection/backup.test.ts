import { describe, expect, it, test } from 'vitest';
import { type BackupFacts, backupAnswers, backupText, olderOf } from '../../../../src/core/detection/backup.ts';
import type { BackupSource } from '../../../../src/core/model/site.ts';

const hourMs = 3_600_000;
const snapshots = { kind: 'rds-snapshot', maxAgeMs: 26 * hourMs } as unknown as BackupSource;
const vault = { kind: 'aws-backup', maxAgeMs: 26 * hourMs, maxRestoreAgeMs: 720 * hourMs } as unknown as BackupSource;
const withoutRestore = { kind: 'aws-backup', maxAgeMs: 26 * hourMs } as unknown as BackupSource;
const hours = (ms: number) => `${ms / hourMs} h`;

describe('what is asked of backups', () => {
  it.each<[string, BackupSource | undefined, readonly string[]]>([
    ['nothing where none are declared', undefined, []],
    ['their age', snapshots, ['backup']],
    ['their age, where nobody restores them', withoutRestore, ['backup']],
    ['their age, and when one was restored', vault, ['backup', 'restore']],
  ])('is %s', (_, source, questions) => {
    expect(backupAnswers(source, {}).map(({ question }) => question)).toEqual(questions);
  });

  it.each<[string, BackupFacts, boolean | null, boolean | null]>([
    ['nobody can tell', {}, null, null],
    ['both are as young as they must be', { backupAgeMs: 26 * hourMs, restoreAgeMs: 720 * hourMs }, true, true],
    ['both are too old', { backupAgeMs: 26 * hourMs + 1, restoreAgeMs: 720 * hourMs + 1 }, false, false],
    ['there are none', { backupAgeMs: null, restoreAgeMs: null }, false, false],
    ['one was made and none restored', { backupAgeMs: 0, restoreAgeMs: null }, true, false],
  ])('is good only when it is known to be: %s', (_, facts, isYoung, isRestored) => {
    const answers = backupAnswers(vault, facts);

    expect(answers.map(({ isGood }) => isGood)).toEqual([isYoung, isRestored]);
    expect(answers.map(({ limitMs }) => limitMs)).toEqual([26 * hourMs, 720 * hourMs]);
  });
});

test.each<[BackupFacts, readonly string[]]>([
  [{}, ['not known; the limit is 26 h', 'not known; the limit is 720 h']],
  [
    { backupAgeMs: null, restoreAgeMs: null },
    ['there is none; the limit is 26 h', 'none was ever restored; the limit is 720 h'],
  ],
  [
    { backupAgeMs: 31 * hourMs, restoreAgeMs: 5 * hourMs },
    ['the newest is 31 h old; the limit is 26 h', 'one was restored 5 h ago; the limit is 720 h'],
  ],
])('%j in words: %j', (facts, texts) => {
  expect(backupAnswers(vault, facts).map((answer) => backupText(answer, hours))).toEqual(texts);
});

test.each<[number | null | undefined, number | null, number | null]>([
  [undefined, 5, 5],
  [undefined, null, null],
  [3, 5, 5],
  [5, 3, 5],
  [0, 0, 0],
  [null, 5, null],
  [5, null, null],
])('of %j and %j the less favourable is %j', (one, other, expected) => {
  expect(olderOf(one, other)).toBe(expected);
});
