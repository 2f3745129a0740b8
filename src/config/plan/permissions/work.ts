import { eventRuleArn, eventSourceMappingArn, scheduleArn, userRoleArn } from './arn.ts';
import type { Statement } from './statement.ts';
import { allow, type KindStatements } from './statement.ts';

/**
 * What the `work` function of a region may do: turn on and off what the sites there declare. `UpdateEventSourceMapping`
 * could change more than that, and IAM knows no key for `Enabled`; nor does it for the state of a schedule or of a rule
 * that is put back as a whole. Whoever writes a schedule passes its role on. Source: Service Authorization Reference,
 * Amazon EventBridge, Amazon EventBridge Scheduler and AWS Lambda; EventBridge Scheduler User Guide, "Using
 * identity-based policies".
 */
export const workStatements: KindStatements = ({ region, services }) => {
  const works = Object.values(services).flatMap(({ sites }) =>
    Object.values(sites).flatMap((site) => (site.region === region ? site.work : [])),
  );
  const rules = works.filter((one) => one.kind === 'eventbridge-rule');
  const arnsOf = (some: typeof rules) => some.map(({ name, bus }) => eventRuleArn(region, name, bus));
  const mappings = works.flatMap((one) =>
    one.kind === 'event-source-mapping' ? eventSourceMappingArn(region, one.uuid) : [],
  );
  const schedules = works.filter((one) => one.kind === 'eventbridge-schedule');
  return [
    ...allowed(['events:DescribeRule', 'events:DisableRule', 'events:EnableRule'], arnsOf(rules)),
    ...allowed(['events:PutRule'], arnsOf(rules.filter(({ allManagementEvents }) => allManagementEvents))),
    ...allowed(
      ['scheduler:GetSchedule', 'scheduler:UpdateSchedule'],
      schedules.map(({ name, group }) => scheduleArn(region, name, group)),
    ),
    ...passed([...new Set(schedules.map(({ role }) => userRoleArn(role)))]),
    ...allowed(['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'], mappings),
  ];
};

function passed(roles: readonly string[]): readonly Statement[] {
  const conditions = { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } };
  return roles.length === 0 ? [] : [{ ...allow(['iam:PassRole'], roles), conditions }];
}

function allowed(actions: readonly string[], arns: readonly string[]): readonly Statement[] {
  return arns.length === 0 ? [] : [allow(actions, arns)];
}
