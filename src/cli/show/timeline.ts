import type { DrillResult } from '../../dashboard/drill-result.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import { columns, duration } from './layout.ts';

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
  const words = wordsOf(event);
  return words === null
    ? null
    : `${secondsOf(atMs).padStart(timeWidth)} s  ${actorOf(event).padEnd(actorWidth)}  ${words}`;
}

function wordsOf({ kind, site, detail, data }: LabEvent): string | null {
  if (unsaid.includes(kind)) return null;
  // Opinions say the rest: what a watcher holds of the others' is news only when it can move traffic.
  if (kind === 'verdict-changed') return data.verdict === 'down' ? `a quorum holds ${site} down` : null;
  if (kind === 'decision') return data.reason === 'suspected' ? null : `decides to ${detail}`;
  return detail;
}

/** Who did it, as short as it is plain. */
function actorOf({ actor, place }: Pick<LabEvent, 'actor' | 'place'>): string {
  if (actor === 'lab') return 'FAULT';
  if (actor === 'dns') return 'DNS';
  return place === null ? actor : `${actor} ${place}`;
}

const phaseNames: { readonly [K in keyof DrillResult['phases']]: readonly [string, string] } = {
  fault: ['fault', ''],
  detected: ['detected', 'a quorum of watchers holds the site down'],
  decided: ['decided', 'a majority of state tables holds the new epoch'],
  shifted: ['shifted', 'the name server answers with the new site'],
  answered: ['answered', 'the client gets good answers from the new site'],
  verified: ['verified', 'the watcher that did it has seen the new answer itself'],
};

/** The phases of a drill as a table, and what came of it. */
export function showLedger(result: DrillResult): string {
  const rows = Object.entries(result.phases)
    .filter(([, atMs]) => atMs !== null || result.expectation !== 'stays')
    .sort(([, a], [, b]) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY))
    .map(([phase, atMs]) => {
      const [name, meaning] = phaseNames[phase as keyof DrillResult['phases']];
      return [name, atMs === null ? '-' : `${secondsOf(atMs)} s`, phase === 'fault' ? result.faultDetail : meaning];
    });
  const bound = `${duration(result.boundMs)} (health checkers look every ${duration(result.checkIntervalMs)} here; Route 53's every 10 s, where it would be ${duration(result.awsBoundMs)})`;
  const figures = [
    ['recovery time', describeRecovery(result)],
    ['requests lost', `${result.lostRequests} of ${result.requests}`],
    ['bound', bound],
    ['expected', result.expected],
    ['seen', result.seen],
  ];
  return `Ledger\n${columns(rows, '  ')}\n\n${columns(figures, '  ')}`;
}

function describeRecovery({ recoveryMs, lostRequests }: DrillResult): string {
  if (lostRequests === 0) return 'no outage';
  return recoveryMs === null ? 'never' : duration(recoveryMs);
}

/** Seconds with hundredths. */
function secondsOf(ms: number): string {
  return (ms / 1_000).toFixed(2);
}
