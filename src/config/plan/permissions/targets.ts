import { allow, type KindStatements, lookStatements } from './statement.ts';

/**
 * The listeners and listener rules that are declared, and no others: a listener has one action for its default, a rule
 * another. Neither order nor conditions of rules can be changed by what is allowed here alone (`SetRulePriorities` is
 * not).
 */
export const targetsStatements: KindStatements = ({ services }) => {
  const arns = [...new Set(Object.values(services).flatMap(({ traffic }) => traffic.targets?.listenerArn ?? []))];
  const isRule = (arn: string) => arn.includes(':listener-rule/');
  const listeners = arns.filter((arn) => !isRule(arn));
  const rules = arns.filter(isRule);
  return [
    ...(listeners.length === 0 ? [] : [allow(['elasticloadbalancing:ModifyListener'], listeners)]),
    ...(rules.length === 0 ? [] : [allow(['elasticloadbalancing:ModifyRule'], rules)]),
    ...lookStatements([
      ...(listeners.length === 0 ? [] : ['elasticloadbalancing:DescribeListeners']),
      ...(rules.length === 0 ? [] : ['elasticloadbalancing:DescribeRules']),
    ]),
  ];
};
