import { lastResortName } from '../core/deployment.ts';
import { breach, type ServiceRule } from './rule.ts';

const poolWithoutAddress: ServiceRule = {
  about: 'An active-active service has no Elastic IP: one instance would hold it, and all of its sites serve.',
  check: ({ mode, traffic }, path) =>
    mode === 'active-passive' || traffic.address === undefined
      ? []
      : [
          breach(
            [...path, 'traffic', 'address'],
            'an Elastic IP in active-active',
            'dns, targets or both',
            'give each site an address of its own in traffic.dns, or put them behind a load balancer in traffic.targets',
          ),
        ],
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

const somethingIsLeft: ServiceRule = {
  about: '`capacity.spareSites` leaves a site that may serve.',
  check: ({ sites, capacity }, path) => {
    const eligible = Object.values(sites).filter(({ priority }) => priority > 0).length;
    // With fewer than two, the rule about sites speaks.
    if (eligible < 2 || capacity.spareSites < eligible) return [];
    return [
      breach(
        [...path, 'capacity', 'spareSites'],
        String(capacity.spareSites),
        `less than ${eligible}, the number of sites of priority above 0`,
        'with all of them lost nothing carries anything; lower it or add sites',
      ),
    ];
  },
};

/** Rules about sites that serve together, and about what must be left of them. */
export const poolRules: readonly ServiceRule[] = [poolWithoutAddress, lastResortIsNoSite, somethingIsLeft];
