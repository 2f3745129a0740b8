import { leadsTo, type RouteSeen, type RouteState, type RouteThing } from '../../../core/kinds/route.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { RouteTarget } from '../../../core/model/traffic.ts';
import { SimFault } from '../api-call.ts';

/** The routes of all tables, each leading to one target. A route that is not there cannot be replaced. */
export class SimRoutes {
  readonly #routes = new Map<string, RouteSeen>();

  /** Makes what the deployment names; what exists stays as it is. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const [name, { traffic }] of Object.entries(deployment.services)) {
      const target = traffic.route?.targets[activeOf(name)];
      if (!traffic.route || target === undefined) continue;
      for (const { table, destination } of pairsOf(traffic.route)) {
        const key = `${table} ${destination}`;
        if (!this.#routes.has(key)) this.#routes.set(key, routeTo(table, destination, target));
      }
    }
  }

  read({ tables, destinations }: Pick<RouteThing, 'tables' | 'destinations'>): RouteState {
    return pairsOf({ tables, destinations }).flatMap(
      ({ table, destination }) => this.#routes.get(`${table} ${destination}`) ?? [],
    );
  }

  /**
   * Replaces every route that is there; a refusal for those that are not comes after that. Whether anything changed.
   */
  write(thing: RouteThing): boolean {
    const seen = this.read(thing);
    const changed = seen.filter((one) => !leadsTo(one, thing.target));
    for (const { table, destination } of changed) {
      this.#routes.set(`${table} ${destination}`, routeTo(table, destination, thing.target));
    }
    if (seen.length < thing.tables.length * thing.destinations.length) {
      throw new SimFault({ kind: 'invalid', detail: 'there is no such route to replace' });
    }
    return changed.length > 0;
  }

  /** A stranger points all routes of a table elsewhere; null takes them away. */
  misplace(table: string, instanceId: string | null): void {
    for (const [key, seen] of this.#routes) {
      if (seen.table !== table) continue;
      if (instanceId === null) this.#routes.delete(key);
      else this.#routes.set(key, routeTo(table, seen.destination, { instanceId }));
    }
  }

  /** What all routes of a table lead to; null when that is nothing, or not one. */
  targetOf(table: string): string | null {
    const targets = new Set([...this.#routes.values()].filter((one) => one.table === table).map(idOf));
    const [only] = targets;
    return targets.size === 1 && only !== undefined ? only : null;
  }
}

/** Every destination of every table. */
export function pairsOf({ tables, destinations }: Pick<RouteThing, 'tables' | 'destinations'>) {
  return tables.flatMap((table) => destinations.map((destination) => ({ table, destination })));
}

function routeTo(table: string, destination: string, target: RouteTarget): RouteSeen {
  return {
    table,
    destination,
    instanceId: 'instanceId' in target ? target.instanceId : null,
    networkInterfaceId: 'networkInterfaceId' in target ? target.networkInterfaceId : null,
    isBlackhole: false,
  };
}

/** What a route leads to. */
export function idOf({ instanceId, networkInterfaceId }: RouteSeen): string {
  return instanceId ?? networkInterfaceId ?? 'nothing';
}

/** The id of a target. */
export function textOf(target: RouteTarget): string {
  return 'instanceId' in target ? target.instanceId : target.networkInterfaceId;
}
