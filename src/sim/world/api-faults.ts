import type { Fault } from '../../core/fault.ts';

/**
 * What an AWS API does wrong. `lost-response`: the effect happens, the answer does not come. `late`: it happens after
 * the caller has given up. `twice`: it happens, is answered, and happens once more. `stale`: a read tells what was so
 * before.
 */
export type ApiFaultKind = 'throttle' | 'timeout' | 'error' | 'denied' | 'lost-response' | 'late' | 'twice' | 'stale';

/** A fault of an API that is in force for a while. */
export interface ApiFault {
  /** `service:Action`, or `service:*`. */
  readonly api: string;
  /** Absent: in every region. */
  readonly region?: string | undefined;
  /** Region or operator whose calls fail; absent: everybody's. */
  readonly by?: string | undefined;
  readonly kind: ApiFaultKind;
  /** Its last instant. */
  readonly untilMs: number;
  /** Share of calls that fail, above 0, at most 1. */
  readonly rate: number;
}

/** A call, as far as a fault can be about it. */
export interface ApiCaller {
  readonly api: string;
  readonly region: string;
  /** Region or operator that calls. */
  readonly by: string;
}

/** The faults of AWS APIs that are in force. */
export class ApiFaults {
  #faults: ApiFault[] = [];

  add(fault: ApiFault): void {
    this.#faults.push(fault);
  }

  /** The fault that strikes a call now, null when none does. */
  strike(call: ApiCaller, nowMs: number, random: () => number): ApiFaultKind | null {
    if (this.#faults.length === 0) return null;
    this.#faults = this.#faults.filter((fault) => fault.untilMs >= nowMs);
    return this.#faults.find((fault) => concerns(fault, call) && random() < fault.rate)?.kind ?? null;
  }

  /**
   * Whether calls like this one fail now, some of them at least.
   *
   * @param rateMin - share of calls that must fail for it to count
   */
  isFailing(call: ApiCaller, nowMs: number, rateMin = 0): boolean {
    return this.#faults.some(
      (fault) => fault.untilMs >= nowMs && fault.rate >= rateMin && fault.kind !== 'twice' && concerns(fault, call),
    );
  }
}

function concerns(fault: ApiFault, { api, region, by }: ApiCaller): boolean {
  return (
    matches(fault.api, api) &&
    (fault.region === undefined || fault.region === region) &&
    (fault.by === undefined || fault.by === by)
  );
}

function matches(pattern: string, api: string): boolean {
  return pattern === api || (pattern.endsWith(':*') && api.startsWith(pattern.slice(0, -1)));
}

/** How an API fault looks to the caller. */
export function faultOf(kind: 'throttle' | 'denied' | 'error', api: string): Fault {
  switch (kind) {
    case 'throttle':
      return { kind: 'throttled', detail: `${api}: rate exceeded` };
    case 'denied':
      return { kind: 'denied', detail: `${api}: not authorized` };
    case 'error':
      return { kind: 'unavailable', detail: `${api}: internal error` };
  }
}
