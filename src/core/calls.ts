import type { Probe } from './deployment.ts';
import type { Happening } from './happening.ts';
import type { Observation } from './observation.ts';
import type { OpinionItem } from './opinion-item.ts';
import type { Order, StepReport } from './order.ts';
import type { AcceptorReply, AcceptorState } from './register/acceptor.ts';
import type { Ballot } from './register/ballot.ts';
import type { Register } from './register/register.ts';
import type { FencingToken } from './run.ts';

/**
 * Everything that the core can ask of the outside: by name, what goes out and what comes back.
 *
 * The interfaces in `ports/` mirror this list; `ports/perform.ts` joins the two. A call that gets no answer within its
 * deadline is answered with a fault by the driver.
 */
export interface Calls {
  /** One check of a site. Port: prober. */
  probe: { input: { readonly probe: Probe }; output: Observation };

  /** First phase of a register change at one table. Port: state-tables, as all the following up to `claimToken`. */
  prepare: {
    input: { readonly region: string; readonly service: string; readonly ballot: Ballot };
    output: AcceptorReply<Register>;
  };
  /** Second phase of a register change at one table. */
  accept: {
    input: { readonly region: string; readonly service: string; readonly ballot: Ballot; readonly value: Register };
    output: AcceptorReply<Register>;
  };
  /** One consistent read of a table: its watcher's opinions and its acceptor state of each service. */
  readTable: { input: { readonly region: string; readonly services: readonly string[] }; output: TableView };
  /** Replaces the opinions of the region's watcher, unless a younger invocation has taken over. */
  writeOpinions: {
    input: { readonly region: string; readonly item: OpinionItem };
    output: { readonly isSuperseded: boolean };
  };
  /** Records the token in the region's table, unless a newer one is there. */
  claimToken: {
    input: { readonly region: string; readonly service: string; readonly token: FencingToken };
    output: { readonly isGranted: boolean; readonly claimed: FencingToken };
  };

  /** Has the actuator function of a region carry out an order. Port: invoker. */
  invoke: { input: { readonly region: string; readonly order: Order }; output: StepReport };

  /** Instance that an Elastic IP points at, null when at none. Port: addresses. */
  locateAddress: {
    input: { readonly region: string; readonly allocationId: string };
    output: { readonly instanceId: string | null };
  };
  /** Points an Elastic IP at an instance, taking it from wherever it is. */
  associateAddress: {
    input: { readonly region: string; readonly allocationId: string; readonly instanceId: string };
    output: null;
  };

  /** Security-group isolation of instances. Port: compute. */
  readIsolation: {
    input: { readonly region: string; readonly instanceIds: readonly string[]; readonly groupId: string };
    output: Isolation;
  };
  setIsolation: {
    input: {
      readonly region: string;
      readonly instanceIds: readonly string[];
      readonly groupId: string;
      readonly isIsolated: boolean;
    };
    output: null;
  };

  /** Addresses that the name resolves to now, sorted; empty when it does not resolve. Port: dns, as the next two. */
  resolve: { input: { readonly name: string }; output: { readonly addresses: readonly string[] } };
  /** Values of a simple record, by type. */
  readRecord: { input: { readonly zoneId: string; readonly name: string }; output: RecordValues };
  writeRecord: {
    input: {
      readonly zoneId: string;
      readonly name: string;
      readonly ttlSeconds: number;
      readonly values: RecordValues;
    };
    output: null;
  };

  /** Whether something that has nothing to do with any site answers: the self-check. Port: prober. */
  checkSelf: { input: Record<never, never>; output: { readonly isConnected: boolean } };

  /** Tells people. Port: notifier. */
  notify: { input: { readonly happening: Happening }; output: null };
  /** Writes a structured log line; never fails, never waits. Port: log. */
  log: { input: { readonly happening: Happening }; output: null };
}

/** Address of a simple record by type; null where there is no record of the type. */
export interface RecordValues {
  readonly a: string | null;
  readonly aaaa: string | null;
}

/** How far a group of instances is cut off; both false while only a part of them is. */
export interface Isolation {
  /** Every instance is in the isolation group and in no other. */
  readonly isIsolated: boolean;
  /** No instance is in the isolation group. */
  readonly isReleased: boolean;
}

/** What one region's table held at one instant. */
export interface TableView {
  /** Null when no watcher has written there yet. */
  readonly opinions: OpinionItem | null;
  /** By service; null where the table has never heard of the register. */
  readonly acceptors: Readonly<Record<string, AcceptorState<Register> | null>>;
}
