import type { Deployment } from '../core/model/deployment.ts';

/** A scenario file, read and checked. All times are milliseconds from the start. */
export interface Scenario {
  readonly name: string;
  /** Where the case comes from; null when it is our own. */
  readonly source: string | null;
  readonly fileName: string;
  readonly deployment: Deployment;
  /** The configuration as it was written, so that a redeploy can change a part of it. */
  readonly configuration: unknown;
  readonly seed: number;
  readonly durationMs: number;
  readonly events: readonly ScenarioEvent[];
  readonly expectations: readonly Expectation[];
}

/** What can be stopped and started. A site's name may stand for that site of every service that has it. */
export type Target =
  | { readonly kind: 'site'; readonly service: string | null; readonly name: string }
  | { readonly kind: 'watcher' | 'oracle' | 'table' | 'region'; readonly name: string };

/** A site as events about its behaviour name it. */
export interface SiteName {
  readonly service: string | null;
  readonly name: string;
}

/** Something that happens to the world, or that an operator does. */
export type ScenarioEvent = { readonly atMs: number; readonly line: number | null } & (
  | { readonly kind: 'stop' | 'start' | 'hang'; readonly target: Target }
  | {
      readonly kind: 'freeze';
      readonly role: 'watcher' | 'actuator';
      readonly region: string;
      readonly forMs: number;
    }
  | { readonly kind: 'lose' | 'backup' | 'restore'; readonly table: string }
  | { readonly kind: 'slow'; readonly site: SiteName; readonly latencyMs: number }
  | {
      readonly kind: 'break';
      readonly site: SiteName;
      readonly status: number | null;
      readonly body: string | null;
      readonly role: string | null;
    }
  | { readonly kind: 'cut'; readonly ends: readonly [string, string]; readonly isOneWay: boolean }
  | { readonly kind: 'heal'; readonly ends: readonly [string, string] }
  | {
      readonly kind: 'fail';
      readonly api: string;
      readonly region: string | null;
      /** Control region or operator whose calls fail; null for everybody's. */
      readonly by: string | null;
      readonly fault: ApiFaultName;
      readonly forMs: number;
      readonly rate: number;
    }
  | { readonly kind: 'crash'; readonly watcher: string; readonly when: 'before' | 'after'; readonly point: string }
  | { readonly kind: 'skew'; readonly region: string; readonly byMs: number }
  | { readonly kind: 'set'; readonly site: SiteName; readonly facts: SiteFacts }
  | { readonly kind: 'grey'; readonly site: SiteName; readonly fault: GreyFacts }
  | { readonly kind: 'dependency'; readonly name: string; readonly isFailing: boolean }
  /** A stranger sets the size of everything that a site is scaled by. */
  | { readonly kind: 'resize'; readonly site: SiteName; readonly size: number }
  /** A stranger turns all work of a site on or off. */
  | { readonly kind: 'turn'; readonly site: SiteName; readonly isOn: boolean }
  | { readonly kind: 'misplace'; readonly address: string | null; readonly record: string | null; readonly to: string }
  /** All routes of a table; `nothing` takes them away. */
  | { readonly kind: 'reroute'; readonly table: string; readonly to: string }
  /** Weights of a service's target groups, or of its records, by site. */
  | { readonly kind: 'misweigh'; readonly service: string; readonly weights: Readonly<Record<string, number>> }
  | {
      readonly kind: 'redeploy';
      /** Control regions whose stacks are deployed now; null for all of the configuration. */
      readonly regions: readonly string[] | null;
      /** How long after that the watchers of these stacks get the new configuration; at once unless it is said. */
      readonly watchersAfterMs?: number;
      /** The same, for their other functions. */
      readonly functionsAfterMs?: number;
      readonly overrides: Readonly<Record<string, unknown>>;
      readonly as: string | null;
    }
  | {
      readonly kind: 'operator';
      readonly commandLine: string;
      readonly as: string;
      /** Region or location in which it is given; absent: in neither. */
      readonly from?: string;
      /** Works by the configuration that was deployed before the newest one. */
      readonly isStale: boolean;
    }
);

/** How an AWS API can fail. */
export type ApiFaultName = 'throttle' | 'timeout' | 'error' | 'denied' | 'lost-response' | 'late' | 'twice' | 'stale';

/** Facts of a site that a scenario can set. */
export interface SiteFacts {
  readonly replicationLagMs?: number | undefined;
  readonly ready?: boolean | undefined;
  readonly capacity?: number | undefined;
  readonly load?: number | undefined;
  readonly maintenance?: boolean | undefined;
  /** Time that more of it takes to boot, and whether there is room for more. */
  readonly bootMs?: number | undefined;
  readonly canBoot?: boolean | undefined;
  /** Time that a promotion of its data takes, and why its function refuses one; empty for no reason. */
  readonly promotionMs?: number | undefined;
  /** What of a promotion AWS shows first: the new writer, the end of the move, or both at once. */
  readonly promotionEnds?: 'at-once' | 'writer-first' | 'state-first' | undefined;
  /** Time that the user's function takes to change something of the site. */
  readonly hookMs?: number | undefined;
  /** Deregistration delay of its target group. */
  readonly drainMs?: number | undefined;
  /** How many things its audit finds, where it waits and is not hot. */
  readonly findings?: number | undefined;
  readonly veto?: string | undefined;
  /**
   * `replica`: a person has made its data anew as a replica of the present writer's. `writer`: a person has made it
   * the writer, in the console of AWS. `unusable`: its part of data that every site writes is being deleted, or is no
   * part of it any more; `usable` ends that.
   */
  readonly data?: 'replica' | 'writer' | 'usable' | 'unusable' | undefined;
  /** What its page says, in JSON or as a text that is none; null: what is expected, and the truth. */
  readonly page?: string | Readonly<Record<string, unknown>> | null | undefined;
  /** Age that its newest backup has now, and time since one was restored; null: there is none. */
  readonly backupAgeMs?: number | null | undefined;
  readonly restoreAgeMs?: number | null | undefined;
}

/** How a site is half well; what is left out stays as it is. */
export interface GreyFacts {
  readonly errorShare?: number | undefined;
  readonly jitterMs?: number | undefined;
  readonly packetLoss?: number | undefined;
  readonly clockOffsetMs?: number | undefined;
  readonly certificateDays?: number | undefined;
  readonly isReadOnly?: boolean | undefined;
  readonly failingProbe?: number | null | undefined;
}

/** When an expectation is looked at. */
export type When =
  | { readonly kind: 'at'; readonly atMs: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'by'; readonly byMs: number }
  | { readonly kind: 'always'; readonly fromMs: number; readonly toMs: number }
  /** Over the whole run, or from an instant on. */
  | { readonly kind: 'total'; readonly fromMs: number };

/** A bound on a number: `3`, `<= 3`, `> 0`; durations are milliseconds. */
export interface Comparison {
  readonly operator: '=' | '<=' | '>=' | '<' | '>';
  readonly value: number;
}

/** Exactly these sites, in any order, or a bound on how many there are. */
export type SitesOrCount = readonly string[] | Comparison;

/** What must be so. Each part given must hold. */
export interface Expectation {
  readonly line: number | null;
  readonly when: When;
  readonly active?: Readonly<Record<string, string>>;
  readonly serving?: Readonly<Record<string, readonly string[]>>;
  readonly moves?: Readonly<Record<string, Comparison>>;
  readonly epochDelta?: Readonly<Record<string, Comparison>>;
  /** Control regions that vote by the newest decided value; order does not matter. */
  readonly voters?: Readonly<Record<string, readonly string[]>>;
  /** Names of sites, or addresses, that a name answers; order does not matter. */
  readonly dns?: Readonly<Record<string, readonly string[]>>;
  /** Instance or interface that all routes of a table lead to. */
  readonly route?: Readonly<Record<string, string | null>>;
  readonly eip?: Readonly<Record<string, string | null>>;
  /**
   * Weights of target groups, dials of endpoint groups, routing controls (100 is on), zones (0 is shifted
   * away from), the origin that the edge goes to (100), or weights of records, by service and site.
   */
  readonly weights?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Site whose data takes writes, by service. */
  readonly writer?: Readonly<Record<string, string>>;
  /** Sites that take and keep what a client who knows the way writes; or how many. */
  readonly writable?: Readonly<Record<string, SitesOrCount>>;
  /** Sites at which clients of any kind were served within the last second; or how many. */
  readonly open?: Readonly<Record<string, SitesOrCount>>;
  /** Sites that their fence cuts off; or how many. */
  readonly isolated?: Readonly<Record<string, SitesOrCount>>;
  /** Sites whose schedules and consumers may begin work, by service. */
  readonly work?: Readonly<Record<string, readonly string[]>>;
  /** What is in service of what can be scaled, by service and site. */
  readonly scale?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Sites that inside clients are told of, best first, in every region that is not dark; by service. */
  readonly published?: Readonly<Record<string, readonly string[]>>;
  /** Percent of what the living sites could have served of the demand that they did serve; by service. */
  readonly goodput?: Readonly<Record<string, Comparison>>;
  /** Services at which nothing is under way but a failback that had to wait for its turn. No file can say this. */
  readonly settled?: readonly string[];
  /** As it is written: values, bounds, `{ not: ... }`, or mappings of fields, however deep. */
  readonly status?: Readonly<Record<string, unknown>>;
  readonly opinion?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly verdict?: Readonly<Record<string, string>>;
  readonly operator?: { readonly name: string; readonly exit: number | null; readonly says: string | null };
  readonly calls?: Readonly<Record<string, Comparison>>;
  /** Requests to functions of the user: `read:KIND`, `write:KIND`; `beside`: those beside another of the same order. */
  readonly hooks?: Readonly<Record<string, Comparison>>;
  readonly writes?: Comparison;
  readonly rto?: Readonly<Record<string, Comparison>>;
  readonly lost?: Readonly<Record<string, Comparison>>;
  readonly alarm?: string;
  /** An alarm that was raised, and is resolved. */
  readonly alarmResolved?: string;
  /** An alarm that was never raised. */
  readonly noAlarm?: string;
  /** A part of a message, or parts with how many messages have them. */
  readonly notified?: string | Readonly<Record<string, Comparison>>;
  /** How many messages a topic of the user's has taken, by its ARN. */
  readonly heard?: Readonly<Record<string, Comparison>>;
}
