import type { OracleDocument } from '../core/kinds/publication.ts';
import type { Instant } from './system.ts';

/** What a guard goes by. */
export interface GuardRules {
  readonly site: string;
  /** How many oracles there are, one a control region; a majority of these confirms. */
  readonly oracleCount: number;
  /** How long a confirmation lasts, from the instant before the question was asked. */
  readonly leaseMs: number;
  /** How long the site must have been confirmed before it may act; see `waitMsOf`. */
  readonly waitMs: number;
}

/** One question to every oracle. */
export interface Round {
  /** Before the first question left. */
  readonly askedAt: Instant;
  /** After the last answer came. */
  readonly answeredAt: Instant;
  /** Null for an oracle that did not answer, or had no register to answer from. */
  readonly answers: readonly (Pick<OracleDocument, 'active' | 'isReadOnly'> | null)[];
}

/** A time for which the own site has been confirmed without a gap. */
export interface Stretch {
  readonly epoch: number;
  /** Site that was active before the stretch; null when there was none or nobody knows. */
  readonly from: string | null;
  /** After the answers that confirmed it first. */
  readonly since: Instant;
  /** Before the questions that confirmed it last: the lease runs from here. */
  readonly askedAt: Instant;
}

/** Longest that an oracle answers from one read of its table. Source: `cacheMs` in `src/adapters/net/oracle/`. */
export const oracleCacheMs = 1_000;

/**
 * Share by which the wait is longer than what it covers. Two clocks of which one is slow and one fast by 2.4 % each
 * stay within it; clocks that are kept by NTP are off by 0.05 % at most (RFC 5905: 500 ppm).
 */
const driftMargin = 0.05;

/**
 * How long a site must have been confirmed before it acts: as long as the former one may still believe in its lease.
 */
export function waitMsOf(leaseMs: number): number {
  return (leaseMs + oracleCacheMs) * (1 + driftMargin);
}

/**
 * What a round makes of a stretch; null when the site is not, or no longer, confirmed.
 *
 * A round confirms when a majority of all control regions answer with the newest epoch that any answer shows, the own
 * site active in it and its data not on the move.
 *
 * Why no two sites ever act at once. Let A act at instant t by epoch a, and B by epoch b > a. (One epoch has one active
 * site: S1.) B acts only `waitMs` after a majority was seen to hold b: say at f, so t >= f + waitMs. A acts only within
 * `leaseMs` of a round that was asked at q: q >= t - leaseMs >= f + oracleCacheMs, the margin covering the drift of
 * both clocks. Each of its answers was read from a table after q - oracleCacheMs >= f. Two majorities share a table:
 * one that held b by f held at least b when A's round read it, because a value that a majority has accepted is only
 * ever followed by newer ones (S2). So that round had an answer of a newer epoch than a, and did not confirm: a
 * contradiction.
 *
 * A stretch goes on into the next epoch when the own site stays active, but not over a gap in the epochs: another site
 * may have been active in between. So b above may be the first epoch of B's stretch: B was active in all that followed,
 * and a is older than all of them. After a lease has lapsed a new stretch begins, with its own wait.
 */
export function afterRound(rules: GuardRules, stretch: Stretch | null, round: Round): Stretch | null {
  const { askedAt, answeredAt, answers } = round;
  const seen = answers.filter((answer) => answer !== null);
  const epoch = Math.max(...seen.map(({ active }) => active.epoch));
  // Nobody answered, or only who has heard nothing new: the lease goes on to its end.
  if (seen.length === 0 || (stretch !== null && epoch < stretch.epoch)) return stretch;
  const newest = seen.filter(({ active }) => active.epoch === epoch);
  const own = newest.filter(({ active, isReadOnly }) => active.site === rules.site && !isReadOnly);
  const isConfirmed = own.length > rules.oracleCount / 2;
  if (!isConfirmed) return stretch?.epoch === epoch && own.length === newest.length ? stretch : null;
  const isOngoing = stretch !== null && !hasLapsed(rules, stretch, answeredAt) && epoch <= stretch.epoch + 1;
  if (isOngoing) return { ...stretch, epoch, askedAt };
  return { epoch, from: own[0]?.active.from ?? null, since: answeredAt, askedAt };
}

/** Whether the lease has run out: by either clock, because one may stand still and the other jump. */
export function hasLapsed({ leaseMs }: GuardRules, { askedAt }: Stretch, now: Instant): boolean {
  return Math.max(now.monotonicMs - askedAt.monotonicMs, now.wallMs - askedAt.wallMs) >= leaseMs;
}

/** Whether the former active site can no longer believe in its lease: by both clocks. */
export function hasWaited({ waitMs }: GuardRules, { since }: Stretch, now: Instant): boolean {
  return Math.min(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs) >= waitMs;
}
