import type { NamedService } from '../../../core/model/service.ts';
import type { Scalable } from '../../../core/model/site.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AwsClients } from '../clients.ts';
import type { AwsCompute } from '../start.ts';
import { SlowFacts } from './slow-facts.ts';
import { auditFindings, counterparts } from './standby-audit.ts';
import { readFacts } from './standby-facts.ts';

/**
 * Compares waiting sites with the one that serves, now and then, and repeats the findings in between.
 *
 * It needs the other site's region too. When that region does not answer, there are no findings: an audit warns before
 * a fault and must not prevent a failover.
 */
export class StandbyAuditor {
  readonly #clients: AwsClients;
  readonly #compute: Pick<AwsCompute, 'readScale'>;
  readonly #findings: SlowFacts<readonly string[]>;

  constructor(clients: AwsClients, compute: Pick<AwsCompute, 'readScale'>, clock: Clock) {
    this.#clients = clients;
    this.#compute = compute;
    this.#findings = new SlowFacts(clock);
  }

  /** Findings of the newest audit; empty when there are none, or when they are not known. Never rejects. */
  async findingsOf(service: NamedService, site: string, servingSite: string | null): Promise<readonly string[]> {
    const place = service.sites[site];
    if (!place || place.standby === 'hot' || servingSite === null || servingSite === site) return [];
    const key = `${service.name}/${site}/${servingSite}`;
    return (await this.#findings.get(key, () => this.#audit(service, site, servingSite))) ?? [];
  }

  async #audit(service: NamedService, site: string, servingSite: string): Promise<readonly string[]> {
    const [here, there] = [service.sites[site], service.sites[servingSite]];
    if (here?.region === undefined || there === undefined) return [];
    const places = counterparts(here.scale, there.scale);
    const read = (at: string, region: string, scalable: Scalable) =>
      readFacts(this.#clients, this.#compute, { region, service: service.name, site: at }, scalable);
    // Whoever may ask a function may also have it scale something: only the region's own survey asks.
    // What the other site runs on in another account is not read: the role there is for the other site's own functions.
    const isElsewhere = ({ kind }: Scalable) =>
      (kind === 'custom' && there.region !== here.region) || there.account !== here.account;
    const [ownRegion, otherRegion] = [here.region, there.region];
    const pairs = await Promise.all(
      here.scale.map(async (scalable, index) => {
        const other = there.scale[places[index] ?? -1];
        const [standby, serving] = await Promise.all([
          read(site, ownRegion, scalable),
          other === undefined || otherRegion === undefined || isElsewhere(other)
            ? null
            : read(servingSite, otherRegion, other),
        ]);
        return { scalable, standby, serving };
      }),
    );
    return auditFindings(pairs, servingSite);
  }
}
