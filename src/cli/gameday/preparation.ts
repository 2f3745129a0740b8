import { FailoverError } from '../../core/errors.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import type { NamedService } from '../../core/model/service.ts';
import { planIn, statusIn } from '../../core/operator/answers.ts';
import { blastRadius, type FaultScope, type Hit, type Served } from '../../core/operator/gameday/blast-radius.ts';
import { obstaclesTo } from '../../core/operator/gameday/obstacle.ts';
import type { ExpectedMove, Predicted, Spread } from '../../core/operator/gameday/report.ts';
import type { ServiceStatus } from '../../core/operator/status.ts';
import { type DeploymentView, noRegister, readDeployment } from '../../core/operator/table-survey.ts';
import type { Register } from '../../core/register/register.ts';
import { recoveryBound } from '../../core/timing.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import type { ServiceOutcome } from '../../sim/prediction/prediction.ts';
import { startingStateOf, whyUnpredictable } from '../../sim/prediction/starting-state.ts';
import { quantile } from '../drill/quantile.ts';
import { completeDraft } from '../operator/operator-draft.ts';
import { predictEach } from '../operator/predictions.ts';
import type { Target } from '../operator/target.ts';
import type { PlanJson } from '../show/plan.ts';
import type { Wish } from './gameday-wish.ts';

/** What is so before anything is done. */
export interface Preparation {
  readonly service: NamedService;
  readonly register: Register;
  readonly status: ServiceStatus;
  readonly scope: FaultScope;
  readonly expected: ExpectedMove;
  readonly obstacles: readonly string[];
  readonly hits: readonly Hit[];
}

/**
 * Reads a deployment once, and says what a failover of a service would be now. Nothing is written.
 *
 * @throws {FailoverError} USAGE for what the deployment does not have, TARGET when nobody knows who is active
 */
export async function prepareGameDay(
  target: Omit<Target, 'close'>,
  asked: string | undefined,
  wish: Wish,
  signal: AbortSignal,
): Promise<Preparation> {
  const { deployment, timingProfile } = target;
  const service = serviceAsked(deployment, asked);
  for (const other of wish.allowed) serviceAsked(deployment, other);
  const view = await runRoutine(readDeployment(deployment), target.ports, signal);
  const { services } = statusIn(deployment, null, view).json;
  const register = registerIn(view, service.name);
  const status = services[service.name];
  if (register === null || status === undefined) throw await unknown(target, view, service.name);
  const scope = scopeOf(service, register.active, wish);
  const predicted = await predictionOf(deployment, service.name, services, scope, wish.seeds, signal);
  const plan = planIn(deployment, service, null, timingProfile, view).json as PlanJson;
  return {
    service,
    register,
    status,
    scope,
    expected: {
      from: register.active,
      ...moveIn(plan, service),
      boundMs: recoveryBound(service, timingProfile).totalMs,
      ...predicted,
    },
    obstacles: obstaclesTo(deployment, service.name, status),
    hits: blastRadius(deployment, servedIn(deployment, view), scope, service.name),
  };
}

function serviceAsked(deployment: Deployment, asked: string | undefined): NamedService {
  const { service } = completeDraft({ verb: 'plan', service: asked ?? null, to: null }, deployment);
  const names = Object.keys(deployment.services);
  if (service !== null && names.includes(service)) return serviceOf(deployment, service);
  throw new FailoverError('USAGE', `unknown service "${service}"; this deployment has: ${names.join(', ')}`);
}

function registerIn(view: DeploymentView, service: string): Register | null {
  const known = view.serviceViews[service]?.register;
  return known !== undefined && 'register' in known ? known.register : null;
}

function servedIn({ services }: Deployment, view: DeploymentView): Readonly<Record<string, Served>> {
  return Object.fromEntries(Object.keys(services).map((name) => [name, registerIn(view, name)]));
}

async function unknown(target: Omit<Target, 'close'>, view: DeploymentView, service: string): Promise<FailoverError> {
  if (view.serviceViews[service]?.register.kind === 'absent') {
    return new FailoverError('TARGET', `${service}: ${noRegister}`);
  }
  const silent = Object.entries(await target.readSilent()).map(([region, why]) => `${region}: ${why}`);
  const why = silent.length === 0 ? '' : ` (${silent.join('; ')})`;
  return new FailoverError('TARGET', `${service}: no majority of state tables says who is active${why}`);
}

/** What the fault takes away. */
function scopeOf(service: NamedService, active: string, { hits, site }: Wish): FaultScope {
  if (site !== null && !Object.hasOwn(service.sites, site)) {
    const sites = Object.keys(service.sites).join(', ');
    throw new FailoverError('USAGE', `unknown site "${site}"; service ${service.name} has: ${sites}`);
  }
  if (site !== null && site !== active) {
    throw new FailoverError('TARGET', `${active} is active and not ${site}: nothing would be rehearsed by its loss`);
  }
  const region = service.sites[active]?.region ?? null;
  if (hits === 'site') return { kind: 'site', site: active, region };
  if (region !== null) return { kind: 'region', region };
  throw new FailoverError('USAGE', `${active} is in no region of AWS: say --hits site`);
}

function moveIn(plan: PlanJson, { mode }: NamedService): Pick<ExpectedMove, 'to' | 'steps'> {
  if (mode === 'active-active' || 'error' in plan || !('steps' in plan)) return { to: null, steps: [] };
  return { to: plan.desired, steps: plan.steps.map(({ name, resource, region }) => ({ name, resource, region })) };
}

async function predictionOf(
  deployment: Deployment,
  service: string,
  services: Readonly<Record<string, ServiceStatus>>,
  scope: FaultScope,
  seeds: number,
  signal: AbortSignal,
): Promise<Pick<ExpectedMove, 'predicted' | 'unpredicted'>> {
  const unclear = Object.entries(services).flatMap(([name, status]) => {
    const why = whyUnpredictable(status);
    return why === null ? [] : [`${name}: ${why}`];
  });
  if (unclear.length > 0) return { predicted: null, unpredicted: unclear.join('; ') };
  const starting = Object.fromEntries(
    Object.entries(services).map(([name, status]) => [name, startingStateOf(status)]),
  );
  const lost =
    scope.kind === 'region'
      ? ({ kind: 'region', name: scope.region } as const)
      : ({ kind: 'site', service: null, name: scope.site } as const);
  const outcomes = await predictEach({ deployment, lost, starting }, seeds, signal);
  return { predicted: predictedOf(outcomes[service] ?? []), unpredicted: null };
}

function predictedOf(outcomes: readonly ServiceOutcome[]): Predicted {
  const moved = outcomes.filter(({ decidedMs }) => decidedMs !== null);
  const losses = moved.flatMap(({ lossMs }) => (lossMs === null ? [] : [lossMs]));
  return {
    seeds: outcomes.length,
    movedCount: moved.length,
    decidedMs: spreadOf(moved.map(({ decidedMs }) => decidedMs ?? 0)),
    backMs: spreadOf(moved.map(({ lastBadMs }) => lastBadMs)),
    lossMs: losses.length === 0 ? null : Math.max(...losses),
    badAtEndPercent: Math.max(0, ...outcomes.map(({ badAtEndPercent }) => badAtEndPercent)),
  };
}

function spreadOf(values: readonly number[]): Spread | null {
  return values.length === 0 ? null : { median: quantile(values, 0.5), worst: Math.max(...values) };
}
