import type { Deployment } from '../../core/model/deployment.ts';
import { actingRegionOf } from '../../core/model/place.ts';
import type { SeededRandom } from '../random.ts';
import { type Draw, deploying, pick } from './trouble.ts';

/** Regions that no drawn deployment uses. */
const spareRegions = ['ap-south-1', 'ca-central-1'] as const;
/** Time from one stack of a staged deployment to the next, and for which a change of regions stays, in milliseconds. */
const stageMsMax = 10_000;

/** Regions that no fenced site is in: they may leave. */
function leavers({ controlRegions, services }: Deployment): readonly string[] {
  const isTied = (region: string) =>
    Object.values(services).some(({ sites }) =>
      Object.values(sites).some((site) => site.fence !== undefined && actingRegionOf(site) === region),
    );
  return controlRegions.filter((region) => !isTied(region));
}

function shuffled(random: SeededRandom, regions: readonly string[]): readonly string[] {
  return regions
    .map((region) => ({ region, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ region }) => region);
}

/** Other control regions than there are: two more, two fewer, one for another, or the same in another order. */
function otherRegions(random: SeededRandom, deployment: Deployment): readonly string[] {
  const { controlRegions } = deployment;
  const leaving = shuffled(random, leavers(deployment));
  const [first, second] = leaving;
  const choices = [
    [...controlRegions, ...spareRegions],
    shuffled(random, controlRegions),
    ...(first === undefined ? [] : [controlRegions.map((region) => (region === first ? spareRegions[0] : region))]),
    ...(controlRegions.length < 5 || second === undefined
      ? []
      : [controlRegions.filter((region) => region !== first && region !== second)]),
  ];
  return pick(random, choices);
}

/** Control regions come, go or change places, and stay so; what leaves goes on with its old stack. */
const changeRegions: Draw = (random, deployment, { atMs }) => {
  return [deploying(atMs, { controlRegions: otherRegions(random, deployment) }, null)];
};

/** The same, stack by stack, so that both configurations are alive side by side. */
const changeRegionsInStages: Draw = (random, deployment, { atMs }) => {
  const controlRegions = otherRegions(random, deployment);
  const overrides = { controlRegions };
  const order = shuffled(random, controlRegions);
  const stages = order.map((_, index) => order.slice(0, index + 1));
  return stages.map((regions, index) => deploying(atMs + index * random() * stageMsMax, overrides, regions));
};

/** Regions change, and are changed back while the first change is under way. */
const changeMind: Draw = (random, deployment, { atMs }) => [
  deploying(atMs, { controlRegions: otherRegions(random, deployment) }, null),
  deploying(atMs + random() * stageMsMax, {}, null),
];

/** Deployments that change who votes. */
export const membershipDraws: readonly Draw[] = [changeRegions, changeRegionsInStages, changeMind];
