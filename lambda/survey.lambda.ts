import { AwsSurveyor } from '../src/adapters/aws/aws-surveyor.ts';
import { LambdaHook } from '../src/adapters/aws/lambda/lambda-hook.ts';
import type { SurveyQuestion } from '../src/adapters/aws/lambda/lambda-surveyor.ts';
import { AwsDatabases } from '../src/adapters/aws/promote.ts';
import { AwsCompute } from '../src/adapters/aws/start.ts';
import type { SiteSurvey } from '../src/core/detection/site-survey.ts';
import { wire } from './wiring.ts';

const { clients, deployment, ports, region, tables } = wire(import.meta.url);

const hook = new LambdaHook(clients);

/** Kept between invocations: what an audit found is repeated until the next. */
const surveyor = new AwsSurveyor(clients, {
  services: deployment.services,
  compute: new AwsCompute(clients),
  databases: new AwsDatabases(clients, deployment.services, hook),
  hook,
  clock: ports.clock,
  activeOf: async (service) => {
    const acceptors = await tables.readAcceptors(region, [service]);
    return acceptors[service]?.accepted?.active ?? null;
  },
});

/** Reads what no probe tells of a site of this region; changes nothing. */
export function handler(question: SurveyQuestion): Promise<SiteSurvey> {
  return surveyor.survey(region, question);
}
