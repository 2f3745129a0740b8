import { eventRuleArn, eventSourceMappingArn } from './arn.ts';
import type { Statement } from './statement.ts';
import { allow, type KindStatements } from './statement.ts';

/**
 * What the `work` function of a region may do: turn on and off what the sites there declare. `UpdateEventSourceMapping`
 * could change more than that, and IAM knows no key for `Enabled`. Source: Service Authorization Reference, Amazon
 * EventBridge and AWS Lambda.
 */
export const workStatements: KindStatements = ({ region, services }) => {
  const works = Object.values(services).flatMap(({ sites }) =>
    Object.values(sites).flatMap((site) => (site.region === region ? site.work : [])),
  );
  const rules = works.flatMap((one) =>
    one.kind === 'eventbridge-rule' ? eventRuleArn(region, one.name, one.bus) : [],
  );
  const mappings = works.flatMap((one) =>
    one.kind === 'event-source-mapping' ? eventSourceMappingArn(region, one.uuid) : [],
  );
  return [
    ...allowed(['events:DescribeRule', 'events:DisableRule', 'events:EnableRule'], rules),
    ...allowed(['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'], mappings),
  ];
};

function allowed(actions: readonly string[], arns: readonly string[]): readonly Statement[] {
  return arns.length === 0 ? [] : [allow(actions, arns)];
}
