import { parseDeployment } from '../../config/load.ts';
import type { Deployment } from '../../core/deployment.ts';
import { FailoverError } from '../../core/errors.ts';
import type { DnsTraffic } from '../../core/traffic.ts';
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
    if (traffic.dns?.mode === 'oracle') {
      refuseAwsOnly(file, name, traffic.dns);
      continue;
    }
    throw new FailoverError(
      'USAGE',
      `${file}: ${name} is not steered by oracles, and the lab has neither Elastic IPs nor records to edit; give it traffic.dns with mode: oracle`,
    );
  }
  return deployment;
}

/** Real sites would be asked by the wrong name, and balancers looked up nowhere: the drill would show what AWS does not do. */
function refuseAwsOnly(file: string, service: string, { addresses, directCheck }: DnsTraffic): void {
  const aliased = Object.keys(addresses).find((site) => addresses[site]?.alias !== undefined);
  const refuse = (what: string, wayOut: string) => {
    throw new FailoverError(
      'USAGE',
      `${file}: ${service} has ${what}, which only Route 53 can do; for the lab, ${wayOut}`,
    );
  };
  if (aliased !== undefined) refuse(`an alias for ${aliased}`, `give ${aliased} an address (a or aaaa)`);
  if (directCheck !== undefined) refuse('traffic.dns.directCheck', 'leave it out');
}
