import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { RecordValues } from '../../core/dns/record-values.ts';
import { isTransient } from '../../core/fault.ts';
import type { DnsThing } from '../../core/kinds/dns.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { Rng } from '../../ports/rng.ts';
import type { AwsClients } from './clients.ts';
import { changesTo, valuesIn } from './dns/record-sets.ts';
import { type RecordWeights, weightChanges, weightsIn } from './dns/record-weights.ts';
import { throughThrottling } from './throttling.ts';

/** Region of the control plane of Route 53. Source: "AWS Fault Isolation Boundaries", global services. */
export const controlPlaneRegion = 'us-east-1';

/** Half of the default deadline of a step attempt, because the claim, the reads and the answer need time too. */
export const writeMsDefault = 5_000;

/**
 * Time between two checks of whether a change is in sync, in milliseconds. Route 53 takes five requests a second from
 * an account.
 */
const syncPollMs = 1_000;

/** Comment of every batch; it shows in CloudTrail. */
const batchComment = 'cdk-failover';

/** One set each of A and AAAA, which come first of a name's types, and some more, which cost nothing. */
const itemsMax = 10;

/** Most sets of one answer. Source: Route 53 API Reference, "ListResourceRecordSets", MaxItems: 300. */
const itemsOfPoolMax = 300;

/**
 * Records by the Route 53 API.
 *
 * One batch at a time: Route 53 refuses a second batch for a zone while the first is under way. Batches of other
 * processes show as `PriorRequestNotComplete`, which is tried again, with pauses, while there is time.
 */
export class Route53Dns {
  readonly #clients: AwsClients;
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #writeMs: number;
  /** The batch under way: the next one waits for it. */
  #last: Promise<void> = Promise.resolve();

  /** @param writeMs - longest time of a write after its turn has come, without the deadline of one call */
  constructor(clients: AwsClients, clock: Clock, rng: Rng, writeMs: number = writeMsDefault) {
    this.#clients = clients;
    this.#clock = clock;
    this.#rng = rng;
    this.#writeMs = writeMs;
  }

  async readRecord(zoneId: string, name: string): Promise<RecordValues> {
    return valuesIn(await this.#readSets(zoneId, name), name);
  }

  /** @throws {PortError} `timeout` also when the change was taken, but was not in sync within the time of a write */
  async writeRecord(zoneId: string, name: string, ttlSeconds: number, values: RecordValues): Promise<void> {
    await this.#inTurn(zoneId, async () => changesTo(await this.#readSets(zoneId, name), name, ttlSeconds, values));
  }

  async readRecordWeights(zoneId: string, name: string): Promise<RecordWeights> {
    return weightsIn(await this.#readSets(zoneId, name, itemsOfPoolMax), name);
  }

  /**
   * @throws {PortError} as `writeRecord`; `invalid` when a site has no weighted record, which only a deployment makes
   */
  async writeRecordWeights(zoneId: string, name: string, weights: RecordWeights): Promise<void> {
    await this.#inTurn(zoneId, async () =>
      weightChanges(await this.#readSets(zoneId, name, itemsOfPoolMax), name, weights),
    );
  }

  /**
   * Makes changes to a whole zone, batch by batch, each in sync before the next.
   *
   * @param findBatches - told all that the zone holds; may throw
   * @param onSend - told of each batch before it is sent: from then on it may have been taken
   * @throws {PortError} as `writeRecord`; batches before the one that failed have been made
   */
  async changeZone(
    zoneId: string,
    findBatches: (held: readonly ResourceRecordSet[]) => readonly (readonly Change[])[],
    onSend: (batch: readonly Change[]) => void,
  ): Promise<void> {
    for (const batch of findBatches(await this.#readZone(zoneId))) {
      onSend(batch);
      await this.#inTurn(zoneId, async () => batch);
    }
  }

  async #readZone(zoneId: string): Promise<readonly ResourceRecordSet[]> {
    const all: ResourceRecordSet[] = [];
    let from: Partial<ListResourceRecordSetsCommandInput> = {};
    for (;;) {
      const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: itemsOfPoolMax, ...from });
      const page = await this.#clients.call((options) => this.#client().send(command, options));
      all.push(...(page.ResourceRecordSets ?? []));
      const { IsTruncated, NextRecordName, NextRecordType, NextRecordIdentifier } = page;
      if (IsTruncated !== true || NextRecordName === undefined) return all;
      from = {
        StartRecordName: NextRecordName,
        StartRecordType: NextRecordType,
        StartRecordIdentifier: NextRecordIdentifier,
      };
    }
  }

  /** Waits for its turn, then finds the changes and makes them in one batch. Sends no batch when there are none. */
  async #inTurn(zoneId: string, findChanges: () => Promise<readonly Change[]>): Promise<void> {
    const turn = this.#last.then(() => this.#write(zoneId, findChanges));
    this.#last = turn.catch(() => {});
    await turn;
  }

  async #write(zoneId: string, findChanges: () => Promise<readonly Change[]>): Promise<void> {
    const untilMs = this.#clock.monotonicMs() + this.#writeMs;
    const changes = await findChanges();
    if (changes.length > 0) await this.#waitForSync(await this.#sendBatch(zoneId, changes, untilMs), untilMs);
  }

  /**
   * Tries a batch again only when Route 53 has not accepted it. After any other fault, the next read shows whether it
   * was.
   */
  async #sendBatch(zoneId: string, changes: readonly Change[], untilMs: number): Promise<string> {
    const command = new ChangeResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      ChangeBatch: { Changes: [...changes], Comment: batchComment },
    });
    return await throughThrottling({ clock: this.#clock, rng: this.#rng, untilMs }, async () => {
      const { ChangeInfo } = await this.#clients.call((options) => this.#client().send(command, options));
      if (ChangeInfo?.Id !== undefined) return ChangeInfo.Id;
      throw new PortError({ kind: 'invalid', detail: 'Route 53 answered a batch without the id of its change' });
    });
  }

  /** Waits until a change is in sync. Transient faults are ignored, because they say nothing about the change. */
  async #waitForSync(changeId: string, untilMs: number): Promise<void> {
    const command = new GetChangeCommand({ Id: changeId });
    for (;;) {
      try {
        const { ChangeInfo } = await this.#clients.call((options) => this.#client().send(command, options));
        if (ChangeInfo?.Status === 'INSYNC') return;
      } catch (error) {
        if (!(error instanceof PortError) || !isTransient(error.fault)) throw error;
      }
      if (this.#clock.monotonicMs() + syncPollMs >= untilMs) break;
      await this.#clock.sleep(syncPollMs);
    }
    const detail = `${changeId} was taken and is not in sync within ${this.#writeMs} ms`;
    throw new PortError({ kind: 'timeout', detail });
  }

  async #readSets(zoneId: string, name: string, countMax = itemsMax): Promise<readonly ResourceRecordSet[]> {
    const command = new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: name,
      StartRecordType: 'A',
      MaxItems: countMax,
    });
    const { ResourceRecordSets } = await this.#clients.call((options) => this.#client().send(command, options));
    return ResourceRecordSets ?? [];
  }

  #client(): Route53Client {
    return this.#clients.of(Route53Client, controlPlaneRegion);
  }
}

/**
 * Reads and edits records, each in the account of its zone.
 *
 * @param writeMs - longest time of a write, without the deadline of one call
 */
export function dnsHandlers(clients: AwsClients, clock: Clock, rng: Rng, writeMs?: number): KindHandlers<'dns'> {
  /** By account. Kept, because the batches of one process wait for each other. */
  const all = new Map<string | undefined, Route53Dns>();
  const recordsOf = ({ account }: DnsThing) => {
    const records = all.get(account) ?? new Route53Dns(clients.in(account), clock, rng, writeMs);
    all.set(account, records);
    return records;
  };
  return {
    'read:dns': async (thing) => {
      const { zoneId, name, answer } = thing;
      const records = recordsOf(thing);
      return answer.kind === 'values'
        ? { kind: 'values', values: await records.readRecord(zoneId, name) }
        : { kind: 'weights', weights: await records.readRecordWeights(zoneId, name) };
    },
    'write:dns': async (thing) => {
      const { zoneId, name, ttlSeconds, answer } = thing;
      const records = recordsOf(thing);
      if (answer.kind === 'values') await records.writeRecord(zoneId, name, ttlSeconds, answer.values);
      else await records.writeRecordWeights(zoneId, name, answer.weights);
      return null;
    },
  };
}
