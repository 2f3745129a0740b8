import { type NamedService, sitesByPriority } from '../model/service.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import type { RunKind } from '../register/run.ts';
import { shareOf } from '../register/share.ts';

/** Kinds of run after which another site than before is active. */
const movingKinds: readonly RunKind[] = ['failover', 'switchover', 'failback', 'follow', 'recover'];

/** What clients inside the account are told of a service. */
export interface Publication {
  readonly service: string;
  readonly epoch: number;
  /** Where to go, best first. */
  readonly endpoints: readonly { readonly site: string; readonly url: string }[];
  /** Data is being promoted: writes would be refused or lost. */
  readonly isReadOnly: boolean;
}

/** What an oracle tells clients: where to go, and who alone may do what only one site may do. */
export interface OracleDocument extends Publication {
  /** Who is active by the register, from the moment of the decision; `endpoints` follow with the traffic. */
  readonly active: {
    readonly site: string;
    /** Epoch of the register; the fencing token of a singleton. */
    readonly epoch: number;
    /** Site that was active before, while the run of this epoch is the newest; null when nobody was or nobody knows. */
    readonly from: string | null;
  };
}

/**
 * What inside clients are told: the sites that serve, best first. The active one comes first, then the largest share.
 *
 * Its epoch is the one whose decision the endpoints carry out: one less than the register's until `serving` has
 * followed the newest run. So an epoch names one set of sites, however old the copy that somebody reads, and who has
 * seen a newer epoch can refuse every older list.
 *
 * @returns no endpoints while the static endpoint serves: inside clients have none
 */
export function publicationOf(service: NamedService, register: Register): Publication {
  const order = sitesByPriority(service);
  const rank = (site: string) =>
    site === register.active ? Number.POSITIVE_INFINITY : shareOf(service, register, site);
  const serving = order.filter((site) => register.serving.includes(site));
  // Sorting is stable: equal shares stay in the order of priority.
  const best = serving.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
  const endpoints = best.flatMap((site) => {
    const url = service.clients?.endpoints[site];
    return url === undefined ? [] : [{ site, url }];
  });
  return { service: service.name, epoch: servedEpoch(register), endpoints, isReadOnly: isPromoting(register) };
}

/** The publication with who is active, as an oracle answers. */
export function oracleDocumentOf(service: NamedService, register: Register): OracleDocument {
  const { active, epoch, run } = register;
  const isMove = run?.epoch === epoch && movingKinds.includes(run.kind) && run.to === active && run.from !== active;
  return { ...publicationOf(service, register), active: { site: active, epoch, from: isMove ? run.from : null } };
}

/** Path at which every region's oracle tells clients of a service. */
export function endpointsPath(service: string): string {
  return `/v1/${service}/endpoints`;
}

function servedEpoch({ epoch, serving, run }: Register): number {
  if (run === null || run.epoch !== epoch) return epoch;
  const hasFollowed = run.serving.length === serving.length && run.serving.every((site) => serving.includes(site));
  return hasFollowed ? epoch : epoch - 1;
}

/** Whether data is on its way from one site to another: what is written now may be refused or lost. */
function isPromoting(register: Register): boolean {
  if (!hasOpenRun(register)) return false;
  return register.run.steps.some(
    ({ name, state }) => name === 'promote' && (state === 'pending' || state === 'failed'),
  );
}
