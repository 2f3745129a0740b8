import type { DeploymentInput } from '../../config/input/deployment.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { applyOverrides, type Overrides } from '../../scenario/overrides.ts';
import type { ScenarioEvent } from '../../scenario/scenario.ts';
import type { SeededRandom } from '../random.ts';
import { lagOf, stageMsMax, stagesOf } from './configuration-draws.ts';
import { laterReshapes } from './later-reshapes.ts';
import type { TroubleTime } from './rescue-draws.ts';
import type { Reshape, Reshaping, Step } from './reshape.ts';
import { isDeployable, reshapes } from './reshapes.ts';
import { deploying, pick } from './trouble.ts';

/**
 * Share of the runs in which a deployment changes what a service consists of, and of those with a change of a kind that
 * came later: the others draw what they drew before there was any.
 */
const reshapedShare = 0.3;
const laterShare = 0.2;
/** Changes that are tried until one goes with the deployment. */
const triesMax = 4;

/**
 * Draws a change of what a service consists of, beside everything else that a seed draws. The deployments that come
 * after it have it, too: nobody takes it back by mistake.
 *
 * @param random - a stream of its own, so that seeds without it stay what they were
 * @param line - number of the trouble that it is
 */
export function reshaped(
  random: SeededRandom,
  { configuration, deployment }: { readonly configuration: DeploymentInput; readonly deployment: Deployment },
  time: TroubleTime,
  { events, line }: { readonly events: readonly ScenarioEvent[]; readonly line: number },
): { readonly events: readonly ScenarioEvent[]; readonly isSteady: boolean } {
  const rank = random();
  if (rank >= reshapedShare + laterShare) return { events, isSteady: true };
  const kinds = Object.values<Reshape>(rank < reshapedShare ? reshapes : laterReshapes);
  for (let tries = 0; tries < triesMax; tries += 1) {
    const drawn = pick(random, kinds)(random, deployment, time, configuration);
    if (drawn === null || !isWhole(configuration, drawn)) continue;
    const own = drawn.steps.flatMap((step) => deployed(random, step, configuration, events));
    const all = [...events, ...[...own, ...drawn.events].map((each) => ({ ...each, line }))];
    const stepped = all.map((each) => spokenAnew(withSteps(each, drawn.steps, configuration), drawn));
    return { events: [...stepped, ...drawn.healing], isSteady: drawn.isSteady };
  }
  return { events, isSteady: true };
}

/** Whether each step is a configuration that the loader takes. */
function isWhole(configuration: DeploymentInput, { steps }: Reshaping): boolean {
  return steps.every(({ edit }) => isDeployable(edit(configuration)));
}

/** One more deployment of what was deployed last, to some stacks, or to all at once or one by one. */
function deployed(
  random: SeededRandom,
  { atMs, regions: some }: Step,
  { controlRegions: declared }: DeploymentInput,
  events: readonly ScenarioEvent[],
): readonly ScenarioEvent[] {
  const before = events.flatMap((each) => (each.kind === 'redeploy' && each.atMs <= atMs ? [each] : []));
  const overrides = before.toSorted((a, b) => a.atMs - b.atMs).at(-1)?.overrides ?? {};
  const controlRegions = (overrides.controlRegions as readonly string[] | undefined) ?? declared;
  const lag = lagOf(random);
  const stages = some === undefined ? stagesOf(random, { controlRegions }) : [some];
  return stages.map((regions, index) => deploying(atMs + index * random() * stageMsMax, overrides, regions, lag));
}

/** A command of somebody who knows the new name of a site. */
function spokenAnew(each: ScenarioEvent, { renamed }: Reshaping): ScenarioEvent {
  if (each.kind !== 'operator' || renamed === undefined || each.isStale) return each;
  const { fromMs, untilMs = Number.POSITIVE_INFINITY } = renamed;
  if (each.atMs <= fromMs || each.atMs > untilMs) return each;
  const words = each.commandLine.split(' ').map((word) => (word === renamed.from ? renamed.to : word));
  return { ...each, commandLine: words.join(' ') };
}

/** A deployment with all that has been changed for good by then. */
function withSteps(each: ScenarioEvent, steps: Reshaping['steps'], configuration: DeploymentInput): ScenarioEvent {
  const step = steps.findLast(({ atMs }) => atMs <= each.atMs);
  if (each.kind !== 'redeploy' || step === undefined) return each;
  const { overrides } = each;
  const { services, groups } = step.edit(applyOverrides(configuration, overrides) as DeploymentInput);
  const edited: Overrides = { ...overrides, services, ...(groups === undefined ? {} : { groups }) };
  return { ...each, overrides: edited };
}
