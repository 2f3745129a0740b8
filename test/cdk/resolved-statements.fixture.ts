import { App, Stack } from 'aws-cdk-lib';
import { policyStatements } from '../../lib/constructs/permissions/policy-statement.ts';
import type { Statement } from '../../src/config/plan/permissions/statement.ts';

const account = '123456789012';

/** Statements as a template has them, with a concrete account. */
export function resolved(granted: readonly Statement[], region: string): readonly unknown[] {
  const stack = new Stack(new App(), 'Test', { env: { account, region } });
  const statements = policyStatements(granted).map((statement) => stack.resolve(statement.toStatementJson()));
  const text = JSON.stringify(statements).replaceAll('{"Ref":"AWS::Partition"}', '"aws"');
  return JSON.parse(text, (_key, value) => joined(value)) as readonly unknown[];
}

function joined(value: unknown): unknown {
  const parts = (value as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] } | null)?.['Fn::Join'];
  return parts ? parts[1].map((part) => (typeof part === 'string' ? part : account)).join('') : value;
}
