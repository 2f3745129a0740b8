import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { type JsonRequest, requestJson } from '../wire/signed-request.ts';

/** What a template of AWS Fault Injection Service would do. */
export interface ExperimentTemplate {
  readonly id: string;
  readonly description: string;
  /** Each action, such as `aws:ec2:stop-instances`. */
  readonly actions: readonly string[];
  /** Each sort of thing that it touches, and which: by tags, or by ARN. */
  readonly targets: readonly string[];
  /** ARNs of alarms at which FIS stops by itself. */
  readonly stopAlarms: readonly string[];
}

/** How far an experiment is. Source: FIS API Reference, `ExperimentState`. */
export type ExperimentStatus =
  | 'pending'
  | 'initiating'
  | 'running'
  | 'completed'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'cancelled';

/** An experiment that was started. */
export interface Experiment {
  readonly id: string;
  readonly status: ExperimentStatus;
  /** What FIS says of it; may be empty. */
  readonly reason: string;
}

/** Tag by which an experiment is found again whose start was never answered. */
const tokenTag = 'cdk-failover:gameday';
/** Most pages of experiments that are looked through for it; each has 100. Source: our own. */
const pagesMax = 10;

const endedStatuses: readonly ExperimentStatus[] = ['completed', 'stopped', 'failed', 'cancelled'];
const statuses: readonly ExperimentStatus[] = [...endedStatuses, 'pending', 'initiating', 'running', 'stopping'];

/** Whether an experiment does nothing any more. */
export function hasEnded({ status }: Experiment): boolean {
  return endedStatuses.includes(status);
}

/**
 * Experiments of AWS Fault Injection Service in one region.
 *
 * The SDK's client of FIS is not among the packages here, so its requests are made by {@link requestJson}. Source:
 * FIS API Reference, `GetExperimentTemplate`, `StartExperiment`, `GetExperiment`,
 * `ListExperiments`, `StopExperiment`.
 */
export class Experiments {
  readonly #clients: AwsClients;
  readonly #region: string;

  constructor(clients: AwsClients, region: string) {
    this.#clients = clients;
    this.#region = region;
  }

  /** @throws {PortError} `invalid` when there is no such template */
  async readTemplate(id: string): Promise<ExperimentTemplate> {
    const { experimentTemplate: template } = partsOf(
      await this.#ask('GET', `/experimentTemplates/${encodeURIComponent(id)}`),
    );
    const { description, actions, targets, stopConditions } = partsOf(template);
    return {
      id,
      description: typeof description === 'string' ? description : '',
      actions: Object.values(partsOf(actions)).map((action) => String(partsOf(action).actionId)),
      targets: Object.values(partsOf(targets)).map(describeTarget),
      stopAlarms: (Array.isArray(stopConditions) ? stopConditions : []).flatMap((condition) => {
        const { value } = partsOf(condition);
        return typeof value === 'string' ? [value] : [];
      }),
    };
  }

  /**
   * Starts an experiment.
   *
   * @param token - the same token starts it once only
   */
  async start(templateId: string, token: string): Promise<Experiment> {
    return experimentOf(
      await this.#ask('POST', '/experiments', {
        clientToken: token,
        experimentTemplateId: templateId,
        tags: { [tokenTag]: token },
      }),
    );
  }

  /** The experiment that was started with a token; null when there is none. */
  async find(templateId: string, token: string): Promise<Experiment | null> {
    let nextToken: string | null = null;
    for (let page = 1; page <= pagesMax; page += 1) {
      const query = {
        experimentTemplateId: templateId,
        maxResults: '100',
        ...(nextToken === null ? {} : { nextToken }),
      };
      const answer = partsOf(await this.#ask('GET', '/experiments', undefined, query));
      const experiments = Array.isArray(answer.experiments) ? answer.experiments : [];
      const found = experiments.find((each) => partsOf(partsOf(each).tags)[tokenTag] === token);
      if (found !== undefined) return experimentOf({ experiment: found });
      if (typeof answer.nextToken !== 'string') return null;
      nextToken = answer.nextToken;
    }
    return null;
  }

  async read(id: string): Promise<Experiment> {
    return experimentOf(await this.#ask('GET', `/experiments/${encodeURIComponent(id)}`));
  }

  /** Asks FIS to stop it; its actions are then taken back as far as they can be. */
  async stop(id: string): Promise<Experiment> {
    return experimentOf(await this.#ask('DELETE', `/experiments/${encodeURIComponent(id)}`));
  }

  #ask(
    method: JsonRequest['method'],
    path: string,
    body?: unknown,
    query: JsonRequest['query'] = {},
  ): Promise<unknown> {
    return requestJson(this.#clients, { region: this.#region, service: 'fis', method, path, query, body });
  }
}

function experimentOf(answer: unknown): Experiment {
  const { id, state } = partsOf(partsOf(answer).experiment);
  const { status, reason } = partsOf(state);
  const known = statuses.find((each) => each === status);
  if (typeof id !== 'string' || known === undefined) {
    throw new PortError({ kind: 'invalid', detail: `FIS answered ${JSON.stringify(answer)?.slice(0, 120)}` });
  }
  return { id, status: known, reason: typeof reason === 'string' ? reason : '' };
}

function describeTarget(target: unknown): string {
  const { resourceType, resourceArns, resourceTags, selectionMode } = partsOf(target);
  const tags = Object.entries(partsOf(resourceTags)).map(([key, value]) => `${key}=${value}`);
  const arns = Array.isArray(resourceArns) ? resourceArns.map(String) : [];
  return `${resourceType} ${[...arns, ...tags].join(', ') || 'by filter'} (${selectionMode})`;
}

function partsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
