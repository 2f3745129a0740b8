import { parseDeployment } from '../../config/load.ts';
import type { Deployment } from '../../core/deployment.ts';
import { FailoverError } from '../../core/errors.ts';
import { readText } from '../files.ts';

/**
 * Reads a user's deployment for the lab; null without a file.
 *
 * @throws {FailoverError} CONFIG when the file is not there or wrong, USAGE when the lab cannot run what it says
 */
export function readUserDeployment(file: string | undefined): Deployment | null {
  if (file === undefined) return null;
  const deployment = parseDeployment(readText(file), file);
  for (const [name, { traffic }] of Object.entries(deployment.services)) {
    if (traffic.dns?.mode === 'oracle') continue;
    throw new FailoverError(
      'USAGE',
      `${file}: ${name} is not steered by oracles, and the lab has neither Elastic IPs nor records to edit; give it traffic.dns with mode: oracle`,
    );
  }
  return deployment;
}
