import { arrivalSteps, type Kind, type Placed, type RestFacts } from './kind.ts';
import { isCount, isFlag, ownOf } from './order/parts.ts';
import { type Publication, publicationOf } from './publication.ts';

/** What must be published in one region for clients inside the account. */
export interface PublishDesired {
  readonly kind: 'publish';
  readonly epoch: number;
  /** Serving sites, best first. The function takes their endpoints from its deployment. */
  readonly sites: readonly string[];
  readonly isReadOnly: boolean;
}

/** A publication and the region where it is read. */
export interface PublishThing {
  readonly region: string;
  readonly publication: Publication;
}

/** What is published; null when nothing is. */
export type PublishState = Publication | null;

/**
 * Publishes the serving sites for clients inside the account, in every region that votes. A region that is dark gets
 * the publication later, by drift repair. Clients in a region that no longer votes ask the oracles of other regions.
 */
export const publish: Kind<PublishDesired, PublishThing, PublishState> = {
  name: 'publish',
  isOfSites: false,
  isIn: ({ clients }) => clients !== undefined,
  plan: (service) => (service.clients ? { resource: service.name, region: null, after: arrivalSteps(service) } : null),
  mannerOf: () => ({ kind: 'at-once' }),
  inRun: publicationsFor,
  riskOfSkipping: (from) => `clients inside the account are still told ${from}`,
  nothingToDo: 'nothing to do',
  patienceMs: 0,
  fallbackOf: (_service, { regions, askedCount }) =>
    regions.length < askedCount
      ? `not told in ${regions.join(', ')}; clients there ask the other regions' oracles`
      : null,
  atRest: publicationsFor,
  sitesOf: ({ sites }) => sites,
  nameOf: () => 'publication',
  thingOf: ({ epoch, sites, isReadOnly }, service, region) => {
    if (!isCount(epoch) || !isFlag(isReadOnly) || !Array.isArray(sites)) return null;
    const endpoints = sites.flatMap((site: unknown) => {
      const url = ownOf(service.clients?.endpoints, site);
      return url === undefined ? [] : [{ site: String(site), url }];
    });
    if (service.clients === undefined || endpoints.length !== sites.length) return null;
    return { region, publication: { service: service.name, epoch, endpoints, isReadOnly } };
  },
  /** A publication of a newer epoch differs too. The claim decides which of the two may be written. */
  compare: ({ publication }, seen) =>
    seen !== null && JSON.stringify(canonical(seen)) === JSON.stringify(canonical(publication))
      ? 'as-ordered'
      : 'differs',
};

function publicationsFor({
  service,
  register,
  controlRegions,
}: Pick<RestFacts, 'service' | 'register' | 'controlRegions'>): readonly Placed<PublishDesired>[] {
  if (!service.clients) return [];
  const { epoch, endpoints, isReadOnly } = publicationOf(service, register);
  const sites = endpoints.map(({ site }) => site);
  const voting = new Set(register.voters.map(({ region }) => region));
  return controlRegions
    .filter((region) => voting.has(region))
    .map((region) => ({ region, desired: { kind: 'publish', epoch, sites, isReadOnly } }));
}

function canonical({ service, epoch, endpoints, isReadOnly }: Publication): unknown {
  return [service, epoch, endpoints.map(({ site, url }) => [site, url]), isReadOnly];
}
