import type { RecordValues } from '../core/calls.ts';

/** Names and records. */
export interface Dns {
  /** Addresses that the name resolves to now, sorted; empty when the name has none. */
  resolve(name: string): Promise<{ readonly addresses: readonly string[] }>;
  readRecord(zoneId: string, name: string): Promise<RecordValues>;
  /** Replaces the values in one batch and returns when Route 53 has taken it, not when it is in sync. */
  writeRecord(zoneId: string, name: string, ttlSeconds: number, values: RecordValues): Promise<void>;
}
