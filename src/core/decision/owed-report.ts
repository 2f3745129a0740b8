import type { SiteReport } from '../detection/observation.ts';
import { hasOneWriter } from '../model/data.ts';
import { actingRegionOf, hasLease } from '../model/place.ts';
import type { NamedService } from '../model/service.ts';
import { type FenceProof, guardsLostData, type OwedFence } from '../register/owed-fence.ts';
import type { Register } from '../register/register.ts';
import { isWriting } from './rejoin.ts';

/** An owed fence, for people: since when it is owed, what proof there is that it is closed, and what would open it. */
export interface OwedReport {
  readonly site: string;
  readonly proof: FenceProof;
  /** Epoch of the newest move that owes it. */
  readonly sinceEpoch: number;
  /**
   * When that move was decided, in epoch milliseconds by the clock of its watcher or operator; null when the history no
   * longer has it.
   */
  readonly sinceAtMs: number | null;
  /** The proof that the fence is closed, in words. */
  readonly state: string;
  /** What the API of the data says of the site's copy; null where the service has no data with one writer. */
  readonly data: 'replica' | 'takes writes' | 'not known' | null;
  /** What would open the fence, in words. */
  readonly opensWhen: string;
}

const states: Readonly<Record<FenceProof, string>> = {
  none: 'not proven closed',
  closed: 'closed, read back',
  lease: 'by lease, unproven',
};

/**
 * Reports every owed fence of a service.
 *
 * @param reports - what the watchers know of each site
 */
export function owedReports(
  service: NamedService,
  register: Register,
  reports: Readonly<Record<string, SiteReport>>,
): readonly OwedReport[] {
  return register.owed.map((owed) => ({
    site: owed.site,
    proof: owed.proof,
    sinceEpoch: owed.epoch,
    sinceAtMs: register.history.findLast(({ epoch }) => epoch === owed.epoch)?.atMs ?? null,
    state:
      owed.proof === 'lease' && !hasLease(service.sites[owed.site])
        ? "unproven, on a person's word"
        : states[owed.proof],
    data: roleOfData(service, register, owed.site, reports[owed.site]),
    opensWhen: opensWhen(service, register, owed),
  }));
}

/**
 * What is known of a site's copy of data that one site at a time may write; null without such data. Of data that its
 * fence is owed for, and that the configuration has no more, nothing is known.
 */
export function roleOfData(
  service: NamedService,
  register: Pick<Register, 'owed'>,
  site: string,
  report: SiteReport | undefined,
): OwedReport['data'] {
  if (guardsLostData(service, register, site)) return 'not known';
  if (!hasOneWriter(service)) return null;
  if (report?.dataRole === undefined) return 'not known';
  return isWriting(report) ? 'takes writes' : 'replica';
}

function opensWhen(service: NamedService, register: Register, { site, proof }: OwedFence): string {
  const place = service.sites[site];
  const region = (place && actingRegionOf(place)) ?? 'its region';
  if (register.active === site || register.writer === site) return 'the data says that the site writes';
  // What is configured no more, nobody opens.
  if (place?.fence === undefined)
    return `the configuration has a fence of ${site} again, or you have opened it by hand and say "cdk-failover release ${service.name} ${site}"`;
  if (guardsLostData(service, register, site))
    return `the configuration has its data again, or you have made sure that nothing is written there and say "cdk-failover release ${service.name} ${site} --allow-two-writers"`;
  const first = proof === 'closed' ? '' : `its fence is read back as closed in ${region}, and then `;
  const proven = hasOneWriter(service)
    ? `the API of the data says in ${region} that the site's copy is a replica`
    : `a quorum calls it up, or the APIs in ${region} report that it runs well behind the fence`;
  return `${first}${proven}${byPerson(service)}`;
}

/** What a person must add where AWS does not make the old site a replica by itself. */
function byPerson({ data }: NamedService): string {
  if (data?.kind === 'rds-replica' && data.rebuild !== undefined) return '; it is made one by itself (data.rebuild)';
  if (data?.kind === 'rds-replica') return '; a person makes it one (docs/data.md)';
  return data?.kind === 'custom' ? '; your function says so by isReplica' : '';
}
