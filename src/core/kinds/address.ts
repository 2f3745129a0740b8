import type { NamedService } from '../model/service.ts';
import { type AddressPlace, type AddressTraffic, addressSort, placeAt } from '../model/traffic.ts';
import { movesActive } from '../register/run.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { isCount, ownOf } from './order/parts.ts';

/** The site that an address of the service must be at. */
export interface AddressDesired {
  readonly kind: 'address';
  /** Position of the address among those of the service, from 0. */
  readonly address: number;
  readonly site: string;
}

/** An address and the place where it must be. */
export interface AddressPlacement {
  readonly allocationId: string;
  readonly place: AddressPlace;
}

/** An address and its place; of an Elastic IP, also where the other ones of the service must be then. */
export interface AddressThing extends AddressPlacement {
  readonly region: string;
  /** Account that it is in; absent: that of the deployment. */
  readonly account?: string | undefined;
  readonly others: readonly AddressPlacement[];
}

/** Where an address is and where it belongs, each as one text: a private address of an interface, or an interface. */
export interface AddressState {
  /** Null when it is at none. */
  readonly at: string | null;
  /** What the place of its thing stands for now. */
  readonly belongsAt: string;
}

/** Moves addresses to the active site, inside one region. Each of them has an order of its own. */
export const address: Kind<AddressDesired, AddressThing, AddressState> = {
  name: 'address',
  isOfSites: true,
  isIn: ({ traffic }, region) => traffic.address?.region === region,
  plan: ({ traffic: { address: its } }, outline) =>
    movesActive(outline) && its?.instances[outline.to] !== undefined
      ? { resource: its.allocationId.join('+'), region: its.region, after: readySteps }
      : null,
  mannerOf: () => ({ kind: 'at-once' }),
  inRun: ({ service, run }) => addressesFor(service, run.to),
  riskOfSkipping: stillLedTo,
  nothingToDo: 'the site has no part in the address',
  patienceMs: 0,
  fallbackOf: ({ traffic }, { detail }) =>
    traffic.address?.fallback === 'dns' ? `${detail}; DNS steers instead` : null,
  atRest: ({ service, register }) => (service.mode === 'active-passive' ? addressesFor(service, register.active) : []),
  sitesOf: ({ site }) => [site],
  nameOf: ({ address: position }) => `address ${position + 1}`,
  thingOf: ({ site, address: position }, { sites, traffic: { address: its } }, region) => {
    const places = ownOf(its?.instances, site);
    if (its === undefined || its.region !== region || places === undefined || !isCount(position)) return null;
    const all = placementsOf(its, places);
    const own = all[position];
    if (own === undefined) return null;
    const { account } = ownOf(sites, site) ?? {};
    // A private address holds one Elastic IP; an interface, as many other addresses as EC2 lets it.
    const isElastic = ({ allocationId }: AddressPlacement) => addressSort(allocationId) === 'elastic-ip';
    return {
      region,
      account,
      ...own,
      others: isElastic(own) ? all.filter((one) => one !== own && isElastic(one)) : [],
    };
  },
  compare: (_thing, { at, belongsAt }) => (at === belongsAt ? 'as-ordered' : 'differs'),
};

/**
 * Why an Elastic IP must not be put where it belongs; null when it may be.
 *
 * A private address holds one Elastic IP: to associate a second one takes the first one off, without an error. Two of
 * one service at one private address would take it from each other for ever. One of a stranger would be lost to its
 * owner. Source: Amazon EC2 API Reference, "AssociateAddress".
 *
 * @param belongsAt - private address where it belongs
 * @param held - allocation id of the Elastic IP that is there; null when none is
 * @param othersAt - private addresses where the other ones of the service belong
 */
export function clashOf(
  { allocationId, others }: AddressThing,
  belongsAt: string,
  held: string | null,
  othersAt: readonly string[],
): string | null {
  const rival = others.find((_, index) => othersAt[index] === belongsAt);
  if (rival !== undefined) {
    return `${allocationId} and ${rival.allocationId} would both be at ${belongsAt}, which holds one: give each a private address of its own`;
  }
  const isOwn = held === null || held === allocationId || others.some((other) => other.allocationId === held);
  return isOwn
    ? null
    : `${belongsAt} holds ${held}, which is not of this service: move it, or give ${allocationId} another private address`;
}

/** Each Elastic IP with its place. */
function placementsOf({ allocationId }: AddressTraffic, places: readonly AddressPlace[]): readonly AddressPlacement[] {
  return allocationId.flatMap((id, index) => {
    const place = placeAt(places, index);
    return place === undefined ? [] : [{ allocationId: id, place }];
  });
}

/** The desired addresses; empty when they have no place at the site. */
function addressesFor({ traffic: { address: its } }: NamedService, site: string): readonly Placed<AddressDesired>[] {
  if (its?.instances[site] === undefined) return [];
  return its.allocationId.map((_, position) => ({
    region: its.region,
    desired: { kind: 'address', address: position, site },
  }));
}
