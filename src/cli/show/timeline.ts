import type { LabEvent } from '../../dashboard/lab-event.ts';

/** Widest name of who did something: `oracle us-east-1`. */
const actorWidth = 18;
const timeWidth = 8;

/** Kinds that repeat what another line says already. */
const unsaid: readonly LabEvent['kind'][] = ['step-started', 'notified', 'pulse'];

/**
 * One event as a line of a timeline.
 *
 * @param atMs - milliseconds since what the timeline counts from
 * @returns null for an event that is not worth a line of its own
 */
export function showEvent(event: LabEvent, atMs: number): string | null {
  const words = eventWords(event);
  return words === null
    ? null
    : `${secondsOf(atMs).padStart(timeWidth)} s  ${eventActor(event).padEnd(actorWidth)}  ${words}`;
}

/** What happened, for people; null for an event that another one says already. */
export function eventWords({ kind, site, detail, data }: LabEvent): string | null {
  if (unsaid.includes(kind)) return null;
  // Opinions say the rest: what a watcher holds of the others' is news only when it can move traffic.
  if (kind === 'verdict-changed') return data.verdict === 'down' ? `a quorum holds ${site} down` : null;
  if (kind === 'decision') return data.reason === 'suspected' ? null : `decides to ${detail}`;
  return detail;
}

/** Who did it, as short as it is plain. */
export function eventActor({ actor, place }: Pick<LabEvent, 'actor' | 'place'>): string {
  if (actor === 'lab') return 'FAULT';
  if (actor === 'dns') return 'DNS';
  return place === null ? actor : `${actor} ${place}`;
}

/** Seconds with hundredths. */
export function secondsOf(ms: number): string {
  return (ms / 1_000).toFixed(2);
}
