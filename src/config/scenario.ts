import type { Deployment } from '../core/deployment.ts';

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
  | { readonly kind: 'freeze'; readonly watcher: string; readonly forMs: number }
  | { readonly kind: 'lose'; readonly table: string }
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
      readonly fault: ApiFaultName;
      readonly forMs: number;
      readonly rate: number;
    }
  | { readonly kind: 'crash'; readonly watcher: string; readonly when: 'before' | 'after'; readonly point: string }
  | { readonly kind: 'skew'; readonly region: string; readonly byMs: number }
  | { readonly kind: 'set'; readonly site: SiteName; readonly facts: SiteFacts }
  | { readonly kind: 'misplace'; readonly address: string | null; readonly record: string | null; readonly to: string }
  | { readonly kind: 'redeploy'; readonly overrides: Readonly<Record<string, unknown>>; readonly as: string | null }
  | { readonly kind: 'operator'; readonly commandLine: string; readonly as: string }
);

/** How an AWS API can fail. */
export type ApiFaultName = 'throttle' | 'timeout' | 'error' | 'denied' | 'lost-response';

/** Facts of a site that a scenario can set. */
export interface SiteFacts {
  readonly replicationLagMs?: number | undefined;
  readonly ready?: boolean | undefined;
  readonly capacity?: number | undefined;
  readonly load?: number | undefined;
  readonly maintenance?: boolean | undefined;
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

/** What must be so. Each part given must hold. */
export interface Expectation {
  readonly line: number | null;
  readonly when: When;
  readonly active?: Readonly<Record<string, string>>;
  readonly serving?: Readonly<Record<string, readonly string[]>>;
  readonly moves?: Readonly<Record<string, Comparison>>;
  readonly epochDelta?: Readonly<Record<string, Comparison>>;
  /** Names of sites, or addresses, that a name answers; order does not matter. */
  readonly dns?: Readonly<Record<string, readonly string[]>>;
  readonly eip?: Readonly<Record<string, string | null>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly opinion?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly verdict?: Readonly<Record<string, string>>;
  readonly operator?: { readonly name: string; readonly exit: number | null; readonly says: string | null };
  readonly calls?: Readonly<Record<string, Comparison>>;
  readonly writes?: Comparison;
  readonly rto?: Readonly<Record<string, Comparison>>;
  readonly lost?: Readonly<Record<string, Comparison>>;
  readonly alarm?: string;
  /** A part of a message, or parts with how many messages have them. */
  readonly notified?: string | Readonly<Record<string, Comparison>>;
}
