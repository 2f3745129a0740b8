import { jsonJudge, textJudge } from '../../../core/detection/answer.ts';
import { surveyedLagOf } from '../../../core/detection/lag-source.ts';
import type { FailureReason, SiteReport } from '../../../core/detection/observation.ts';
import { factsReader } from '../../../core/detection/reported-facts.ts';
import type { HttpProbe } from '../../../core/model/probe.ts';
import type { Service } from '../../../core/model/service.ts';

/** What the body of a page is: JSON, or a text that is none. */
export type Page = string | Readonly<Record<string, unknown>>;

/** What a scenario has made of the page of a site. */
export interface Paged {
  /** A word in place of the body; null: none. */
  readonly body: string | null;
  readonly page: Page | null;
}

/**
 * What is wrong with the body of a page; null for a good one.
 *
 * A site answers what each probe of it expects, until a scenario says what its page is, or breaks it by a word, which
 * is no JSON.
 */
export function faultOfBody(site: Paged, { expect: { body, json } }: HttpProbe): FailureReason | null {
  const page = site.body ?? site.page;
  if (page === null) return null;
  const text = typeof page === 'string' ? page : JSON.stringify(page);
  if (body !== undefined && !textJudge(body)(text)) return 'wrong-body';
  if (json === undefined) return null;
  return typeof page === 'string' || jsonJudge(json)(page) !== null ? 'wrong-body' : null;
}

/**
 * What a probe reads of a page, where the configuration says that its facts are in the JSON of the body. Nobody reads
 * the body of an answer whose status is wrong. While no scenario says what the page is, each fact is truly at its path.
 *
 * @param ofHeaders - what is true of the site, as its headers would say it
 */
export function readFromPage(
  site: Paged,
  { report }: HttpProbe,
  ofHeaders: SiteReport,
  isStatusWrong: boolean,
): SiteReport {
  if (report === undefined) return ofHeaders;
  const page = site.body ?? site.page;
  if (page === null && !isStatusWrong) return ofHeaders;
  return factsReader(report)(isStatusWrong || typeof page === 'string' ? undefined : page, ofHeaders);
}

/**
 * Whether a site says in its answers how far it is behind: where its survey reads that nowhere, or the configuration
 * says where in the answer it is. Nobody builds it into a page when AWS says it already.
 */
export function isLagInAnswers(service: Pick<Service, 'sites' | 'data'>, site: string): boolean {
  const probes = service.sites[site]?.probes ?? [];
  const isAtPath = probes.some((probe) => 'report' in probe && probe.report?.lag !== undefined);
  return isAtPath || surveyedLagOf(service, site) === null;
}
