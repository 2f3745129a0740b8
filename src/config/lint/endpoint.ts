import { placeOf } from '../../core/model/place.ts';
import { isAwsProbe, type NetProbe } from '../../core/model/probe.ts';
import type { NamedService } from '../../core/model/service.ts';

/** A probe of a site, and the host that it checks. */
export interface Endpoint {
  readonly site: string;
  /** Region of the site, or its location outside AWS. */
  readonly place: string;
  readonly probe: NetProbe;
  /** Dotted path of the key that names the host. */
  readonly path: string;
  /** Lower-case name or address, without port and last dot. */
  readonly host: string;
  readonly port: number;
}

const portOfScheme: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** Every probe of a service that checks a host. */
export function endpointsOf(service: NamedService, at: string): readonly Endpoint[] {
  return Object.entries(service.sites).flatMap(([site, { probes, ...its }]) =>
    probes.flatMap((probe, index) => {
      if (isAwsProbe(probe)) return [];
      const key = 'url' in probe ? 'url' : 'host' in probe ? 'host' : 'server';
      return [
        { site, place: placeOf(its), probe, path: `${at}.sites.${site}.probes.${index}.${key}`, ...targetOf(probe) },
      ];
    }),
  );
}

function targetOf(probe: NetProbe): Pick<Endpoint, 'host' | 'port'> {
  if (!('url' in probe)) return { host: bare('host' in probe ? probe.host : probe.server), port: probe.port };
  const { hostname, port, protocol } = new URL(probe.url);
  return { host: bare(hostname), port: port === '' ? (portOfScheme[protocol] ?? 0) : Number(port) };
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[|\]$/g, '');
}

/** Whether a host is on this machine. There all sites share one fault domain on purpose. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/** Whether a host is an IPv6 address of another machine. */
export function isIpv6(host: string): boolean {
  return host.includes(':') && !isLoopback(host);
}

/** Suffixes of names that AWS gives to regional things, and that name the region. */
const awsSuffix = /\.(amazonaws\.com(\.cn)?|on\.aws|api\.aws|awsapprunner\.com|elasticbeanstalk\.com)$/;
/** A region, as it stands in a name between dots or hyphens. */
const regionPattern =
  /(?:^|[.-])((?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central)(?:east|west)?-\d)(?=\.)/;
/** Public names of instances in us-east-1 say `compute-1` instead of the region. */
const firstRegionPattern = /\.compute-1\.amazonaws\.com$/;

/**
 * AWS region that a host name says it is in.
 *
 * @returns null for a name that is not AWS's own or that names no region; any region may be behind it
 */
export function regionOfHost(host: string): string | null {
  if (!awsSuffix.test(host)) return null;
  if (firstRegionPattern.test(host)) return 'us-east-1';
  return host.match(regionPattern)?.[1] ?? null;
}

/** Whether an edge network answers under a name: CloudFront or Global Accelerator. */
export function isEdge(host: string): boolean {
  return /\.(cloudfront\.net|awsglobalaccelerator\.com)$/.test(host);
}
