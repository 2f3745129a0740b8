import type { BackupSource } from '../model/site.ts';

/** What is known of the backups of a site. A field is absent where nobody could tell; null says that there is none. */
export interface BackupFacts {
  /** Age of the newest backup that can be restored. */
  readonly backupAgeMs?: number | null;
  /** Time since one was restored last, and was found good where that was looked at. */
  readonly restoreAgeMs?: number | null;
}

/** What is asked of backups: a young one, and that one was restored not long ago. */
export const backupQuestions = ['backup', 'restore'] as const;
/** One of them. */
export type BackupQuestion = (typeof backupQuestions)[number];

/** One thing that is asked of a site's backups, and the answer. */
export interface BackupAnswer {
  readonly question: BackupQuestion;
  /** Null: there is none; undefined: nobody can tell. */
  readonly ageMs: number | null | undefined;
  readonly limitMs: number;
  /** Null while nobody can tell. */
  readonly isGood: boolean | null;
}

/** The answers about a site's backups; empty for a site that declares none. */
export function backupAnswers(source: BackupSource | undefined, facts: BackupFacts): readonly BackupAnswer[] {
  if (source === undefined) return [];
  const limitMs = source.kind === 'aws-backup' ? source.maxRestoreAgeMs : undefined;
  return [
    answer('backup', facts.backupAgeMs, source.maxAgeMs),
    ...(limitMs === undefined ? [] : [answer('restore', facts.restoreAgeMs, limitMs)]),
  ];
}

function answer(question: BackupQuestion, ageMs: number | null | undefined, limitMs: number): BackupAnswer {
  return { question, ageMs, limitMs, isGood: ageMs === undefined ? null : ageMs !== null && ageMs <= limitMs };
}

/** An answer in words, such as `the newest is 31 h old, the limit is 26 h`; `timeText` says a time. */
export function backupText({ question, ageMs, limitMs }: BackupAnswer, timeText: (ms: number) => string): string {
  const limit = `the limit is ${timeText(limitMs)}`;
  if (ageMs === undefined) return `not known; ${limit}`;
  if (ageMs === null) return question === 'backup' ? `there is none; ${limit}` : `none was ever restored; ${limit}`;
  const age = timeText(ageMs);
  return question === 'backup' ? `the newest is ${age} old; ${limit}` : `one was restored ${age} ago; ${limit}`;
}

/** The less favourable of two: none, else the older. */
export function olderOf(one: number | null | undefined, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one ?? other, other);
}
