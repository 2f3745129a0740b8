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
import type { TelemetryReport } from './telemetry/report.ts';

/** Calls that do not belong to a kind. */
interface CommonCalls {
  /** One check of a site. */
  probe: { input: { readonly probe: Probe }; output: Observation };
  /** The self-check: whether a control target answers, which is independent of every site. */
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
  /**
   * Records the token in the region's table, with a digest of what whoever ordered was configured with, unless a newer
   * one is there. An equal one is granted again; to who asks again (`isAgain`) only while it has the same digest.
   */
  claimToken: {
    input: {
      readonly region: string;
      readonly service: string;
      readonly token: FencingToken;
      readonly digest: string;
      readonly isAgain: boolean;
    };
    output: { readonly isGranted: boolean; readonly claimed: FencingToken };
  };

  /** The claim that a region's table holds for a service; null when there is none. */
  readClaim: {
    input: { readonly region: string; readonly service: string };
    output: { readonly token: FencingToken; readonly digest: string } | null;
  };

  /** Has the actuator function of a region carry out an order. */
  invoke: { input: { readonly region: string; readonly order: Order }; output: StepReport };
  /**
   * Has the survey function of a region read the facts of a site that no probe can see. Whether it runs well behind
   * its fence is read only where the fence is owed.
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
  /** Sends metrics or a trace to the deployment's collector. Nothing waits for it, and nothing is decided by it. */
  export: { input: { readonly report: TelemetryReport }; output: null };
  /** Writes a structured log line; never fails, never waits. */
  log: { input: { readonly event: FailoverEvent }; output: null };
}

/** The present state of a thing, whether or not it is as desired. */
type Reads = { [K in KindName as `read:${K}`]: { input: ThingOf<K>; output: StateOf<K> } };

/** Makes a thing as desired. A change that takes time is only asked for; a later read shows when it is done. */
type Writes = { [K in KindName as `write:${K}`]: { input: ThingOf<K>; output: null } };

/**
 * Everything that the core can ask of the outside: for each call its name, its input and its output. This is the only
 * list. The types of the handlers, of the runner of routines and of the simulator are derived from it.
 *
 * A call that gets no answer within its deadline is answered with a fault.
 */
export type Calls = CommonCalls & Reads & Writes;
