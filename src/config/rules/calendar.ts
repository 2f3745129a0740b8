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
  about: 'The windows of `maintenance` do not name every site: nobody would be left to take over.',
  check: ({ sites, maintenance = [] }, path) => {
    const named = new Set(maintenance.map(({ site }) => site));
    const isSame = new Set(maintenance.map(({ cron }) => cron)).size < named.size;
    return Object.keys(sites).every((site) => named.has(site)) && isSame
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

/** Rules about people's calendar. */
export const calendarRules: readonly ServiceRule[] = [knownSites, oneSiteLeft];
