import { type Deployment, serviceOf } from '../model/deployment.ts';
import { type NamedService, nameNow, type Service } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import { publicMark } from './public-mark.ts';

/** What one region's oracle says: nobody of the sites that it is asked about serves, or it does not vote. */
export type OracleVote = 'off' | 'no-vote';

/**
 * One control region's vote: whether others serve, and nobody of the sites asked about.
 *
 * The question names the sites, and the answer follows from the register. An oracle's own configuration tells it how
 * sites were called before, and nothing else: so a record and its checks mean one thing, whichever chain, policy or set
 * of sites the oracle was deployed with (ADR 19). A site that it never heard of serves as well as any other.
 *
 * A record in a chain asks about its site and those before it. Sites behind the serving one are not voted off: when it
 * is voted off itself, the next one is the answer at once, without waiting for a vote against that one to be withdrawn.
 * A record in a pool asks about its own site.
 *
 * Every doubt (no register, an empty list) is a vote missing, and traffic stays.
 *
 * @param register - the newest value that the oracle's own table accepted; null when there is none or the table cannot
 *   be read
 * @param sites - by the names that they have now or had before; by their marks where this configuration has no name
 * @param markOf - the mark of a site that the register names, as it stands among `sites`; without it, all are by name
 */
export function oracleVote(
  register: Register | null,
  service: Service,
  sites: readonly string[],
  markOf: (site: string) => string = (site) => site,
): OracleVote {
  if (register === null || register.serving.length === 0 || sites.length === 0) return 'no-vote';
  const isAskedAbout = (name: string) => sites.includes(name) || sites.includes(markOf(name));
  return register.serving.some((name) => isAnyNameOf(service, name, isAskedAbout)) ? 'no-vote' : 'off';
}

/** Whether something holds for any name that a serving site has or had. */
function isAnyNameOf(service: Service, name: string, holds: (name: string) => boolean): boolean {
  if (holds(name)) return true;
  const now = nameNow(service, name);
  if (now === null) return false;
  const before = service.sites[now]?.renamedFrom;
  return holds(now) || (before !== undefined && holds(before));
}

/** Whose votes an oracle is asked for. */
export interface VoteSubject {
  readonly deployment: string;
  readonly service: string;
  /** Id of the service's hosted zone: the key of the marks (ADR 19). */
  readonly zoneId: string;
}

/**
 * Path at which every region's oracle answers whether nobody of some sites serves: 200 for `off`, 503 for no vote.
 *
 * It names nothing that a stranger could use: keyed marks stand for the service and the sites.
 */
export function oraclePath({ deployment, service, zoneId }: VoteSubject, sites: readonly string[]): string {
  const marks = sites.map((site) => publicMark(zoneId, deployment, service, site));
  return `/v1/${publicMark(zoneId, deployment, service)}/${marks.join('+')}`;
}

/** A vote that is asked for. */
export interface OracleQuestion {
  readonly service: NamedService;
  /** By the names that this configuration has for them; others stay marks. */
  readonly sites: readonly string[];
  /**
   * The mark of a site, as it stands in `sites`: a site that this configuration has dropped while it serves is asked
   * about until the records are deployed, and must not be voted off.
   */
  readonly markOf: (site: string) => string;
}

/** Makes the reader of paths; it answers null for a path that asks for no vote on a service with a name in DNS. */
export function oracleQuestions(deployment: Deployment): (path: string) => OracleQuestion | null {
  const services = new Map(
    Object.keys(deployment.services).flatMap((name) => {
      const service = serviceOf(deployment, name);
      const zoneId = service.traffic.dns?.zone.id;
      if (zoneId === undefined) return [];
      const names = Object.entries(service.sites).flatMap(([site, { renamedFrom }]) => [
        site,
        ...(renamedFrom === undefined ? [] : [renamedFrom]),
      ]);
      const byMark = new Map(names.map((site) => [publicMark(zoneId, deployment.name, name, site), site]));
      const markOf = (site: string) => unnamed(publicMark(zoneId, deployment.name, name, site));
      return [[publicMark(zoneId, deployment.name, name), { service, byMark, markOf }] as const];
    }),
  );
  return (path) => {
    const [, serviceMark = '', marks = ''] = votePath.exec(path) ?? [];
    const found = services.get(serviceMark);
    if (found === undefined) return null;
    const { service, byMark, markOf } = found;
    return { service, markOf, sites: marks.split('+').map((mark) => byMark.get(mark) ?? unnamed(mark)) };
  };
}

/** What stands for a site of which only the mark is known: no site can have such a name. */
function unnamed(mark: string): string {
  return `#${mark}`;
}

/** As many marks as a service may have sites. */
const votePath = /^\/v1\/([0-9a-f]{12})\/([0-9a-f]{12}(?:\+[0-9a-f]{12}){0,9})$/;
