import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import { isFencedByLease, type Run } from '../register/run.ts';

/** What a promotion would lose, as far as it can be known, and whether that is within the limit. */
export interface LossAtPromotion {
  /** The most that the new writer has not received, in milliseconds of writes; null when unknown. */
  readonly lossMs: number | null;
  /** Why the site may not be promoted; null when it may. */
  readonly refusal: string | null;
}

/**
 * Computes the loss of a promotion while the old site is fenced, so that nothing more is written there.
 *
 * The lag is read again, because it may have grown since the decision, or the earlier value may have been wrong. Where
 * the fence has no proof, the old site may have acknowledged writes until its lease ran out. Those writes are part of
 * the loss that is reported, and the lease bounds them. They are not compared with the limit, which is about
 * replication (docs/data.md).
 *
 * @param ageMs - how long the run has been open, in milliseconds
 * @param isLossless - whether the promotion waits until all data of the old writer has arrived
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
  const lossMs = lagMs === null ? null : lagMs + (isFencedByLease(run) ? ageMs : 0);
  const limitMs = failover.maxReplicationLagMs;
  if (limitMs === undefined || run.isDataLossAllowed) return { lossMs, refusal: null };
  if (lagMs === null) return { lossMs, refusal: `the lag of ${run.to} under the fence is not known` };
  const isOver = lagMs > limitMs;
  const refusal = `${run.to} is ${lagMs / 1_000} s behind under the fence; the limit is ${limitMs / 1_000} s`;
  return { lossMs, refusal: isOver ? refusal : null };
}
