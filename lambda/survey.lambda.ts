import { LambdaHook } from '../src/adapters/aws/lambda/lambda-hook.ts';
import type { SurveyQuestion } from '../src/adapters/aws/lambda/lambda-surveyor.ts';
import { AwsDatabases } from '../src/adapters/aws/promote.ts';
import { AwsCompute } from '../src/adapters/aws/start.ts';
import { AwsSurveyor } from '../src/adapters/aws/survey/aws-surveyor.ts';
import { hookMsOfSurvey } from '../src/adapters/aws/survey/patience.ts';
import type { SiteSurvey } from '../src/core/detection/site-survey.ts';
import { wireForAccounts } from './wiring/wiring.ts';

const wiring = wireForAccounts(import.meta.url, 'survey');
const { deployment, ports, region, tables } = wiring;

/** By account. Kept between invocations, because the findings of an audit are repeated until the next one. */
const surveyors = new Map<string | undefined, AwsSurveyor>();

function surveyorIn(account: string | undefined): AwsSurveyor {
  const known = surveyors.get(account);
  if (known !== undefined) return known;
  const clients = wiring.clients.in(account);
  const hook = new LambdaHook(clients.with({ callDeadlineMs: hookMsOfSurvey }));
  const made = new AwsSurveyor(clients, {
    services: deployment.services,
    compute: new AwsCompute(clients, hook),
    databases: new AwsDatabases(clients, deployment.services, hook),
    hook,
    clock: ports.clock,
    registerOf: async (service) => {
      const acceptors = await tables.readAcceptors(region, [service]);
      return acceptors[service]?.accepted ?? null;
    },
  });
  surveyors.set(account, made);
  return made;
}

/** Reads the facts of a site of this region that probes cannot see; changes nothing. */
export async function handler(question: SurveyQuestion): Promise<SiteSurvey> {
  const { service, site } = question;
  return await surveyorIn(deployment.services[service]?.sites[site]?.account).survey(region, question);
}
