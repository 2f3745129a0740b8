import type { RecordValues } from '../../core/calls.ts';
import type { Deployment } from '../../core/deployment.ts';

/** What the simulated account holds outside the state tables: addresses, instances, records. */
export class SimCloud {
  /** Instance of each Elastic IP, by `region/allocation`; null when at none. */
  readonly #addresses = new Map<string, string | null>();
  /** Isolated instances, by `region/instance`. */
  readonly #isolated = new Set<string>();
  /** Values of edited records, by name. */
  readonly #records = new Map<string, RecordValues>();

  /** Makes what the deployment names; what exists stays as it is. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const [name, service] of Object.entries(deployment.services)) {
      const { address, dns } = service.traffic;
      if (address) {
        const key = `${address.region}/${address.allocationId}`;
        if (!this.#addresses.has(key)) this.#addresses.set(key, address.instances[activeOf(name)] ?? null);
      }
      if (dns?.mode === 'records' && !this.#records.has(dns.record)) {
        const target = dns.addresses[activeOf(name)];
        this.#records.set(dns.record, { a: target?.a ?? null, aaaa: target?.aaaa ?? null });
      }
    }
  }

  locate(region: string, allocationId: string): string | null {
    return this.#addresses.get(`${region}/${allocationId}`) ?? null;
  }

  /** Whether the write changed anything. */
  associate(region: string, allocationId: string, instanceId: string | null): boolean {
    const key = `${region}/${allocationId}`;
    const hasChanged = this.#addresses.get(key) !== instanceId;
    this.#addresses.set(key, instanceId);
    return hasChanged;
  }

  isIsolated(region: string, instanceIds: readonly string[]): boolean {
    return instanceIds.every((instance) => this.#isolated.has(`${region}/${instance}`));
  }

  isReleased(region: string, instanceIds: readonly string[]): boolean {
    return !instanceIds.some((instance) => this.#isolated.has(`${region}/${instance}`));
  }

  setIsolation(region: string, instanceIds: readonly string[], isIsolated: boolean): boolean {
    const hasChanged = !(isIsolated ? this.isIsolated(region, instanceIds) : this.isReleased(region, instanceIds));
    for (const instance of instanceIds) {
      if (isIsolated) this.#isolated.add(`${region}/${instance}`);
      else this.#isolated.delete(`${region}/${instance}`);
    }
    return hasChanged;
  }

  readRecord(name: string): RecordValues {
    return this.#records.get(name) ?? { a: null, aaaa: null };
  }

  writeRecord(name: string, values: RecordValues): boolean {
    const before = this.readRecord(name);
    this.#records.set(name, values);
    return before.a !== values.a || before.aaaa !== values.aaaa;
  }

  addresses(): ReadonlyMap<string, string | null> {
    return this.#addresses;
  }
}
