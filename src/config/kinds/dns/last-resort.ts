import { lastResortName } from '../../../core/model/service.ts';
import { breach, type ServiceRule } from '../../rules/rule.ts';
import { placesOf } from './values.ts';

const lastResortUsed: ServiceRule = {
  about: '`failover.allDown: last-resort` needs `traffic.dns.lastResort`, and the reverse.',
  check: ({ failover, traffic }, path) => {
    const isAsked = failover.allDown === 'last-resort';
    const isThere = traffic.dns?.lastResort !== undefined;
    if (isAsked === isThere) return [];
    return isAsked
      ? [
          breach(
            [...path, 'failover', 'allDown'],
            'last-resort',
            'keep while there is no traffic.dns.lastResort',
            'add a static endpoint as traffic.dns.lastResort',
          ),
        ]
      : [
          breach(
            [...path, 'traffic', 'dns', 'lastResort'],
            'an endpoint that is never used',
            'none while failover.allDown is keep',
            'set failover.allDown to last-resort or leave lastResort out',
          ),
        ];
  },
};

const lastResortIsNoSite: ServiceRule = {
  about: `No site is called \`${lastResortName}\`: in a register that name stands for the static endpoint.`,
  check: ({ sites }, path) =>
    Object.hasOwn(sites, lastResortName)
      ? [
          breach(
            [...path, 'sites', lastResortName],
            lastResortName,
            'another name',
            'it stands for the static endpoint',
          ),
        ]
      : [],
};

const lastResortDistinct: ServiceRule = {
  about: 'The endpoint of the last resort belongs to no site, because it is used when all sites are down.',
  check: ({ traffic }, path) => {
    const { lastResort, addresses = {} } = traffic.dns ?? {};
    const own = placesOf(lastResort ?? {});
    const taken = Object.keys(addresses).find((site) =>
      placesOf(addresses[site] ?? {}).some((place) => own.includes(place)),
    );
    if (taken === undefined) return [];
    const hint = 'name something that needs none of the sites, such as a page in a bucket';
    return [breach([...path, 'traffic', 'dns', 'lastResort'], `what ${taken} has`, 'an endpoint of its own', hint)];
  },
};

/** Rules about the static endpoint for when every site is down. */
export const lastResortRules: readonly ServiceRule[] = [lastResortUsed, lastResortIsNoSite, lastResortDistinct];
