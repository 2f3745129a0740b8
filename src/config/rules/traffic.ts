import { isShared } from '../../core/model/data.ts';
import { breach, type ServiceRule } from './rule.ts';

const somethingSteers: ServiceRule = {
  about:
    'A service has DNS, an Elastic IP, routes, target groups of a load balancer, an accelerator, routing controls, a key of the edge or zonal shifts, or several of these, and each of its sites is reached by at least one. A service in active-passive that has data to promote, or any data and `clients`, may have none of them: then the data is all that moves, and `clients` may say where it is.',
  check: ({ mode, sites, traffic, data, clients }, path) => {
    const at = [...path, 'traffic'];
    const { dns, address, route, targets, accelerator, controls, edge, zonal } = traffic;
    if (Object.values(traffic).every((its) => its === undefined)) {
      const isMoved = data !== undefined && (!isShared(data) || clients !== undefined);
      if (isMoved && mode === 'active-passive') return [];
      const allowed = 'dns, address, route, targets, accelerator, controls, edge, zonal, or several of them';
      const hint = 'without any of them a move would not reach clients; only a service with data may go without';
      return [breach(at, 'nothing', allowed, hint)];
    }
    // With DNS, another rule requires a DNS address for every site.
    if (dns) return [];
    const reached = {
      ...address?.instances,
      ...route?.targets,
      ...targets?.targetGroups,
      ...accelerator?.endpointGroupArns,
      ...controls?.routingControlArns,
      ...edge?.originIds,
      ...zonal?.zoneIds,
    };
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
