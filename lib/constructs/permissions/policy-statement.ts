import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ownAccount, partition } from '../../../src/config/plan/permissions/arn.ts';
import { filledStatements, type Statement } from '../../../src/config/plan/permissions/statement.ts';

/** Statements as the CDK has them, with the account and the partition of the stack. */
export function policyStatements(statements: readonly Statement[]): PolicyStatement[] {
  return filledStatements(statements, tokened).map(
    ({ sid, actions, resources, conditions }) =>
      new PolicyStatement({
        ...(sid === undefined ? {} : { sid }),
        actions: [...actions],
        resources: [...resources],
        ...(conditions === undefined ? {} : { conditions }),
      }),
  );
}

function tokened(text: string): string {
  return text.replaceAll(partition, Aws.PARTITION).replaceAll(ownAccount, Aws.ACCOUNT_ID);
}
