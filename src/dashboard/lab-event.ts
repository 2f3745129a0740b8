import type { EventKind, FailoverEvent } from '../core/alerting/event.ts';

/** Kinds of process that make up a lab, its client, and the lab itself. */
export type LabActor = 'site' | 'watcher' | 'oracle' | 'table' | 'dns' | 'link' | 'client' | 'lab';

/** What a lab sees that no log of the product says: outside effects, and what was done to it. */
export type LabEventKind =
  | EventKind
  | 'vote-changed'
  | 'answer-changed'
  | 'notified'
  | 'fault'
  | 'healed'
  | 'process-ended'
  | 'client-lost'
  | 'client-good';

/** Something that happened in a lab, told by one of its processes. */
export interface LabEvent extends Omit<FailoverEvent, 'kind'> {
  readonly kind: LabEventKind;
  /** Epoch milliseconds; in a drill's result milliseconds since the fault. One machine, so all compare. */
  readonly atMs: number;
  readonly actor: LabActor;
  /** Control region of a watcher, oracle or table; name of a site; null where there is only one. */
  readonly place: string | null;
}
