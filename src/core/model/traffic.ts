/** What steers the clients of a service, as declared. */

/** What steers clients; none for a service that is data alone, or data and publications. */
export interface Traffic {
  readonly dns?: DnsTraffic | undefined;
  readonly address?: AddressTraffic | undefined;
  readonly route?: RouteTraffic | undefined;
  readonly targets?: TargetsTraffic | undefined;
  readonly accelerator?: AcceleratorTraffic | undefined;
  readonly controls?: ControlsTraffic | undefined;
  readonly edge?: EdgeTraffic | undefined;
  readonly zonal?: ZonalTraffic | undefined;
}

/** Traffic dials of a Global Accelerator, and weights of its endpoints, that follow the active site. */
export interface AcceleratorTraffic {
  /** ARN of each site's endpoint group; every site has one, all of one listener. */
  readonly endpointGroupArns: Readonly<Record<string, string>>;
  /** Ids of each site's endpoints in its group, of every site; absent where weights stay as they are. */
  readonly endpointIds?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Routing controls of a cluster of ARC that follow the active site. */
export interface ControlsTraffic {
  /** URL of each of the cluster's five endpoints, by the region that it is in. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** ARN of each site's routing control; every site has one. */
  readonly routingControlArns: Readonly<Record<string, string>>;
  /** How long clients keep an answer of the records that the controls lead. */
  readonly ttlSeconds: number;
}

/** A key of a KeyValueStore of CloudFront that names the origin of the active site. */
export interface EdgeTraffic {
  readonly storeArn: string;
  readonly key: string;
  /** Id of each site's origin in the distribution; every site has one. */
  readonly originIds: Readonly<Record<string, string>>;
}

/** Zonal shifts of load balancers, away from the zone of the site that is out of the pool. */
export interface ZonalTraffic {
  /** ARNs of load balancers, all of one region. */
  readonly resourceArns: readonly string[];
  readonly region: string;
  /** Id of the zone that each site is; every site has one. */
  readonly zoneIds: Readonly<Record<string, string>>;
  /** Time after which a shift ends by itself. */
  readonly expiryMs: number;
}

/** Most sites that traffic can be kept from at once: a load balancer has one zonal shift at a time. */
export function sitesOutMax({ zonal }: Traffic): number {
  return zonal === undefined ? Number.POSITIVE_INFINITY : 1;
}

/** Routes of EC2 route tables that follow the active site, inside one region. */
export interface RouteTraffic {
  readonly region: string;
  readonly tables: readonly string[];
  /** Destinations in CIDR notation, IPv4 or IPv6, as EC2 keeps them; every table has a route for each. */
  readonly destinations: readonly string[];
  readonly targets: Readonly<Record<string, RouteTarget>>;
}

/** What a route leads to. */
export type RouteTarget = { readonly instanceId: string } | { readonly networkInterfaceId: string };

/** Weights of target groups on listeners and listener rules, inside one region. */
export interface TargetsTraffic {
  /** ARNs of listeners, whose default action is set, or of listener rules; one or more, all with the same weights. */
  readonly listenerArn: readonly string[];
  readonly region: string;
  /** ARN of each site's target group; sites elsewhere have none. */
  readonly targetGroups: Readonly<Record<string, string>>;
  /** Whether healthy targets turn `down` into `degraded`, as a corroborating probe does. */
  readonly corroborating: boolean;
  /** How long a client that was sent to a target group stays there, by a cookie; absent where nothing is declared. */
  readonly stickinessSeconds?: number | undefined;
  readonly ramp: Ramp;
}

/** How traffic is shifted in steps. */
export interface Ramp {
  /** Percentages of a site's own share, rising, the last 100; one entry shifts all at once. */
  readonly stepsPercent: readonly number[];
  /** Pause after each step, in which latency, errors and load are checked. */
  readonly pauseMs: number;
}

/** A name whose answer follows the active site. */
export interface DnsTraffic {
  readonly zone: DnsZone;
  readonly record: string;
  /** Further names of the zone with the same answer, of one tree with the record; not with `mode: 'records'`. */
  readonly moreRecords?: readonly string[] | undefined;
  readonly ttlSeconds: number;
  /** How long clients keep connections to a site that traffic has left; for the lint. Absent when it is not known. */
  readonly clientKeepAliveSeconds?: number | undefined;
  /**
   * `oracle`: health checks ask each region's oracle, and no record is edited. `memory`: health checks follow what each
   * region's watcher writes, and nothing is asked. `records`: the record is edited.
   */
  readonly mode: 'oracle' | 'memory' | 'records';
  readonly addresses: Readonly<Record<string, DnsAddress>>;
  /** How a name with several serving sites chooses; `failover` is the chain by priority of active-passive. */
  readonly policy: 'failover' | 'weighted' | 'latency' | 'geolocation' | 'multivalue';
  /** Locations that each site answers for, with policy `geolocation`; one site has the default `*`. */
  readonly locations?: Readonly<Record<string, readonly GeoLocation[]>> | undefined;
  /**
   * How a site that is re-admitted gets its share back by record weights; policy `weighted` with mode `records` only.
   */
  readonly ramp?: Ramp | undefined;
  /**
   * Whether DNS keeps in mind who was left, for when oracles are dark: a second set of checks, on metrics. Only with
   * `mode: 'oracle'`, and not with policy `multivalue`. With `mode: 'memory'` there is no other set.
   */
  readonly memory?: boolean | undefined;
  /** A static endpoint for when no site is left. */
  readonly lastResort?: DnsAddress | undefined;
  /** Route 53's own check of each site's endpoint, for services without data; not with `mode: 'records'`. */
  readonly directCheck?: DirectCheck | undefined;
}

/** A hosted zone of the user's. */
export interface DnsZone {
  readonly id: string;
  readonly name: string;
  /** AWS account that it is in; absent: that of the deployment. */
  readonly account?: string | undefined;
  /** Answered inside the networks of the zone alone. */
  readonly private?: boolean | undefined;
}

/**
 * Whether health checks follow what watchers write, alone or beside the oracles' votes: with oracles unless it is
 * switched off, and not with policy `multivalue`, whose records cannot stand behind an alias.
 */
export function remembers({ mode, memory, policy }: Pick<DnsTraffic, 'mode' | 'memory' | 'policy'>): boolean {
  return mode === 'memory' || (mode === 'oracle' && policy !== 'multivalue' && memory !== false);
}

/**
 * Whether the records of a name show by themselves that they are in place. Records that are edited lead anywhere, and
 * those of a private zone are answered in its networks alone, where no watcher may be.
 */
export function areRecordsSeen({ mode, zone }: Pick<DnsTraffic, 'mode' | 'zone'>): boolean {
  return mode !== 'records' && zone.private !== true;
}

/** What the name answers while a site serves: addresses, the target of an alias, or another name. */
export interface DnsAddress {
  /** IPv4 addresses, one or more, sorted; all are answered together. */
  readonly a?: readonly string[] | undefined;
  /** IPv6 addresses in their canonical spelling, one or more, sorted. */
  readonly aaaa?: readonly string[] | undefined;
  /** An alias excludes the other kinds. */
  readonly alias?: AliasTarget | undefined;
  /** A name of anybody, as the value of a CNAME record; it excludes the other kinds, at every site. */
  readonly cname?: string | undefined;
}

/** A name of AWS with changing addresses: that of a load balancer, an API or a CloudFront distribution. */
export interface AliasTarget {
  readonly dnsName: string;
  /** Hosted zone of the name, which belongs to AWS and not to the user. */
  readonly zoneId: string;
  /** Whether it has IPv6 addresses too, so that an AAAA record is made. */
  readonly ipv6: boolean;
}

/** `*` for everywhere else, a continent such as `EU`, or a country such as `DE` or `US-CA`'s `US`. */
export type GeoLocation =
  | { readonly kind: 'default' }
  | { readonly kind: 'continent' | 'country'; readonly code: string };

/** What Route 53's checkers ask of each site besides the oracles. */
export interface DirectCheck {
  readonly type: 'https' | 'http' | 'tcp';
  readonly port: number;
  /** Path of the request; `/` when absent. A TCP check has none. */
  readonly path?: string | undefined;
}

/** Addresses that follow the active site together, inside one region. */
export interface AddressTraffic {
  /**
   * One address or more: allocation ids of Elastic IPs, secondary private addresses, IPv6 addresses in their canonical
   * spelling, and prefixes of either family.
   */
  readonly allocationId: readonly string[];
  readonly region: string;
  /**
   * Where the addresses are while a site is active: one place each, in the order of `allocationId`. Where none is an
   * Elastic IP, one place may stand for all.
   */
  readonly instances: Readonly<Record<string, readonly AddressPlace[]>>;
  /** What happens when an address cannot be moved. */
  readonly fallback: 'dns' | 'none';
}

/** What an address is, by its form. */
export type AddressSort = 'elastic-ip' | 'ipv4' | 'ipv6' | 'ipv4-prefix' | 'ipv6-prefix';

/** What an address is. All but an Elastic IP are assigned to an interface itself. */
export function addressSort(address: string): AddressSort {
  if (address.startsWith('eipalloc-')) return 'elastic-ip';
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return address.includes('/') ? `${family}-prefix` : family;
}

/** An instance that is found by its tag when it is needed: the one that runs and has it. */
export interface TaggedInstance {
  readonly tag: { readonly key: string; readonly value: string };
}

/**
 * A private address, which holds one Elastic IP at most. Without `privateIpAddress` it is the primary private address
 * of the interface; of an instance, that of its primary interface. Of other addresses, the interface alone.
 */
export type AddressPlace = (RouteTarget | TaggedInstance) & { readonly privateIpAddress?: string | undefined };

/** A place by an id of EC2's. */
export type NamedPlace = RouteTarget & { readonly privateIpAddress?: string | undefined };

/** The place of an address of a service, by its position. */
export function placeAt(places: readonly AddressPlace[], position: number): AddressPlace | undefined {
  return places[position] ?? (places.length === 1 ? places[0] : undefined);
}

/** A place in a few letters: `i-1`, or `eni-1/10.0.0.5`. Different places have different texts. */
export function placeText(place: AddressPlace): string {
  const holder = holderOf(place);
  return place.privateIpAddress === undefined ? holder : `${holder}/${place.privateIpAddress}`;
}

/** The instance or the network interface of a place; an instance with a tag as `Name=shop`. */
export function holderOf(place: AddressPlace): string {
  if ('tag' in place) return `${place.tag.key}=${place.tag.value}`;
  return 'instanceId' in place ? place.instanceId : place.networkInterfaceId;
}
