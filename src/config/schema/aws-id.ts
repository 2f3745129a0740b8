import { pattern } from './fields.ts';

/** Id of an AWS account. A number would lose the zeros that an id may begin with. */
export const accountField = pattern(/^\d{12}$/, "an AWS account id of twelve digits in quotes, such as '222233334444'");
/**
 * Name of a deployment: its parameters begin with it, and SSM refuses names that begin with `aws` or `ssm`. Source:
 * Systems Manager API Reference, "PutParameter", `Name`.
 */
export const deploymentNameField = pattern(
  /^(?!constructor$|aws|ssm)[a-z][a-z0-9-]{0,30}$/,
  'a name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor", and not "aws" or "ssm" first',
);
/** An instance id. Short ids are allowed for scenarios. */
export const instanceField = pattern(/^i-[a-z0-9-]{1,40}$/, 'an instance id, such as i-0123456789abcdef0');
/** A network interface id. */
export const interfaceField = pattern(/^eni-[a-z0-9-]{1,40}$/, 'a network interface id, such as eni-0123456789abcdef0');
/** An allocation id of an Elastic IP. */
export const allocationField = pattern(
  /^eipalloc-[a-z0-9-]{1,40}$/,
  'an allocation id, such as eipalloc-0123456789abcdef0',
);
/** Name of a Lambda function, without its ARN: it is in the site's region. */
export const functionField = pattern(/^[A-Za-z0-9-_]{1,64}$/, 'the name of a Lambda function');
/** ARN of a target group. */
export const targetGroupField = pattern(
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[a-z0-9]+$/,
  'the ARN of a target group',
);

/** Region that an ARN is in. */
export function regionOfArn(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** ARN of the Network Load Balancer that a listener, or a rule of one, belongs to; null for any other balancer. */
export function networkBalancerOf(listenerArn: string): string | null {
  const found = /^(arn:[^/]*):listener(?:-rule)?\/(net\/[^/]+\/[^/]+)\//.exec(listenerArn);
  return found === null ? null : `${found[1]}:loadbalancer/${found[2]}`;
}
