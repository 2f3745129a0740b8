import { placeOf } from '../../core/model/place.ts';
import { preferredSite, type Service } from '../../core/model/service.ts';
import { breach, type ServiceRule } from './rule.ts';

const failbackToEligibleSite: ServiceRule = {
  about: 'The site to fail back to is one of the service, and one that may be chosen.',
  check: ({ sites, failback, failover }, path) => {
    const { to } = failback;
    if (to === undefined) return [];
    const at = [...path, 'failback', 'to'];
    const site = Object.hasOwn(sites, to) ? sites[to] : undefined;
    if (!site) return [breach(at, to, `a site of the service: ${Object.keys(sites).join(', ')}`, null)];
    if (site.priority === 0) {
      return [breach(at, to, 'a site of priority above 0', `${to} has priority 0: never eligible, and yet preferred`)];
    }
    if (failover.allowedRegions?.includes(placeOf(site)) !== false) return [];
    const hint = `failover.allowedRegions leaves ${placeOf(site)} out: never eligible, and yet preferred`;
    return [breach(at, to, `a site in ${failover.allowedRegions.join(', ')}`, hint)];
  },
};

const failbackGoverned: ServiceRule = {
  about: 'Failback is automatic only where failover is: a service that never moves by itself never returns by itself.',
  check: ({ failback, failover }, path) =>
    failover.automatic || failback.mode === 'manual'
      ? []
      : [
          breach(
            [...path, 'failback', 'mode'],
            'automatic',
            'manual while failover.automatic is false',
            'no automatic move is made then; set one of the two',
          ),
        ],
};

const approvalOfSomething: ServiceRule = {
  about:
    'An approval is asked for where a service fails over by itself, from one site to another. What comes when its time is over (`atEnd`) needs a time (`waitMs`).',
  check: ({ mode, failover }, path) => {
    const at = [...path, 'failover', 'approval'];
    if (failover.approval === undefined) return [];
    if (mode === 'active-active') {
      const hint = 'a pool leaves a dead site without asking; pause it while a person is to decide';
      return [breach(at, 'approval', 'none in an active-active service', hint)];
    }
    const { waitMs, atEnd } = failover.approval;
    if (atEnd !== undefined && waitMs === undefined) {
      const hint = `say by waitMs when that is; without it a failover waits for as long as it takes`;
      return [breach([...at, 'atEnd'], atEnd, 'none without waitMs', hint)];
    }
    const hint = 'no failover is made by itself then, so none waits to be approved; set one of the two';
    return failover.automatic ? [] : [breach(at, 'approval', 'none while failover.automatic is false', hint)];
  },
};

const allowedRegionsKnown: ServiceRule = {
  about: 'Each place in `failover.allowedRegions` has a site of the service.',
  check: ({ sites, failover }, path) => {
    const places = [...new Set(Object.values(sites).map(placeOf))];
    return (failover.allowedRegions ?? []).flatMap((region, index) =>
      places.includes(region)
        ? []
        : [
            breach(
              [...path, 'failover', 'allowedRegions', index],
              region,
              `a region or location with a site of the service: ${places.join(', ')}`,
              null,
            ),
          ],
    );
  },
};

const somewhereToMove: ServiceRule = {
  about: 'The limits on regions leave an active-passive service a site to move to from its preferred one.',
  check: (service, path) => {
    if (service.mode === 'active-active' || Object.keys(service.sites).length < 2 || hasSomewhereToMove(service))
      return [];
    const home = preferredSite(service);
    const place = service.sites[home];
    return [
      breach(
        [...path, 'failover', 'allowedRegions'],
        String(service.failover.allowedRegions?.join(', ')),
        `limits that leave a move from ${home} (${place && placeOf(place)}) a site of priority above 0`,
        'add a region or leave allowedRegions out',
      ),
    ];
  },
};

function hasSomewhereToMove(service: Service): boolean {
  const { sites, failover } = service;
  const home = preferredSite(service);
  // Other rules report a preferred site that does not exist, and sites of priority 0. This rule is about regions.
  if (!Object.hasOwn(sites, home) || Object.values(sites).filter(({ priority }) => priority > 0).length < 2)
    return true;
  return Object.entries(sites).some(
    ([name, site]) => name !== home && site.priority > 0 && (failover.allowedRegions?.includes(placeOf(site)) ?? true),
  );
}

/** Rules about where a service may move to. */
export const moveRules: readonly ServiceRule[] = [
  failbackToEligibleSite,
  failbackGoverned,
  approvalOfSomething,
  allowedRegionsKnown,
  somewhereToMove,
];
