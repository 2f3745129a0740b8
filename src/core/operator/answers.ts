import { chooseCandidate, explainCandidates, ineligibilities } from '../decision/eligibility.ts';
import { fencesFor, planSteps } from '../decision/plan.ts';
import type { DnsReadings } from '../dns/readings.ts';
import { type Deployment, serviceOf } from '../model/deployment.ts';
import type { NamedService } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import { unfinishedSteps } from '../register/run.ts';
import { pause, type Routine, readTime } from '../routine.ts';
import { composeServiceView } from '../tables/service-view.ts';
import { recallOf, recoveryBound, type TimingProfile } from '../timing.ts';
import { type Explanation, explanationOf } from './explaining/explanation.ts';
import { keptEpochs, type PastRun, pastRunOf } from './explaining/past-run.ts';
import { type AwayStatus, awayText } from './planned/away-status.ts';
import { protectionText } from './protection.ts';
import { checkQuorum } from './quorum-check.ts';
import type { OperatorResult } from './result.ts';
import { type ServiceStatus, statusOf, statusVersion } from './status.ts';
import type { StuckStatus } from './stuck-status.ts';
import { type DeploymentView, noRegister, readDeployment, readTables } from './table-survey.ts';
import { voterSteps } from './voters-status.ts';

function servicesAsked(deployment: Deployment, service: string | null): readonly string[] {
  return service === null ? Object.keys(deployment.services) : [service];
}

/** What is known of the services of a deployment. */
export interface DeploymentStatus {
  /** Of the shape: what is added leaves it as it is. */
  readonly version: typeof statusVersion;
  readonly deployment: string;
  readonly services: Readonly<Record<string, ServiceStatus>>;
  /** Control regions whose table gave no answer, and why. */
  readonly silent: Readonly<Record<string, string>>;
}

/** A reading of what Route 53 follows, under way beside that of the tables. */
export interface DnsInquiry {
  /** What has been read so far; what has not is not known. */
  readonly soFar: () => DnsReadings;
  readonly isOver: () => boolean;
}

/**
 * How long what Route 53 follows is waited for once the tables are read, in milliseconds. Listening to the watchers
 * takes longer than the reading, but for short ticks. Source: our own.
 */
const dnsGraceMsMax = 500;
const dnsPauseMs = 50;

/**
 * Shows the state of every service, or of one. `exit` is 0 only when all of them are protected, or move as planned.
 *
 * A vote may be newer than the register that was read. So before a name is said to lead elsewhere, the tables are read
 * once more.
 *
 * @param dns - the reading of what Route 53 follows; null when nobody reads it
 */
export function* showStatus(
  deployment: Deployment,
  asked: string | null,
  dns: DnsInquiry | null,
): Routine<OperatorResult> {
  const view = yield* readDeployment(deployment);
  for (let waitedMs = 0; dns?.isOver() === false && waitedMs < dnsGraceMsMax; waitedMs += dnsPauseMs) {
    yield* pause(dnsPauseMs);
  }
  const readings = dns?.soFar() ?? null;
  const status = statusIn(deployment, asked, view, readings);
  const isAstray = Object.values(status.json.services).some((service) => service.dns?.state === 'differs');
  return isAstray ? statusIn(deployment, asked, yield* readDeployment(deployment), readings) : status;
}

/**
 * The state of every service, or of one, in what a reader has read.
 *
 * @param readings - of what Route 53 follows, read before the tables; null when nobody reads it
 */
export function statusIn(
  deployment: Deployment,
  asked: string | null,
  deploymentView: DeploymentView,
  readings: DnsReadings | null = null,
): OperatorResult & { readonly json: DeploymentStatus } {
  const names = servicesAsked(deployment, asked);
  const services = Object.fromEntries(
    names.map((name) => [name, statusOf(deployment, name, deploymentView, readings)]),
  );
  const lines = Object.entries(services).map(
    ([name, { protection, active, stuck, away }]) =>
      `${name}: ${protection.level}, active ${active}: ${protectionText(protection)}${stuck === null ? '' : wayOut(stuck)}${away === null ? '' : wayHome(name, away)}`,
  );
  return {
    exit: Object.values(services).every(({ protection }) => protection.isWell) ? 0 : 1,
    message: lines.join('\n'),
    json: { version: statusVersion, deployment: deployment.name, services, silent: deploymentView.silent },
  };
}

/** Where clients of a service that is stuck are, and what can help. */
function wayOut({ clients, commands }: StuckStatus): string {
  const help = commands.map((command) => `"${command}"`).join(', ');
  return `; clients are sent to ${clients.join(', ') || 'no site'}${help === '' ? '' : `; try ${help}`}`;
}

function wayHome(name: string, away: AwayStatus): string {
  return `; ${awayText(away)}; try "cdk-failover switchover ${name} --to ${away.home}"`;
}

/** Shows whether a failover could be decided now. */
export function* showQuorum(deployment: Deployment, asked: string | null): Routine<OperatorResult> {
  const deploymentView = yield* readDeployment(deployment);
  const names = servicesAsked(deployment, asked);
  const checks = Object.fromEntries(names.map((name) => [name, checkQuorum(deployment, name, deploymentView)]));
  const lines = names.map((name) => {
    const check = checks[name];
    return check?.isUsable ? `${name}: OK ${check.usableWatchers} usable` : `${name}: NOQUORUM ${check?.why}`;
  });
  const isUsable = Object.values(checks).every((check) => check.isUsable);
  return {
    exit: isUsable ? 0 : 1,
    message: lines.join('\n'),
    json: { services: checks, silent: deploymentView.silent },
  };
}

/**
 * Shows the newest changes of the register.
 *
 * @param sinceMs - only those of the last so many milliseconds, by the clock of whoever asks; null for all
 */
export function* showHistory(
  deployment: Deployment,
  asked: string | null,
  sinceMs: number | null,
): Routine<OperatorResult> {
  const { wallMs } = yield* readTime();
  const isAsked = ({ atMs }: { readonly atMs: number }) => sinceMs === null || atMs >= wallMs - sinceMs;
  const sinceWhen = sinceMs === null ? 'since the register was created' : 'in that time';
  const services = servicesAsked(deployment, asked).map((name) => serviceOf(deployment, name));
  const { views, silent } = yield* readTables(deployment, services);
  const registers = Object.fromEntries(
    services.map((service) => [service.name, composeServiceView(deployment, service, views, {}).register]),
  );
  const histories = Object.fromEntries(
    Object.entries(registers).map(([name, view]) => [
      name,
      'register' in view ? view.register.history.filter(isAsked) : null,
    ]),
  );
  const unborn = Object.keys(registers).filter((name) => registers[name]?.kind === 'absent');
  const lines = services.flatMap(({ name }) => {
    const entries = histories[name];
    if (unborn.includes(name)) return [`${name}: ${noRegister}`];
    if (!entries) return [`${name}: no majority of state tables answers`];
    if (entries.length === 0) return [`${name}: nothing has happened ${sinceWhen}`];
    return entries.map((line) => `${name}: epoch ${line.epoch}, at ${line.atMs}, ${line.by}: ${line.what}`);
  });
  const isKnown = Object.values(histories).every((lines) => lines !== null);
  return { exit: isKnown ? 0 : 1, message: lines.join('\n'), json: { services: histories, unborn, silent, sinceMs } };
}

/** A run as far as it can be explained. `nothing`: of that epoch nothing is kept, but of `epochs` something is. */
export type ExplainedRun =
  | Explanation
  | PastRun
  | { readonly kept: 'nothing'; readonly epoch: number; readonly epochs: readonly number[] }
  | 'no-run';

/** What is said of an epoch of which nothing is kept. */
export function nothingKept({ epoch, epochs }: Extract<ExplainedRun, { readonly kept: 'nothing' }>): string {
  const kept = epochs.length === 0 ? 'nothing has moved yet' : `something is kept of ${epochs.join(', ')}`;
  return `nothing is kept of epoch ${epoch}; ${kept}`;
}

function explainedRun(register: Register, epoch: number | null): ExplainedRun {
  const { run } = register;
  if (run !== null && (epoch === null || epoch === run.epoch)) return explanationOf(run);
  if (epoch === null) return 'no-run';
  return pastRunOf(register, epoch) ?? { kept: 'nothing', epoch, epochs: keptEpochs(register) };
}

/**
 * Shows why a run of every service, or of one, was begun, and how it went.
 *
 * @param epoch - that of the run; null for the newest one
 */
export function* showExplanation(
  deployment: Deployment,
  asked: string | null,
  epoch: number | null,
): Routine<OperatorResult> {
  const services = servicesAsked(deployment, asked).map((name) => serviceOf(deployment, name));
  const { views, silent } = yield* readTables(deployment, services);
  const explained = Object.fromEntries(
    services.map((service) => {
      const view = composeServiceView(deployment, service, views, {}).register;
      if (view.kind === 'absent') return [service.name, 'unborn'];
      if (!('register' in view)) return [service.name, null];
      return [service.name, explainedRun(view.register, epoch)];
    }),
  ) as Readonly<Record<string, ExplainedRun | 'unborn' | null>>;
  const lines = Object.entries(explained).map(([name, each]) => {
    if (each === null) return `${name}: no majority of state tables answers`;
    if (each === 'unborn') return `${name}: ${noRegister}`;
    if (each === 'no-run') return `${name}: nothing has moved since the register was created`;
    if (each.kept === 'nothing') return `${name}: ${nothingKept(each)}`;
    if (each.kept === 'history')
      return `${name}: ${each.begun?.what ?? `epoch ${each.epoch}, whose begin is not kept`}`;
    return `${name}: ${each.from} > ${each.to}, ${each.state}: ${each.why}`;
  });
  const isNothing = (each: (typeof explained)[string]) => typeof each === 'object' && each?.kept === 'nothing';
  const all = Object.values(explained);
  const isKnown = all.every((each) => each !== null) && !(all.length > 0 && all.every(isNothing));
  return { exit: isKnown ? 0 : 1, message: lines.join('\n'), json: { services: explained, silent } };
}

/** Shows what a move would do. Writes nothing. */
export function* showPlan(
  deployment: Deployment,
  service: NamedService,
  wanted: string | null,
  timingProfile: TimingProfile,
): Routine<OperatorResult> {
  return planIn(deployment, service, wanted, timingProfile, yield* readDeployment(deployment));
}

/** What a move would do, in what a reader has read. */
export function planIn(
  deployment: Deployment,
  service: NamedService,
  wanted: string | null,
  timingProfile: TimingProfile,
  deploymentView: DeploymentView,
): OperatorResult {
  const serviceView = deploymentView.serviceViews[service.name];
  const register = serviceView && 'register' in serviceView.register ? serviceView.register.register : null;
  if (!serviceView || register === null) {
    const isUnborn = serviceView?.register.kind === 'absent';
    return {
      exit: 1,
      message: isUnborn ? noRegister : 'no majority of state tables answers; nothing can be planned',
      json: { error: isUnborn ? 'unborn' : 'no-majority', silent: deploymentView.silent },
    };
  }
  const current = register.active;
  const changes = voterSteps(register, deployment.controlRegions);
  const voters = changes.length > 0 ? { voters: changes } : {};
  if (wanted === current) {
    const undone = whatIsUndone(service, register);
    return {
      exit: 0,
      message: `${current} is already active; ${undone === '' ? 'nothing would be done' : undone}`,
      json: { current, desired: current, steps: [], ...voters },
    };
  }
  const to = wanted ?? chooseCandidate(service, register, serviceView.knowledge);
  const why = explainCandidates(service, register, serviceView.knowledge);
  if (to === null || ineligibilities(service, register, serviceView.knowledge, to).length > 0) {
    const undone = whatIsUndone(service, register);
    const message = `no eligible site: ${why}${undone === '' ? '' : `; at ${current}, ${undone}`}`;
    return { exit: 1, message, json: { current, desired: to, why, ...voters } };
  }
  const outline = { kind: 'switchover', from: current, to, serving: [to] } as const;
  const steps = planSteps(service, { ...outline, fences: fencesFor(service, register, outline) }).map(
    ({ name, resource, region, after }) => ({
      name,
      resource,
      region,
      after,
    }),
  );
  const lines = steps.map((step) => `  ${step.name} ${step.resource}${step.region ? ` in ${step.region}` : ''}`);
  const bound = recoveryBound(service, timingProfile);
  const boundMs = bound.totalMs + recallOf(service, outline, bound);
  const json = { current, desired: to, epoch: register.epoch + 1, steps, boundMs, ...voters };
  const head = `${service.name}: ${current} > ${to}, epoch ${register.epoch + 1}; nothing was written`;
  return { exit: 0, message: [head, ...lines].join('\n'), json };
}

/** What the newest run has left undone, and how to go on with it; empty where there is nothing. */
function whatIsUndone(service: NamedService, { run, epoch }: Register): string {
  const undone = run?.epoch === epoch ? unfinishedSteps(run) : [];
  if (undone.length === 0) return '';
  const steps = undone.map(({ name, resource }) => `${name} of ${resource}`).join(', ');
  return `${steps} is not done; "cdk-failover continue ${service.name}" tries it again`;
}
