import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { type NamedService, sitesByPriority } from '../../core/model/service.ts';
import { majorityAmong } from '../../core/register/quorum.ts';
import { type StepName, stepNames } from '../../core/register/run.ts';
import type { ScenarioEvent, SiteFacts } from '../../scenario/scenario.ts';
import type { SeededRandom } from '../random.ts';
import { type Draw, ending, event, lengthMs, pick, type Span } from './trouble.ts';

/** Troubles in which a person helps: a move that cannot end, a fence that nothing opens, a register that is lost. */

/** From the fault until whoever is on call has looked, at least and at most, in milliseconds. */
const lookMsMin = 10_000;
const lookMsMax = 50_000;
/** Share of the orders to go on without a step that are about the one that stands still. */
const likelyStepShare = 0.7;
/** Most orders that a person gives before the trouble is over. */
const ordersMax = 3;
/** Time in which an order is answered. */
const askedAgainMs = 10_000;
/** Time in which a switchover comes to its end where nothing is in its way. */
const movedMs = 25_000;

const ordered = (atMs: number, commandLine: string): ScenarioEvent => {
  const ms = Math.round(atMs);
  return event(ms, { kind: 'operator', commandLine, as: `op${ms} ${commandLine}`, isStale: false });
};

function activePassive(random: SeededRandom, deployment: Deployment): NamedService | null {
  const found = Object.keys(deployment.services)
    .map((name) => serviceOf(deployment, name))
    .filter(({ mode }) => mode === 'active-passive');
  return found.length === 0 ? null : pick(random, found);
}

/** The APIs of the steps that a move may be unable to do. */
const stepApis: Readonly<Partial<Record<StepName, string>>> = {
  address: 'ec2:AssociateAddress',
  targets: 'elasticloadbalancing:*',
  dns: 'route53:*',
  publish: 'ssm:*',
  accelerator: 'globalaccelerator:*',
};

/** A step that a move cannot do, and why: a fault for as long as the trouble lasts. */
interface Obstacle {
  readonly step: StepName;
  readonly events: readonly ScenarioEvent[];
}

/** What keeps a move to a site from its end: its data or its size does not come, or an API fails. */
function obstaclesOf(random: SeededRandom, service: NamedService, to: string, span: Span): readonly Obstacle[] {
  const site = { service: service.name, name: to };
  const hindered = (step: StepName, worse: SiteFacts, better: SiteFacts): Obstacle => ({
    step,
    events: [
      event(span.atMs, { kind: 'set', site, facts: worse }),
      ...ending(span, { kind: 'set', site, facts: better }),
    ],
  });
  const steps = [...Object.keys(service.traffic), ...(service.clients === undefined ? [] : ['publish'])];
  const failing = Object.entries(stepApis).flatMap(([step, api]): readonly Obstacle[] => {
    if (!steps.includes(step) || (step === 'dns' && service.traffic.dns?.mode !== 'records')) return [];
    const fault = pick(random, ['error', 'denied', 'timeout'] as const);
    const failed = event(span.atMs, {
      kind: 'fail',
      api,
      region: null,
      by: null,
      fault,
      forMs: lengthMs(span),
      rate: 1,
    });
    return [{ step: step as StepName, events: [failed] }];
  });
  const data = [
    hindered('promote', { veto: 'not now' }, { veto: '' }),
    hindered('promote', { promotionMs: 3_600_000 }, { promotionMs: 20_000 }),
  ];
  const growth = hindered('start', { canBoot: false }, { canBoot: true });
  const hasScale = (service.sites[to]?.scale ?? []).length > 0;
  return [...failing, ...(service.data === undefined ? [] : data), ...(hasScale ? [growth] : [])];
}

/** The active site dies, the move stands still, and a person says that it goes on, or goes on without a step. */
const rescue: Draw = (random, deployment, span) => {
  const service = activePassive(random, deployment);
  if (service === null) return [];
  const [active = '', next = ''] = sitesByPriority(service);
  const target = { kind: 'site', service: service.name, name: active } as const;
  const obstacles = obstaclesOf(random, service, next, span);
  const obstacle = obstacles.length === 0 ? null : pick(random, obstacles);
  const count = 1 + Math.floor(random() * ordersMax);
  const orders = Array.from({ length: count }, () => {
    const likely = obstacle?.step ?? (service.sites[active]?.fence ? 'fence' : 'verify');
    const step = random() < likelyStepShare ? likely : pick(random, stepNames);
    const twoWriters = step === 'fence' && random() < 0.5 ? ' --allow-two-writers' : '';
    const line = random() < 0.5 ? `continue ${service.name}` : `skip ${service.name} ${step}${twoWriters}`;
    return ordered(span.atMs + lookMsMin + random() * Math.max(lookMsMax, lengthMs(span)), line);
  });
  return [
    ...(obstacle?.events ?? []),
    event(span.atMs, { kind: 'stop', target }),
    ...orders,
    ...ending(span, { kind: 'start', target }),
  ];
};

/** A site is left for another, and a person opens its fence before anything has proven that it may be opened. */
const release: Draw = (random, deployment, span) => {
  const fenced = Object.keys(deployment.services)
    .map((name) => serviceOf(deployment, name))
    .filter(({ mode, sites }) => mode === 'active-passive' && Object.values(sites).some((site) => site.fence));
  if (fenced.length === 0) return [];
  const service = pick(random, fenced);
  const [active = '', next = ''] = sitesByPriority(service);
  const target = { kind: 'site', service: service.name, name: active } as const;
  const isByHand = random() < 0.5;
  const releaseMs = span.atMs + movedMs + random() * Math.max(lookMsMin, lengthMs(span) - movedMs);
  return [
    ...(isByHand ? [ordered(span.atMs, `failover ${service.name} --to ${next} --force`)] : []),
    event(span.atMs + (isByHand ? movedMs / 2 : 0), { kind: pick(random, ['stop', 'hang']), target }),
    ...ending(span, { kind: 'start', target }),
    ordered(releaseMs, `release ${service.name} ${active}`),
    // Whoever was refused says it again, at any risk.
    ordered(releaseMs + askedAgainMs, `release ${service.name} ${active} --allow-two-writers`),
  ];
};

/** What a person does who helps; what is here more often is drawn more often. */
const rescueDraws: readonly Draw[] = [rescue, rescue, rescue, release, release];

/** Shares of runs in which a person helps, and of those in which every register is lost, where no table is besides. */
const helpShare = 0.3;
const allLostShare = 0.06;

/** The time of a run in which troubles are, in milliseconds. */
export interface TroubleTime {
  /** Faults begin from then on, for so long; and everything is healed at an instant. */
  readonly fromMs: number;
  readonly forMs: number;
  readonly healedMs: number;
  readonly endMs: number;
}

/**
 * Draws what people help with, beside everything else that a seed draws.
 *
 * @param random - a stream of its own, so that seeds without it stay what they were
 * @param hasLostTable - whether a table is lost already: then not all of them are
 */
export function drawHelp(
  random: SeededRandom,
  deployment: Deployment,
  { fromMs, forMs, healedMs, endMs }: TroubleTime,
  hasLostTable: boolean,
): { readonly events: readonly ScenarioEvent[]; readonly areAllLost: boolean } {
  const isHelped = random() < helpShare;
  const atMs = Math.round(fromMs + random() * forMs);
  const untilMs = Math.round(Math.min(healedMs, atMs + lookMsMin + random() * forMs));
  if (isHelped) {
    const events = pick(random, rescueDraws)(random, deployment, { atMs, untilMs, endMs });
    return { events: events.filter((each) => each.atMs < endMs), areAllLost: false };
  }
  if (random() >= allLostShare / (1 - helpShare) || hasLostTable) return { events: [], areAllLost: false };
  return { events: losingAll(random, deployment, atMs, healedMs + movedMs), areAllLost: true };
}

/**
 * A majority of the state tables is lost, or all are, and a person founds the registers again at the sites that
 * services were sent to just before.
 *
 * @param againMs - when whoever has put everything right says so once more, and then asks for the other sites, too: a
 *   site that was not reached is refused where the functions of its service name another one
 */
function losingAll(
  random: SeededRandom,
  deployment: Deployment,
  atMs: number,
  againMs: number,
): readonly ScenarioEvent[] {
  const { controlRegions, services } = deployment;
  const lost = random() < 0.5 ? controlRegions : controlRegions.slice(0, majorityAmong(controlRegions.length));
  const lostMs = Math.round(atMs + movedMs);
  // A group may be refused to move, and then the functions of one member contradict the person, and those of another
  // say nothing: it would be founded in two places. So a group is lost where it began.
  const drawn = random();
  const rank = deployment.groups === undefined || Object.keys(deployment.groups).length === 0 ? drawn : 0;
  const homes = Object.entries(services).map(([name, { mode, sites }]) => {
    const order = sitesByPriority({ sites });
    const site = order[Math.floor(rank * order.length)] ?? '';
    return { name, site, others: order.filter((other) => other !== site), isMoved: mode === 'active-passive' };
  });
  const foundMs = lostMs + lookMsMin + random() * lookMsMax;
  const found = (ms: number, name: string, site: string) => ordered(ms, `found ${name} --active ${site}`);
  return [
    ...homes.flatMap(({ name, site, isMoved }) => (isMoved ? [ordered(atMs, `switchover ${name} --to ${site}`)] : [])),
    ...lost.map((table) => event(lostMs, { kind: 'lose', table })),
    ...homes.map(({ name, site }) => found(foundMs, name, site)),
    ...homes.flatMap(({ name, site, others }) =>
      [site, ...others].map((each, index) => found(againMs + index * askedAgainMs, name, each)),
    ),
  ];
}

/** Share of runs in which a person moves the data outside of this tool, where there is data to move. */
const outsideShare = 0.15;
/** Latest that the person leads clients there after that, in milliseconds. */
const followMsMax = 150_000;

/**
 * What a person does in the console of AWS, from a stream of its own: the seeds that draw none of it have the troubles
 * that they always had.
 *
 * @param time - when it may begin
 */
export function drawOutside(
  random: SeededRandom,
  deployment: Deployment,
  { fromMs, forMs }: { readonly fromMs: number; readonly forMs: number },
): readonly ScenarioEvent[] {
  const moved = Object.entries(deployment.services).filter(
    ([, { mode, data }]) => mode === 'active-passive' && data !== undefined,
  );
  if (random() >= outsideShare || moved.length === 0) return [];
  return Array.from({ length: pick(random, [1, 1, 2]) }, () => {
    const [service = '', { sites } = { sites: {} }] = pick(random, moved);
    const name = pick(random, Object.keys(sites));
    const atMs = Math.round(fromMs + random() * forMs);
    const followMs = Math.round(atMs + random() * followMsMax);
    const follow = event(followMs, {
      kind: 'operator',
      commandLine: `switchover ${service} --to ${name}`,
      as: `op${followMs}`,
      isStale: false,
    });
    const move = event(atMs, { kind: 'set', site: { service, name }, facts: { data: 'writer' } });
    return random() < 0.5 ? [move, follow] : [move];
  }).flat();
}
