import { type NamedService, sitesByPriority } from '../model/service.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import type { RunKind } from '../register/run.ts';
import { shareOf } from '../register/share.ts';

/** Kinds of run after which another site than before is active. */
const movingKinds: readonly RunKind[] = ['failover', 'switchover', 'failback', 'follow', 'recover'];

/** What is published about a service for clients inside the account. */
export interface Publication {
  /** Name of the service. */
  readonly service: string;
  /** Number of the decision that the endpoints show; it only rises, so an older list is known as one. */
  readonly epoch: number;
  /** The serving sites, best first. */
  readonly endpoints: readonly {
    /** Name of the site. */
    readonly site: string;
    /** Where clients inside the account reach it, as `clients.endpoints` declares. */
    readonly url: string;
  }[];
  /** Whether data is being promoted, so that writes would be refused or lost. */
  readonly isReadOnly: boolean;
}

/** The document that an oracle gives to clients: the publication, and which site is active. */
export interface OracleDocument extends Publication {
  /**
   * The register's active site, from the moment of the decision. `endpoints` change later, together with the traffic.
   */
  readonly active: {
    readonly site: string;
    /** Epoch of the register; the fencing token of a singleton. */
    readonly epoch: number;
    /**
     * Site that was active before, while the run of this epoch is the newest; null when there was none or it is not
     * known.
     */
    readonly from: string | null;
  };
}

/**
 * The publication of a service: the serving sites, best first. The active site comes first, then the others by share,
 * the largest first.
 *
 * Its epoch is that of the decision which the endpoints show. It is one less than the register's epoch until `serving`
 * has changed with the newest run. So an epoch stands for one set of sites, even in an old copy, and a client that has
 * seen a newer epoch can refuse every older list.
 *
 * @returns no endpoints while the static endpoint serves, because that is not for clients inside the account
 */
export function publicationOf(service: NamedService, register: Register): Publication {
  const order = sitesByPriority(service);
  const rank = (site: string) =>
    site === register.active ? Number.POSITIVE_INFINITY : shareOf(service, register, site);
  const serving = order.filter((site) => register.serving.includes(site));
  // Sorting is stable: equal shares stay in the order of priority.
  const best = serving.sort((a, b) => rank(b) - rank(a));
  const endpoints = best.flatMap((site) => {
    const url = service.clients?.endpoints[site];
    return url === undefined ? [] : [{ site, url }];
  });
  return { service: service.name, epoch: servedEpoch(register), endpoints, isReadOnly: isPromoting(register) };
}

/** The publication with the active site, as an oracle answers it. */
export function oracleDocumentOf(service: NamedService, register: Register): OracleDocument {
  const { active, epoch, run } = register;
  const isMove = run?.epoch === epoch && movingKinds.includes(run.kind) && run.to === active && run.from !== active;
  return { ...publicationOf(service, register), active: { site: active, epoch, from: isMove ? run.from : null } };
}

/** Path of the oracle document of a service, the same in every region. */
export function endpointsPath(service: string): string {
  return `/v1/${service}/endpoints`;
}

function servedEpoch({ epoch, serving, run }: Register): number {
  if (run === null || run.epoch !== epoch) return epoch;
  const hasFollowed = run.serving.length === serving.length && run.serving.every((site) => serving.includes(site));
  return hasFollowed ? epoch : epoch - 1;
}

/** Whether a promotion may be under way, so that writes may be refused or lost. */
function isPromoting(register: Register): boolean {
  if (!hasOpenRun(register)) return false;
  return register.run.steps.some(
    ({ name, state }) => name === 'promote' && (state === 'pending' || state === 'failed'),
  );
}
