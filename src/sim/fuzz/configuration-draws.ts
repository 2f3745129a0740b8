import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { type NamedService, sitesByPriority } from '../../core/model/service.ts';
import type { Fence } from '../../core/model/site.ts';
import type { SeededRandom } from '../random.ts';
import { type Draw, deploying, type Lag, pick } from './trouble.ts';

/** Deployments of another configuration. The control regions stay; `membership-draws.ts` has those. */

/** Time from one stack of a staged deployment to the next, at most. */
export const stageMsMax = 10_000;
/** Time until a deployment is taken back, at most. */
const regretMsMax = 60_000;
/** Longest that a part of a stack waits for its new configuration while the rest has it. */
const lagMsMax = 90_000;
/** Share of deployments that go stack by stack, of those that are taken back, and of those with parts that lag. */
const stagedShare = 0.5;
const regretShare = 0.3;
const laggingShare = 0.3;

/** How long a site has been well before a failback that a deployment has just allowed. */
const healthyForMs = 40_000;

/** Fence that a service is given in place of its own: a function that the user has just written. */
const otherFunction = 'fence-b';

/** By path below the service, what is changed together. */
type Change = Readonly<Record<string, unknown>>;

function changesOf(service: NamedService): readonly Change[] {
  const { mode, detection, failback } = service;
  const fences = Object.entries(service.sites).flatMap(([site, { fence }]) => (fence ? [[site, fence] as const] : []));
  const order = sitesByPriority(service);
  const reserves = order.filter((site) => service.sites[site]?.reserve === true);
  const priorities = order.map((site) => service.sites[site]?.priority ?? 0).reverse();
  return [
    { 'detection.fallCount': detection.fallCount + 1, 'detection.riseCount': detection.riseCount + 1 },
    { 'detection.quorum': detection.quorum === 1 ? 2 : 1 },
    // One that is due ten minutes later would be under way when all is to be steady.
    failback.mode === 'manual'
      ? { 'failback.mode': 'automatic', 'failback.healthyForMs': healthyForMs }
      : { 'failback.mode': 'manual' },
    {
      mode: mode === 'active-passive' ? 'active-active' : 'active-passive',
      // In active-passive every site but one waits.
      ...Object.fromEntries(reserves.map((site) => [`sites.${site}.reserve`, false])),
    },
    Object.fromEntries(order.map((site, index) => [`sites.${site}.priority`, priorities[index]])),
    ...(fences.length === 0
      ? []
      : [Object.fromEntries(fences.map(([site, fence]) => [`sites.${site}.fence`, another(fence)]))]),
  ];
}

function another(fence: Fence): unknown {
  const region = 'region' in fence ? { region: fence.region } : {};
  return { kind: 'read-only', functionName: otherFunction, ...region };
}

/** Another configuration of one service, at once or stack by stack; some are taken back soon after. */
const changeConfiguration: Draw = (random, deployment, { atMs }) => {
  const name = pick(random, Object.keys(deployment.services));
  const change = pick(random, changesOf(serviceOf(deployment, name)));
  const overrides = Object.fromEntries(
    Object.entries(change).map(([path, value]) => [`services.${name}.${path}`, value]),
  );
  const lag = lagOf(random);
  const deployed = stagesOf(random, deployment).map((regions, index) =>
    deploying(atMs + index * random() * stageMsMax, overrides, regions, lag),
  );
  const last = deployed.at(-1)?.atMs ?? atMs;
  return random() < regretShare ? [...deployed, deploying(last + random() * regretMsMax, {}, null)] : deployed;
};

/** CloudFormation updates the functions of a stack one after another. */
export function lagOf(random: SeededRandom): Lag {
  if (random() >= laggingShare) return {};
  const lagMs = Math.round(random() * lagMsMax);
  return random() < 0.5 ? { functionsAfterMs: lagMs } : { watchersAfterMs: lagMs };
}

/** Regions that have the new stack, one more a stage; null for all of them at once. */
export function stagesOf(
  random: SeededRandom,
  { controlRegions }: Pick<Deployment, 'controlRegions'>,
): readonly (readonly string[] | null)[] {
  if (random() >= stagedShare) return [null];
  const order = [...controlRegions].reverse();
  return order.map((_, index) => order.slice(0, index + 1));
}

/** Deployments that change what a service is. */
export const configurationDraws: readonly Draw[] = [changeConfiguration, changeConfiguration];
