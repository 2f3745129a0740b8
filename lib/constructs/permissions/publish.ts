import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { endpointsParameter } from '../../../src/config/plan/names.ts';
import { parameterArn } from './arn.ts';
import type { KindStatements } from './kind-statements.ts';

/** The parameter of each service in the function's own region. */
export const publishStatements: KindStatements = ({ deployment, region, services }) => [
  new PolicyStatement({
    sid: 'Endpoints',
    actions: ['ssm:GetParameter', 'ssm:PutParameter'],
    resources: Object.keys(services).map((service) => parameterArn(region, endpointsParameter(deployment, service))),
  }),
];
