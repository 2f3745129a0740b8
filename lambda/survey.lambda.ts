import { AwsSurveyor } from '../src/adapters/aws/aws-surveyor.ts';
import { LambdaHook } from '../src/adapters/aws/lambda/lambda-hook.ts';
import type { SurveyQuestion } from '../src/adapters/aws/lambda/lambda-surveyor.ts';
import { AwsDatabases } from '../src/adapters/aws/promote.ts';
import { AwsCompute } from '../src/adapters/aws/start.ts';
import type { SiteSurvey } from '../src/core/detection/site-survey.ts';
import { wire } from './wiring.ts';

const { clients, deployment, ports, region, tables } = wire(import.meta.url);

const hook = new LambdaHook(clients);

/** Kept between invocations, because the findings of an audit are repeated until the next one. */
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

/** Reads the facts of a site of this region that probes cannot see; changes nothing. */
export function handler(question: SurveyQuestion): Promise<SiteSurvey> {
  return surveyor.survey(region, question);
}
