import { breach, type ServiceRule } from './rule.ts';

const knownSites: ServiceRule = {
  about: 'A window of `maintenance` names a site of the service.',
  check: ({ sites, maintenance = [] }, path) =>
    maintenance.flatMap(({ site }, index) =>
      Object.hasOwn(sites, site)
        ? []
        : [breach([...path, 'maintenance', index, 'site'], site, `a site: ${Object.keys(sites).join(', ')}`, null)],
    ),
};

const oneSiteLeft: ServiceRule = {
  about: 'No time of `maintenance` is written for every site: nobody would be left to take over.',
  check: ({ sites, maintenance = [] }, path) => {
    const isOfEverySite = ({ cron }: { readonly cron: string }) =>
      Object.keys(sites).every((name) => maintenance.some((other) => other.site === name && other.cron === cron));
    return maintenance.some(isOfEverySite)
      ? [
          breach(
            [...path, 'maintenance'],
            'the same time at every site',
            'sites one after another',
            'shift one of them',
          ),
        ]
      : [];
  },
};

const gameDaySites: ServiceRule = {
  about: 'A window of `gameDays` names a site of the service, which is not a pool.',
  check: ({ sites, mode, gameDays = [] }, path) =>
    gameDays.flatMap(({ to }, index) => {
      if (mode === 'active-active') {
        const way = 'take a site of a pool out by a window of `maintenance`';
        return [breach([...path, 'gameDays', index], 'a game day of a pool', 'none for mode: active-active', way)];
      }
      if (to === undefined || Object.hasOwn(sites, to)) return [];
      return [breach([...path, 'gameDays', index, 'to'], to, `a site: ${Object.keys(sites).join(', ')}`, null)];
    }),
};

/** Rules about people's calendar. */
export const calendarRules: readonly ServiceRule[] = [knownSites, oneSiteLeft, gameDaySites];
