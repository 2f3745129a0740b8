import { type Deployment, serviceOf } from '../model/deployment.ts';
import type { Routine } from '../routine.ts';
import { awsTiming, type TimingProfile } from '../timing.ts';
import { type DnsInquiry, showExplanation, showHistory, showPlan, showQuorum, showStatus } from './answers.ts';
import type { Command } from './command.ts';
import { giveCommand } from './command-run.ts';
import { type FoundRequest, foundService } from './founding.ts';
import { showPlanned } from './planned/planned-list.ts';
import type { OperatorResult } from './result.ts';

/** What an operator asks for. `service` null means every service, for the verbs that only read. */
export type OperatorRequest =
  | { readonly verb: 'status' | 'quorum' | 'planned'; readonly service: string | null }
  /** `epoch`: the run that began it; absent: the newest one. */
  | { readonly verb: 'explain'; readonly service: string | null; readonly epoch?: number }
  /** `sinceMs`: only what happened in the last so many milliseconds; null for all that is kept. */
  | { readonly verb: 'history'; readonly service: string | null; readonly sinceMs: number | null }
  | { readonly verb: 'plan'; readonly service: string; readonly to: string | null }
  | FoundRequest
  | { readonly verb: 'command'; readonly service: string; readonly command: Command; readonly isWaiting: boolean };

/**
 * Carries out one request against a deployment, through its state tables alone.
 *
 * @param timingProfile - times of the surroundings of the deployment, for the bound that a plan states
 * @param dns - begins to read what Route 53 follows; absent where nobody reads it
 */
export function* operate(
  deployment: Deployment,
  request: OperatorRequest,
  by: string,
  timingProfile: TimingProfile = awsTiming,
  dns?: () => DnsInquiry,
): Routine<OperatorResult> {
  const wrong = findWrongNames(deployment, request);
  if (wrong !== null) return { exit: 2, message: wrong, json: { error: wrong } };
  switch (request.verb) {
    case 'status':
      return yield* showStatus(deployment, request.service, dns?.() ?? null);
    case 'quorum':
      return yield* showQuorum(deployment, request.service);
    case 'explain':
      return yield* showExplanation(deployment, request.service, request.epoch ?? null);
    case 'planned':
      return yield* showPlanned(deployment, request.service);
    case 'history':
      return yield* showHistory(deployment, request.service, request.sinceMs);
    case 'plan':
      return yield* showPlan(deployment, serviceOf(deployment, request.service), request.to, timingProfile);
    case 'found':
      return yield* foundService(deployment, serviceOf(deployment, request.service), request, by);
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
  if (request.verb === 'found') return request.active;
  if (request.verb !== 'command') return null;
  const { command } = request;
  if (command.verb === 'maintenance' || command.verb === 'release') return command.site;
  return 'to' in command ? command.to : null;
}
