import type { DnsTraffic } from './deployment.ts';
import type { Fault } from './routine.ts';
import type { FencingToken } from './run.ts';

/** What an actuator function is asked to do: make one thing so. Repeating an order is harmless. */
export type Order = {
  readonly service: string;
  readonly token: FencingToken;
} & Desired;

/** The thing and how it shall be. */
export type Desired =
  | { readonly kind: 'address'; readonly allocationId: string; readonly instanceId: string }
  | {
      readonly kind: 'record';
      readonly dns: Pick<DnsTraffic, 'zone' | 'record' | 'ttlSeconds'>;
      readonly a: string | null;
      readonly aaaa: string | null;
    }
  | {
      readonly kind: 'isolation';
      readonly site: string;
      readonly instanceIds: readonly string[];
      readonly groupId: string;
      readonly isIsolated: boolean;
    };

/** What an actuator saw. */
export type StepReport =
  /** It is as ordered, read back; `hasWritten` is false when it already was. */
  | { readonly outcome: 'as-ordered'; readonly hasWritten: boolean }
  /** A newer token was claimed here: whoever sent the order is no longer in charge. */
  | { readonly outcome: 'stale'; readonly claimed: FencingToken }
  /** It is not, or it is not known to be, as ordered. */
  | { readonly outcome: 'failed'; readonly fault: Fault };
