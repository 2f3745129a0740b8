import { parseOperatorLine } from '../src/cli/operator/operator-line.ts';
import { parseDocument } from '../src/config/document.ts';
import { parseDeploymentValue } from '../src/config/loader.ts';
import type { KindName } from '../src/core/kinds/kind-name.ts';
import { type Deployment, serviceOf } from '../src/core/model/deployment.ts';
import { type RecoveryBound, recoveryBound } from '../src/core/timing.ts';
import type { ScenarioEvent } from '../src/scenario/scenario.ts';
import type { SimEvent } from '../src/sim/event.ts';
import { applyEvent } from '../src/sim/event-effects.ts';
import { Measures } from '../src/sim/measures.ts';
import { seededRandom } from '../src/sim/random.ts';
import { World } from '../src/sim/world/world.ts';

/** How long a way of moving traffic takes in the simulator, from the fault on, over many seeds. Milliseconds. */
export interface RecoveryCase {
  readonly name: string;
  readonly runs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** What the issue asks of the 99th percentile. */
  readonly limitMs: number;
  /** What `recoveryBound` computes from the configuration. */
  readonly boundMs: number;
  /** How far the slowest run is beyond the bound, in percent of it; 0 when it is within. */
  readonly overPercent: number;
}

/** What two sites of 100 that carry 70 each still serve after one is lost, in percent of what the other can. */
export interface Goodput {
  readonly runs: number;
  /** From the decision on, for a minute and a half: what 99 of 100 seeds reach, and the worst. */
  readonly stagedPercent: number;
  readonly stagedWorstPercent: number;
  /** What 99 of 100 reach when all is shifted at once, whatever fits. */
  readonly naivePercent: number;
}

/** Recovery in the simulator. */
export interface RecoveryBench {
  readonly cases: readonly RecoveryCase[];
  readonly goodput: Goodput;
}

/** When the watchers have settled; the fault comes in the next half minute, wherever in a tick that is. */
const settledMs = 30_000;
const spreadMs = 30_000;

const probe = (site: string) => `probes: [{ type: https, url: "https://${site}.shop.example/healthz" }]`;
/** The beginning of every deployment here, up to its one service. */
export const head = 'name: bench\ncontrolRegions: [us-east-1, us-west-2, us-east-2]\nservices:\n  web:\n';
/** Two sites, each in a control region. */
export const twoRegions = (more = '') => `
    sites:
      one: { region: us-east-1, priority: 100, ${probe('one')}${more} }
      two: { region: us-west-2, priority: 50, ${probe('two')}${more} }
`;
const twoZones = (more = '') => `
    sites:
      one: { region: us-east-1, priority: 100, ${probe('one')}${more} }
      two: { region: us-east-1, priority: 50, ${probe('two')}${more} }
`;
/** DNS by oracle. */
export const dns = `
      dns:
        zone: { id: Z0BENCH, name: shop.example }
        record: www.shop.example
        ttlSeconds: 30
        addresses: { one: { a: 203.0.113.10 }, two: { a: 198.51.100.20 } }
`;
const arn = (what: string) => `"arn:aws:elasticloadbalancing:us-east-1:111122223333:${what}"`;
const targets = (ramp = '[100], pauseMs: 5s') => `
      targets:
        listenerArn: ${arn('listener/app/web/1/2')}
        targetGroups: { one: ${arn('targetgroup/one/1')}, two: ${arn('targetgroup/two/2')} }
        ramp: { stepsPercent: ${ramp} }
`;
const scale =
  ', standby: warm, bootMs: 90s, scale: [{ kind: auto-scaling-group, name: NAME, size: 4, standbySize: 1 }]';

/** One way of moving traffic and the instant at which it has moved. */
interface Way {
  readonly name: string;
  readonly config: string;
  readonly limitMs: number;
  readonly boundOf: (bound: RecoveryBound) => number;
  readonly hasMoved: (event: SimEvent) => boolean;
  /** Counts the last instant at which it was not so, instead of the first at which it is. */
  readonly isLast?: boolean;
}

const wrote = (thing: KindName) => (event: SimEvent) =>
  event.type === 'write' && event.thing === thing && event.hasChanged;
const passive = `${head}    mode: active-passive`;
/** What a boot takes in the simulator. */
const bootMs = 90_000;
const ttlMs = 30_000;

const ways: readonly Way[] = [
  {
    name: 'active-active, withdrawal decided',
    config: `${head}    mode: active-active${twoRegions()}    traffic:${dns}`,
    limitMs: 9_000,
    boundOf: ({ detectMs, decideMs }) => detectMs + decideMs,
    hasMoved: (event) => event.type === 'decided' && event.register.run?.kind === 'withdraw',
  },
  {
    name: 'Elastic IP moved',
    config: `${passive}${twoZones()}    traffic:
      address: { allocationId: eipalloc-1, region: us-east-1, instances: { one: i-one, two: i-two } }`,
    limitMs: 15_000,
    boundOf: ({ totalMs }) => totalMs,
    hasMoved: wrote('address'),
  },
  {
    name: "a balancer's weights moved",
    config: `${passive}${twoZones()}    traffic:${targets()}`,
    limitMs: 15_000,
    boundOf: ({ totalMs }) => totalMs,
    hasMoved: wrote('targets'),
  },
  {
    name: 'DNS by oracle, last client moved',
    config: `${passive}${twoRegions()}    traffic:${dns}`,
    limitMs: 30_000 + ttlMs,
    boundOf: ({ totalMs }) => totalMs,
    hasMoved: (event) => event.type === 'client' && !event.isGood,
    isLast: true,
  },
  {
    name: 'warm standby (boot 90 s), weights moved',
    config: `${passive}${twoZones(scale)}    traffic:${targets()}`.replace('NAME', 'one').replace('NAME', 'two'),
    limitMs: 15_000 + bootMs,
    boundOf: ({ totalMs }) => totalMs,
    hasMoved: wrote('targets'),
  },
];

/**
 * Breaks the active site at some instant, once a seed, and looks at when traffic has moved. Every other site answers
 * nothing instead of refusing, which takes a probe's deadline longer to see.
 *
 * @throws when traffic does not move at all
 */
export function benchRecovery(seeds: number): RecoveryBench {
  return { cases: ways.map((way) => measure(way, seeds)), goodput: measureGoodput(seeds) };
}

function measure(way: Way, seeds: number): RecoveryCase {
  const deployment = deploymentOf(way.config);
  const boundMs = way.boundOf(recoveryBound(serviceOf(deployment, 'web')));
  const samples = Array.from({ length: seeds }, (_, seed) => {
    const { world, faultMs, fail } = begin(deployment, seed);
    let movedMs: number | null = null;
    world.observe((event) => {
      if (event.atMs < faultMs || !way.hasMoved(event) || (movedMs !== null && !way.isLast)) return;
      movedMs = event.atMs;
    });
    fail('one', seed % 2 === 0 ? 'stop' : 'hang');
    world.scheduler.runUntil(faultMs + 2 * boundMs);
    if (movedMs === null) throw new Error(`${way.name}: nothing moved (seed=${seed})`);
    return movedMs - faultMs;
  }).sort((a, b) => a - b);
  const maxMs = samples.at(-1) ?? 0;
  return {
    name: way.name,
    runs: seeds,
    p50Ms: quantile(samples, 0.5),
    p99Ms: quantile(samples, 0.99),
    maxMs,
    limitMs: way.limitMs,
    boundMs,
    overPercent: Math.max(0, (maxMs / boundMs - 1) * 100),
  };
}

function measureGoodput(seeds: number): Goodput {
  const sorted = (shortage: 'shed' | 'shift') => {
    const pool = `${head}    mode: active-active\n    capacity: { shortage: ${shortage} }${twoZones()}    traffic:${targets()}`;
    const deployment = deploymentOf(pool);
    return Array.from({ length: seeds }, (_, seed) => goodputOf(deployment, seed)).sort((a, b) => b - a);
  };
  const staged = sorted('shed');
  return {
    runs: seeds,
    stagedPercent: quantile(staged, 0.99),
    stagedWorstPercent: staged.at(-1) ?? Number.NaN,
    naivePercent: quantile(sorted('shift'), 0.99),
  };
}

function goodputOf(deployment: Deployment, seed: number): number {
  const { world, faultMs, fail, apply } = begin(deployment, seed);
  const measures = new Measures(world);
  let decidedMs = Number.POSITIVE_INFINITY;
  world.observe((event) => {
    if (event.type === 'decided' && event.register.run?.kind === 'withdraw')
      decidedMs = Math.min(decidedMs, event.atMs);
  });
  for (const name of ['one', 'two'])
    apply(settledMs / 2, { kind: 'set', site: { service: null, name }, facts: { load: 70 } });
  fail('one', 'stop');
  world.scheduler.runUntil(faultMs + 90_000);
  if (!Number.isFinite(decidedMs)) throw new Error(`nothing was withdrawn (seed=${seed})`);
  return measures.goodputPercent('web', decidedMs);
}

type Change = ScenarioEvent extends infer Event
  ? Event extends ScenarioEvent
    ? Omit<Event, 'atMs' | 'line'>
    : never
  : never;

/** A world in which a site will fail at an instant that the seed draws. */
export function begin(deployment: Deployment, seed: number) {
  const world = new World(deployment, { seed });
  const faultMs = settledMs + Math.floor(seededRandom(seed, 'fault')() * spreadMs);
  const applying = { world, parseOperatorLine, redeploy: () => ({ message: 'nothing is deployed again' }) };
  const apply = (atMs: number, change: Change) =>
    world.scheduler.at(atMs, () => applyEvent({ ...change, atMs, line: null } as ScenarioEvent, applying));
  const fail = (name: string, kind: 'stop' | 'hang') =>
    apply(faultMs, { kind, target: { kind: 'site', service: null, name } } as Change);
  return { world, faultMs, fail, apply };
}

/** A deployment from its text. */
export function deploymentOf(text: string): Deployment {
  return parseDeploymentValue(parseDocument(text, 'bench').value, 'bench');
}

/** Of sorted samples; the nearest rank. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
