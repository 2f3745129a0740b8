import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { RecordValues } from '../../core/calls.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Dns } from '../../ports/dns.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Rng } from '../../ports/rng.ts';
import { resolveName } from '../net/resolver.ts';
import type { AwsClients } from './clients.ts';

/** Where the control plane of Route 53 is, whoever asks. Source: "AWS Fault Isolation Boundaries", global services. */
const controlPlaneRegion = 'us-east-1';

/** Tries of one batch. Route 53 takes one at a time for a zone, and five requests a second for an account. */
const batchTriesMax = 5;
/** Upper end of the first random pause between tries; it doubles with each. */
const batchPauseMs = 200;

/** Time between two looks at whether a change has reached all name servers, and most looks: 30 s. */
const syncPollMs = 1_000;
const syncPollsMax = 30;

/** Faults that say: later. */
const laterKinds: readonly string[] = ['throttled', 'timeout', 'unavailable'];

/** Records by the Route 53 API, names by this machine's own resolver. */
export class Route53Dns implements Dns {
  readonly resolve = resolveName;
  readonly #clients: AwsClients;
  readonly #clock: Clock;
  readonly #rng: Rng;
  /** The batch under way: the next one waits for it. */
  #last: Promise<void> = Promise.resolve();

  constructor(clients: AwsClients, clock: Clock, rng: Rng) {
    this.#clients = clients;
    this.#clock = clock;
    this.#rng = rng;
  }

  async readRecord(zoneId: string, name: string): Promise<RecordValues> {
    const sets = await this.#readSets(zoneId, name);
    return { a: recordValue(sets, 'A'), aaaa: recordValue(sets, 'AAAA') };
  }

  async writeRecord(zoneId: string, name: string, ttlSeconds: number, values: RecordValues): Promise<void> {
    const turn = this.#last.then(() => this.#write(zoneId, name, ttlSeconds, values));
    this.#last = turn.catch(() => {});
    await turn;
  }

  async #write(zoneId: string, name: string, ttlSeconds: number, values: RecordValues): Promise<void> {
    const sets = await this.#readSets(zoneId, name);
    const changes = [
      changeOf(sets, name, 'A', ttlSeconds, values.a),
      changeOf(sets, name, 'AAAA', ttlSeconds, values.aaaa),
    ].filter((change) => change !== null);
    if (changes.length > 0) await this.#waitForSync(await this.#sendBatch(zoneId, changes));
  }

  async #sendBatch(zoneId: string, changes: readonly Change[]): Promise<string | undefined> {
    const command = new ChangeResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      ChangeBatch: { Changes: [...changes], Comment: 'cdk-failover' },
    });
    for (let tries = 1; ; tries += 1) {
      try {
        const { ChangeInfo } = await this.#clients.call((options) => this.#client().send(command, options));
        return ChangeInfo?.Id;
      } catch (error) {
        const isLater = error instanceof PortError && laterKinds.includes(error.fault.kind);
        if (!isLater || tries >= batchTriesMax) throw error;
        await this.#clock.sleep(this.#rng.next() * batchPauseMs * 2 ** (tries - 1));
      }
    }
  }

  /** @throws {PortError} `timeout` when the change is still on its way after the last look */
  async #waitForSync(changeId: string | undefined): Promise<void> {
    if (changeId === undefined) throw new PortError({ kind: 'invalid', detail: 'a change without an id' });
    for (let polls = 0; polls < syncPollsMax; polls += 1) {
      if (polls > 0) await this.#clock.sleep(syncPollMs);
      const command = new GetChangeCommand({ Id: changeId });
      const { ChangeInfo } = await this.#clients.call((options) => this.#client().send(command, options));
      if (ChangeInfo?.Status === 'INSYNC') return;
    }
    throw new PortError({ kind: 'timeout', detail: `${changeId} is not in sync after ${syncPollsMax} s` });
  }

  async #readSets(zoneId: string, name: string): Promise<readonly ResourceRecordSet[]> {
    const command = new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: name,
      StartRecordType: 'A',
      // A, AAAA and whatever types the alphabet puts between them.
      MaxItems: 10,
    });
    const { ResourceRecordSets } = await this.#clients.call((options) => this.#client().send(command, options));
    return (ResourceRecordSets ?? []).filter((set) => set.Name === `${name}.` || set.Name === name);
  }

  #client(): Route53Client {
    return this.#clients.of(Route53Client, controlPlaneRegion);
  }
}

function setOf(sets: readonly ResourceRecordSet[], type: 'A' | 'AAAA'): ResourceRecordSet | undefined {
  return sets.find((set) => set.Type === type && set.SetIdentifier === undefined);
}

function recordValue(sets: readonly ResourceRecordSet[], type: 'A' | 'AAAA'): string | null {
  const values = setOf(sets, type)?.ResourceRecords?.flatMap(({ Value }) => Value ?? []) ?? [];
  return values.length === 0 ? null : values.join(',');
}

function changeOf(
  sets: readonly ResourceRecordSet[],
  name: string,
  type: 'A' | 'AAAA',
  ttlSeconds: number,
  value: string | null,
): Change | null {
  const held = setOf(sets, type);
  if (value === null) return held ? { Action: 'DELETE', ResourceRecordSet: held } : null;
  if (recordValue(sets, type) === value && held?.TTL === ttlSeconds) return null;
  return {
    Action: 'UPSERT',
    ResourceRecordSet: { Name: name, Type: type, TTL: ttlSeconds, ResourceRecords: [{ Value: value }] },
  };
}
