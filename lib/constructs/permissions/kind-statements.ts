import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Service } from '../../../src/core/model/service.ts';

/** The function of a kind in one region, and the services for which it has something to do there. */
export interface KindUse {
  /** Name of the deployment. */
  readonly deployment: string;
  readonly region: string;
  readonly services: Readonly<Record<string, Service>>;
}

/** What the function of a kind may do besides its claim. */
export type KindStatements = (use: KindUse) => readonly PolicyStatement[];

/** Permits actions on resources. */
export function allow(actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources] });
}

/** One statement for actions that know no resources; none for none. */
export function lookStatements(actions: readonly string[]): readonly PolicyStatement[] {
  const distinct = [...new Set(actions)].sort();
  return distinct.length === 0 ? [] : [new PolicyStatement({ sid: 'Look', actions: distinct, resources: ['*'] })];
}
