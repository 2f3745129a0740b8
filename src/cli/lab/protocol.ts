import type { NameServer } from '../../adapters/net/resolver.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';

/** URLs by control region. */
export type Urls = Readonly<Record<string, string>>;

/** A forwarder between two regions: what goes through it crosses their border. */
export interface Wire {
  readonly from: string;
  readonly to: string;
  readonly host: string;
  readonly port: number;
}

/** What each kind of process is told, once, before it starts its work. */
export interface LabConfigs {
  /** A table and an oracle that take the place of one that has ended get its port. */
  readonly table: { readonly deployment: string; readonly port?: number };
  readonly site: { readonly name: string; readonly host: string; readonly port: number };
  readonly link: { readonly links: readonly Wire[] };
  readonly oracle: {
    readonly deployment: Deployment;
    readonly region: string;
    readonly tableUrl: string;
    readonly port?: number;
  };
  readonly dns: { readonly deployment: Deployment; readonly oracles: Urls; readonly checkIntervalMs: number };
  readonly watcher: {
    /** With probes that go through links where they cross a border. */
    readonly deployment: Deployment;
    readonly region: string;
    readonly tables: Urls;
    readonly nameServer: NameServer;
    /** URLs of the other regions' tables: one that answers shows that this region has a way out. */
    readonly controlUrls: readonly string[];
  };
}

/** What a process of the lab plays. */
export type LabRole = keyof LabConfigs;

/** What a running process may be told. */
export interface LabCommands {
  readonly site: { readonly behave: 'well' | 'slow' | 'error' | 'wrong-body'; readonly latencyMs: number };
  readonly link:
    | { readonly cut: string }
    | { readonly heal: string }
    /** Wakes a frozen process when the lab is gone, so that it notices. */
    | { readonly wakeAtEnd: number };
  readonly table: never;
  readonly oracle: never;
  readonly dns: never;
  readonly watcher: never;
}

/** What a process hears from the lab. */
export type ToChild =
  | { readonly kind: 'configure'; readonly config: unknown }
  | { readonly kind: 'command'; readonly command: unknown };

/** An event as its process tells it; the lab knows who it is. */
export type OwnEvent = Omit<LabEvent, 'actor' | 'place'>;

/** What the lab hears from a process. */
export type FromChild =
  /** Ports on which it listens now, in the order of its configuration. */
  | { readonly kind: 'ready'; readonly ports: readonly number[] }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'event'; readonly event: OwnEvent };
