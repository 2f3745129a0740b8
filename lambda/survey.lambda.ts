import { AwsSurveyor } from '../src/adapters/aws/aws-surveyor.ts';
import type { SurveyQuestion } from '../src/adapters/aws/lambda/lambda-surveyor.ts';
import { AwsCompute } from '../src/adapters/aws/start.ts';
import type { SiteSurvey } from '../src/core/detection/site-survey.ts';
import { wire } from './wiring.ts';

const { clients, deployment, ports, region, tables } = wire(import.meta.url);

/** Kept between invocations: what an audit found is repeated until the next. */
const surveyor = new AwsSurveyor(clients, {
  services: deployment.services,
  compute: new AwsCompute(clients),
  clock: ports.clock,
  activeOf: async (service) => {
    const acceptors = await tables.readAcceptors(region, [service]);
    return acceptors[service]?.accepted?.active ?? null;
  },
});

/** Reads what no probe tells of a site of this region; changes nothing. */
export function handler({ service, site }: SurveyQuestion): Promise<SiteSurvey> {
  return surveyor.survey(region, service, site);
}
