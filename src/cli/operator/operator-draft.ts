import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Command } from '../../core/operator/command.ts';
import type { OperatorRequest } from '../../core/operator/request.ts';

/** A request as it stands on the command line, before it is known which services there are. */
export type OperatorDraft =
  | { readonly verb: 'status' | 'quorum' | 'planned'; readonly service: string | null }
  | { readonly verb: 'explain'; readonly service: string | null; readonly epoch?: number }
  | { readonly verb: 'history'; readonly service: string | null; readonly sinceMs: number | null }
  | { readonly verb: 'plan'; readonly service: string | null; readonly to: string | null }
  | {
      readonly verb: 'found';
      readonly service: string | null;
      readonly active: string | null;
      readonly isForced: boolean;
    }
  | {
      readonly verb: 'command';
      readonly service: string | null;
      readonly command: Command;
      readonly isWaiting: boolean;
    };

/**
 * Makes a draft a request: the only service need not be named, and a switchover has to name its target.
 *
 * Names that the deployment does not have are left in; `operate` refuses them with its own words.
 *
 * @throws {FailoverError} USAGE when something has to be named
 */
export function completeDraft(draft: OperatorDraft, deployment: Deployment): OperatorRequest {
  if (draft.verb === 'history') return draft;
  if (draft.verb === 'status' || draft.verb === 'quorum' || draft.verb === 'explain' || draft.verb === 'planned')
    return draft;
  const service = draft.service ?? onlyService(deployment);
  const known = deployment.services[service];
  if (draft.verb === 'command' && isWithoutTarget(draft.command) && known) {
    const sites = Object.keys(known.sites).join(', ');
    throw new FailoverError('USAGE', `name the target: --to SITE (sites of ${service}: ${sites})`);
  }
  if (draft.verb === 'found') {
    const sites = Object.keys(known?.sites ?? {}).join(', ');
    if (draft.active === null)
      throw new FailoverError('USAGE', `name the site that serves now: --active SITE (sites of ${service}: ${sites})`);
    return { verb: 'found', service, active: draft.active, isForced: draft.isForced };
  }
  return { ...draft, service };
}

/** Whether a switchover, now or later, does not say where it leads. */
function isWithoutTarget(command: Command): boolean {
  return (command.verb === 'switchover' || command.verb === 'plan-switchover') && command.to === null;
}

function onlyService(deployment: Deployment): string {
  const names = Object.keys(deployment.services);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new FailoverError('USAGE', `name the service; this deployment has: ${names.join(', ')}`);
  }
  return name;
}
