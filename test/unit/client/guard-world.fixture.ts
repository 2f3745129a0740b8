import {
  afterRound,
  type GuardRules,
  hasLapsed,
  hasWaited,
  type Round,
  type Stretch,
} from '../../../src/client/guard-stretch.ts';
import type { Instant } from '../../../src/client/system.ts';
import { type SeededRandom, seededRandom } from '../../../src/sim/random.ts';

/** What a simulated world does to its guards. All times are real milliseconds. */
export interface GuardWorldPlan {
  readonly seed: number;
  readonly tableCount: 3 | 5;
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly cacheMs: number;
  /** Largest error of a clock, as a share. */
  readonly driftMax: number;
  /** Share of questions that get no answer. */
  readonly lossShare: number;
  /** Largest way of a question, and of an answer. */
  readonly delayMsMax: number;
  /** Mean time between two epochs. */
  readonly changeMs: number;
  /** Mean time between two freezes or restarts of a guard; 0 for none. */
  readonly troubleMs: number;
}

const sites = ['a', 'b', 'c'];
const stepMs = 25;
const roundMs = 500;
const askTimeoutMs = 400;
const durationMs = 60_000;

interface Value {
  readonly epoch: number;
  readonly site: string;
}

interface Table {
  value: Value;
  /** Values that are still on their way to it. */
  due: { readonly atMs: number; readonly value: Value }[];
}

/**
 * What an oracle answers one guard from, a read of its table, for a while by its own clock: environments share no
 * cache.
 */
interface Oracle {
  readonly rate: number;
  read: { readonly atMs: number; readonly value: Value } | null;
}

interface Question {
  readonly table: number;
  arrivesAtMs: number;
  /** When its answer is there; null while it has not been read. */
  answersAtMs: number | null;
  value: Value | null;
}

interface Guard {
  readonly site: string;
  readonly rules: GuardRules;
  readonly rate: number;
  stretch: Stretch | null;
  round: { readonly askedAt: Instant; readonly endsAtMs: number; readonly questions: Question[] } | null;
  nextRoundAtMs: number;
  frozenUntilMs: number;
  /** Until then it gets no answers. */
  cutOffUntilMs: number;
  readonly oracles: readonly Oracle[];
  /** How far its monotonic clock stands behind: it does not count freezes of the machine. */
  lostMs: number;
}

/** How a run went. */
export interface GuardOutcome {
  /** First instant at which two guards were true, with their sites. */
  readonly clash: { readonly atMs: number; readonly sites: readonly string[] } | null;
  /** Share of the time in which one guard was true. */
  readonly activeShare: number;
  readonly takeovers: number;
}

/** Runs guards of three sites against oracles over tables in which the epoch changes. */
export function runGuards(plan: GuardWorldPlan): GuardOutcome {
  const random = seededRandom(plan.seed, 'guards');
  const drawRate = () => 1 + plan.driftMax * (2 * random() - 1);
  const tables: Table[] = Array.from({ length: plan.tableCount }, () => ({ value: { epoch: 1, site: 'a' }, due: [] }));
  const guards = sites.map((site) =>
    makeGuard(
      site,
      plan,
      drawRate(),
      tables.map(() => ({ rate: drawRate(), read: null })),
      random,
    ),
  );
  let newest: Value = { epoch: 1, site: 'a' };
  let nextChangeAtMs = plan.changeMs * 2 * random();
  let activeSteps = 0;
  let takeovers = 0;
  let last = '';

  for (let nowMs = 0; nowMs < durationMs; nowMs += stepMs) {
    if (nowMs >= nextChangeAtMs) {
      newest = { epoch: newest.epoch + 1, site: pick(sites, random) };
      accept(tables, newest, nowMs, random);
      nextChangeAtMs = nowMs + plan.changeMs * 2 * random();
    }
    for (const table of tables) settle(table, nowMs);
    for (const guard of guards) {
      if (plan.troubleMs > 0 && random() < stepMs / plan.troubleMs) raisedAlert(guard, nowMs, random);
      answer(guard, tables, plan, nowMs, random);
      step(guard, plan, nowMs, random);
    }
    const active = guards.filter((guard) => isActive(guard, nowMs)).map(({ site }) => site);
    if (active.length > 1) return { clash: { atMs: nowMs, sites: active }, activeShare: 0, takeovers };
    const [site = ''] = active;
    if (site !== '') activeSteps += 1;
    if (site !== '' && site !== last) {
      takeovers += 1;
      last = site;
    }
  }
  return { clash: null, activeShare: activeSteps / (durationMs / stepMs), takeovers };
}

function makeGuard(
  site: string,
  plan: GuardWorldPlan,
  rate: number,
  oracles: readonly Oracle[],
  random: SeededRandom,
): Guard {
  const rules = { site, oracleCount: plan.tableCount, leaseMs: plan.leaseMs, waitMs: plan.waitMs };
  const nextRoundAtMs = roundMs * random();
  const idle = { stretch: null, round: null, frozenUntilMs: 0, cutOffUntilMs: 0, lostMs: 0 };
  return { site, rules, rate, oracles, nextRoundAtMs, ...idle };
}

/** A majority holds the value at once; the others get it later, or, now and then, not at all. */
function accept(tables: readonly Table[], value: Value, nowMs: number, random: SeededRandom): void {
  const order = tables
    .map((table) => ({ table, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ table }) => table);
  for (const [index, table] of order.entries()) {
    if (index <= tables.length / 2) table.due = [{ atMs: nowMs, value }];
    else if (random() < 0.7) table.due.push({ atMs: nowMs + 3_000 * random(), value });
  }
}

function settle(table: Table, nowMs: number): void {
  for (const { value } of table.due.filter(({ atMs }) => atMs <= nowMs)) {
    if (value.epoch > table.value.epoch) table.value = value;
  }
  table.due = table.due.filter(({ atMs }) => atMs > nowMs);
}

/**
 * A quarter of the troubles are restarts, of the cuts of the network, of the freezes of the process and of the machine.
 */
function raisedAlert(guard: Guard, nowMs: number, random: SeededRandom): void {
  const kind = random();
  if (kind < 1 / 4) {
    guard.stretch = null;
    guard.round = null;
    return;
  }
  const lastsMs = 8_000 * random();
  if (kind < 2 / 4) {
    guard.cutOffUntilMs = nowMs + lastsMs;
    return;
  }
  guard.frozenUntilMs = nowMs + lastsMs;
  if (kind < 3 / 4) guard.lostMs += lastsMs;
}

function clockOf(guard: Guard, nowMs: number): Instant {
  const wallMs = nowMs * guard.rate;
  return { wallMs, monotonicMs: wallMs - guard.lostMs };
}

/** Reads tables through the oracles' caches for questions that have arrived. */
function answer(
  guard: Guard,
  tables: readonly Table[],
  { cacheMs, delayMsMax }: GuardWorldPlan,
  nowMs: number,
  random: SeededRandom,
): void {
  for (const question of guard.round?.questions ?? []) {
    const oracle = guard.oracles[question.table];
    const table = tables[question.table];
    if (!oracle || !table || question.answersAtMs !== null || question.arrivesAtMs > nowMs) continue;
    if (oracle.read === null || (nowMs - oracle.read.atMs) * oracle.rate >= cacheMs) {
      oracle.read = { atMs: nowMs, value: table.value };
    }
    question.value = oracle.read.value;
    question.answersAtMs = nowMs + delayMsMax * random();
  }
}

/** One step of a guard that is not frozen: begins a round, or ends it. */
function step(guard: Guard, plan: GuardWorldPlan, nowMs: number, random: SeededRandom): void {
  if (nowMs < guard.frozenUntilMs) return;
  if (guard.round === null) {
    if (nowMs < guard.nextRoundAtMs) return;
    const questions = Array.from({ length: plan.tableCount }, (_, table) => {
      const isLost = nowMs < guard.cutOffUntilMs || random() < plan.lossShare;
      const arrivesAtMs = isLost ? Number.POSITIVE_INFINITY : nowMs + plan.delayMsMax * random();
      return { table, arrivesAtMs, answersAtMs: null, value: null };
    });
    guard.round = { askedAt: clockOf(guard, nowMs), endsAtMs: nowMs + askTimeoutMs, questions };
    return;
  }
  const { questions, askedAt, endsAtMs } = guard.round;
  const isThere = ({ answersAtMs }: Question) => answersAtMs !== null && answersAtMs <= nowMs;
  if (nowMs < endsAtMs && !questions.every(isThere)) return;
  const answers: Round['answers'] = questions.map((question) =>
    isThere(question) && question.value !== null
      ? { active: { ...question.value, from: null }, isReadOnly: false }
      : null,
  );
  guard.stretch = afterRound(guard.rules, guard.stretch, { askedAt, answeredAt: clockOf(guard, nowMs), answers });
  guard.round = null;
  guard.nextRoundAtMs = nowMs + roundMs;
}

/** What somebody in the process would be told; nobody asks while the process is frozen, but its effects may go on. */
function isActive(guard: Guard, nowMs: number): boolean {
  const now = clockOf(guard, nowMs);
  const { rules, stretch } = guard;
  return stretch !== null && hasWaited(rules, stretch, now) && !hasLapsed(rules, stretch, now);
}

function pick<T>(items: readonly T[], random: SeededRandom): T {
  return items[Math.floor(random() * items.length)] as T;
}
