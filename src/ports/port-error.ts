import { FailoverError } from '../core/errors.ts';
import type { Fault } from '../core/fault.ts';

/**
 * What an adapter throws when the outside gave no usable answer; the SDK's own error is its cause.
 *
 * Whether the call took effect is unknown.
 */
export class PortError extends FailoverError {
  override readonly name = 'PortError';
  readonly fault: Fault;

  constructor(fault: Fault, cause?: unknown) {
    super('FAULT', `${fault.kind}: ${fault.detail}`, {
      cause,
      isRetryable: fault.kind !== 'denied' && fault.kind !== 'invalid',
    });
    this.fault = fault;
  }
}
