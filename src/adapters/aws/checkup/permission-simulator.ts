import {
  type EvaluationResult,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import type { NeededAction, Refusal, Refuser, RoleAnswer } from '../../../core/checkup/permission-checks.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { PermissionQuestion } from './permission-questions.ts';

/** Questions under way at once: IAM throttles many. Source: our own; github.com/nccgroup/PMapper/issues/1 met it. */
const questionsMax = 5;
/** Pause after a throttled question, in milliseconds. Source: our own. */
const throttlePauseMs = 300;
/** Most resources of one question; others met refusals of long ones. Source: github.com/nccgroup/PMapper/pull/6. */
const resourcesMax = 20;
/** Most results of one answer. Source: IAM API Reference, `SimulatePrincipalPolicy`, MaxItems. */
const resultsOfPage = 1_000;
/** Most answers to one question; `resourcesMax` and the actions of a statement fill one. */
const pagesMax = 5;

/** What IAM says of one action on one resource. */
interface Decision extends NeededAction {
  readonly isAllowed: boolean;
  readonly by: Refuser;
  readonly missingKeys: readonly string[];
}

/**
 * Asks IAM whether roles may do what they need. It evaluates the policies of the role, its permissions boundary, and
 * policies of the organization that have no conditions on global keys; it changes nothing, and calls nothing.
 *
 * Source: IAM API Reference, `SimulatePrincipalPolicy`; IAM User Guide, "IAM policy testing with the policy simulator".
 */
export class PermissionSimulator {
  readonly #clients: AwsClients;
  readonly #region: string;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #signal: AbortSignal;
  #free = questionsMax;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param region - any one of the partition: IAM is the same in all
   * @param signal - once it is aborted nothing more is asked
   */
  constructor(clients: AwsClients, region: string, clock: Pick<Clock, 'sleep'>, signal: AbortSignal) {
    this.#clients = clients;
    this.#region = region;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** @throws {PortError} when one of the questions has no answer */
  async ask(role: string, questions: readonly PermissionQuestion[]): Promise<RoleAnswer> {
    const parts = questions.flatMap((question) =>
      chunks(question.resources, resourcesMax).map((resources) => ({ ...question, resources })),
    );
    const decisions = (await Promise.all(parts.map((part) => this.#inTurn(() => this.#decide(role, part))))).flat();
    const against = decisions.filter(({ isAllowed }) => !isAllowed);
    const named = (one: Decision): NeededAction => ({ action: one.action, resource: one.resource });
    return {
      role,
      askedCount: decisions.length,
      refused: against.filter(isSure).map((one): Refusal => ({ ...named(one), by: one.by })),
      unsure: against.filter((one) => !isSure(one)).map((one) => ({ ...named(one), keys: one.missingKeys })),
    };
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
    try {
      return await work();
    } finally {
      this.#free += 1;
      this.#waiting.shift()?.();
    }
  }

  async #decide(role: string, question: PermissionQuestion): Promise<readonly Decision[]> {
    const input: SimulatePrincipalPolicyCommandInput = {
      PolicySourceArn: role,
      ActionNames: [...question.actions],
      ResourceArns: [...question.resources],
      ContextEntries: question.context.map(({ key, values, type }) => ({
        ContextKeyName: key,
        ContextKeyType: type,
        ContextKeyValues: [...values],
      })),
      MaxItems: resultsOfPage,
    };
    const results: EvaluationResult[] = [];
    let marker: string | undefined;
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const page = await this.#simulate({ ...input, ...(marker === undefined ? {} : { Marker: marker }) });
      results.push(...(page.EvaluationResults ?? []));
      if (page.IsTruncated !== true) return decisionsIn(results, question);
      marker = page.Marker;
    }
    throw new PortError({ kind: 'invalid', detail: `SimulatePrincipalPolicy has more than ${pagesMax} pages` });
  }

  async #simulate(input: SimulatePrincipalPolicyCommandInput) {
    const client = this.#clients.of(IAMClient, this.#region);
    for (;;) {
      try {
        return await this.#clients.call((options) => client.send(new SimulatePrincipalPolicyCommand(input), options));
      } catch (error) {
        const isThrottled = error instanceof PortError && error.fault.kind === 'throttled';
        if (!isThrottled || this.#signal.aborted) throw error;
        await this.#clock.sleep(throttlePauseMs);
      }
    }
  }
}

/** A refusal is sure when IAM knew all that the policies look at. */
function isSure({ missingKeys }: Decision): boolean {
  return missingKeys.length === 0;
}

/** Each action and resource of the question, in its order; one without a result is an answer that cannot be used. */
function decisionsIn(results: readonly EvaluationResult[], question: PermissionQuestion): readonly Decision[] {
  return question.actions.flatMap((action) =>
    question.resources.map((resource) => {
      const result = results.find(
        (one) => sameAction(one, action) && (one.EvalResourceName === resource || hasResource(one, resource)),
      );
      if (result === undefined) {
        throw new PortError({ kind: 'invalid', detail: `IAM says nothing of ${action} on ${resource}` });
      }
      return { action, resource, ...decisionOf(result, resource) };
    }),
  );
}

function sameAction({ EvalActionName = '' }: EvaluationResult, action: string): boolean {
  return EvalActionName.toLowerCase() === action.toLowerCase();
}

function hasResource({ ResourceSpecificResults = [] }: EvaluationResult, resource: string): boolean {
  return ResourceSpecificResults.some(({ EvalResourceName }) => EvalResourceName === resource);
}

function decisionOf(result: EvaluationResult, resource: string): Omit<Decision, keyof NeededAction> {
  const specific = result.ResourceSpecificResults?.find(({ EvalResourceName }) => EvalResourceName === resource);
  const decided = specific?.EvalResourceDecision ?? result.EvalDecision;
  const boundary = specific?.PermissionsBoundaryDecisionDetail ?? result.PermissionsBoundaryDecisionDetail;
  const missing = specific?.MissingContextValues ?? result.MissingContextValues ?? [];
  const isForbidden = result.OrganizationsDecisionDetail?.AllowedByOrganizations === false;
  const isBounded = boundary?.AllowedByPermissionsBoundary === false;
  return {
    isAllowed: decided === 'allowed',
    by: isForbidden ? 'organization' : isBounded ? 'boundary' : 'role',
    missingKeys: missing,
  };
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
