import type { CheckPlan } from '../../core/dns-tree.ts';

/** Checkers that Route 53 sets on each endpoint check. Source: Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy". */
export const checkerCount = 16;
/** An endpoint is healthy when more than this share of checkers says so. Source: the same page. */
export const healthyShare = 0.18;
/** The faster of the two request intervals that AWS offers. */
export const fastIntervalMs = 10_000;

interface EndpointState {
  readonly isPassing: boolean[];
  passing: number;
}

/**
 * Route 53's health checks: what each checker found last, and what follows from it.
 *
 * A report that changes nothing costs nothing: a simulated day has hundreds of thousands of them.
 */
export class HealthChecks {
  readonly #endpoints = new Map<string, EndpointState>();
  readonly #majorities = new Map<string, Extract<CheckPlan, { kind: 'majority' }>>();

  /** A new endpoint check counts as healthy until its checkers have looked. */
  add(plan: CheckPlan): void {
    if (plan.kind === 'majority') this.#majorities.set(plan.id, plan);
    else
      this.#endpoints.set(plan.id, { isPassing: new Array<boolean>(checkerCount).fill(true), passing: checkerCount });
  }

  /** One checker's newest finding; the failure threshold is one. */
  report(id: string, checker: number, isPassing: boolean): void {
    const state = this.#endpoints.get(id);
    if (!state || state.isPassing[checker] === isPassing) return;
    state.isPassing[checker] = isPassing;
    state.passing += isPassing ? 1 : -1;
  }

  /** @throws {RangeError} for a check that was never added */
  isHealthy(id: string): boolean {
    const endpoint = this.#endpoints.get(id);
    if (endpoint) return endpoint.passing > healthyShare * checkerCount;
    const majority = this.#majorities.get(id);
    if (!majority) throw new RangeError(`no health check ${id}`);
    const votes = majority.children.filter((child) => this.isHealthy(child)).length;
    return votes < majority.threshold;
  }
}
