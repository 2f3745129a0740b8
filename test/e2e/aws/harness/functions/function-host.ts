import { randomUUID } from 'node:crypto';
import type { FunctionSpec } from '../template/template.ts';
import { ExecutionEnvironment, type InvocationEnd, type TimingProfile } from './execution-environment.ts';

/** Most environments of a function without reserved concurrency: what two cores bear. Lambda's own limit is 1000. */
const unreservedConcurrency = 10;

/** First wait of an asynchronous event that found no free environment; doubles, as Lambda's does. */
const requeueMs = 1_000;

/**
 * One deployed function: its environments, their number, and what becomes of an event.
 *
 * As Lambda has it: an event goes to an environment that is free, or to a new one within the reserved concurrency, or
 * is throttled. An asynchronous event that is throttled is tried again until its age is over, whatever the number of
 * retries.
 */
export class FunctionHost {
  readonly spec: FunctionSpec;
  readonly environments: ExecutionEnvironment[] = [];
  /** Asynchronous events by how they ended. */
  readonly ends: InvocationEnd[] = [];
  readonly #timingProfile: TimingProfile;
  /** False while its region is dead: nothing is started and every event is lost. */
  isReachable = true;

  constructor(spec: FunctionSpec, timingProfile: TimingProfile) {
    this.spec = spec;
    this.#timingProfile = timingProfile;
  }

  async invoke(event: unknown): Promise<InvocationEnd> {
    if (!this.isReachable) return { kind: 'throttled' };
    const environment = this.#findEnvironment();
    if (environment === null) return { kind: 'throttled' };
    return environment.invoke(structuredClone(event), randomUUID());
  }

  /** `InvocationType: Event`: nobody waits for the end. */
  invokeAsync(event: unknown): void {
    void this.#executeOrder(event, requeueMs, 0).then((end) => this.ends.push(end));
  }

  async #executeOrder(event: unknown, waitMs: number, ageMs: number): Promise<InvocationEnd> {
    const end = await this.invoke(event);
    if (end.kind !== 'throttled' || !this.isReachable || ageMs + waitMs > this.spec.eventAgeSeconds * 1_000) return end;
    await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
    return this.#executeOrder(event, waitMs * 2, ageMs + waitMs);
  }

  /** Environments that have an event now, oldest first. */
  get busy(): readonly ExecutionEnvironment[] {
    return this.environments.filter((environment) => environment.isAlive && environment.isBusy);
  }

  /** Kills every environment in whatever it is doing. */
  killAll(): void {
    for (const environment of this.environments) if (environment.isAlive) environment.kill();
  }

  /** The last lines that its environments printed, for a failing test to show. */
  output(): readonly string[] {
    return this.environments.flatMap((environment) => environment.output);
  }

  #findEnvironment(): ExecutionEnvironment | null {
    const alive = this.environments.filter((environment) => environment.isAlive);
    const free = alive.find((environment) => !environment.isBusy && !environment.isFrozen);
    if (free) return free;
    if (alive.length >= (this.spec.reservedConcurrency ?? unreservedConcurrency)) return null;
    const made = new ExecutionEnvironment(this.spec, this.#timingProfile);
    this.environments.push(made);
    return made;
  }
}
