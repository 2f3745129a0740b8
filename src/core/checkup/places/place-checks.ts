import { holderOf, type NamedPlace } from '../../model/traffic.ts';
import { bad, type Check, ok } from '../check.ts';
import { type Reading, unreadCheck } from '../reading.ts';

/** A place to which addresses or routes of a site are moved, by an id. */
export interface WantedPlace {
  readonly kind: 'address' | 'route';
  readonly place: NamedPlace;
}

/** A network interface, as EC2 shows it. */
export interface SeenInterface {
  readonly networkInterfaceId: string;
  /** Null where it is attached to no instance. */
  readonly instanceId: string | null;
  readonly privateIpAddresses: readonly string[];
  /** Whether EC2 drops what is neither from nor for an address of its own. */
  readonly checksAddresses: boolean;
  /** Whether it is attached to anything: a route to one that is not drops packets. */
  readonly isAttached: boolean;
}

/** Where the addresses and routes of a site belong, and what of that is there. */
export interface PlaceReading {
  /** Such as `web/oregon`. */
  readonly subject: string;
  readonly region: string;
  readonly wanted: readonly WantedPlace[];
  readonly reading: Reading<readonly SeenInterface[]>;
}

/** A flaw of a place, and the way out. */
type Flaw = readonly [found: string, todo: string];

/**
 * Whether the instances and interfaces are there to which a move would lead addresses and routes: somebody may have
 * replaced one since the last move.
 *
 * Sources: Amazon EC2 API Reference, "ReplaceRoute", `InstanceId`, and "AssociateAddress"; Amazon VPC User Guide, "NAT
 * instances", "Disable source/destination checks".
 */
export function placeCheck({ subject, region, wanted, reading }: PlaceReading): Check {
  const asked = { name: 'places', subject };
  if (reading.kind === 'unread') return unreadCheck(asked, reading, `in ${region}: `);
  const flaws = wanted.map((one) => flawOf(one, reading.value, region)).filter((flaw) => flaw !== null);
  const [first] = flaws;
  if (first === undefined) return ok(asked, `${wanted.map(({ place }) => holderOf(place)).join(', ')}: there`);
  return bad(asked, [...new Set(flaws.map(([found]) => found))].join('; '), first[1]);
}

function flawOf({ kind, place }: WantedPlace, all: readonly SeenInterface[], region: string): Flaw | null {
  const holder = holderOf(place);
  const own = all.filter((one) =>
    'instanceId' in place ? one.instanceId === place.instanceId : one.networkInterfaceId === place.networkInterfaceId,
  );
  const [only] = own;
  const key = kind === 'route' ? 'traffic.route.targets' : 'traffic.address.instances';
  const replace = `put what replaces it into ${key}, and deploy`;
  if (only === undefined) {
    const what = 'instanceId' in place ? 'no network interface, so it is terminated' : 'not there any more';
    return [`${holder} in ${region} ${'instanceId' in place ? 'has' : 'is'} ${what}`, replace];
  }
  const { privateIpAddress } = place;
  if (privateIpAddress !== undefined && !own.some((one) => one.privateIpAddresses.includes(privateIpAddress)))
    return [`${holder} has no private address ${privateIpAddress}`, `assign it to ${holder}, or correct ${key}`];
  return kind === 'route' ? routeFlaw(holder, own, only) : null;
}

function routeFlaw(holder: string, own: readonly SeenInterface[], only: SeenInterface): Flaw | null {
  if (own.length > 1) {
    const found = `${holder} has ${own.length} network interfaces, and EC2 routes to an instance with one alone`;
    return [found, 'name the interface in traffic.route.targets: networkInterfaceId'];
  }
  if (!only.isAttached)
    return [`${holder} is attached to nothing, so a route to it drops packets`, `attach ${holder} to the instance`];
  if (!only.checksAddresses) return null;
  const found = `${holder} drops what it shall forward: its source/destination check is on`;
  return [found, `switch the source/destination check of ${holder} off`];
}
