import type { Deployment } from '../model/deployment.ts';
import { bad, type Check, worstFirst } from './check.ts';
import { controlChecks, type TablesHeard } from './control-checks.ts';
import { serviceChecks } from './service-checks.ts';

/** Name of the one check that is left where nothing is deployed. */
export const notDeployed = 'deployed';

/**
 * Says of everything that the state tables tell whether a failover would work now; pure.
 *
 * Where no control region has the deployment's state table, nothing is deployed, and that is the only finding.
 *
 * @param wallMs - epoch milliseconds, for the age of the last move
 * @returns the worst first
 */
export function checkUp(deployment: Deployment, heard: TablesHeard, wallMs: number): readonly Check[] {
  if (deployment.controlRegions.every((region) => heard.missing.includes(region))) {
    const asked = { name: notDeployed, subject: deployment.name };
    return [bad(asked, 'no control region has its state table', 'deploy it: "npx cdk deploy --all"')];
  }
  return worstFirst([
    ...controlChecks(deployment, heard),
    ...Object.keys(deployment.services).flatMap((name) => serviceChecks(deployment, name, heard, wallMs)),
  ]);
}
