import type { DataResource } from '../model/data.ts';
import type { Service } from '../model/service.ts';

/** Kinds of data of which AWS publishes no lag. */
const silentKinds: readonly DataResource['kind'][] = ['s3-mrap', 'aurora-dsql', 'custom'];

/**
 * Age beyond which a lag that AWS has published does not count, in milliseconds: it publishes one a minute, up to two
 * minutes late, and one may be missing. Source: our own.
 */
export const publishedLagAgeMsMax = 240_000;
/** How old such a lag may be when it is published, in milliseconds. */
export const publishedLagLateMs = 120_000;

/**
 * Where the survey of a site reads its lag. `declared`: in the source that the configuration names. `published`: in
 * what AWS publishes of the data. Null: nowhere; then the answers of its probes may say it.
 */
export type SurveyedLag = 'declared' | 'published' | null;

/**
 * Where the survey of a site reads its lag. It is the same whoever writes: AWS publishes none of the writer itself, and
 * the register may be late to say who that is. While a move is under way, its new site is active before it writes, and
 * is promoted by its lag of that moment; and after a promotion that nobody has read back, the site that the register
 * calls the writer follows another one.
 */
export function surveyedLagOf({ sites, data }: Pick<Service, 'sites' | 'data'>, site: string): SurveyedLag {
  const place = sites[site];
  if (place?.region === undefined || place.measures.lag?.kind === 'probe') return null;
  if (place.measures.lag !== undefined) return 'declared';
  return data === undefined || silentKinds.includes(data.kind) ? null : 'published';
}
