import fc from 'fast-check';
import type { DecisionInput, MoveDecision } from '../../../../../src/core/decision/decision-input.ts';
import { demandOf } from '../../../../../src/core/decision/demand.ts';
import { openRun, settleStep } from '../../../../../src/core/decision/plan.ts';
import { decidePool } from '../../../../../src/core/decision/pool-decision.ts';
import { joinersOf, leaversOf, percentsJoined, rampWithdrawn } from '../../../../../src/core/decision/share-plan.ts';
import type { Verdict } from '../../../../../src/core/detection/verdict.ts';
import type { NamedService } from '../../../../../src/core/model/service.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { fullShareOf, rampPercent, shareOf } from '../../../../../src/core/register/share.ts';
import { sharesWatch, upWatch } from '../../../../../src/core/tables/stopwatch.ts';
import { noTimes, oracleDns, registerWith, serviceWith, situationWith, weightedDns } from '../../service.fixture.ts';

/** Long enough for everything that is waited for. */
const foreverMs = 10_000_000;

export interface World {
  readonly service: NamedService;
  readonly demand: number;
  /** What a report shows when loads are late: the shares of before the last change. */
  readonly shownBefore: Register;
  readonly register: Register;
  readonly dead: readonly string[];
}

function loadsBy({ service, demand }: World, register: Register): Readonly<Record<string, number>> {
  const sites = Object.keys(service.sites);
  const all = sites.reduce((sum, site) => sum + shareOf(service, register, site), 0);
  return Object.fromEntries(sites.map((site) => [site, (demand * shareOf(service, register, site)) / all]));
}

/** What a watcher knows: the living report, either what is, or what was before the shares changed last. */
function seen(world: World, isLate: boolean): DecisionInput {
  const { service, register, dead, shownBefore } = world;
  const sites = Object.keys(service.sites);
  const loads = loadsBy(world, isLate ? shownBefore : register);
  const verdicts = sites.map((site) => [site, dead.includes(site) ? 'down' : 'up'] as const);
  const living = sites.filter((site) => !dead.includes(site));
  const reports = living.map((site) => [site, { load: loads[site] ?? 0 }] as const);
  return situationWith({
    service,
    register,
    knowledge: {
      verdicts: Object.fromEntries<Verdict>(verdicts),
      reports: Object.fromEntries(reports),
      dependencies: {},
    },
    stopwatches: {
      [sharesWatch(service.name, register)]: isLate ? 0 : foreverMs,
      ...Object.fromEntries(living.map((site) => [upWatch(service.name, site), foreverMs])),
    },
  });
}

/** Carries a decision out to its end, as the steps of a run do. */
function carriedOut(world: World, input: DecisionInput, decision: MoveDecision): World {
  const { service, register } = world;
  const demand = demandOf(input);
  const move = {
    ...decision,
    kind: decision.run,
    by: 'region-1',
    holder: null,
    isDataLossAllowed: false,
    isProofWaived: false,
    isShortAllowed: false,
    demand,
  };
  const opened = openRun(service, register, { ...move, times: noTimes }, input);
  const plan = { service, shares: opened, knowledge: input.knowledge, demand };
  const ramp =
    decision.run === 'withdraw'
      ? rampWithdrawn(plan, decision, 'present')
      : { ...opened.ramp, ...percentsJoined(plan, joinersOf(decision, opened, input.knowledge), 'present') };
  const shifted = isWeighted(service) ? { ...opened, ramp } : opened;
  const isWhole =
    decision.run === 'withdraw'
      ? leaversOf(decision, opened).every((site) => rampPercent(shifted, site) === 0)
      : decision.serving.every((site) => rampPercent(shifted, site) === 100);
  const end = { state: isWhole ? ('done' as const) : ('fallback' as const), detail: '' };
  const ended = (['dns', 'verify', 'notify'] as const).reduce(
    (before, name) => settleStep(service, before, name, name === 'dns' ? end : { state: 'done', detail: '' }, 0),
    shifted,
  );
  return { ...world, shownBefore: register, register: ended };
}

export const isWeighted = (service: NamedService) => service.traffic.dns?.mode === 'records';

export const limitOf = ({ service }: World, site: string) =>
  ((service.sites[site]?.capacity ?? 0) * service.capacity.limitPercent) / 100;

/** Living sites that a step put above their limit, or further above it. */
export function overloadedBy(before: World, after: World): readonly string[] {
  const [was, is] = [loadsBy(before, before.register), loadsBy(after, after.register)];
  return Object.keys(is).filter(
    (site) => !after.dead.includes(site) && (is[site] ?? 0) > 1e-6 + Math.max(limitOf(after, site), was[site] ?? 0),
  );
}

/** Part of the demand that lands at living sites. */
export function landing(world: World): number {
  const loads = loadsBy(world, world.register);
  return Object.keys(loads).reduce((sum, site) => sum + (world.dead.includes(site) ? 0 : (loads[site] ?? 0)), 0);
}

/**
 * Least of the demand that lands at living sites which can carry `room` of it: what a dead site keeps is rounded up to
 * whole percents of its share, and a gain of less than five percent of the usual part is not worth a run.
 */
export function landingMin({ service, dead, demand }: World, living: readonly string[], room: number): number {
  const sum = (sites: readonly string[]) => sites.reduce((total, site) => total + fullShareOf(service, site), 0);
  const usual = sum(living) / (sum(living) + sum(dead));
  const shares = (demand * sum(living)) / room;
  return (room * shares) / (shares + sum(dead) / 100) - demand * 0.05 * Math.min(usual, 1 - usual) - 1e-6;
}

export const spareOf = (world: World) =>
  Object.keys(world.service.sites).reduce(
    (sum, site) => sum + (world.dead.includes(site) ? 0 : shareOf(world.service, world.register, site)),
    0,
  );

/** Moves until nothing moves any more; every world on the way. */
function settle(start: World, isLate: () => boolean, movesMax: number): readonly World[] {
  const worlds = [start];
  for (let moves = 0; moves <= movesMax; moves += 1) {
    const world = worlds.at(-1) ?? start;
    const late = isLate();
    const input = seen(world, late);
    const decision = decidePool(input);
    if (decision.kind === 'move') worlds.push(carriedOut(world, input, decision));
    else if (!late) return worlds;
  }
  return worlds;
}

/**
 * Deaths and returns of the sites of a pool, and how late reports are.
 *
 * @param hasReserve - whether the last site, of three or more, waits in reserve. Then the first one never dies: with
 *   all others dead from the start nobody says what the demand is, and it has no limit
 */
export const campaignsOf = (hasReserve: boolean) =>
  fc
    .record({
      capacities: fc.array(fc.integer({ min: 20, max: 300 }), { minLength: hasReserve ? 3 : 2, maxLength: 5 }),
      loadPercent: fc.integer({ min: 20, max: 90 }),
      isWeighted: fc.boolean(),
      deaths: fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      lateness: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    })
    .map(({ capacities, loadPercent, isWeighted: isInParts, deaths, lateness }) => {
      const [template] = Object.values(serviceWith({}).sites);
      if (template === undefined) throw new Error('the fixture has sites');
      const names = capacities.map((_, place) => `site-${place}`);
      const sites = capacities.map((capacity, place) => [
        names[place],
        {
          ...template,
          region: `region-${place}`,
          priority: 100 - place,
          capacity,
          ...(hasReserve && place === capacities.length - 1 ? { reserve: true } : {}),
        },
      ]);
      const service: NamedService = {
        ...serviceWith({
          mode: 'active-active',
          failback: { mode: 'automatic' },
          failover: { maxMovesPerDay: 1_000 },
          traffic: { dns: isInParts ? weightedDns : { ...oracleDns, policy: 'weighted' } },
        }),
        sites: Object.fromEntries(sites),
      };
      const regular = names.slice(0, hasReserve ? -1 : names.length);
      const carried = capacities.slice(0, regular.length).reduce((sum, capacity) => sum + capacity, 0);
      const demand = (carried * loadPercent) / 100;
      const register = registerWith({ active: names[0] ?? '', serving: regular });
      const start: World = { service, demand, register, shownBefore: register, dead: [] };
      const rounds = [
        ...deaths.map((dead) => names.filter((_, place) => dead.includes(place) && !(hasReserve && place === 0))),
        [],
      ];
      return { start, rounds, lateness };
    });

export function play(
  { start, rounds, lateness }: { start: World; rounds: readonly (readonly string[])[]; lateness: readonly boolean[] },
  look: (worlds: readonly World[], movesMax: number) => void,
): World {
  const movesMax = 3 * Object.keys(start.service.sites).length;
  let world = start;
  for (const dead of rounds) {
    let asked = 0;
    const isLate = () => {
      asked += 1;
      // Reports are late for some looks after each change, then never.
      return asked <= movesMax && (lateness[asked % lateness.length] ?? false);
    };
    const worlds = settle({ ...world, dead }, isLate, 4 * movesMax);
    look(worlds, movesMax);
    world = worlds.at(-1) ?? world;
  }
  return world;
}
