import type { Service } from '../../../core/model/service.ts';

/**
 * A statement of a policy that allows something: what the CDK deploys, and what `doctor` asks IAM about.
 *
 * It holds no account and no partition, which are known in AWS alone: `arn.ts` has what stands for them.
 */
export interface Statement {
  readonly sid?: string | undefined;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** By operator, then by key. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> | undefined;
}

/** The function of a kind in one region, and the services for which it has something to do there. */
export interface KindUse {
  /** Name of the deployment. */
  readonly deployment: string;
  readonly region: string;
  readonly services: Readonly<Record<string, Service>>;
}

/** What the function of a kind may do besides its claim. */
export type KindStatements = (use: KindUse) => readonly Statement[];

/** Permits actions on resources. */
export function allow(actions: readonly string[], resources: readonly string[]): Statement {
  return { actions: [...actions], resources: [...resources] };
}

/** One statement for actions that know no resources; none for none. */
export function lookStatements(actions: readonly string[]): readonly Statement[] {
  const distinct = [...new Set(actions)].sort();
  return distinct.length === 0 ? [] : [{ sid: 'Look', actions: distinct, resources: ['*'] }];
}

/** The same statements with what they were made for known: an account, a partition. */
export function filledStatements(
  statements: readonly Statement[],
  fill: (text: string) => string,
): readonly Statement[] {
  const all = (value: string | readonly string[]) => (typeof value === 'string' ? fill(value) : value.map(fill));
  return statements.map((statement) => ({
    ...statement,
    resources: statement.resources.map(fill),
    conditions:
      statement.conditions &&
      Object.fromEntries(
        Object.entries(statement.conditions).map(([operator, keys]) => [
          operator,
          Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, all(value)])),
        ]),
      ),
  }));
}
