/** Why a call gave no answer. It is not known what the answer would have been, or whether the call took effect. */
export interface Fault {
  readonly kind: 'timeout' | 'throttled' | 'denied' | 'unavailable' | 'invalid';
  readonly detail: string;
}

/** The outcome of a call. A fault is data, so a routine that does not handle it does not compile. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** Whether the same call may succeed later although nobody changes anything. */
export function isTransient(fault: Fault): boolean {
  return fault.kind === 'timeout' || fault.kind === 'throttled' || fault.kind === 'unavailable';
}
