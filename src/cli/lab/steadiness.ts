import { createResolve } from '../../adapters/net/resolver.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { warmUpTicks } from '../../core/detection/opinion.ts';
import { textsOf, valuesOf } from '../../core/dns/record-values.ts';
import { FailoverError } from '../../core/errors.ts';
import { serviceOf } from '../../core/model/deployment.ts';
import { registerViewOf } from '../../core/tables/service-view.ts';
import type { TableView } from '../../core/tables/table-view.ts';
import { tickMsOf } from '../../core/timing.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import type { Lab } from './lab.ts';

const pollMs = 50;
/** Starting takes a second or two; a busy machine gets more. */
const startMsMax = 20_000;
/** Ticks after the warm-up within which every watcher has claimed, published twice and decided. */
const settleTicksMax = 8;
/** Words of a watcher that its peers need to have read to call it fresh, and one to spare. */
const wordsMin = 3;
const resolveTimeoutMs = 500;

/** Reasons of decisions that say that not everybody has been heard yet. */
const earlyReasons: readonly unknown[] = ['no-majority', 'no-quorum'];

/** Finds out when a lab has come to rest: hears its events from the start. */
export class SteadyCheck {
  /** Newest reason of each watcher's decision on each service. */
  readonly #reasons = new Map<string, unknown>();
  /** First sequence number that each watcher was seen to write. */
  readonly #firstWords = new Map<string, number>();

  hear({ actor, place, kind, service, data }: LabEvent): void {
    if (actor === 'watcher' && kind === 'decision') this.#reasons.set(`${place}/${service}`, data.reason);
  }

  /**
   * Waits until every service has a register, every watcher has decided and is heard by the others, and the name server
   * answers with the active site.
   *
   * @throws {FailoverError} FAULT with what is missing, when it does not come to rest; the signal's reason when aborted
   */
  async wait(lab: Lab, signal: AbortSignal): Promise<void> {
    const services = Object.keys(lab.deployment.services).map((name) => serviceOf(lab.deployment, name));
    const ticks = Math.max(...services.map(({ detection }) => warmUpTicks(detection))) + settleTicksMax;
    const patienceMs = startMsMax + ticks * tickMsOf(services);
    const startedAtMs = systemClock.monotonicMs();
    while (true) {
      const missing = await this.#findMissing(lab);
      if (missing === null) return;
      if (systemClock.monotonicMs() - startedAtMs > patienceMs) {
        throw new FailoverError('FAULT', `the lab did not come to rest within ${patienceMs / 1_000} s: ${missing}`);
      }
      await systemClock.sleep(pollMs, signal);
    }
  }

  async #findMissing(lab: Lab): Promise<string | null> {
    const { controlRegions, services } = lab.deployment;
    const views = await lab.readTables();
    const spoken = controlRegions.map((region, index) => this.#hasSpoken(region, views[index]));
    const silent = controlRegions.find((_, index) => !spoken[index]);
    if (silent !== undefined) return `the watcher in ${silent} has not been heard by the others`;
    for (const service of Object.keys(services)) {
      const undecided = controlRegions.find((region) => {
        const reason = this.#reasons.get(`${region}/${service}`);
        return reason === undefined || earlyReasons.includes(reason);
      });
      if (undecided !== undefined) return `the watcher in ${undecided} has not decided about ${service}`;
      const missing = await findMissingName(lab, service, views);
      if (missing !== null) return missing;
    }
    return null;
  }

  /** Whether the watcher has spoken so often, since it was first heard here, that the others must have heard it too. */
  #hasSpoken(region: string, view: TableView | undefined): boolean {
    const sequence = view?.opinions?.sequence;
    if (sequence === undefined) return false;
    const first = this.#firstWords.get(region) ?? sequence;
    this.#firstWords.set(region, first);
    return sequence - first + 1 >= wordsMin;
  }
}

async function findMissingName(
  lab: Lab,
  service: string,
  views: readonly (TableView | undefined)[],
): Promise<string | null> {
  const view = registerViewOf(lab.deployment.controlRegions, service, views);
  if (view.kind !== 'decided') return `${service} has no register yet`;
  const dns = lab.deployment.services[service]?.traffic.dns;
  const wanted = dns?.addresses[view.register.active];
  const [address] = textsOf(valuesOf(wanted));
  if (dns === undefined || address === undefined) return null;
  const resolve = createResolve([lab.nameServer], { timeoutMs: resolveTimeoutMs, attemptsMax: 1 });
  const answer = await resolve(dns.record).catch(() => null);
  return answer?.addresses.includes(address) ? null : `${dns.record} is not answered with ${view.register.active} yet`;
}
