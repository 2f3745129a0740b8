import { areSameValues, type RecordValues, valuesOf } from '../../core/dns/record-values.ts';
import type { FenceThing } from '../../core/kinds/fence.ts';
import type { Publication } from '../../core/kinds/publication.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import type { AddressFence } from '../../core/model/site.ts';
import { addressSort, placeAt, placeText } from '../../core/model/traffic.ts';
import { recordWeightsOf, targetWeightsOf } from '../../core/register/share.ts';
import { recordsFollowMs } from '../../core/timing.ts';
import type { Scheduler } from '../scheduler.ts';

type Weights = Readonly<Record<string, number>>;

/** A fence, and where it is. */
type FencePlace = Omit<FenceThing, 'isIsolated' | 'token'>;

/** What the simulated account holds outside the state tables: addresses, fences, records, weights, publications. */
export class SimCloud {
  readonly #keyOf: (service: string, site: string) => string;
  /** Private address of each Elastic IP, by `region/allocation`; null when at none. */
  readonly #addresses = new Map<string, string | null>();
  /** Sites that are cut off, by `service/site`. */
  readonly #isolated = new Set<string>();
  /** Sites whose targets drain, by `service/site`: nothing is left to do, and they keep their connections. */
  readonly #draining = new Map<string, symbol>();
  /** Values of edited records, by name, and those that the name servers answered before. */
  readonly #records = new Map<string, RecordValues>();
  readonly #formerRecords = new Map<string, Former<RecordValues>>();
  /** Weights of a name's weighted records, by name. */
  readonly #recordWeights = new Map<string, Weights>();
  readonly #formerWeights = new Map<string, Former<Weights>>();
  /** Where a stranger has put Elastic IPs that nobody has deployed yet, by their ids. */
  readonly #foreign = new Map<string, string | null>();
  /** Weights of target groups, by listener. */
  readonly #weights = new Map<string, Weights>();
  /** Of listeners whose clients keep to a target group by a cookie: the weights by which they got it. */
  readonly #cookies = new Map<string, Weights>();
  /** Whether weights are written without a word about cookies: only a planted bug does. */
  areCookiesForgotten = false;
  /** What inside clients are told, by `region/service`. */
  readonly #publications = new Map<string, Publication>();

  /** @param keyOf - under which what belongs to a site is kept */
  constructor(keyOf: (service: string, site: string) => string) {
    this.#keyOf = keyOf;
  }

  /** Makes what the deployment names; what exists stays as it is. */
  deploy(deployment: Deployment, activeOf: (service: string) => string): void {
    for (const name of Object.keys(deployment.services)) {
      const service = serviceOf(deployment, name);
      const { address, dns, targets } = service.traffic;
      const active = activeOf(name);
      const serving = service.mode === 'active-active' ? Object.keys(service.sites) : [active];
      const shares = { serving, ramp: {} };
      for (const [index, id] of (address?.allocationId ?? []).entries()) {
        const key = `${address?.region}/${id}`;
        const place = placeAt(address?.instances[active] ?? [], index);
        const at = this.#foreign.get(id) ?? (place === undefined ? null : placeText(place));
        if (!this.#addresses.has(key)) this.#addresses.set(key, at);
      }
      if (dns?.mode === 'records' && dns.policy === 'failover' && !this.#records.has(dns.record)) {
        this.#records.set(dns.record, valuesOf(dns.addresses[active]));
      }
      if (dns?.mode === 'records' && dns.policy === 'weighted' && !this.#recordWeights.has(dns.record)) {
        this.#recordWeights.set(dns.record, recordWeightsOf(service, shares));
      }
      const bySite = targets ? targetWeightsOf(service, shares) : {};
      const byArn = Object.entries(targets?.targetGroups ?? {}).map(([site, arn]) => [arn, bySite[site] ?? 0]);
      for (const listener of targets?.listenerArn ?? []) {
        if (this.#weights.has(listener)) continue;
        this.#weights.set(listener, Object.fromEntries(byArn));
        if (targets?.stickinessSeconds !== undefined) this.#cookies.set(listener, Object.fromEntries(byArn));
      }
    }
  }

  locate(region: string, allocationId: string): string | null {
    return this.#addresses.get(`${region}/${allocationId}`) ?? null;
  }

  /** Elastic IP at a private address; null when there is none. */
  heldAt(region: string, place: string): string | null {
    const held = [...this.#addresses].flatMap(([key, at]) =>
      at === place && key.startsWith(`${region}/`) ? key.slice(region.length + 1) : [],
    );
    return held.find((id) => addressSort(id) === 'elastic-ip') ?? null;
  }

  /**
   * Whether the write changed anything. A private address holds one Elastic IP: another one that is there is taken off,
   * without an error. Source: Amazon EC2 API Reference, "AssociateAddress".
   */
  associate(region: string, allocationId: string, place: string | null): boolean {
    const key = `${region}/${allocationId}`;
    const hasChanged = this.#addresses.get(key) !== place;
    const isElastic = addressSort(allocationId) === 'elastic-ip';
    const pushed = place === null || !isElastic ? null : this.heldAt(region, place);
    if (pushed !== null) this.#addresses.set(`${region}/${pushed}`, null);
    this.#addresses.set(key, place);
    return hasChanged;
  }

  /** A stranger puts an Elastic IP somewhere, or nowhere. */
  misplace(allocationId: string, place: string | null): void {
    const key = [...this.#addresses.keys()].find((known) => known.endsWith(`/${allocationId}`));
    if (key === undefined) this.#foreign.set(allocationId, place);
    else this.associate(key.slice(0, key.indexOf('/')), allocationId, place);
  }

  /** An address that was taken away is somebody else's business: there is nothing to let back. */
  isIsolated({ region, service, site, fence }: FencePlace): boolean {
    if (fence.kind === 'address') return this.#heldInside(region, fence).length === 0;
    return this.isCutOff(service, site);
  }

  isReleased({ service, site, fence }: FencePlace): boolean {
    return fence.kind === 'address' || (!this.isCutOff(service, site) && !this.isDraining(service, site));
  }

  isDraining(service: string, site: string): boolean {
    return this.#draining.has(this.#keyOf(service, site));
  }

  /** Begins to take the targets of a site out; calls back when they are out, unless they were put back meanwhile. */
  drain(input: FencePlace, scheduler: Pick<Scheduler, 'after'>, drainMs: number, onOut: () => void): boolean {
    const key = this.#keyOf(input.service, input.site);
    if (this.isIsolated(input) || this.#draining.has(key)) return false;
    const mark = Symbol(key);
    this.#draining.set(key, mark);
    scheduler.after(drainMs, () => {
      if (this.#draining.get(key) !== mark) return;
      this.setIsolation(input, true);
      onOut();
    });
    return true;
  }

  /** Whether clients are kept from a site. */
  isCutOff(service: string, site: string): boolean {
    return this.#isolated.has(this.#keyOf(service, site));
  }

  setIsolation(input: FencePlace, isIsolated: boolean): boolean {
    const { region, service, site, fence } = input;
    const hasChanged = isIsolated ? !this.isIsolated(input) : !this.isReleased(input);
    if (fence.kind === 'address') {
      if (isIsolated) for (const id of this.#heldInside(region, fence)) this.associate(region, id, null);
      return hasChanged;
    }
    const key = this.#keyOf(service, site);
    this.#draining.delete(key);
    if (isIsolated) this.#isolated.add(key);
    else this.#isolated.delete(key);
    return hasChanged;
  }

  /** Elastic IPs of a fence that are still at what it takes them from. */
  #heldInside(region: string, { allocationId, instanceId, networkInterfaceId = [] }: AddressFence): readonly string[] {
    const holders = [instanceId ?? [], networkInterfaceId].flat();
    return allocationId.filter((id) => {
      const [holder] = this.locate(region, id)?.split('/') ?? [];
      return holder !== undefined && holders.includes(holder);
    });
  }

  readRecord(name: string): RecordValues {
    return this.#records.get(name) ?? valuesOf();
  }

  /** What the name servers answer: for `recordsFollowMs` after a change what they answered before. */
  answeredRecord(name: string, nowMs: number): RecordValues {
    return answered(this.#formerRecords.get(name), nowMs) ?? this.readRecord(name);
  }

  writeRecord(name: string, values: RecordValues, nowMs: number): boolean {
    const before = this.readRecord(name);
    const hasChanged = !areSameValues(before, values);
    if (hasChanged) this.#formerRecords.set(name, formerOf(this.answeredRecord(name, nowMs), nowMs));
    this.#records.set(name, values);
    return hasChanged;
  }

  /** Null where weights are not edited. */
  readRecordWeights(name: string): Weights | null {
    return this.#recordWeights.get(name) ?? null;
  }

  /** As `answeredRecord`. */
  answeredWeights(name: string, nowMs: number): Weights | null {
    return answered(this.#formerWeights.get(name), nowMs) ?? this.readRecordWeights(name);
  }

  writeRecordWeights(name: string, weights: Weights, nowMs: number): boolean {
    const before = this.answeredWeights(name, nowMs);
    const hasChanged = replace(this.#recordWeights, name, { ...this.readRecordWeights(name), ...weights });
    if (hasChanged && before !== null) this.#formerWeights.set(name, formerOf(before, nowMs));
    return hasChanged;
  }

  /** Null when there is no such listener or rule. */
  readWeights(listenerArn: string): Weights | null {
    return this.#weights.get(listenerArn) ?? null;
  }

  /**
   * The weights by which clients are led: a cookie wins over what is written. Clients of the simulator never lose
   * theirs. Source: AWS re:Post, "ALB to automatically redirect traffic".
   */
  leadingWeights(listenerArn: string): Weights | null {
    const cookies = this.#cookies.get(listenerArn);
    return cookies === undefined ? this.readWeights(listenerArn) : cookies;
  }

  /** @param isSticky - whether clients keep to a group from now on; undefined: as before */
  writeWeights(listenerArn: string, weights: Weights, isSticky?: boolean): boolean {
    if (isSticky === false && !this.areCookiesForgotten) this.#cookies.delete(listenerArn);
    if (isSticky === true && !this.#cookies.has(listenerArn)) this.#cookies.set(listenerArn, weights);
    return replace(this.#weights, listenerArn, weights);
  }

  readPublication(region: string, service: string): Publication | null {
    return this.#publications.get(`${region}/${service}`) ?? null;
  }

  publish(region: string, publication: Publication): boolean {
    return replace(this.#publications, `${region}/${publication.service}`, publication);
  }

  addresses(): ReadonlyMap<string, string | null> {
    return this.#addresses;
  }
}

/** What name servers answered before a change, and until when, in milliseconds of the world. */
interface Former<T> {
  readonly value: T;
  readonly untilMs: number;
}

function formerOf<T>(value: T, nowMs: number): Former<T> {
  return { value, untilMs: nowMs + recordsFollowMs };
}

function answered<T>(former: Former<T> | undefined, nowMs: number): T | null {
  return former !== undefined && nowMs < former.untilMs ? former.value : null;
}

/** Whether the write changed anything. */
function replace<T>(map: Map<string, T>, key: string, value: T): boolean {
  const hasChanged = JSON.stringify(map.get(key)) !== JSON.stringify(value);
  map.set(key, value);
  return hasChanged;
}
