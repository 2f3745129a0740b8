import { isPromoted } from '../../core/kinds/promote.ts';
import { eachService, type LintRule, listed } from './finding.ts';

const promotionWithoutFence: LintRule = {
  name: 'promotion-without-fence',
  about: 'Data that is promoted, and a site of it that has no fence.',
  reason: 'A site that is cut off but alive goes on writing to the old copy, and what it writes is lost.',
  check: eachService(({ name, sites, data, mode }, at) => {
    if (mode === 'active-active' || data === undefined || !isPromoted(data)) return [];
    const open = Object.keys(sites).filter((site) => sites[site]?.fence === undefined);
    const [first] = open;
    if (first === undefined) return [];
    const region = sites[first]?.region;
    return [
      {
        path: `${at}.sites.${first}.fence`,
        what: `${data.kind} is promoted and ${listed(open)} cannot be cut off`,
        breaks: `when ${region} is cut off but not dead, ${first} goes on taking writes of ${name} that nobody will see again`,
        hint: 'give each site a fence; kind read-only asks a function of yours',
      },
    ];
  }),
};

const fenceKeepsConnections: LintRule = {
  name: 'fence-keeps-connections',
  about: 'Data of kind `rds-replica`, and a site of it that is fenced by security groups.',
  reason:
    'Security groups let connections that they track go on after a swap, those to the database among them, and AWS does not stop the old writer of this kind.',
  check: eachService(({ name, sites, data, mode }, at) => {
    if (mode === 'active-active' || data?.kind !== 'rds-replica') return [];
    const swapped = Object.keys(sites).filter((site) => sites[site]?.fence?.kind === 'groups');
    const [first] = swapped;
    if (first === undefined) return [];
    return [
      {
        path: `${at}.sites.${first}.fence.kind`,
        what: `${listed(swapped)} is fenced by security groups, and data is ${data.kind}`,
        breaks: `when ${sites[first]?.region} is cut off but not dead, ${first} goes on writing for ${name} through connections that stand`,
        hint: 'use a fence of kind read-only or custom that stops the database from taking writes',
      },
    ];
  }),
};

const spareTooSmall: LintRule = {
  name: 'spare-too-small',
  about: '`capacity.spareSites` above 0, and the sites that would be left are smaller together than the largest one.',
  reason: 'What is declared to be spare then cannot take over even the one site that matters most.',
  check: eachService(({ name, sites, capacity }, at) => {
    const { spareSites } = capacity;
    const sizes = Object.entries(sites)
      .filter(([, { priority }]) => priority > 0)
      .sort(([, a], [, b]) => b.capacity - a.capacity);
    const lost = sizes.slice(0, spareSites);
    const largest = lost[0]?.[1];
    const left = sizes.slice(spareSites).reduce((sum, [, site]) => sum + site.capacity, 0);
    if (largest === undefined || left >= largest.capacity) return [];
    return [
      {
        path: `${at}.capacity.spareSites`,
        what: `${spareSites} may be lost, and without ${listed(lost.map(([site]) => site))} a capacity of ${left} is left`,
        breaks: `when ${largest.region} is lost, ${name} has ${left} to carry what ${largest.capacity} were declared for`,
        hint: 'add sites, raise the capacity of the others, or lower spareSites',
      },
    ];
  }),
};

const oneListener: LintRule = {
  name: 'one-listener',
  about: 'A service all of whose sites are behind one listener.',
  reason: 'A load balancer belongs to one region; what it loses, all sites lose.',
  check: eachService(({ name, sites, traffic }, at) => {
    const { targets } = traffic;
    if (targets === undefined || Object.keys(sites).some((site) => targets.targetGroups[site] === undefined)) return [];
    return [
      {
        path: `${at}.traffic.targets`,
        what: `all sites of ${name} are behind one load balancer in ${targets.region}`,
        breaks: `when ${targets.region} is lost, or that load balancer alone, ${name} has nowhere to go`,
        hint: 'add a site in another region, and traffic.dns to lead there',
      },
    ];
  }),
};

/** Findings about what a failover needs and does not have. */
export const failoverLintRules: readonly LintRule[] = [
  promotionWithoutFence,
  fenceKeepsConnections,
  spareTooSmall,
  oneListener,
];
