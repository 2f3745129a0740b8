/** Why a call gave no answer. What it would have answered stays unknown, and so does whether it took effect. */
export interface Fault {
  readonly kind: 'timeout' | 'throttled' | 'denied' | 'unavailable' | 'invalid';
  readonly detail: string;
}

/** The outcome of a call. A fault is data: a routine that forgets it does not compile. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** Whether the same call may succeed later without anybody changing anything. */
export function isTransient(fault: Fault): boolean {
  return fault.kind === 'timeout' || fault.kind === 'throttled' || fault.kind === 'unavailable';
}
