import { ineligibilities } from '../decision/eligibility.ts';
import type { NamedService } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import type { Grounds } from '../register/run.ts';
import type { ServiceView } from './service-view.ts';

/**
 * What a move is decided by, to be kept with its run: nobody can ask the watchers later what they held.
 *
 * @param view - null where nothing was read of the sites
 * @param move - the sites that are left and chosen; a static endpoint is no site
 */
export function groundsOf(
  service: NamedService,
  register: Register,
  view: Pick<ServiceView, 'knowledge' | 'testimonies'> | null,
  { from, to }: { readonly from: string; readonly to: string },
): Grounds | undefined {
  if (view === null) return undefined;
  const sites = Object.keys(service.sites);
  const isAsked = (site: string) => site === from || site === to;
  const refused = sites.filter((site) => !isAsked(site) && site !== register.active);
  return {
    verdicts: Object.fromEntries(sites.map((site) => [site, view.knowledge.verdicts[site] ?? 'unclear'])),
    opinions: Object.fromEntries(
      sites
        .filter(isAsked)
        .map((site) => [
          site,
          Object.fromEntries((view.testimonies[site] ?? []).map(({ watcher, opinion }) => [watcher, opinion])),
        ]),
    ),
    refused: Object.fromEntries(
      refused.flatMap((site) => {
        const why = ineligibilities(service, register, view.knowledge, site);
        return why.length === 0 ? [] : [[site, why]];
      }),
    ),
  };
}
