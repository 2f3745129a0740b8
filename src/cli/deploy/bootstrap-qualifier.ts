import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What `cdk bootstrap` uses where nobody names another. Source: aws-cdk-lib, `DefaultStackSynthesizer`. */
const qualifierDefault = 'hnb659fds';
const contextKey = '@aws-cdk/core:bootstrapQualifier';

/**
 * The qualifier of the CDK's bootstrap by which a configuration is deployed: what `cdk.json` beside it says, or that of
 * the working folder. A file that cannot be read says nothing; the CDK itself complains of it.
 */
export function bootstrapQualifierFor(configFile: string): string {
  const found = [join(dirname(configFile), 'cdk.json'), 'cdk.json'].find((path) => existsSync(path));
  return (found === undefined ? null : qualifierIn(found)) ?? qualifierDefault;
}

function qualifierIn(path: string): string | null {
  try {
    const { context } = JSON.parse(readFileSync(path, 'utf8')) as { context?: Readonly<Record<string, unknown>> };
    const named = context?.[contextKey];
    return typeof named === 'string' ? named : null;
  } catch {
    return null;
  }
}
