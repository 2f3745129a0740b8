import { endpointsParameter } from '../names.ts';
import { parameterArn } from './arn.ts';
import type { KindStatements } from './statement.ts';

/** The parameter of each service in the function's own region. */
export const publishStatements: KindStatements = ({ deployment, region, services }) => [
  {
    sid: 'Endpoints',
    actions: ['ssm:GetParameter', 'ssm:PutParameter'],
    resources: Object.keys(services).map((service) => parameterArn(region, endpointsParameter(deployment, service))),
  },
];
