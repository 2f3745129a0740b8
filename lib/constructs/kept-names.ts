import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';

/**
 * Fails the synthesis when an Aspect of the app has renamed what regions find each other by: tables, functions, roles
 * and topics. Nobody would find them under another name, and a table that is renamed is replaced by an empty one.
 *
 * @param scope - has all of them by now
 */
export function keepNames(scope: IConstruct): void {
  const named = scope.node.findAll().flatMap((each) => {
    const name = nameOf(each);
    return name === undefined ? [] : [{ each, name }];
  });
  scope.node.addValidation({
    validate: () =>
      named.flatMap(({ each, name }) => {
        const now = nameOf(each);
        if (now === name) return [];
        return [
          `${each.node.path}: found the name ${now ?? 'of CloudFormation'}, allowed ${name}: every region looks for it under this name; leave it out of the Aspect that renames`,
        ];
      }),
  });
}

/** The name that a thing is looked for by; undefined where it is found in another way. */
function nameOf(each: IConstruct): string | undefined {
  if (!CfnResource.isCfnResource(each)) return undefined;
  const name: unknown = Stack.of(each).resolve(givenName(each));
  return typeof name === 'string' ? name : undefined;
}

function givenName(each: CfnResource): string | undefined {
  if (each instanceof CfnTable) return each.tableName;
  if (each instanceof CfnFunction) return each.functionName;
  if (each instanceof CfnRole) return each.roleName;
  return each instanceof CfnTopic ? each.topicName : undefined;
}
