import { systemClock } from '../../adapters/system/clock.ts';
import type { NamedService } from '../../core/model/service.ts';
import { DrillClient, isOfClients } from '../drill/client.ts';
import type { DrillRecord } from '../drill/drill-record.ts';
import type { Ground } from './ground.ts';

/** How long the client must be well served before the fault. */
const warmUpMs = 1_000;
const pollMs = 50;

/**
 * Why an outage of a service cannot be measured by asking its name from here; null when it can be tried. The client
 * knows a site by the address that the name leads to, and asks it as its first probe does.
 */
export function whyUnmeasurable({ sites, traffic }: NamedService): string | null {
  const { dns } = traffic;
  if (dns === undefined) return 'it has no name in DNS';
  const unnamed = Object.keys(sites).find((site) => {
    const { a = [], aaaa = [] } = dns.addresses[site] ?? {};
    return a.length + aaaa.length === 0;
  });
  if (unnamed !== undefined) return `the configuration has no address of ${unnamed}, so an answer says no site`;
  const unasked = Object.keys(sites).find((site) => !sites[site]?.probes.some(isOfClients));
  return unasked === undefined ? null : `no probe of ${unasked} is a request that a client could make`;
}

/** A client outside that asks until it is stopped; or why there is none. */
export class OutsideClient {
  readonly #client: DrillClient;
  readonly #asking: Promise<void>;

  private constructor(client: DrillClient) {
    this.#client = client;
    this.#asking = client.run();
  }

  /**
   * Begins to ask, and waits until it is well served.
   *
   * @returns the client, or why nothing can be measured from here
   */
  static async start(
    ground: Ground,
    service: NamedService,
    record: DrillRecord,
    signal: AbortSignal,
  ): Promise<OutsideClient | string> {
    const why = whyUnmeasurable(service);
    if (why !== null) return why;
    const asked = {
      deployment: ground.target.deployment,
      nameServer: ground.nameServer,
      sites: {},
      everyMs: ground.askEveryMs,
    };
    const client = new OutsideClient(new DrillClient(asked, service.name, (answer) => record.note(answer)));
    const startMs = systemClock.monotonicMs();
    try {
      while (record.goodForMs() < warmUpMs) {
        if (systemClock.monotonicMs() - startMs > ground.warmUpMsMax) {
          await client.stop();
          return `a client here is not well served (${record.lastReason() ?? 'no answer'})`;
        }
        await systemClock.sleep(pollMs, signal);
      }
    } catch (error) {
      await client.stop();
      throw error;
    }
    return client;
  }

  /** Stops asking, and waits for what was asked. */
  async stop(): Promise<void> {
    this.#client.stop();
    await this.#asking;
  }
}
