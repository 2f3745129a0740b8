import type { Deployment } from '../../../core/model/deployment.ts';
import { attemptMs } from '../../../core/timing.ts';
import type { Clock } from '../../../ports/clock.ts';

/** Least time of a call, in milliseconds: one that is made without any left ends at once, by its deadline. */
const callMsMin = 1;

/**
 * The time that a function has for the attempt at a step that it is making now, so that its report comes back before
 * whoever gave the order stops waiting.
 *
 * There is one at a time: an execution environment takes the next invocation when it has ended the one before (Lambda
 * Developer Guide, "Understanding the Lambda execution environment lifecycle").
 */
export class Attempt {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #services: Deployment['services'];
  #endMs = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>, services: Deployment['services']) {
    this.#clock = clock;
    this.#services = services;
  }

  /**
   * An invocation has begun.
   *
   * @param event - whatever it was sent; one that names no service gets no time, and no order is carried out for it
   */
  begin(event: unknown): void {
    const { service } = (event ?? {}) as { readonly service?: unknown };
    const isKnown = typeof service === 'string' && Object.hasOwn(this.#services, service);
    const failover = isKnown ? this.#services[service]?.failover : undefined;
    this.#endMs = this.#clock.monotonicMs() + (failover === undefined ? 0 : attemptMs(failover));
  }

  /** What a function of the user has: all that is left. */
  readonly hookMs = (): number => Math.max(callMsMin, this.#endMs - this.#clock.monotonicMs());

  /**
   * What a call to a control plane has: half of what is left, so that another region can be asked, or the result be
   * read back. No API of RDS or S3 says how long it may take; one that changes a global cluster asks other regions.
   */
  readonly callMs = (): number => Math.max(callMsMin, this.hookMs() / 2);
}
