import { functionName } from '../../../config/plan/names.ts';
import type { SiteSurvey } from '../../../core/detection/site-survey.ts';
import type { AwsClients } from '../clients.ts';
import { isSurvey } from '../survey/survey-shape.ts';
import { invokeFunction } from './lambda-calls.ts';

/** What the `survey` function is sent. */
export interface SurveyQuestion {
  readonly service: string;
  readonly site: string;
  /** Whether the site's fence is owed: then what would open it is read as well. */
  readonly isFenceOwed: boolean;
}

/** Invokes the `survey` function of a region, so that the watcher's bundle needs none of the clients of a survey. */
export class LambdaSurveyor {
  readonly #clients: AwsClients;
  readonly #deployment: string;

  /** @param clients - with a deadline that covers the function's own work, not only an answer */
  constructor(clients: AwsClients, deployment: string) {
    this.#clients = clients;
    this.#deployment = deployment;
  }

  /** @throws {PortError} when the function did not answer, ended with an error, or answered something else */
  async survey(region: string, question: SurveyQuestion): Promise<SiteSurvey> {
    const name = functionName(this.#deployment, 'survey');
    return invokeFunction(this.#clients, region, name, question, isSurvey);
  }
}
