import type { Addresses } from './addresses.ts';
import type { Clock } from './clock.ts';
import type { Compute } from './compute.ts';
import type { Databases } from './databases.ts';
import type { Dns } from './dns.ts';
import type { Fences } from './fences.ts';
import type { Invoker } from './invoker.ts';
import type { LoadBalancers } from './load-balancers.ts';
import type { Log } from './log.ts';
import type { Notifier } from './notifier.ts';
import type { Prober } from './prober.ts';
import type { Publisher } from './publisher.ts';
import type { Rng } from './rng.ts';
import type { StateTables } from './state-tables.ts';
import type { Surveyor } from './surveyor.ts';

/** All that a routine can reach. A process that needs only some passes `unavailable` for the rest. */
export interface Ports {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly prober: Prober;
  readonly tables: StateTables;
  readonly invoker: Invoker;
  readonly addresses: Addresses;
  readonly compute: Compute;
  readonly fences: Fences;
  readonly loadBalancers: LoadBalancers;
  readonly databases: Databases;
  readonly publisher: Publisher;
  readonly surveyor: Surveyor;
  readonly dns: Dns;
  readonly notifier: Notifier;
  readonly log: Log;
}
