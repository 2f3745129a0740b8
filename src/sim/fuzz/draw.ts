import { defineDeployment } from '../../config/load.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Expectation, Scenario, ScenarioEvent, Target } from '../../scenario/scenario.ts';
import { type SeededRandom, seededRandom } from '../random.ts';
import { fuzzDeployments } from './deployments.ts';

/** Faults begin after the watchers have warmed up. */
const faultsFromMs = 40_000;
/** By then everything has been healed. */
const healedMs = 300_000;
/** Quiet time at the end, in which liveness is owed. */
const quietMs = 330_000;
const faultsMin = 2;
const faultsMax = 9;

type Draw = (random: SeededRandom, deployment: Deployment, atMs: number, untilMs: number) => readonly ScenarioEvent[];

/**
 * Draws a scenario from a seed: some faults, all healed by one instant, then quiet.
 *
 * At most one table is lost a run: with three tables a second loss before the first is made good leaves no majority that
 * remembers, and nothing is promised then.
 */
export function drawScenario(seed: number): Scenario {
  const random = seededRandom(seed, 'draw');
  const configuration = pick(random, fuzzDeployments);
  const deployment = defineDeployment(configuration);
  const count = faultsMin + Math.floor(random() * (faultsMax - faultsMin + 1));
  const faults: ScenarioEvent[] = [];
  let hasLostTable = false;
  for (let made = 0; made < count; made += 1) {
    const atMs = whole(faultsFromMs + random() * (healedMs - faultsFromMs - 30_000));
    const untilMs = whole(Math.min(healedMs, atMs + 2_000 + random() ** 2 * 120_000));
    const draw: Draw = pick(random, hasLostTable ? draws : [...draws, loseTable]);
    hasLostTable ||= draw === loseTable;
    faults.push(...draw(random, deployment, atMs, untilMs));
  }
  const events = [...faults, ...healing(deployment)].sort((a, b) => a.atMs - b.atMs);
  return {
    name: `seed ${seed} (${configuration.name}, ${count} faults)`,
    source: null,
    fileName: `seed ${seed}`,
    deployment,
    configuration,
    seed,
    durationMs: healedMs + quietMs,
    events,
    expectations: settled(deployment),
  };
}

/** Once everything has been healed and quiet, every service is well and nothing is under way. */
function settled(deployment: Deployment): readonly Expectation[] {
  const status = Object.fromEntries(Object.keys(deployment.services).map((name) => [name, { state: 'steady' }]));
  return [{ line: null, when: { kind: 'end' }, status }];
}

/** A site stops, or hangs, for a while. */
const failSite: Draw = (random, deployment, atMs, untilMs) => {
  const target = siteTarget(random, deployment);
  const kind = pick(random, ['stop', 'hang'] as const);
  return [event(atMs, { kind, target }), event(untilMs, { kind: 'start', target })];
};

/** A site answers, but wrongly. */
const breakSite: Draw = (random, deployment, atMs, untilMs) => {
  const { service, name } = siteTarget(random, deployment);
  const broken = pick(random, [{ status: 503 }, { body: 'no' }, { role: 'standby' }]);
  const site = { service, name };
  return [
    event(atMs, { kind: 'break', site, status: null, body: null, role: null, ...broken }),
    event(untilMs, { kind: 'start', target: { kind: 'site', ...site } }),
  ];
};

/** A site falls behind, or is not ready. */
const hinderSite: Draw = (random, deployment, atMs, untilMs) => {
  const { service, name } = siteTarget(random, deployment);
  const site = { service, name };
  const [worse, better] = pick(random, [
    [{ replicationLagMs: 61_000 }, { replicationLagMs: 0 }],
    [{ ready: false }, { ready: true }],
    [{ canBoot: false }, { canBoot: true }],
    [{ veto: 'not now' }, { veto: '' }],
    [{ promotionMs: 60_000 }, { promotionMs: 20_000 }],
  ]);
  return [event(atMs, { kind: 'set', site, facts: worse }), event(untilMs, { kind: 'set', site, facts: better })];
};

/** A site is half well. */
const greySite: Draw = (random, deployment, atMs, untilMs) => {
  const target = siteTarget(random, deployment);
  const { service, name } = target;
  const fault = pick(random, [{ errorShare: 0.4 }, { packetLoss: 0.4 }, { jitterMs: 2_500 }]);
  return [event(atMs, { kind: 'grey', site: { service, name }, fault }), event(untilMs, { kind: 'start', target })];
};

/** A stranger changes weights. */
const misweigh: Draw = (random, deployment, atMs) => {
  const [service = ''] = Object.keys(deployment.services);
  const { targets } = deployment.services[service]?.traffic ?? {};
  if (!targets) return [];
  const weights = Object.fromEntries(Object.keys(targets.targetGroups).map((site) => [site, whole(random() * 100)]));
  return [event(atMs, { kind: 'misweigh', service, weights })];
};

/** Demand rises until a site of a pool is worth more than the room that the others have. */
const burden: Draw = (random, deployment, atMs) => {
  const pools = Object.entries(deployment.services).filter(([, { mode }]) => mode === 'active-active');
  const load = whole(40 + random() * 40);
  return pools.flatMap(([service, { sites }]) =>
    Object.keys(sites).map((name) => event(atMs, { kind: 'set', site: { service, name }, facts: { load } })),
  );
};

/** Each with its weight: what the product is for happens most often, and mostly together with something else. */
const draws: readonly Draw[] = [
  failSite,
  failSite,
  failSite,
  failSite,
  breakSite,
  hinderSite,
  hinderSite,
  greySite,
  misweigh,
  burden,
  (random, deployment, atMs, untilMs) => {
    const kind = pick(random, ['watcher', 'oracle', 'table', 'region'] as const);
    const target = { kind, name: pick(random, deployment.controlRegions) } as const;
    return [event(atMs, { kind: 'stop', target }), event(untilMs, { kind: 'start', target })];
  },
  (random, deployment, atMs, untilMs) => [
    event(atMs, {
      kind: 'freeze',
      role: 'watcher',
      region: pick(random, deployment.controlRegions),
      forMs: untilMs - atMs,
    }),
  ],
  (random, deployment, atMs, untilMs) => {
    const region = pick(random, deployment.controlRegions);
    const other = pick(random, [
      ...deployment.controlRegions.filter((name) => name !== region),
      `site/${siteTarget(random, deployment).name}`,
      `aws/dynamodb/${pick(random, deployment.controlRegions)}`,
      `aws/ec2/${region}`,
    ]);
    const ends = [region, other] as const;
    return [event(atMs, { kind: 'cut', ends, isOneWay: random() < 0.3 }), event(untilMs, { kind: 'heal', ends })];
  },
  (random, deployment, atMs, untilMs) => [
    event(atMs, {
      kind: 'fail',
      api: pick(random, [
        'dynamodb:*',
        'dynamodb:UpdateItem',
        'dynamodb:BatchGetItem',
        'lambda:Invoke',
        'ec2:*',
        'ec2:AssociateAddress',
        'route53:*',
        'elasticloadbalancing:*',
        'autoscaling:*',
        'ssm:*',
        'prober:Probe',
      ]),
      region: random() < 0.6 ? pick(random, deployment.controlRegions) : null,
      by: null,
      fault: pick(random, ['throttle', 'timeout', 'error', 'denied', 'lost-response'] as const),
      forMs: untilMs - atMs,
      rate: pick(random, [0.2, 0.5, 1]),
    }),
  ],
  (random, deployment, atMs) => [
    event(atMs, {
      kind: 'crash',
      watcher: pick(random, deployment.controlRegions),
      when: pick(random, ['before', 'after'] as const),
      point: pick(random, [
        'journal',
        'claim',
        'accept',
        'step:dns',
        'step:address',
        'step:verify',
        'step:fence',
        'step:promote',
        'step:start',
        'step:targets',
        'step:publish',
      ]),
    }),
  ],
  (random, deployment, atMs) => [
    event(atMs, {
      kind: 'skew',
      region: pick(random, deployment.controlRegions),
      byMs: whole((random() - 0.5) * 7_200_000),
    }),
  ],
  (random, deployment, atMs) => {
    const [service] = Object.values(deployment.services);
    const address = service?.traffic.address;
    if (!address) return [];
    const to = pick(random, [...Object.values(address.instances), 'i-stranger']);
    return [event(atMs, { kind: 'misplace', address: address.allocationId, record: null, to })];
  },
  operate,
  operate,
  operate,
  (_random, _deployment, atMs) => [event(atMs, { kind: 'redeploy', regions: null, overrides: {}, as: null })],
];

const loseTable: Draw = (random, deployment, atMs) => [
  event(atMs, { kind: 'lose', table: pick(random, deployment.controlRegions) }),
];

function operate(
  random: SeededRandom,
  deployment: Deployment,
  atMs: number,
  untilMs: number,
): readonly ScenarioEvent[] {
  const { name } = siteTarget(random, deployment);
  const commands = [
    [`switchover web --to ${name}`, null],
    [`failover web --to ${name} --force`, null],
    [`failover web --to ${name} --force --allow-data-loss`, null],
    ['pause web --reason fuzz', 'resume web'],
    [`maintenance on web ${name}`, `maintenance off web ${name}`],
    [`maintenance on web ${name} --allow-failover`, `maintenance off web ${name}`],
    ['ack web', null],
    ['failback web', null],
  ] as const;
  const [first, undo] = pick(random, commands);
  const begun = event(atMs, { kind: 'operator', commandLine: first, as: `op${atMs}`, isStale: false });
  return undo === null
    ? [begun]
    : [begun, event(untilMs, { kind: 'operator', commandLine: undo, as: `op${untilMs}`, isStale: false })];
}

/** Puts right whatever may still be wrong; the last word of every run. */
function healing(deployment: Deployment): readonly ScenarioEvent[] {
  const { controlRegions } = deployment;
  const sites = Object.entries(deployment.services).flatMap(([service, { sites: own }]) =>
    Object.keys(own).map((name) => ({ service, name })),
  );
  const starts = sites.flatMap(({ service, name }) => [
    event(healedMs, { kind: 'start', target: { kind: 'site', service, name } }),
    event(healedMs, {
      kind: 'set',
      site: { service, name },
      facts: { load: 0, replicationLagMs: 0, ready: true, canBoot: true, veto: '', promotionMs: 20_000 },
    }),
    event(healedMs + 10_000, {
      kind: 'operator',
      commandLine: `maintenance off ${service} ${name}`,
      as: `heal ${service} ${name}`,
      isStale: false,
    }),
  ]);
  const regions = controlRegions.flatMap((name) =>
    (['region', 'table', 'oracle', 'watcher'] as const).map((kind) =>
      event(healedMs, { kind: 'start', target: { kind, name } }),
    ),
  );
  return [
    ...regions,
    ...starts,
    ...Object.keys(deployment.services).map((service) =>
      event(healedMs + 20_000, {
        kind: 'operator',
        commandLine: `resume ${service}`,
        as: `heal ${service}`,
        isStale: false,
      }),
    ),
  ];
}

type Body<T> = T extends unknown ? Omit<T, 'atMs' | 'line'> : never;

function event(atMs: number, body: Body<ScenarioEvent>): ScenarioEvent {
  return { atMs, line: null, ...body } as ScenarioEvent;
}

function siteTarget(
  random: SeededRandom,
  deployment: Deployment,
): Extract<Target, { kind: 'site' }> & { readonly service: string } {
  const service = pick(random, Object.keys(deployment.services));
  return { kind: 'site', service, name: pick(random, Object.keys(deployment.services[service]?.sites ?? {})) };
}

function pick<T>(random: SeededRandom, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

function whole(ms: number): number {
  return Math.round(ms);
}
