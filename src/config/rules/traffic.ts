import { breach, type ServiceRule } from './rule.ts';

const somethingSteers: ServiceRule = {
  about:
    'A service has DNS, an Elastic IP, routes, target groups of a load balancer or several of them, and at least one reaches each of its sites.',
  check: ({ sites, traffic }, path) => {
    const at = [...path, 'traffic'];
    const { dns, address, route, targets } = traffic;
    if (!dns && !address && !route && !targets) {
      const allowed = 'dns, address, route, targets, or several of them';
      return [breach(at, 'nothing', allowed, 'without any no client would notice a move')];
    }
    // With DNS, every site must have a DNS address, and that rule speaks.
    if (dns) return [];
    const reached = { ...address?.instances, ...route?.targets, ...targets?.targetGroups };
    return Object.keys(sites)
      .filter((site) => !Object.hasOwn(reached, site))
      .map((site) =>
        breach(
          at,
          `nothing that reaches ${site}`,
          'an instance, a target group or a DNS address for every site',
          'add traffic.dns',
        ),
      );
  },
};

/** Rules about what steers the clients. */
export const trafficRules: readonly ServiceRule[] = [somethingSteers];
