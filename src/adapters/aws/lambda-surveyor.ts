import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionName } from '../../config/plan/names.ts';
import type { SiteSurvey } from '../../core/detection/site-survey.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Surveyor } from '../../ports/surveyor.ts';
import type { AwsClients } from './clients.ts';
import { isSurvey } from './survey/survey-shape.ts';

/** Longest part of a function's own error that goes into a fault. */
const errorLengthMax = 120;

/** What the `survey` function is sent. */
export interface SurveyQuestion {
  readonly service: string;
  readonly site: string;
}

/** Has the `survey` function of a region look, so that the watcher carries no client of what it looks at. */
export class LambdaSurveyor implements Surveyor {
  readonly #clients: AwsClients;
  readonly #deployment: string;

  /** @param clients - with a deadline that covers the function's own work, not only an answer */
  constructor(clients: AwsClients, deployment: string) {
    this.#clients = clients;
    this.#deployment = deployment;
  }

  /** @throws {PortError} when the function did not answer, ended with an error, or answered something else */
  async survey(region: string, service: string, site: string): Promise<SiteSurvey> {
    const name = functionName(this.#deployment, 'survey');
    const question: SurveyQuestion = { service, site };
    const command = new InvokeCommand({
      FunctionName: name,
      Payload: new TextEncoder().encode(JSON.stringify(question)),
    });
    const { FunctionError, Payload } = await this.#clients.call((options) =>
      this.#clients.of(LambdaClient, region).send(command, options),
    );
    // Of an empty answer the SDK makes something that is no bytes, whatever its types say.
    const text = Payload instanceof Uint8Array ? new TextDecoder().decode(Payload) : '';
    if (FunctionError !== undefined) {
      throw new PortError({ kind: 'unavailable', detail: `${name} failed: ${text.slice(0, errorLengthMax)}` });
    }
    const survey = parse(text);
    if (isSurvey(survey)) return survey;
    throw new PortError({ kind: 'invalid', detail: `${name} answered ${text.slice(0, errorLengthMax)}` });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
