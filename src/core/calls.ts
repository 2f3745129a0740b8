import type { FailoverEvent } from './alerting/event.ts';
import type { Observation } from './detection/observation.ts';
import type { SiteSurvey } from './detection/site-survey.ts';
import type { RecordValues } from './dns/record-values.ts';
import type { Order, StepReport } from './kinds/order.ts';
import type { Publication } from './kinds/publication.ts';
import type { DataResource } from './model/data.ts';
import type { Probe } from './model/probe.ts';
import type { Fence, Scalable } from './model/site.ts';
import type { AcceptorReply } from './register/acceptor.ts';
import type { Ballot } from './register/ballot.ts';
import type { Register } from './register/register.ts';
import type { FencingToken } from './register/run.ts';
import type { OpinionItem } from './tables/opinion-item.ts';
import type { TableView } from './tables/table-view.ts';

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

  /** How far a site is cut off. Port: fences, as the next one. */
  readIsolation: { input: FenceInput; output: Isolation };
  setIsolation: { input: FenceInput & { readonly isIsolated: boolean }; output: null };

  /** Weights of the target groups of a listener or rule. Port: load-balancers, as the next one. */
  readWeights: {
    input: { readonly region: string; readonly listenerArn: string };
    output: Readonly<Record<string, number>>;
  };
  /** Sets the weights of the target groups named; forwards to no other. */
  setWeights: {
    input: {
      readonly region: string;
      readonly listenerArn: string;
      readonly weights: Readonly<Record<string, number>>;
    };
    output: null;
  };

  /** How large something is, wants to be, and how much of it is ready. Port: compute, as the next one. */
  readScale: { input: { readonly region: string; readonly scalable: Scalable }; output: ScaleState };
  /** Asks for a size, and returns at once. */
  setScale: {
    input: { readonly region: string; readonly scalable: Scalable; readonly size: number };
    output: null;
  };

  /** Which site writes the data. Port: databases, as the next one. */
  readWriter: {
    input: { readonly region: string; readonly service: string; readonly data: DataResource };
    output: WriterState;
  };
  /** Asks for a promotion, and returns at once. A veto is a `denied` fault. */
  promote: {
    input: {
      readonly region: string;
      readonly service: string;
      readonly data: DataResource;
      readonly from: string;
      readonly to: string;
      readonly isPlanned: boolean;
      readonly isDataLossAllowed: boolean;
    };
    output: null;
  };

  /** What inside clients of this region are told; null when nothing was published. Port: publisher, as the next one. */
  readPublication: { input: { readonly region: string; readonly service: string }; output: Publication | null };
  publish: { input: { readonly region: string; readonly publication: Publication }; output: null };

  /** Has the survey function of a region read the facts of a site that no probe tells. Port: surveyor. */
  survey: {
    input: { readonly region: string; readonly service: string; readonly site: string };
    output: SiteSurvey;
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

  /** Weights of a name's weighted records, by site. Port: dns, as the next one. */
  readRecordWeights: {
    input: { readonly zoneId: string; readonly name: string };
    output: Readonly<Record<string, number>>;
  };
  writeRecordWeights: {
    input: { readonly zoneId: string; readonly name: string; readonly weights: Readonly<Record<string, number>> };
    output: null;
  };

  /** Whether something that has nothing to do with any site answers: the self-check. Port: prober. */
  checkSelf: { input: Record<never, never>; output: { readonly isConnected: boolean } };

  /** Tells people. Port: notifier. */
  notify: { input: { readonly event: FailoverEvent }; output: null };
  /** Writes a structured log line; never fails, never waits. Port: log. */
  log: { input: { readonly event: FailoverEvent }; output: null };
}

/** A fence and where it is. */
export interface FenceInput {
  readonly region: string;
  readonly service: string;
  readonly site: string;
  readonly fence: Fence;
}

/** How far a site is cut off; both false while only a part of it is. */
export interface Isolation {
  /** Nothing of it can be reached by clients. */
  readonly isIsolated: boolean;
  /** Nothing of it is cut off. */
  readonly isReleased: boolean;
}

/** What is there of something that can be scaled. */
export interface ScaleState {
  /** What was asked for; for instances 1 when all are meant to run, 0 when all are meant to be stopped, else between. */
  readonly wanted: number;
  /** What is up, checked and in service. */
  readonly ready: number;
}

/** Who writes. */
export interface WriterState {
  /** Site whose part takes writes; null when none does, or when it is not one of the sites. */
  readonly writer: string | null;
  /** A promotion is under way. */
  readonly isMoving: boolean;
}
