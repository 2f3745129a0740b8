import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import type { Run } from '../register/run.ts';

/** What a promotion would lose, as far as it can be known, and whether that is within what was promised. */
export interface LossAtPromotion {
  /** Most that the new writer has not received, in milliseconds of writes; null when unknown. */
  readonly lossMs: number | null;
  /** Why it may not be promoted; null when it may. */
  readonly refusal: string | null;
}

/**
 * Reckons a loss under the fence, when nothing more is written at the old site.
 *
 * The lag is read again: it may have grown, or turned out to have been wrong, since the decision. Where the fence has
 * no proof, what the old site may have acknowledged until its lease ran out is part of the loss: bounded by the lease,
 * reported, and no part of the budget, which is about replication (docs/data.md).
 *
 * @param ageMs - how long the run has been open
 * @param isLossless - the promotion waits for all that the old writer has
 */
export function lossAtPromotion(
  { failover, data }: NamedService,
  run: Run,
  knowledge: SiteKnowledge,
  ageMs: number,
  isLossless: boolean,
): LossAtPromotion {
  if (data === undefined || isLossless) return { lossMs: 0, refusal: null };
  const lagMs = knowledge.reports[run.to]?.replicationLagMs ?? null;
  const isByLease = run.steps.some(({ name, state }) => name === 'fence' && state === 'fallback');
  const lossMs = lagMs === null ? null : lagMs + (isByLease ? ageMs : 0);
  const limitMs = failover.maxReplicationLagMs;
  if (limitMs === undefined || run.isDataLossAllowed) return { lossMs, refusal: null };
  if (lagMs === null) return { lossMs, refusal: `nobody says how far ${run.to} is behind, under the fence` };
  const isOver = lagMs > limitMs;
  const refusal = `${run.to} is ${lagMs / 1_000} s behind under the fence; the limit is ${limitMs / 1_000} s`;
  return { lossMs, refusal: isOver ? refusal : null };
}
