import type { EdgeState, EdgeThing } from '../../../core/kinds/edge.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { EdgeTraffic } from '../../../core/model/traffic.ts';
import { SimFault } from '../api-call.ts';

type Key = Pick<EdgeThing, 'storeArn' | 'key'>;

/** The KeyValueStores of CloudFront, by store and key. */
export class SimStores {
  readonly #stores = new Map<string, Map<string, string>>();

  /** Makes what the deployment names; what exists stays as it is. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const [name, { traffic }] of Object.entries(deployment.services)) {
      const { edge } = traffic;
      if (edge === undefined) continue;
      const store = this.#stores.get(edge.storeArn) ?? new Map<string, string>();
      this.#stores.set(edge.storeArn, store);
      const value = edge.originIds[activeOf(name)];
      if (value !== undefined && !store.has(edge.key)) store.set(edge.key, value);
    }
  }

  /** @throws {SimFault} when there is no such store */
  read({ storeArn, key }: Key): EdgeState {
    return { value: this.#storeOf(storeArn).get(key) ?? null };
  }

  /** Whether anything has changed. */
  write({ storeArn, key }: Key, value: string): boolean {
    const store = this.#storeOf(storeArn);
    const hasChanged = store.get(key) !== value;
    store.set(key, value);
    return hasChanged;
  }

  /** The site whose origin the function chooses; undefined when the value names none of them. */
  siteOf(edge: EdgeTraffic): string | undefined {
    const { value } = this.read(edge);
    return Object.keys(edge.originIds).find((site) => edge.originIds[site] === value);
  }

  #storeOf(arn: string): Map<string, string> {
    const store = this.#stores.get(arn);
    if (store === undefined) throw new SimFault({ kind: 'invalid', detail: `no store ${arn}` });
    return store;
  }
}
