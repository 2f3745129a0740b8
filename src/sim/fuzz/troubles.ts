import { placeText } from '../../core/model/traffic.ts';
import type { SiteFacts } from '../../scenario/scenario.ts';
import { allSites, type Draw, ending, event, lengthMs, pick, siteName, siteTarget, some } from './trouble.ts';

/** Everything that can go wrong with sites and with what they run on. */

/** A site stops, or hangs, for a while. */
const failSite: Draw = (random, deployment, span) => {
  const target = siteTarget(random, deployment);
  return [
    event(span.atMs, { kind: pick(random, ['stop', 'hang'] as const), target }),
    ...ending(span, { kind: 'start', target }),
  ];
};

/** A site answers, but wrongly. */
const breakSite: Draw = (random, deployment, span) => {
  const site = siteName(random, deployment);
  const broken = pick(random, [{ status: 503 }, { body: 'no' }, { role: 'standby' }]);
  return [
    event(span.atMs, { kind: 'break', site, status: null, body: null, role: null, ...broken }),
    ...ending(span, { kind: 'start', target: { kind: 'site', ...site } }),
  ];
};

/** A site falls behind, is not ready, cannot be started, refuses a promotion, or hangs in one. */
const hinderSite: Draw = (random, deployment, span) => {
  const site = siteName(random, deployment);
  const [worse, better] = pick<readonly [SiteFacts, SiteFacts]>(random, [
    [{ replicationLagMs: 61_000 }, { replicationLagMs: 0 }],
    [{ replicationLagMs: 20_000 }, { replicationLagMs: 0 }],
    [
      { ready: false, data: 'unusable' },
      { ready: true, data: 'usable' },
    ],
    [{ canBoot: false }, { canBoot: true }],
    [{ veto: 'not now' }, { veto: '' }],
    [{ promotionMs: 60_000 }, { promotionMs: 20_000 }],
    [{ promotionMs: 3_600_000 }, { promotionMs: 20_000 }],
  ]);
  return [event(span.atMs, { kind: 'set', site, facts: worse }), ...ending(span, { kind: 'set', site, facts: better })];
};

/** A site is half well. */
const greySite: Draw = (random, deployment, span) => {
  const target = siteTarget(random, deployment);
  const fault = pick(random, [{ errorShare: 0.4 }, { packetLoss: 0.4 }, { jitterMs: 2_500 }, { errorShare: 0.7 }]);
  return [event(span.atMs, { kind: 'grey', site: target, fault }), ...ending(span, { kind: 'start', target })];
};

/** Watchers lose sight of a site that clients still reach: all of them, or some. */
const loseSight: Draw = (random, deployment, span) => {
  const { service, name } = siteName(random, deployment);
  const isTotal = random() < 0.6;
  const blind = isTotal ? deployment.controlRegions : some(random, deployment.controlRegions, 0.5);
  return blind.flatMap((region) => {
    const ends = [region, `site/${service}/${name}`] as const;
    return [event(span.atMs, { kind: 'cut', ends, isOneWay: false }), ...ending(span, { kind: 'heal', ends })];
  });
};

/** Demand rises until a site of a pool is worth more than the room that the others have. */
const burden: Draw = (random, deployment, span) => {
  const load = Math.round(40 + random() * 40);
  return allSites(deployment)
    .filter(({ service }) => deployment.services[service]?.mode === 'active-active')
    .flatMap((site) => [
      event(span.atMs, { kind: 'set', site, facts: { load } }),
      ...ending(span, { kind: 'set', site, facts: { load: 0 } }),
    ]);
};

/** A stranger changes weights. */
const misweigh: Draw = (random, deployment, { atMs }) => {
  const [service = ''] = Object.keys(deployment.services);
  const { targets, accelerator, controls, edge, zonal, dns } = deployment.services[service]?.traffic ?? {};
  const weighed =
    targets?.targetGroups ??
    accelerator?.endpointGroupArns ??
    controls?.routingControlArns ??
    edge?.originIds ??
    zonal?.zoneIds ??
    (dns?.mode === 'records' && dns.policy === 'weighted' ? dns.addresses : {});
  if (Object.keys(weighed).length === 0) return [];
  const weights = Object.fromEntries(Object.keys(weighed).map((site) => [site, Math.round(random() * 100)]));
  return [event(atMs, { kind: 'misweigh', service, weights })];
};

/** A stranger moves an address. */
const misplace: Draw = (random, deployment, { atMs }) => {
  const [service] = Object.values(deployment.services);
  const address = service?.traffic.address;
  if (!address) return [];
  const places = Object.values(address.instances).flat();
  const to = pick(random, [...places.map(placeText), 'i-unknown']);
  const [only = '', ...more] = address.allocationId;
  const moved = more.length === 0 ? only : pick(random, [only, ...more]);
  return [event(atMs, { kind: 'misplace', address: moved, record: null, to })];
};

/** Something stops: a part of a control region, or a region with all that is in it. */
const stopPart: Draw = (random, deployment, span) => {
  const kind = pick(random, ['watcher', 'oracle', 'table', 'region', 'region'] as const);
  const target = { kind, name: pick(random, deployment.controlRegions) } as const;
  return [event(span.atMs, { kind: 'stop', target }), ...ending(span, { kind: 'start', target })];
};

/** A majority of the oracles go dark. */
const darkOracles: Draw = (random, deployment, span) => {
  const dark = some(random, deployment.controlRegions, 0.7);
  return dark.flatMap((name) => {
    const target = { kind: 'oracle', name } as const;
    return [event(span.atMs, { kind: 'stop', target }), ...ending(span, { kind: 'start', target })];
  });
};

/** Watchers freeze, one or some; or actuators do. */
const freeze: Draw = (random, deployment, span) => {
  const role = pick(random, ['watcher', 'watcher', 'actuator'] as const);
  const isMany = random() < 0.3;
  const regions = isMany ? some(random, deployment.controlRegions, 0.6) : [pick(random, deployment.controlRegions)];
  return regions.map((region) => event(span.atMs, { kind: 'freeze', role, region, forMs: lengthMs(span) }));
};

/** Two places lose each other, one way or both. */
const cut: Draw = (random, deployment, span) => {
  const region = pick(random, deployment.controlRegions);
  const { service, name } = siteName(random, deployment);
  const other = pick(random, [
    ...deployment.controlRegions.filter((each) => each !== region),
    `site/${service}/${name}`,
    `aws/dynamodb/${pick(random, deployment.controlRegions)}`,
    `aws/lambda/${pick(random, deployment.controlRegions)}`,
    `aws/ec2/${region}`,
  ]);
  const ends = random() < 0.5 ? ([region, other] as const) : ([other, region] as const);
  const isOneWay = random() < 0.4;
  return [event(span.atMs, { kind: 'cut', ends, isOneWay }), ...ending(span, { kind: 'heal', ends })];
};

/** A region loses all others, one way or both, and perhaps its own table with them, or a part of it. */
const partition: Draw = (random, deployment, span) => {
  const region = pick(random, deployment.controlRegions);
  const manner = pick(random, ['both', 'both', 'out', 'in'] as const);
  const own = pick(random, ['well', 'well', 'stopped', 'throttled', 'read-only'] as const);
  const cuts = deployment.controlRegions
    .filter((other) => other !== region)
    .flatMap((other) => {
      const ends = manner === 'in' ? ([other, region] as const) : ([region, other] as const);
      return [
        event(span.atMs, { kind: 'cut', ends, isOneWay: manner !== 'both' }),
        ...ending(span, { kind: 'heal', ends }),
      ];
    });
  const table = { kind: 'table', name: region } as const;
  if (own === 'stopped')
    return [
      ...cuts,
      event(span.atMs, { kind: 'stop', target: table }),
      ...ending(span, { kind: 'start', target: table }),
    ];
  if (own === 'well') return cuts;
  const api = own === 'throttled' ? 'dynamodb:*' : 'dynamodb:UpdateItem';
  const fault = { kind: 'fail', api, region, by: null, fault: 'throttle', forMs: lengthMs(span), rate: 1 } as const;
  return [...cuts, event(span.atMs, fault)];
};

/** An API fails, everywhere or in one region, for everybody or for one. */
const failApi: Draw = (random, deployment, span) => {
  const api = pick(random, [
    'dynamodb:*',
    'dynamodb:UpdateItem',
    'dynamodb:UpdateItem',
    'dynamodb:BatchGetItem',
    'lambda:Invoke',
    'lambda:Invoke',
    'ec2:*',
    'ec2:AssociateAddress',
    'route53:*',
    'elasticloadbalancing:*',
    'autoscaling:*',
    'rds:*',
    'ssm:*',
    'events:*',
    'sts:*',
    'prober:Probe',
  ]);
  const by = random() < 0.25 ? pick(random, deployment.controlRegions) : null;
  const region = random() < 0.6 ? pick(random, deployment.controlRegions) : null;
  const canRepeat = api === 'dynamodb:UpdateItem' || api === 'lambda:Invoke';
  const canLag = api.startsWith('ec2') || api.startsWith('elastic') || api.startsWith('auto');
  const fault = pick(random, [
    ...(['throttle', 'timeout', 'error', 'denied', 'lost-response'] as const),
    ...(canRepeat ? (['late', 'twice', 'twice'] as const) : []),
    ...(canLag ? (['stale', 'stale'] as const) : []),
  ]);
  const rate = pick(random, [0.2, 0.5, 1]);
  return [event(span.atMs, { kind: 'fail', api, region, by, fault, forMs: lengthMs(span), rate })];
};

/** A watcher dies at a point of its work. */
const crash: Draw = (random, deployment, { atMs }) => [
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
      'step:accelerator',
      'step:controls',
      'step:zonal',
      'step:edge',
      'step:publish',
    ]),
  }),
];

/** A watcher dies again and again. */
const crashLoop: Draw = (random, deployment, { atMs, untilMs, endMs }) => {
  const target = { kind: 'watcher', name: pick(random, deployment.controlRegions) } as const;
  const everyMs = 5_000 + random() * 25_000;
  const times = Math.min(5, Math.ceil(((untilMs ?? endMs) - atMs) / everyMs));
  return Array.from({ length: times }, (_, index) => [
    event(Math.round(atMs + index * everyMs), { kind: 'stop', target }),
    event(Math.round(atMs + index * everyMs + 2_000), { kind: 'start', target }),
  ]).flat();
};

const skew: Draw = (random, deployment, { atMs }) => [
  event(atMs, {
    kind: 'skew',
    region: pick(random, deployment.controlRegions),
    byMs: Math.round((random() - 0.5) * 7_200_000),
  }),
];

/** What can last to the end of a run, so that liveness is owed amid it. */
export const lastingDraws: readonly Draw[] = [
  failSite,
  breakSite,
  stopPart,
  stopPart,
  stopPart,
  cut,
  failApi,
  loseSight,
  partition,
];

/** Everything that goes wrong by itself; what is here more often is drawn more often. */
export const faultDraws: readonly Draw[] = [
  failSite,
  failSite,
  failSite,
  breakSite,
  hinderSite,
  hinderSite,
  greySite,
  loseSight,
  loseSight,
  burden,
  misweigh,
  misplace,
  stopPart,
  stopPart,
  darkOracles,
  freeze,
  freeze,
  cut,
  partition,
  partition,
  failApi,
  failApi,
  failApi,
  crash,
  crashLoop,
  skew,
];
