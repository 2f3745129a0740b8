import { type CheckPlan, oracleFailureThreshold } from '../../../core/dns/zone-plan.ts';

/**
 * Checkers of one endpoint check: two in each of the eight locations that Route 53 uses unless told otherwise.
 *
 * The locations are listed in the Route 53 API Reference, "HealthCheckConfig", Regions. That there are two in each is
 * observed, not promised; it agrees with a request about every two seconds at the standard interval, as the Cloud Map
 * API Reference, "HealthCheckConfig", has it.
 */
export const checkerCount = 16;
/**
 * An endpoint is healthy when more than this share of checkers says so; AWS may change it.
 *
 * Source: Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy".
 */
const healthyShare = 0.18;
/** The faster of the two intervals at which each checker asks; the other is 30 s. Source: the same page. */
export const fastIntervalMs = 10_000;

/** What matters of a check's plan for its health. */
export type HealthPlan =
  | Pick<Extract<CheckPlan, { kind: 'oracle' | 'memory' }>, 'id' | 'kind'>
  | Pick<Extract<CheckPlan, { kind: 'endpoint' }>, 'id' | 'kind' | 'failureThreshold'>
  | Extract<CheckPlan, { kind: 'calculated' }>;

/** What an endpoint check can be set to besides its plan. */
export interface EndpointSettings {
  /** Results in a row, from one checker, that change that checker's mind; 1 to 10. */
  readonly failureThreshold?: number;
  readonly isInverted?: boolean;
}

interface Endpoint {
  readonly kind: 'endpoint';
  readonly failureThreshold: number;
  readonly isPassing: boolean[];
  /** Results in a row, by checker, against what it holds. */
  readonly contraryCounts: number[];
  passingCount: number;
}

interface Calculated {
  readonly kind: 'calculated';
  readonly threshold: number;
  healthyCount: number;
}

interface Check {
  readonly rule: Endpoint | Calculated;
  readonly isInverted: boolean;
  /** The calculated checks that count this one. */
  readonly parents: Check[];
  isDisabled: boolean;
  isHealthy: boolean;
}

/**
 * Route 53's health checks: what each checker found last, and what follows from it.
 *
 * What follows is kept up to date when something changes, so reading it costs nothing, and neither does a report that
 * changes nothing: a simulated day has hundreds of thousands of both.
 */
export class HealthChecks {
  readonly #checks = new Map<string, Check>();
  #changeCount = 0;

  /** How often what is healthy may have changed: while it stays, so does what the checks say. */
  get changeCount(): number {
    return this.#changeCount;
  }

  /**
   * Makes a check. A new endpoint check counts as healthy until its checkers have looked, and as unhealthy when
   * inverted.
   *
   * Source: Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy".
   *
   * @throws {RangeError} when there is such a check already, or a child that was never added
   */
  add(plan: HealthPlan, settings: EndpointSettings = {}): void {
    if (this.#checks.has(plan.id)) throw new RangeError(`health check ${plan.id} is there already`);
    const isCalculated = plan.kind === 'calculated';
    const children = isCalculated ? plan.children.map((id) => this.#find(id)) : [];
    const check: Check = {
      rule: isCalculated
        ? { kind: 'calculated', threshold: plan.threshold, healthyCount: countHealthy(children) }
        : newEndpoint(plan.kind === 'endpoint' ? { failureThreshold: plan.failureThreshold, ...settings } : settings),
      isInverted: isCalculated ? plan.isInverted : (settings.isInverted ?? false),
      parents: [],
      isDisabled: false,
      isHealthy: false,
    };
    check.isHealthy = evaluate(check);
    for (const child of children) child.parents.push(check);
    this.#checks.set(plan.id, check);
    this.#changeCount += 1;
  }

  /**
   * One checker's newest result.
   *
   * @param checker - 0 to below `checkerCount`
   * @throws {RangeError} for an endpoint check or a checker that is not there
   */
  report(id: string, checker: number, isPassing: boolean): void {
    const check = this.#find(id);
    const { rule } = check;
    const held = rule.kind === 'endpoint' ? rule.isPassing[checker] : undefined;
    if (rule.kind !== 'endpoint' || held === undefined) throw new RangeError(`no checker ${checker} of ${id}`);
    if (held === isPassing) {
      rule.contraryCounts[checker] = 0;
      return;
    }
    const count = (rule.contraryCounts[checker] ?? 0) + 1;
    rule.contraryCounts[checker] = count;
    if (count < rule.failureThreshold) return;
    rule.contraryCounts[checker] = 0;
    rule.isPassing[checker] = isPassing;
    rule.passingCount += isPassing ? 1 : -1;
    this.#settle(check);
  }

  /**
   * A disabled check counts as healthy, an inverted one as unhealthy: to disable a guard of `dnsTree` takes its site
   * out.
   *
   * Source: Route 53 Developer Guide, "Values that you specify when you create or update health checks", Disabled.
   *
   * @throws {RangeError} for a check that was never added
   */
  setDisabled(id: string, isDisabled: boolean): void {
    const check = this.#find(id);
    check.isDisabled = isDisabled;
    this.#settle(check);
  }

  /** @throws {RangeError} for a check that was never added */
  isHealthy(id: string): boolean {
    return this.#find(id).isHealthy;
  }

  #settle(check: Check): void {
    this.#changeCount += 1;
    settle(check);
  }

  #find(id: string): Check {
    const check = this.#checks.get(id);
    if (!check) throw new RangeError(`no health check ${id}`);
    return check;
  }
}

function newEndpoint({ failureThreshold = oracleFailureThreshold }: EndpointSettings): Endpoint {
  return {
    kind: 'endpoint',
    failureThreshold,
    isPassing: new Array<boolean>(checkerCount).fill(true),
    contraryCounts: new Array<number>(checkerCount).fill(0),
    passingCount: checkerCount,
  };
}

function countHealthy(checks: readonly Check[]): number {
  return checks.filter((check) => check.isHealthy).length;
}

function evaluate({ rule, isDisabled, isInverted }: Check): boolean {
  const holds =
    rule.kind === 'endpoint' ? rule.passingCount > healthyShare * checkerCount : rule.healthyCount >= rule.threshold;
  return (isDisabled || holds) !== isInverted;
}

/** Works out a check again and, when it changed, all that count it. Terminates: a check is made after its children. */
function settle(check: Check): void {
  const isHealthy = evaluate(check);
  if (isHealthy === check.isHealthy) return;
  check.isHealthy = isHealthy;
  for (const parent of check.parents) {
    if (parent.rule.kind === 'calculated') parent.rule.healthyCount += isHealthy ? 1 : -1;
    settle(parent);
  }
}
