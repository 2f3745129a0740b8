import type { FailoverEvent } from './alerting/event.ts';
import type { Observation } from './detection/observation.ts';
import type { SiteSurvey } from './detection/site-survey.ts';
import type { KindName } from './kinds/kind-name.ts';
import type { StateOf, ThingOf } from './kinds/kinds.ts';
import type { Order, StepReport } from './kinds/order.ts';
import type { Probe } from './model/probe.ts';
import type { AcceptorReply } from './register/acceptor.ts';
import type { Ballot } from './register/ballot.ts';
import type { Register } from './register/register.ts';
import type { FencingToken } from './register/run.ts';
import type { OpinionItem } from './tables/opinion-item.ts';
import type { TableView } from './tables/table-view.ts';

/** Calls that belong to no kind. */
interface CommonCalls {
  /** One check of a site. */
  probe: { input: { readonly probe: Probe }; output: Observation };
  /** Whether something that has nothing to do with any site answers: the self-check. */
  checkSelf: { input: Record<never, never>; output: { readonly isConnected: boolean } };

  /** First phase of a register change at one table. */
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
  /** Records the token in the region's table, unless a newer one is there; an equal one is granted again. */
  claimToken: {
    input: { readonly region: string; readonly service: string; readonly token: FencingToken };
    output: { readonly isGranted: boolean; readonly claimed: FencingToken };
  };

  /** Has the actuator function of a region carry out an order. */
  invoke: { input: { readonly region: string; readonly order: Order }; output: StepReport };
  /**
   * Has the survey function of a region read the facts of a site that no probe tells; those that open a fence, only
   * where the site's fence is owed.
   */
  survey: {
    input: {
      readonly region: string;
      readonly service: string;
      readonly site: string;
      readonly isFenceOwed: boolean;
    };
    output: SiteSurvey;
  };

  /** Addresses that the name resolves to now, sorted; empty when it does not resolve. */
  resolve: { input: { readonly name: string }; output: { readonly addresses: readonly string[] } };

  /** Tells people. */
  notify: { input: { readonly event: FailoverEvent }; output: null };
  /** Writes a structured log line; never fails, never waits. */
  log: { input: { readonly event: FailoverEvent }; output: null };
}

/** What is there of a thing, whether or not it is as wanted. */
type Reads = { [K in KindName as `read:${K}`]: { input: ThingOf<K>; output: StateOf<K> } };

/** Makes a thing as wanted, or asks for that and returns at once: what takes time is seen by reading again. */
type Writes = { [K in KindName as `write:${K}`]: { input: ThingOf<K>; output: null } };

/**
 * Everything that the core can ask of the outside: by name, what goes out and what comes back. This is the only list;
 * handlers, the runner of routines and the simulator follow from it.
 *
 * A call that gets no answer within its deadline is answered with a fault.
 */
export type Calls = CommonCalls & Reads & Writes;
