import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { sitesByPriority } from '../../core/model/service.ts';
import type { ScenarioEvent } from '../../scenario/scenario.ts';
import type { SeededRandom } from '../random.ts';
import { type Draw, event, pick } from './trouble.ts';

/** Troubles that come together, because each alone seldom puts a property at stake. */

/**
 * By then a command has watched the tables for as long as a command does and prepared its change, and has not had it
 * accepted, in milliseconds: with near tables, and with far ones. Each hits about a third of the services.
 */
const preparedMs = [2_160, 2_400] as const;
/** Sooner than any watcher finishes what a command has left half done: within a tick. */
const overtakingMsMax = 1_500;
/** Most between two orders of which the later one overtakes the effects of the earlier one. */
const overtakenMsMax = 12_000;
/** Time in which a trouble is seen and acted on, before the one that follows from it. */
const seenMs = 15_000;

/** Share of its capacity that each other site of a pool carries when one has died. */
const pressedShare = 0.92;
/** Writes whose effects may come late. */
const lateApis = [
  'ec2:AssociateAddress',
  'ec2:ReplaceRoute',
  'ec2:ModifyInstanceAttribute',
  'elasticloadbalancing:ModifyListener',
  'autoscaling:UpdateAutoScalingGroup',
  'route53:ChangeResourceRecordSets',
  'ssm:PutParameter',
] as const;

/** A service with one active site, and its sites in the order in which they are preferred. */
interface Movable {
  readonly service: string;
  readonly sites: readonly string[];
}

function movable(random: SeededRandom, deployment: Deployment, sitesMin = 2): Movable | null {
  const found = Object.keys(deployment.services)
    .map((name) => serviceOf(deployment, name))
    .filter(({ mode, sites }) => mode === 'active-passive' && Object.keys(sites).length >= sitesMin);
  if (found.length === 0) return null;
  const service = pick(random, found);
  return { service: service.name, sites: sitesByPriority(service) };
}

const tableWrites = { kind: 'fail', api: 'dynamodb:UpdateItem', fault: 'timeout', rate: 1 } as const;

const order = (atMs: number, commandLine: string): Extract<ScenarioEvent, { readonly kind: 'operator' }> => {
  const as = `op${Math.round(atMs)} ${commandLine}`;
  return { kind: 'operator', atMs: Math.round(atMs), line: null, commandLine, as, isStale: false };
};

const stop = (atMs: number, service: string, name: string): ScenarioEvent =>
  event(Math.round(atMs), { kind: 'stop', target: { kind: 'site', service, name } });

const start = (atMs: number, service: string, name: string): ScenarioEvent =>
  event(Math.round(atMs), { kind: 'start', target: { kind: 'site', service, name } });

/**
 * Two people send a service to two sites: the first one's value reaches one table, and the second one only the others.
 */
const rivals: Draw = (random, deployment, { atMs }) => {
  const chosen = movable(random, deployment, 3);
  if (chosen === null) return [];
  const { service, sites } = chosen;
  const [first = '', second = ''] = random() < 0.5 ? sites.slice(1) : sites.slice(1).reverse();
  const failingMs = atMs + pick(random, preparedMs);
  const orders = [
    order(atMs, `switchover ${service} --to ${first}`),
    order(failingMs + random() * overtakingMsMax, `switchover ${service} --to ${second}`),
  ] as const;
  const own = pick(random, deployment.controlRegions);
  const failing = (by: string, region: string, fromMs: number) =>
    event(Math.round(fromMs), { ...tableWrites, region, by, forMs: seenMs });
  return [
    ...orders,
    failing(orders[1].as, own, atMs),
    ...deployment.controlRegions
      .filter((region) => region !== own)
      .map((region) => failing(orders[0].as, region, failingMs)),
  ];
};

/**
 * A move overtakes another one whose functions are invoked once more, late; the table beside them may not have heard.
 */
const overtaken: Draw = (random, deployment, { atMs }) => {
  const chosen = movable(random, deployment);
  if (chosen === null) return [];
  const { service, sites } = chosen;
  const first = pick(random, sites);
  const second = pick(
    random,
    sites.filter((site) => site !== first),
  );
  const againMs = atMs + 500 + random() * overtakenMsMax;
  const region =
    deployment.services[service]?.sites[pick(random, sites)]?.region ?? pick(random, deployment.controlRegions);
  const far = random() < 0.5 ? deployment.controlRegions.filter((other) => other !== region) : [];
  const table = `aws/dynamodb/${region}`;
  const repeated = { kind: 'fail', api: 'lambda:Invoke', region, by: null, fault: 'twice' } as const;
  return [
    event(atMs, { ...repeated, forMs: seenMs, rate: 1 }),
    ...far.map((other) => event(atMs, { kind: 'cut', ends: [other, table], isOneWay: false })),
    order(atMs, `failover ${service} --to ${first} --force`),
    order(againMs, `failover ${service} --to ${second} --force`),
    ...far.map((other) => event(Math.round(againMs + seenMs), { kind: 'heal', ends: [other, table] })),
  ];
};

/** The site that took over dies, too, while the one before it is well again; perhaps the service is paused. */
const relapse: Draw = (random, deployment, { atMs, untilMs, endMs }) => {
  const chosen = movable(random, deployment);
  if (chosen === null) return [];
  const { service, sites } = chosen;
  const [first = '', second = ''] = sites;
  const backMs = atMs + seenMs + random() * 3 * seenMs;
  const isPaused = random() < 0.4;
  const lastMs = Math.min(untilMs ?? endMs, backMs + 5 * seenMs);
  return [
    stop(atMs, service, first),
    start(backMs, service, first),
    ...(isPaused ? [order(backMs, `pause ${service} --reason fuzz`)] : []),
    stop(backMs + random() * seenMs, service, second),
    ...(isPaused ? [order(lastMs, `resume ${service}`)] : []),
    start(Math.max(lastMs, backMs + seenMs), service, second),
  ];
};

/** The site that would be taken next may not be, and the active one dies. */
const narrow: Draw = (random, deployment, { atMs, untilMs, endMs }) => {
  const chosen = movable(random, deployment, 3);
  if (chosen === null) return [];
  const { service, sites } = chosen;
  const [active = '', next = ''] = sites;
  const site = { service, name: next };
  const lastMs = untilMs ?? endMs;
  const [closed, open] =
    random() < 0.5
      ? [order(atMs, `maintenance on ${service} ${next}`), order(lastMs, `maintenance off ${service} ${next}`)]
      : [
          event(atMs, { kind: 'set', site, facts: { ready: false } }),
          event(lastMs, { kind: 'set', site, facts: { ready: true } }),
        ];
  return [closed, stop(atMs + seenMs, service, active), start(lastMs + seenMs, service, active), open];
};

/** Somebody moves a service to a site that is far behind, and takes the loss. */
const loss: Draw = (random, deployment, { atMs, untilMs, endMs }) => {
  const chosen = movable(random, deployment);
  if (chosen === null) return [];
  const { service, sites } = chosen;
  const name = pick(random, sites.slice(1));
  const site = { service, name };
  return [
    event(atMs, { kind: 'set', site, facts: { replicationLagMs: 400_000 } }),
    order(atMs + random() * seenMs, `failover ${service} --to ${name} --force --allow-data-loss`),
    event(untilMs ?? endMs, { kind: 'set', site, facts: { replicationLagMs: 0 } }),
  ];
};

/** A site is slow, or fails a part of its requests, for long enough to be told from a blip. */
const longGrey: Draw = (random, deployment, { atMs }) => {
  const chosen = movable(random, deployment);
  if (chosen === null) return [];
  const { service, sites } = chosen;
  const target = { kind: 'site', service, name: pick(random, sites) } as const;
  const fault = pick(random, [{ errorShare: 0.3 }, { jitterMs: 1_400 }, { packetLoss: 0.3 }]);
  return [
    event(atMs, { kind: 'grey', site: target, fault }),
    event(Math.round(atMs + (3 + 2 * random()) * seenMs), { kind: 'start', target }),
  ];
};

/** A pool has just so much to do that all sites but one can carry it, and then one dies. */
const pressed: Draw = (random, deployment, { atMs, endMs }) => {
  const pools = Object.keys(deployment.services)
    .map((name) => serviceOf(deployment, name))
    .filter(({ mode, sites }) => mode === 'active-active' && Object.keys(sites).length > 1);
  if (pools.length === 0) return [];
  const { name: service, sites } = pick(random, pools);
  const names = Object.keys(sites);
  const share = (pressedShare * (names.length - 1)) / names.length;
  const dying = pick(random, names);
  const loads = (at: number, part: number) =>
    names.map((name) => {
      const load = Math.round((sites[name]?.capacity ?? 0) * part);
      return event(Math.round(at), { kind: 'set', site: { service, name }, facts: { load } });
    });
  return [
    ...loads(atMs, share),
    stop(atMs + 2 * seenMs, service, dying),
    start(atMs + (4 + random()) * seenMs, service, dying),
    ...loads(Math.min(endMs, atMs + 8 * seenMs), 0),
  ];
};

/** A move overtakes another one whose writes take effect only after their callers have given up. */
const outrun: Draw = (random, deployment, { atMs }) => {
  const chosen = movable(random, deployment);
  if (chosen === null) return [];
  const { service, sites } = chosen;
  const [first = '', second = ''] = [...sites.slice(1), ...sites];
  const late = { kind: 'fail', region: null, by: null, fault: 'late', forMs: seenMs } as const;
  return [
    ...lateApis.map((api) => event(atMs, { ...late, api, rate: 0.5 })),
    order(atMs, `failover ${service} --to ${first} --force`),
    order(atMs + 4_000 + random() * overtakenMsMax, `failover ${service} --to ${second} --force`),
  ];
};

/** Everything that comes together; what is here more often is drawn more often. */
export const combinedDraws: readonly Draw[] = [
  rivals,
  rivals,
  rivals,
  rivals,
  overtaken,
  overtaken,
  relapse,
  relapse,
  narrow,
  narrow,
  loss,
  longGrey,
  pressed,
  pressed,
  outrun,
  outrun,
];

/** The site that serves dies for good, beside a part of another region. */
export const deadForGood: Draw = (random, deployment, { atMs }) => {
  const chosen = movable(random, deployment);
  if (chosen === null) return [];
  const { service, sites } = chosen;
  const [active = ''] = sites;
  const homes = Object.values(deployment.services[service]?.sites ?? {}).map(({ region }) => region);
  const strange = deployment.controlRegions.filter((region) => !homes.includes(region));
  const part = pick(random, ['watcher', 'oracle', 'table'] as const);
  const fault =
    strange.length === 0
      ? []
      : [event(atMs, { kind: 'stop' as const, target: { kind: part, name: pick(random, strange) } })];
  return [...fault, stop(atMs + 4 * seenMs, service, active)];
};
