import { readFileSync } from 'node:fs';
import { deploymentFileName } from '../../config/plan/names.ts';
import type { Deployment } from '../../core/model/deployment.ts';

/**
 * Reads the deployment that was packed beside a function's code. It was validated, and its defaults filled in, when the
 * function was packed; nothing is looked up while the function runs.
 *
 * @param codeUrl - `import.meta.url` of the function's module
 */
export function readPackedDeployment(codeUrl: string): Deployment {
  return JSON.parse(readFileSync(new URL(deploymentFileName, codeUrl), 'utf8')) as Deployment;
}
