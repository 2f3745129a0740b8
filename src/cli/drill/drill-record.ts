import { systemClock } from '../../adapters/system/clock.ts';
import type { ClientAnswer, FirstAnswer } from '../../dashboard/drill-result.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import type { Injection } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import { SteadyCheck } from '../lab/steadiness.ts';
import { type FirstFailure, findFirstFailure } from './first-failure.ts';

/** How long before the fault answers are worth keeping. */
const keptBeforeMs = 1_500;

/** Hears of a drill while it goes on. */
export interface DrillObserver {
  /** What the user's own sites answered, before anything is started. */
  readonly onRest: (service: string, answers: readonly FirstAnswer[]) => void;
  readonly onStart: (lab: Lab) => void;
  readonly onSteady: (lab: Lab, service: string, startMs: number) => void;
  /** What happens from the fault on; times since the fault. */
  readonly onEvent: (event: LabEvent) => void;
}

/** Everything that is seen in a drill; kept by the machine's clock, shown by the time since the fault. */
export class DrillRecord {
  readonly steady = new SteadyCheck();
  readonly startedAtMs = systemClock.wallMs();
  readonly #observer: DrillObserver | undefined;
  readonly #events: LabEvent[] = [];
  readonly #answers: ClientAnswer[] = [];
  #faultAtMs: number | null = null;
  #firstLostMs: number | null = null;
  #isBack = false;

  constructor(observer: DrillObserver | undefined) {
    this.#observer = observer;
  }

  hear(event: LabEvent): void {
    this.steady.hear(event);
    this.#events.push(event);
    if (this.#faultAtMs !== null) this.#observer?.onEvent(this.#sinceFault(event));
  }

  /** Keeps an answer of the client, and makes an event of the first lost one and of the first good one after it. */
  note(answer: ClientAnswer): void {
    this.#answers.push(answer);
    const event = this.#newsOf(answer);
    if (event !== null) this.hear(event);
  }

  /**
   * When a site that somebody stops began to fail, by what has been seen up to now; null while it does not.
   *
   * @param requestMs - the longest that one request takes
   */
  findFirstFailure(site: string, sinceMs: number, requestMs: number): FirstFailure | null {
    const seen = { answers: this.#answers, events: this.#events };
    return findFirstFailure(seen, site, sinceMs, systemClock.wallMs() - requestMs);
  }

  /** Begins to count from the fault. What has been seen since it is told now: it may be recognized afterwards. */
  begin({ atMs, detail, service, active }: Injection): void {
    this.#faultAtMs = atMs;
    const fault: LabEvent = {
      atMs: Math.round(atMs),
      actor: 'lab',
      place: null,
      kind: 'fault',
      service,
      site: active,
      detail,
      data: {},
    };
    const heard = this.#events.filter((event) => event.atMs >= atMs);
    const ended = this.#answers.filter(({ endedMs }) => endedMs >= atMs).sort((a, b) => a.sentMs - b.sentMs);
    const news = [fault, ...ended.flatMap((answer) => this.#newsOf(answer) ?? [])];
    this.#events.push(...news);
    for (const event of [...news, ...heard].sort((a, b) => a.atMs - b.atMs)) {
      this.#observer?.onEvent(this.#sinceFault(event));
    }
  }

  /** How long every answer so far has been good, up to now. */
  goodForMs(): number {
    const lastLost = this.#answers.findLastIndex(({ isGood }) => !isGood);
    const firstGood = this.#answers[lastLost + 1];
    return firstGood === undefined ? 0 : systemClock.wallMs() - firstGood.sentMs;
  }

  /** Why the client's newest lost request was lost; null without one. */
  lastReason(): string | null {
    return this.#answers.findLast(({ isGood }) => !isGood)?.reason ?? null;
  }

  hasRunEnded(): boolean {
    const faultAtMs = this.#faultAtMs ?? Number.POSITIVE_INFINITY;
    return this.#events.some(({ kind, atMs }) => kind === 'run-ended' && atMs >= faultAtMs);
  }

  /** In order, times since the fault. */
  events(): readonly LabEvent[] {
    return this.#events.map((event) => this.#sinceFault(event)).sort((a, b) => a.atMs - b.atMs);
  }

  /** In the order in which they were sent, times since the fault, from a little before it. */
  answers(): readonly ClientAnswer[] {
    const zeroMs = this.#faultAtMs ?? 0;
    return this.#answers
      .map((answer) => ({
        ...answer,
        sentMs: Math.round(answer.sentMs - zeroMs),
        endedMs: Math.round(answer.endedMs - zeroMs),
      }))
      .filter(({ sentMs }) => sentMs >= -keptBeforeMs)
      .sort((a, b) => a.sentMs - b.sentMs);
  }

  /** What an answer is an event of; null for one that changes nothing. */
  #newsOf({ site, isGood, sentMs, endedMs, reason }: ClientAnswer): LabEvent | null {
    if (this.#faultAtMs === null) return null;
    if (!isGood && this.#firstLostMs === null) {
      this.#firstLostMs = sentMs;
      return clientEvent('client-lost', endedMs, site, `first lost request (${reason})`);
    }
    if (!isGood || this.#firstLostMs === null || sentMs <= this.#firstLostMs || this.#isBack) return null;
    this.#isBack = true;
    return clientEvent('client-good', endedMs, site, `good answer from ${site}`);
  }

  #sinceFault(event: LabEvent): LabEvent {
    return { ...event, atMs: Math.round(event.atMs - (this.#faultAtMs ?? this.startedAtMs)) };
  }
}

function clientEvent(kind: 'client-lost' | 'client-good', atMs: number, site: string | null, detail: string): LabEvent {
  return { atMs: Math.round(atMs), actor: 'client', place: null, kind, service: null, site, detail, data: {} };
}
