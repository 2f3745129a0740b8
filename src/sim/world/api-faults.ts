import type { Fault } from '../../core/routine.ts';

/** What an AWS API does wrong. `lost-response`: the effect happens, the answer does not come. */
export type ApiFaultKind = 'throttle' | 'timeout' | 'error' | 'denied' | 'lost-response';

/** A fault of an API that is in force for a while. */
export interface ApiFault {
  /** `service:Action`, or `service:*`. */
  readonly api: string;
  /** Absent: in every region. */
  readonly region?: string | undefined;
  readonly kind: ApiFaultKind;
  readonly untilMs: number;
  /** Share of calls that fail, above 0, at most 1. */
  readonly rate: number;
}

/** The faults of AWS APIs that are in force. */
export class ApiFaults {
  #faults: ApiFault[] = [];

  add(fault: ApiFault): void {
    this.#faults.push(fault);
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault that strikes a call now, null when none does. */
  strike(api: string, region: string, nowMs: number, random: () => number): ApiFaultKind | null {
    if (this.#faults.length === 0) return null;
    this.#faults = this.#faults.filter((fault) => fault.untilMs > nowMs);
    const hit = this.#faults.find(
      (fault) =>
        matches(fault.api, api) && (fault.region === undefined || fault.region === region) && random() < fault.rate,
    );
    return hit?.kind ?? null;
  }
}

function matches(pattern: string, api: string): boolean {
  return pattern === api || (pattern.endsWith(':*') && api.startsWith(pattern.slice(0, -1)));
}

/** How an API fault looks to the caller. */
export function faultOf(kind: Exclude<ApiFaultKind, 'timeout' | 'lost-response'>, api: string): Fault {
  switch (kind) {
    case 'throttle':
      return { kind: 'throttled', detail: `${api}: rate exceeded` };
    case 'denied':
      return { kind: 'denied', detail: `${api}: not authorized` };
    case 'error':
      return { kind: 'unavailable', detail: `${api}: internal error` };
  }
}
