import type { DeploymentInput } from '../../config/input/deployment.ts';
import { defineDeployment } from '../../config/loader.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { serviceOf } from '../../core/model/deployment.ts';
import type { NamedService } from '../../core/model/service.ts';
import { remembers } from '../../core/model/traffic.ts';
import { leaseWaitMs, memoryFollowMs } from '../../core/timing.ts';
import { applyOverrides, type Overrides } from '../../scenario/overrides.ts';
import type { Expectation, Scenario, ScenarioEvent } from '../../scenario/scenario.ts';
import { type SeededRandom, seededRandom } from '../random.ts';
import { gameDayEndMs, variedBesides } from './added-variations.ts';
import { combinedDraws, deadForGood } from './combinations.ts';
import { drawDeployment } from './deployments.ts';
import { forgetting, healing, loseTable, peopleDraws } from './people.ts';
import { drawHelp, drawOutside } from './rescue-draws.ts';
import { isDeployable } from './reshapes.ts';
import { reshaped } from './reshaping.ts';
import { type Draw, pick, type Span } from './trouble.ts';
import { faultDraws, lastingDraws } from './troubles.ts';
import { fewMovesPerDay } from './variations.ts';

/** Faults begin after the watchers have warmed up. */
const faultsFromMs = 40_000;
/** Time in which troubles begin. */
const faultsMs = 180_000;
/** From the last beginning to the instant at which everything has been healed. */
const healMs = 30_000;
/** Quiet time at the end, in which liveness is owed; with a promotion and a boot it takes longer. */
const quietMs = 240_000;
/** Where DNS remembers: more quiet, until it has seen the last move for certain, and then no oracle answers. */
const rememberMs = 90_000;
const darkMs = 120_000;
const faultsMin = 2;
const faultsMax = 9;
/** Longest that a trouble lasts which ends by itself. */
const troubleMsMax = 120_000;
/** Troubles that are tried until one goes with the deployment. */
const triesMax = 4;
/** Share of runs in which something stays broken to the end, and of those whose troubles come within `clusterMs`. */
const lastingShare = 0.35;
const clusteredShare = 0.35;
const clusterMs = 15_000;

/**
 * Draws a scenario from a seed: troubles that have healed by one instant, but for those that last, then quiet.
 *
 * A trouble's events have its number as their line, so that shrinking leaves it out as a whole.
 */
export function drawScenario(seed: number): Scenario {
  const random = seededRandom(seed, 'draw');
  const configuration = variedBesides(seededRandom(seed, 'besides'), drawDeployment(random));
  const deployment = defineDeployment(configuration);
  const count = faultsMin + Math.floor(random() * (faultsMax - faultsMin + 1));
  const isClustered = random() < clusteredShare;
  const lastingCount = random() < lastingShare ? 1 + Math.floor(random() * 2) : 0;
  const slowMs = slownessMs(deployment);
  const healedMs = faultsFromMs + faultsMs + healMs;
  const hasGameDay = Object.values(deployment.services).some(({ gameDays = [] }) => gameDays.length > 0);
  const wellMs = Math.max(healedMs + quietMs + slowMs, hasGameDay ? gameDayEndMs : 0);
  const isForgetting = lastingCount === 0 && Object.values(deployment.services).some(hasMemory);
  const endMs = wellMs + (isForgetting ? rememberMs + darkMs : 0);
  const clusterAtMs = faultsFromMs + random() * (faultsMs - clusterMs);

  let hasLostTable = false;
  const troubles = Array.from({ length: count }, (_, index) => {
    const isLasting = index < lastingCount;
    const atMs = Math.round(isClustered ? clusterAtMs + random() * clusterMs : faultsFromMs + random() * faultsMs);
    const untilMs = Math.round(Math.min(healedMs, atMs + 2_000 + random() ** 2 * troubleMsMax));
    const span: Span = { atMs, untilMs: isLasting ? null : untilMs, endMs };
    const choose = () =>
      isLasting ? pick(random, [...lastingDraws, deadForGood, deadForGood]) : chooseDraw(random, hasLostTable);
    const { draw, events } = drawTrouble(choose, (chosen) => {
      const drawn = chosen(random, deployment, span);
      return drawn.every((each) => isTaken(configuration, each)) ? drawn : [];
    });
    hasLostTable ||= draw === loseTable;
    return { isLasting, events: events.map((each) => ({ ...each, line: index + 1 })) };
  });
  const time = { fromMs: faultsFromMs, forMs: faultsMs, healedMs, endMs };
  const help = drawHelp(seededRandom(seed, 'help'), deployment, time, hasLostTable);
  hasLostTable ||= help.areAllLost;
  const outside = drawOutside(seededRandom(seed, 'outside'), deployment, time);
  const lasting = troubles.filter(({ isLasting }) => isLasting).flatMap(({ events }) => events);
  const ordinary = [
    ...troubles.flatMap(({ events: own }) => own),
    ...help.events.map((each) => ({ ...each, line: count + 1 })),
    ...outside.map((each) => ({ ...each, line: count + 3 })),
    ...healing(deployment, healedMs, lasting),
    ...(isForgetting ? forgetting(deployment, wellMs + rememberMs) : []),
  ];
  const reshaping = { events: ordinary, line: count + 2 };
  const { events, isSteady } = reshaped(
    seededRandom(seed, 'reshaping'),
    { configuration, deployment },
    time,
    reshaping,
  );
  const isSettling =
    isSteady &&
    lastingCount === 0 &&
    outside.length === 0 &&
    !(hasLostTable && events.some(changesVoters)) &&
    !endsMixed(deployment, events);
  return {
    name: `seed ${seed} (${configuration.name}, ${count} faults${lastingCount > 0 ? `, ${lastingCount} lasting` : ''})`,
    source: null,
    fileName: `seed ${seed}`,
    deployment,
    configuration,
    seed,
    durationMs: endMs,
    events: events.toSorted((a, b) => a.atMs - b.atMs),
    expectations: isSettling ? settled(deployment, events, isForgetting ? wellMs + rememberMs : null) : [],
  };
}

/** A trouble that this deployment can have; another one is tried where it has nothing that could be so troubled. */
function drawTrouble(
  choose: () => Draw,
  drawn: (draw: Draw) => readonly ScenarioEvent[],
): { readonly draw: Draw; readonly events: readonly ScenarioEvent[] } {
  for (let tries = 1; ; tries += 1) {
    const draw = choose();
    const events = drawn(draw);
    if (events.length > 0 || tries === triesMax) return { draw, events };
  }
}

/** Whether the configuration that an event deploys is one that the loader takes. */
function isTaken(configuration: unknown, each: ScenarioEvent): boolean {
  if (each.kind !== 'redeploy' || Object.keys(each.overrides).length === 0) return true;
  return isDeployable(applyOverrides(configuration, each.overrides));
}

function chooseDraw(random: SeededRandom, hasLostTable: boolean): Draw {
  const draws = [...faultDraws, ...peopleDraws, ...combinedDraws];
  return pick(random, hasLostTable ? draws : [...draws, loseTable]);
}

/** Whether DNS remembers where a service is. */
function hasMemory({ traffic }: Pick<NamedService, 'traffic'>): boolean {
  return traffic.dns !== undefined && remembers(traffic.dns);
}

/** How much longer than usual a deployment's moves take. */
function slownessMs(deployment: Deployment): number {
  const slow = Object.keys(deployment.services).map((name) => {
    const service = serviceOf(deployment, name);
    const hasFence = Object.values(service.sites).some(({ fence }) => fence !== undefined);
    const bootMs = Math.max(...Object.values(service.sites).map((site) => (site.scale.length > 0 ? site.bootMs : 0)));
    const tickMs = service.detection.intervalMs;
    // A move that was planned for a quiet hour is followed by its failback, and DNS has to forget both.
    const isFollowed = service.failback.mode === 'automatic' && hasMemory(service);
    return (
      (isFollowed ? memoryFollowMs : 0) +
      (hasFence ? 2 * leaseWaitMs(service) : 0) +
      2 * bootMs +
      20 * Math.max(0, tickMs - 2_000) +
      (service.data ? 60_000 : 0)
    );
  });
  return Math.max(...slow);
}

/** Whether regions are left with different configurations: then nobody owes a steady end. */
function endsMixed({ controlRegions }: Deployment, events: readonly ScenarioEvent[]): boolean {
  const inTurn = events.filter((each) => each.kind === 'redeploy').toSorted((a, b) => a.atMs - b.atMs);
  const last = (inTurn.at(-1)?.overrides.controlRegions as readonly string[] | undefined) ?? controlRegions;
  const held = new Map<string, string>();
  for (const { regions, overrides } of inTurn)
    for (const region of regions ?? last) held.set(region, JSON.stringify(overrides));
  return new Set(last.map((region) => held.get(region) ?? '{}')).size > 1;
}

/**
 * Whether a deployment changes who votes. Beside a lost table that may leave no majority which remembers and is known
 * to the last configuration: then a person must say how it goes on, and nobody owes a steady end.
 */
function changesVoters(event: ScenarioEvent): boolean {
  return event.kind === 'redeploy' && Object.hasOwn(event.overrides, 'controlRegions');
}

/**
 * Once everything has been healed and quiet, every service is well and nothing is under way: but for a pool, or
 * what a deployment makes one, that may have used up the day's readmissions.
 *
 * @param atMs - when, where the run goes on with faults after that; null at its end
 */
function settled(
  deployment: Deployment,
  events: readonly ScenarioEvent[],
  atMs: number | null,
): readonly Expectation[] {
  const becomesPool = (name: string) =>
    events.some((each) => each.kind === 'redeploy' && modeAfter(each.overrides, name) === 'active-active');
  // Where clocks are wrong to the end, a window of work may open and close at another time.
  const isSkewed = events.some((each) => each.kind === 'skew');
  const owing = Object.entries(deployment.services).filter(
    ([name, { mode, failover, maintenance = [] }]) =>
      (failover.maxMovesPerDay > fewMovesPerDay || (mode !== 'active-active' && !becomesPool(name))) &&
      !(isSkewed && maintenance.length > 0) &&
      !events.some((each) => skipsPromotion(each, name, hasDataAtEnd(deployment, events, name))),
  );
  const settled = owing.map(([name]) => name);
  return [{ line: null, when: atMs === null ? { kind: 'end' } : { kind: 'at', atMs: atMs - 1 }, settled }];
}

/**
 * Whether a person skips a promotion: the data is written elsewhere then until somebody moves it. Whoever has taken the
 * data out for good skips what was to promote it, and nothing is written elsewhere.
 */
function skipsPromotion(event: ScenarioEvent, name: string, hasData: boolean): boolean {
  if (event.kind !== 'operator' || !event.commandLine.startsWith(`skip ${name} promote`)) return false;
  return event.line !== null || hasData;
}

/** Whether the newest configuration has data for a service. */
function hasDataAtEnd(deployment: Deployment, events: readonly ScenarioEvent[], name: string): boolean {
  const newest = events.findLast((each) => each.kind === 'redeploy');
  const services = newest?.kind === 'redeploy' ? newest.overrides.services : undefined;
  return ((services ?? deployment.services) as Deployment['services'])[name]?.data !== undefined;
}

/** The mode that a deployment gives a service; undefined where it leaves it. */
function modeAfter(overrides: Overrides, name: string): unknown {
  const services = overrides.services as DeploymentInput['services'] | undefined;
  return services?.[name]?.mode ?? overrides[`services.${name}.mode`];
}

/** The numbers of a drawn scenario's troubles; what heals them all has none. */
export function troublesOf(events: readonly ScenarioEvent[]): readonly number[] {
  return [...new Set(events.flatMap(({ line }) => (line === null ? [] : [line])))];
}
