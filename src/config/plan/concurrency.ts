import type { Deployment } from '../../core/model/deployment.ts';
import { functionPlansOf } from './functions.ts';

/** What Lambda keeps unreserved. Source: Lambda Developer Guide, "Configuring reserved concurrency for a function". */
const unreservedMin = 100;

/** What a deployment needs of an account's concurrent executions, in the control region that needs most. */
export interface ConcurrencyNeed {
  readonly region: string;
  /** Reserved for the functions there. */
  readonly reserved: number;
  /** Least quota, "Concurrent executions", with which the stack can be deployed where nothing else reserves any. */
  readonly quotaMin: number;
}

/** What the functions of a deployment reserve in the control region that needs most; the first of several such. */
export function concurrencyNeed(deployment: Deployment): ConcurrencyNeed {
  const needs = deployment.controlRegions.map((region) => {
    const reserved = functionPlansOf(deployment, region).reduce((sum, plan) => sum + (plan.concurrencyMax ?? 0), 0);
    return { region, reserved, quotaMin: reserved + unreservedMin };
  });
  return needs.reduce((most, need) => (need.reserved > most.reserved ? need : most));
}
