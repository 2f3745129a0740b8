import { FailoverError } from '../../core/errors.ts';
import { isShared } from '../../core/model/data.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Service } from '../../core/model/service.ts';
import type { Site } from '../../core/model/site.ts';
import type { DnsTraffic } from '../../core/model/traffic.ts';
import { readConfigFile } from '../deploy/config-file.ts';

/**
 * Reads a user's deployment for the lab, from YAML or from a program as `validate` does; null without a file.
 *
 * @throws {FailoverError} CONFIG when the file is not there or wrong, USAGE when the lab cannot run what it says
 */
export async function readUserDeployment(file: string | undefined): Promise<Deployment | null> {
  if (file === undefined) return null;
  const deployment = await readConfigFile(file);
  for (const [name, service] of Object.entries(deployment.services)) {
    const { traffic } = service;
    refuseAbsent(file, name, service);
    if (traffic.dns?.mode === 'oracle') {
      refuseAwsOnly(file, name, traffic.dns);
      continue;
    }
    throw new FailoverError(
      'USAGE',
      `${file}: ${name} is not steered by oracles, and the lab has neither Elastic IPs nor metrics nor records to edit; give it traffic.dns with mode: oracle`,
    );
  }
  return deployment;
}

/** The lab has sites, tables, oracles and a name server, and nothing else that could be moved or asked. */
function refuseAbsent(file: string, name: string, { traffic, data, sites }: Service): void {
  const siteWith = (has: (site: Site) => boolean) => Object.entries(sites).find(([, site]) => has(site))?.[0];
  const scaled = siteWith(({ scale }) => scale.length > 0);
  const fenced = siteWith(({ fence }) => fence !== undefined);
  const absent = [
    traffic.targets && 'traffic.targets',
    traffic.accelerator && 'traffic.accelerator',
    traffic.controls && 'traffic.controls',
    traffic.zonal && 'traffic.zonal',
    traffic.edge && 'traffic.edge',
    data && !isShared(data) && 'data',
    scaled && `sites.${scaled}.scale`,
    fenced && `sites.${fenced}.fence`,
  ].find((what) => what !== undefined && what !== false);
  if (absent === undefined) return;
  const hint = 'leave it out there, or use "cdk-failover simulate"';
  throw new FailoverError('USAGE', `${file}: ${name} has ${absent}, which the lab has no stand-in for; ${hint}`);
}

/**
 * Real sites would be asked by the wrong name, and balancers looked up nowhere: the drill would show what AWS does not
 * do.
 */
function refuseAwsOnly(file: string, service: string, { addresses, directCheck }: DnsTraffic): void {
  const aliased = Object.keys(addresses).find((site) => addresses[site]?.alias !== undefined);
  const refuse = (what: string, hint: string) => {
    throw new FailoverError(
      'USAGE',
      `${file}: ${service} has ${what}, which only Route 53 can do; for the lab, ${hint}`,
    );
  };
  const renamed = Object.keys(addresses).find((site) => addresses[site]?.cname !== undefined);
  if (renamed !== undefined) refuse(`a cname for ${renamed}`, `give ${renamed} an address (a or aaaa)`);
  if (aliased !== undefined) refuse(`an alias for ${aliased}`, `give ${aliased} an address (a or aaaa)`);
  if (directCheck !== undefined) refuse('traffic.dns.directCheck', 'leave it out');
}
