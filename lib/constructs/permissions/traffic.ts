import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { endpointsParameter } from '../../../src/config/plan/names.ts';
import type { Service } from '../../../src/core/model/service.ts';
import { ec2Arn, parameterArn } from './arn.ts';

/**
 * One statement a service, so that no address can go to another service's instances. EC2's Describe calls know no
 * resources. Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2".
 */
export function addressStatements(region: string, services: readonly Service[]): readonly PolicyStatement[] {
  const associate = services.flatMap(({ traffic: { address } }) => {
    if (address === undefined) return [];
    const instances = Object.values(address.instances).map((id) => ec2Arn(region, 'instance', id));
    return new PolicyStatement({
      actions: ['ec2:AssociateAddress'],
      resources: [ec2Arn(region, 'elastic-ip', address.allocationId), ...instances],
    });
  });
  return [...associate, new PolicyStatement({ sid: 'Look', actions: ['ec2:DescribeAddresses'], resources: ['*'] })];
}

/**
 * The listeners and listener rules that are declared, and no others: a listener has one action for its default, a rule
 * another. Neither order nor conditions of rules can be changed by what is allowed here alone (`SetRulePriorities` is
 * not).
 */
export function targetsStatements(services: readonly Service[]): readonly PolicyStatement[] {
  const arns = [...new Set(services.flatMap(({ traffic }) => traffic.targets?.listenerArn ?? []))];
  const isRule = (arn: string) => arn.includes(':listener-rule/');
  const listeners = arns.filter((arn) => !isRule(arn));
  const rules = arns.filter(isRule);
  return [
    ...(listeners.length === 0 ? [] : [allow('elasticloadbalancing:ModifyListener', listeners)]),
    ...(rules.length === 0 ? [] : [allow('elasticloadbalancing:ModifyRule', rules)]),
    new PolicyStatement({
      sid: 'Look',
      actions: [
        ...(listeners.length === 0 ? [] : ['elasticloadbalancing:DescribeListeners']),
        ...(rules.length === 0 ? [] : ['elasticloadbalancing:DescribeRules']),
      ],
      resources: ['*'],
    }),
  ];
}

/** One name a service, its two types, and no more than setting and removing them; and the wait for each change. */
export function recordsStatements(services: readonly Service[]): readonly PolicyStatement[] {
  return [...services.flatMap(changeRecords), waitForChanges()];
}

function changeRecords({ traffic: { dns } }: Service): readonly PolicyStatement[] {
  if (dns === undefined) return [];
  const zone = `arn:${Aws.PARTITION}:route53:::hostedzone/${dns.zone.id}`;
  return [
    new PolicyStatement({
      actions: ['route53:ChangeResourceRecordSets'],
      resources: [zone],
      conditions: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [dns.record],
          'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA'],
          'route53:ChangeResourceRecordSetsActions': ['UPSERT', 'DELETE'],
        },
      },
    }),
    new PolicyStatement({ actions: ['route53:ListResourceRecordSets'], resources: [zone] }),
  ];
}

/** Changes have ids of Route 53's own. */
function waitForChanges(): PolicyStatement {
  return new PolicyStatement({
    sid: 'Changes',
    actions: ['route53:GetChange'],
    resources: [`arn:${Aws.PARTITION}:route53:::change/*`],
  });
}

/** The parameter of each service in the function's own region. */
export function publishStatements(
  deployment: string,
  region: string,
  services: readonly string[],
): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Endpoints',
      actions: ['ssm:GetParameter', 'ssm:PutParameter'],
      resources: services.map((service) => parameterArn(region, endpointsParameter(deployment, service))),
    }),
  ];
}

function allow(action: string, resources: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [action], resources: [...resources] });
}
