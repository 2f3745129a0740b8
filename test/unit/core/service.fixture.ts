import type { DecisionInput } from '../../../src/core/decision/decision-input.ts';
import type { NamedService } from '../../../src/core/model/service.ts';
import { newRunTimes } from '../../../src/core/register/ledger.ts';
import { type AutomaticMove, genesis, type Register } from '../../../src/core/register/register.ts';
import type { Run, Step } from '../../../src/core/register/run.ts';
import type { Request, Routine } from '../../../src/core/routine.ts';

export const detection = {
  intervalMs: 1_000,
  fallCount: 3,
  riseCount: 2,
  suspectIntervalMs: 500,
  minDownMs: 1_500,
  quorum: 2,
  opinionTtlMs: 3_000,
  grey: { windowTicks: 0, clockOffsetMs: 30_000, certificateDays: 14 },
  bootGraceMs: 0,
};

const site = (region: string, priority: number): NamedService['sites'][string] => ({
  region,
  priority,
  standby: 'hot',
  scale: [],
  work: [],
  bootMs: 60_000,
  measures: {},
  capacity: 1,
  probes: [],
  require: 'all',
});

/** Three sites: `one` and `two` share a region, `far` does not; `one` is preferred. */
export const service: NamedService = {
  name: 'shop',
  mode: 'active-passive',
  sites: { one: site('region-1', 100), two: site('region-1', 50), far: site('region-2', 80) },
  detection,
  failover: {
    automatic: true,
    blockMs: 3_600_000,
    maxMovesPerDay: 2,
    leaseMs: 10_000,
    requireFenceProof: false,
    reconcileMs: 30_000,
    stepTimeoutMs: 5_000,
    stepAttemptsMax: 3,
    runAttemptsMax: 3,
    onStartFailure: 'wait',
    allDown: 'keep',
  },
  capacity: { limitPercent: 90, spareSites: 0, shortage: 'shed' },
  failback: { mode: 'manual', healthyForMs: 60_000 },
  traffic: {
    dns: {
      zone: { id: 'Z1', name: 'example.com' },
      record: 'shop.example.com',
      ttlSeconds: 30,
      mode: 'oracle',
      policy: 'failover',
      addresses: { one: { a: ['192.0.2.1'] }, two: { a: ['192.0.2.2'] }, far: { a: ['192.0.2.3'] } },
    },
  },
};

/** The service with some of its parts replaced. */
export function serviceWith(more: {
  readonly mode?: NamedService['mode'];
  readonly capacity?: Partial<NamedService['capacity']>;
  readonly data?: NamedService['data'];
  readonly clients?: NamedService['clients'];
  readonly failover?: Partial<NamedService['failover']>;
  readonly failback?: Partial<NamedService['failback']>;
  readonly detection?: Partial<NamedService['detection']>;
  readonly traffic?: NamedService['traffic'];
  readonly sites?: Readonly<Record<string, Partial<NamedService['sites'][string]>>>;
}): NamedService {
  const sites = Object.entries(service.sites).map(([name, place]) => [name, { ...place, ...more.sites?.[name] }]);
  return {
    ...service,
    mode: more.mode ?? service.mode,
    sites: Object.fromEntries(sites),
    capacity: { ...service.capacity, ...more.capacity },
    ...(more.data ? { data: more.data } : {}),
    ...(more.clients ? { clients: more.clients } : {}),
    failover: { ...service.failover, ...more.failover },
    failback: { ...service.failback, ...more.failback },
    detection: { ...detection, ...more.detection },
    traffic: more.traffic ?? service.traffic,
  };
}

export const oracleDns = service.traffic.dns as NonNullable<NamedService['traffic']['dns']>;
export const recordsDns = { ...oracleDns, mode: 'records' } as const;
export const address = {
  allocationId: ['eipalloc-1'],
  region: 'region-1',
  instances: { one: [{ instanceId: 'i-1' }], two: [{ instanceId: 'i-2' }] },
  fallback: 'dns',
} as const;
/** Routes of two tables to `one` and `two`. */
export const route = {
  region: 'region-1',
  tables: ['rtb-1', 'rtb-2'],
  destinations: ['0.0.0.0/0', '::/0'],
  targets: { one: { instanceId: 'i-1' }, two: { networkInterfaceId: 'eni-2' } },
} as const;
export const accelerator = { endpointGroupArns: { one: 'arn:one', two: 'arn:two', far: 'arn:far' } } as const;
/** Routing controls of a cluster with one endpoint. */
export const controls = {
  endpoints: { 'region-9': 'https://host-9' },
  routingControlArns: { one: 'arn:one', two: 'arn:two', far: 'arn:far' },
  ttlSeconds: 60,
} as const;
/** A key of a store of CloudFront. */
export const edge = {
  storeArn: 'arn:store',
  key: 'shop',
  originIds: { one: 'origin-one', two: 'origin-two', far: 'origin-far' },
} as const;
/** Two load balancers over three zones. */
export const zonal = {
  resourceArns: ['arn:balancer-1', 'arn:balancer-2'],
  region: 'region-1',
  zoneIds: { one: 'az1', two: 'az2', far: 'az3' },
  expiryMs: 3_600_000,
} as const;
export const fence = { kind: 'groups', instanceIds: ['i-1'], isolationGroupId: 'sg-1' } as const;

/** The tables of the three control regions. */
export const threeVoters = ['region-1', 'region-2', 'region-3'].map((region) => ({
  region,
  incarnation: `${region}-a`,
}));

/** The voters once a deployment has put another region in the place of `region-1`. */
export const votersElsewhere = ['region-2', 'region-3', 'region-4'].map((region) => ({
  region,
  incarnation: `${region}-a`,
}));

/** The register of a service that never moved, with some of it replaced. */
export function registerWith(more: Partial<Register> = {}): Register {
  return { ...genesis('one'), voters: threeVoters, stage: 'founded', ...more };
}

/** An automatic move that still counts against the limits: a failover from `two` to `one`, unless it says otherwise. */
export function madeMove(epoch: number, more: Partial<AutomaticMove> = {}): AutomaticMove {
  return { epoch, kind: 'failover', from: 'two', to: 'one', isAcknowledged: false, ...more };
}

export const noTimes = newRunTimes(5);

/** Weights of target groups for `one` and `two`, shifted in three steps. */
export const targets = {
  listenerArn: ['listener-1'],
  region: 'region-1',
  targetGroups: { one: 'group-1', two: 'group-2' },
  corroborating: false,
  ramp: { stepsPercent: [10, 50, 100], pauseMs: 4_000 },
} as const;
export const weightedDns = { ...recordsDns, policy: 'weighted' } as const;
export const warm = {
  standby: 'warm',
  scale: [{ kind: 'auto-scaling-group', name: 'asg', size: 4, asActive: false, standbySize: 1 }],
} as const;
export const globalData = {
  kind: 'aurora-global',
  globalId: 'global-1',
  clusters: { one: 'arn-1', two: 'arn-2', far: 'arn-3' },
} as const;

/** What is decided from while all sites are up and everybody speaks, with some of it replaced. */
export function situationWith(more: Partial<DecisionInput> = {}): DecisionInput {
  return {
    service,
    register: registerWith(),
    knowledge: { verdicts: { one: 'up', two: 'up', far: 'up' }, reports: {}, dependencies: {} },
    isActiveSuspected: false,
    watcherCount: 3,
    freshWatcherCount: 3,
    stopwatches: {},
    disputes: [],
    group: null,
    ...more,
  };
}

export function step(name: Step['name'], after: Step['after'] = [], state: Step['state'] = 'pending'): Step {
  return { name, resource: name, region: null, after, state, detail: '' };
}

/** A run from `one` to `two` that epoch 2 began. */
export function runWith(more: Partial<Run> = {}): Run {
  return {
    kind: 'failover',
    epoch: 2,
    attempt: 1,
    retries: 0,
    holder: { region: 'region-1', invocation: 'x' },
    from: 'one',
    to: 'two',
    serving: ['two'],
    reason: 'active-down',
    by: 'region-1',
    isDataLossAllowed: false,
    isProofWaived: false,
    isShortAllowed: false,
    demand: null,
    rampBefore: {},
    steps: [step('dns'), step('verify', ['dns'])],
    state: 'running',
    times: noTimes,
    ...more,
  };
}

/** Runs a routine with canned answers; `answer` sees every request but the random ones and the clock's. */
export function runCanned<T>(
  routine: Routine<T>,
  answer: (request: Exclude<Request, { kind: 'time' | 'random' | 'fork' }>) => unknown,
  clock: { monotonicMs: number } = { monotonicMs: 0 },
): T {
  let next = routine.next();
  while (!next.done) {
    const request = next.value;
    if (request.kind === 'time') next = routine.next({ wallMs: 0, monotonicMs: clock.monotonicMs });
    else if (request.kind === 'random') next = routine.next(0.5);
    else if (request.kind === 'fork') throw new Error('forks are not answered here');
    else next = routine.next(answer(request));
  }
  return next.value;
}
