import { FailoverError } from '../core/errors.ts';
import type { Deployment } from '../core/model/deployment.ts';
import type { Service } from '../core/model/service.ts';
import type { GeoLocation } from '../core/model/traffic.ts';
import { parseDeploymentValue } from './loader.ts';

/**
 * Reads the deployment that lies beside the code of a function: what was validated, with every default of that time.
 * What a later version has besides gets its default of now.
 *
 * @param where - names what was read, for a message
 * @throws {FailoverError} CONFIG for what this version does not take
 */
export function readPacked(text: string, where: string): Deployment {
  let packed: Deployment;
  try {
    packed = JSON.parse(text) as Deployment;
  } catch {
    throw new FailoverError('CONFIG', `${where}: the configuration beside the code is no JSON`);
  }
  const services = Object.entries(packed.services ?? {}).map(([name, service]) => [name, declared(service)]);
  return parseDeploymentValue({ ...packed, services: Object.fromEntries(services) }, where);
}

/** A service with its places as people write them: the only values that validation puts into another form. */
function declared(service: Service): unknown {
  const dns = service.traffic?.dns;
  if (dns?.locations === undefined) return service;
  const locations = Object.fromEntries(
    Object.entries(dns.locations).map(([site, places]) => [site, places.map(placeText)]),
  );
  return { ...service, traffic: { ...service.traffic, dns: { ...dns, locations } } };
}

function placeText(place: GeoLocation): string {
  return place.kind === 'default' ? '*' : place.code;
}
