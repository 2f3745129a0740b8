import type { Addresses } from './addresses.ts';
import type { Clock } from './clock.ts';
import type { Compute } from './compute.ts';
import type { Dns } from './dns.ts';
import type { Invoker } from './invoker.ts';
import type { Log } from './log.ts';
import type { Notifier } from './notifier.ts';
import type { Prober } from './prober.ts';
import type { Rng } from './rng.ts';
import type { StateTables } from './state-tables.ts';

/** All that a routine can reach. A process that needs only some passes `unavailable` for the rest. */
export interface Ports {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly prober: Prober;
  readonly tables: StateTables;
  readonly invoker: Invoker;
  readonly addresses: Addresses;
  readonly compute: Compute;
  readonly dns: Dns;
  readonly notifier: Notifier;
  readonly log: Log;
}
