import { type Command, type CommandContext, type CommandOutcome, obey } from '../command.ts';
import { type Deployment, type NamedService, serviceOf } from '../deployment.ts';
import { chooseCandidate, explainCandidates, ineligibilities } from '../eligibility.ts';
import { happen } from '../happening.ts';
import { composePicture } from '../picture.ts';
import { planSteps } from '../plan.ts';
import { noBallot } from '../register/ballot.ts';
import { changeRegister } from '../register/proposer.ts';
import type { Register } from '../register/register.ts';
import { call, pause, type Routine, random, readTime } from '../routine.ts';
import { awsSurroundings, leaseWaitMs, recoveryBound, type Surroundings } from '../timing.ts';
import { type Gathered, gather, readTables } from './gather.ts';
import { checkQuorum, statusOf } from './status.ts';

/** What an operator asks for. `service` null means every service, for the verbs that only read. */
export type OperatorRequest =
  | { readonly verb: 'status' | 'quorum' | 'history'; readonly service: string | null }
  | { readonly verb: 'plan'; readonly service: string; readonly to: string | null }
  | { readonly verb: 'command'; readonly service: string; readonly command: Command; readonly isWaiting: boolean };

/** What an operator gets back: the same for people and for machines. */
export interface OperatorResult {
  /** 0 done, 1 refused or failed, 2 wrong usage. */
  readonly exit: 0 | 1 | 2;
  /** Lines for people; `status` and the like are laid out by whoever shows `json`. */
  readonly says: string;
  readonly json: unknown;
}

/**
 * Carries out one request against a deployment, through its state tables alone.
 *
 * @param surroundings - what the deployment runs in, for the bound that a plan states
 */
export function* operate(
  deployment: Deployment,
  request: OperatorRequest,
  by: string,
  surroundings: Surroundings = awsSurroundings,
): Routine<OperatorResult> {
  const wrong = findWrongNames(deployment, request);
  if (wrong !== null) return { exit: 2, says: wrong, json: { error: wrong } };
  switch (request.verb) {
    case 'status':
      return yield* showStatus(deployment, request.service);
    case 'quorum':
      return yield* showQuorum(deployment, request.service);
    case 'history':
      return yield* showHistory(deployment, request.service);
    case 'plan':
      return yield* showPlan(deployment, serviceOf(deployment, request.service), request.to, surroundings);
    case 'command':
      return yield* giveCommand(
        deployment,
        serviceOf(deployment, request.service),
        request.command,
        by,
        request.isWaiting,
      );
  }
}

/** One clear line when a request names what does not exist; null when all is known. */
function findWrongNames(deployment: Deployment, request: OperatorRequest): string | null {
  const services = Object.keys(deployment.services);
  if (request.service !== null && !services.includes(request.service)) {
    return `unknown service "${request.service}"; this deployment has: ${services.join(', ')}`;
  }
  const site = namedSite(request);
  if (site === null || request.service === null) return null;
  const sites = Object.keys(deployment.services[request.service]?.sites ?? {});
  return sites.includes(site) ? null : `unknown site "${site}"; service ${request.service} has: ${sites.join(', ')}`;
}

function namedSite(request: OperatorRequest): string | null {
  if (request.verb === 'plan') return request.to;
  if (request.verb !== 'command') return null;
  if (request.command.verb === 'maintenance') return request.command.site;
  return request.command.verb === 'switchover' || request.command.verb === 'failover' ? request.command.to : null;
}

function servicesAsked(deployment: Deployment, service: string | null): readonly string[] {
  return service === null ? Object.keys(deployment.services) : [service];
}

function* showStatus(deployment: Deployment, asked: string | null): Routine<OperatorResult> {
  const gathered = yield* gather(deployment);
  const names = servicesAsked(deployment, asked);
  const services = Object.fromEntries(names.map((name) => [name, statusOf(deployment, name, gathered)]));
  const says = names.map(
    (name) => `${name}: ${services[name]?.state}, ${services[name]?.reason}, active ${services[name]?.active}`,
  );
  return { exit: 0, says: says.join('\n'), json: { deployment: deployment.name, services, silent: gathered.silent } };
}

function* showQuorum(deployment: Deployment, asked: string | null): Routine<OperatorResult> {
  const gathered = yield* gather(deployment);
  const names = servicesAsked(deployment, asked);
  const checks = Object.fromEntries(names.map((name) => [name, checkQuorum(deployment, name, gathered)]));
  const says = names.map((name) => {
    const check = checks[name];
    return check?.isUsable ? `${name}: OK ${check.usableWatchers} usable` : `${name}: NOQUORUM ${check?.why}`;
  });
  const isUsable = Object.values(checks).every((check) => check.isUsable);
  return { exit: isUsable ? 0 : 1, says: says.join('\n'), json: { services: checks } };
}

function* showHistory(deployment: Deployment, asked: string | null): Routine<OperatorResult> {
  const services = servicesAsked(deployment, asked).map((name) => serviceOf(deployment, name));
  const { views } = yield* readTables(deployment, services);
  const histories = Object.fromEntries(
    services.map((service) => {
      const view = composePicture(deployment, service, views, {}).register;
      return [service.name, 'register' in view ? view.register.history : null];
    }),
  );
  const says = services.flatMap(({ name }) => {
    const lines = histories[name];
    if (!lines) return [`${name}: no majority of state tables answers`];
    if (lines.length === 0) return [`${name}: nothing has happened since the register was created`];
    return lines.map((line) => `${name}: epoch ${line.epoch}, at ${line.atMs}, ${line.by}: ${line.what}`);
  });
  const isKnown = Object.values(histories).every((lines) => lines !== null);
  return { exit: isKnown ? 0 : 1, says: says.join('\n'), json: { services: histories } };
}

function* showPlan(
  deployment: Deployment,
  service: NamedService,
  wanted: string | null,
  surroundings: Surroundings,
): Routine<OperatorResult> {
  const gathered = yield* gather(deployment);
  const picture = gathered.pictures[service.name];
  const register = picture && 'register' in picture.register ? picture.register.register : null;
  if (!picture || register === null) {
    return {
      exit: 1,
      says: 'no majority of state tables answers; nothing can be planned',
      json: { error: 'no-majority' },
    };
  }
  const current = register.active;
  if (wanted === current) {
    return {
      exit: 0,
      says: `${current} is already active; nothing would be done`,
      json: { current, desired: current, steps: [] },
    };
  }
  const to = wanted ?? chooseCandidate(service, register, picture.knowledge);
  const why = explainCandidates(service, register, picture.knowledge);
  if (to === null || ineligibilities(service, register, picture.knowledge, to).length > 0) {
    return { exit: 1, says: `no eligible site: ${why}`, json: { current, desired: to, why } };
  }
  const steps = planSteps(service, current, to).map(({ name, resource, region, after }) => ({
    name,
    resource,
    region,
    after,
  }));
  const lines = steps.map((step) => `  ${step.name} ${step.resource}${step.region ? ` in ${step.region}` : ''}`);
  const boundMs = recoveryBound(service, surroundings).totalMs;
  const json = { current, desired: to, epoch: register.epoch + 1, steps, boundMs };
  const head = `${service.name}: ${current} > ${to}, epoch ${register.epoch + 1}; nothing was written`;
  return { exit: 0, says: [head, ...lines].join('\n'), json };
}

function* giveCommand(
  deployment: Deployment,
  service: NamedService,
  command: Command,
  by: string,
  isWaiting: boolean,
): Routine<OperatorResult> {
  const gathered = needsKnowledge(command) ? yield* gather(deployment) : null;
  const knowledge = gathered?.pictures[service.name]?.knowledge ?? { verdicts: {}, reports: {} };
  const mark = `${deployment.controlRegions.length}.${Math.floor((yield* random()) * 36 ** 8).toString(36)}`;
  const { wallMs } = yield* readTime();
  let outcome: CommandOutcome = {
    outcome: 'refused',
    says: `${service.name} has no register yet; start its watchers first`,
  };

  const change = yield* changeRegister(
    { service: service.name, regions: deployment.controlRegions, mark, floor: noBallot },
    (current) => {
      if (current === null) return null;
      const context: CommandContext = { service, register: current, knowledge, by, wallMs };
      outcome = obey(command, context);
      return outcome.outcome === 'accepted' ? outcome.register : null;
    },
  );
  if (change.outcome === 'no-majority' || change.outcome === 'contended') return unanswered(change, gathered);
  // The change function ran in this call, which the type checker cannot see.
  const judged = outcome as CommandOutcome;
  if (judged.outcome !== 'accepted') {
    return {
      exit: judged.outcome === 'refused' ? 1 : 0,
      says: judged.says,
      json: { outcome: judged.outcome, says: judged.says },
    };
  }
  yield* call('log', {
    happening: happen('operator-command', service.name, `${by}: ${judged.says}`, { data: { verb: command.verb } }),
  });
  const opened = judged.register.run;
  if (!isWaiting || opened?.state !== 'running')
    return { exit: 0, says: judged.says, json: { outcome: 'accepted', says: judged.says } };
  return yield* awaitRun(deployment, service, judged.register, judged.says);
}

/** Only a move is judged by the health of sites. */
function needsKnowledge(command: Command): boolean {
  return (
    command.verb === 'switchover' ||
    command.verb === 'failover' ||
    command.verb === 'failback' ||
    (command.verb === 'maintenance' && command.isOn)
  );
}

function unanswered(
  change: { readonly outcome: string; readonly detail?: string },
  gathered: Gathered | null,
): OperatorResult {
  const silent = Object.keys(gathered?.silent ?? {}).join(', ');
  const says =
    change.outcome === 'contended'
      ? 'others kept changing the register at the same time; nothing was changed, try again'
      : `no majority of state tables answers (${change.detail ?? silent}); whether the command took effect is not known, look with "failover status"`;
  return { exit: 1, says, json: { outcome: change.outcome, says } };
}

/** Pause between two looks at a run. */
const runPauseMs = 250;

/** Waits for the run that a command opened; a watcher carries it out. */
function* awaitRun(
  deployment: Deployment,
  service: NamedService,
  opened: Register,
  said: string,
): Routine<OperatorResult> {
  const { epoch } = opened;
  const limitMs = 2 * recoveryBound(service).shiftMs + leaseWaitMs(service) + service.detection.opinionTtlMs * 4;
  const deadlineMs = (yield* readTime()).monotonicMs + limitMs;
  while ((yield* readTime()).monotonicMs < deadlineMs) {
    yield* pause(runPauseMs);
    const { views } = yield* readTables(deployment, [service]);
    const view = composePicture(deployment, service, views, {}).register;
    const run = 'register' in view ? view.register.run : null;
    if (run === null || view.kind !== 'decided' || (run.epoch === epoch && run.state === 'running')) continue;
    if (run.epoch !== epoch) return ended(1, said, `epoch ${run.epoch} has begun meanwhile`, run);
    const failed = run.steps.filter((step) => step.state === 'failed').map((step) => `${step.name}: ${step.detail}`);
    return ended(
      run.state === 'done' ? 0 : 1,
      said,
      run.state === 'done' ? `done: ${run.to} is active` : `failed: ${failed.join('; ')}`,
      run,
    );
  }
  return ended(
    1,
    said,
    `not finished after ${Math.round(limitMs / 1_000)} s; watch it with "failover status ${service.name}"`,
    opened.run,
  );
}

function ended(exit: 0 | 1, said: string, how: string, run: Register['run']): OperatorResult {
  return { exit, says: `${said}\n${how}`, json: { outcome: exit === 0 ? 'done' : 'failed', says: how, run } };
}
