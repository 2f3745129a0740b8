import { systemClock } from '../../adapters/system/clock.ts';
import type { ClientAnswer } from '../../dashboard/drill-result.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import type { Injection } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import { SteadyCheck } from '../lab/steadiness.ts';

/** How long before the fault answers are worth keeping. */
const keptBeforeMs = 1_500;

/** Hears of a drill while it goes on. */
export interface DrillObserver {
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
    if (this.#faultAtMs === null) return;
    const { site, isGood, sentMs, endedMs, reason } = answer;
    if (!isGood && this.#firstLostMs === null) {
      this.#firstLostMs = sentMs;
      this.#hearClient('client-lost', endedMs, site, `first lost request (${reason})`);
    } else if (isGood && this.#firstLostMs !== null && sentMs > this.#firstLostMs && !this.#isBack) {
      this.#isBack = true;
      this.#hearClient('client-good', endedMs, site, `good answer from ${site}`);
    }
  }

  begin({ atMs, detail, service, active }: Injection): void {
    this.#faultAtMs = atMs;
    this.hear({ atMs, actor: 'lab', place: null, kind: 'fault', service, site: active, detail, data: {} });
  }

  /** How long every answer so far has been good, up to now. */
  goodForMs(): number {
    const lastLost = this.#answers.findLastIndex(({ isGood }) => !isGood);
    const firstGood = this.#answers[lastLost + 1];
    return firstGood === undefined ? 0 : systemClock.wallMs() - firstGood.sentMs;
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

  #hearClient(kind: 'client-lost' | 'client-good', atMs: number, site: string | null, detail: string): void {
    this.hear({ atMs: Math.round(atMs), actor: 'client', place: null, kind, service: null, site, detail, data: {} });
  }

  #sinceFault(event: LabEvent): LabEvent {
    return { ...event, atMs: event.atMs - (this.#faultAtMs ?? this.startedAtMs) };
  }
}
