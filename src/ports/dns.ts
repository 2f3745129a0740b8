import type { RecordValues } from '../core/dns/record-values.ts';

/** Names and records. */
export interface Dns {
  /** Addresses that the name resolves to now, sorted; empty when the name has none. */
  resolve(name: string): Promise<{ readonly addresses: readonly string[] }>;
  readRecord(zoneId: string, name: string): Promise<RecordValues>;
  /**
   * Replaces what differs, in one batch, and returns when every name server has it.
   *
   * Waits for that no longer than the adapter is given: a `timeout` may mean a change that was taken and is on its way.
   */
  writeRecord(zoneId: string, name: string, ttlSeconds: number, values: RecordValues): Promise<void>;
  /** Weights of the name's weighted records, by set identifier: the site. */
  readRecordWeights(zoneId: string, name: string): Promise<Readonly<Record<string, number>>>;
  /** Sets the weights that differ, in one batch, and returns when every name server has them. */
  writeRecordWeights(zoneId: string, name: string, weights: Readonly<Record<string, number>>): Promise<void>;
}
