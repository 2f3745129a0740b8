import type { Deployment } from '../../core/model/deployment.ts';
import { placeOf } from '../../core/model/place.ts';
import type { Probe } from '../../core/model/probe.ts';
import type { LabConfigs, Urls, Wire } from './protocol.ts';
import type { SiteAddress } from './site-addresses.ts';

/** What of the lab a wire can lead to. */
export interface Ends {
  readonly deployment: Deployment;
  /** By control region, as they are. */
  readonly tables: Urls;
  /** The lab's own sites; sites of the user's are probed as they are. */
  readonly sites: Readonly<Record<string, SiteAddress>>;
}

/** A wire for everything that a watcher reaches beyond its own region: the other tables, and the lab's sites there. */
export function planWires({ deployment, tables, sites }: Ends): readonly Wire[] {
  const placed = Object.values(deployment.services).flatMap((service) =>
    Object.entries(service.sites).flatMap(([name, place]) => {
      const at = sites[name];
      return at === undefined ? [] : [{ to: placeOf(place), host: at.host, port: at.port }];
    }),
  );
  const reachable = [
    ...Object.entries(tables).map(([region, url]) => ({
      to: region,
      host: new URL(url).hostname,
      port: Number(new URL(url).port),
    })),
    ...placed,
  ];
  return deployment.controlRegions.flatMap((from) =>
    reachable.filter(({ to }) => to !== from).map((end) => ({ from, ...end })),
  );
}

/**
 * What the watcher of a region is told: everything beyond its own region at the near end of a wire.
 *
 * @param ports - near ends of the links, in their order
 */
export function seenFrom(
  region: string,
  { deployment, tables }: Ends,
  links: readonly Wire[],
  ports: readonly number[],
): Pick<LabConfigs['watcher'], 'deployment' | 'region' | 'tables' | 'controlUrls'> {
  const nearPorts = new Map<string, number | undefined>(
    links.flatMap(({ from, host, port }, index) =>
      from === region ? [[`${host}:${port}`, ports[index]] as const] : [],
    ),
  );
  const near = (text: string): string => {
    const url = new URL(text);
    const port = nearPorts.get(url.host);
    return port === undefined ? text : `http://127.0.0.1:${port}${url.pathname === '/' ? '' : url.pathname}`;
  };
  const seen = Object.fromEntries(Object.entries(tables).map(([other, url]) => [other, near(url)]));
  return {
    region,
    tables: seen,
    controlUrls: Object.entries(seen).flatMap(([other, url]) => (other === region ? [] : [`${url}/`])),
    deployment: withProbes(deployment, (probe) => (probe.type === 'http' ? { ...probe, url: near(probe.url) } : probe)),
  };
}

function withProbes(deployment: Deployment, change: (probe: Probe) => Probe): Deployment {
  const map = <V, W>(record: Readonly<Record<string, V>>, fn: (value: V) => W) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fn(value)]));
  return {
    ...deployment,
    services: map(deployment.services, (service) => ({
      ...service,
      sites: map(service.sites, (site) => ({ ...site, probes: site.probes.map(change) })),
    })),
  };
}
