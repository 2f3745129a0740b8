import { lastResortName, nameNow, type Service, sitesByPriority } from '../model/service.ts';
import type { Register } from '../register/register.ts';

/** What one region's oracle says of a site: it votes for taking the site out of DNS, or it does not vote. */
export type OracleVote = 'off' | 'no-vote';

/**
 * One control region's vote on a site.
 *
 * Active-passive: the sites of a service stand in a chain by priority (`record-tree.ts`), and DNS names the first one
 * that is not voted off. A site is voted off only while a later one serves. Sites behind the serving one are not:
 * nobody gets that far down the chain, and when the serving site is voted off, the next one is the answer at once,
 * without waiting for a vote against that one to be withdrawn. The static endpoint stands behind them all.
 *
 * Active-active: a site is voted off while others serve and it does not.
 *
 * Every doubt (no register, an empty list, a site that nobody knows) is a vote missing, and traffic stays.
 *
 * @param register - the newest value that the oracle's own table accepted; null when it has none or cannot be read
 */
export function oracleVote(register: Register | null, service: Service, site: string): OracleVote {
  if (register === null) return 'no-vote';
  const hasLastResort = service.traffic.dns?.lastResort !== undefined;
  const chain = [...sitesByPriority(service), ...(hasLastResort ? [lastResortName] : [])];
  const place = chain.indexOf(site);
  const serving = register.serving.map((name) =>
    chain.indexOf(name === lastResortName ? name : (nameNow(service, name) ?? name)),
  );
  const isKnown = place >= 0 && serving.length > 0 && serving.every((index) => index >= 0);
  if (!isKnown) return 'no-vote';
  const isOff = service.mode === 'active-active' ? !serving.includes(place) : serving.every((index) => index > place);
  return isOff ? 'off' : 'no-vote';
}

/** Path at which every region's oracle answers for a site: 200 for `off`, 503 for no vote. */
export function oraclePath(service: string, site: string): string {
  return `/v1/${service}/${site}/off`;
}
