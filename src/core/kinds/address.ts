import type { NamedService } from '../model/service.ts';
import { movesActive } from '../register/run.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { ownOf } from './parts.ts';

/** The site that the service's Elastic IP must point to. */
export interface AddressDesired {
  readonly kind: 'address';
  readonly site: string;
}

/** An Elastic IP and the instance that it must point to. */
export interface AddressThing {
  readonly region: string;
  readonly allocationId: string;
  readonly instanceId: string;
}

/** Where an Elastic IP points to now. */
export interface AddressState {
  /** Instance that it points to; null when it points to none. */
  readonly instanceId: string | null;
}

/** Points an Elastic IP to the active site, inside one region. */
export const address: Kind<AddressDesired, AddressThing, AddressState> = {
  name: 'address',
  isIn: ({ traffic }, region) => traffic.address?.region === region,
  plan: ({ traffic: { address: its } }, outline) =>
    movesActive(outline) && its?.instances[outline.to] !== undefined
      ? { resource: its.allocationId, region: its.region, after: readySteps }
      : null,
  mannerOf: () => ({ kind: 'at-once' }),
  inRun: ({ service, run }) => addressFor(service, run.to),
  riskOfSkipping: stillLedTo,
  nothingToDo: 'the site has no part in the address',
  patienceMs: 0,
  fallbackOf: ({ traffic }, { detail }) =>
    traffic.address?.fallback === 'dns' ? `${detail}; DNS steers instead` : null,
  atRest: ({ service, register }) => (service.mode === 'active-passive' ? addressFor(service, register.active) : []),
  sitesOf: ({ site }) => [site],
  nameOf: () => 'address',
  thingOf: ({ site }, { traffic: { address: its } }, region) => {
    const instanceId = ownOf(its?.instances, site);
    if (its === undefined || its.region !== region || instanceId === undefined) return null;
    return { region, allocationId: its.allocationId, instanceId };
  },
  compare: ({ instanceId }, seen) => (seen.instanceId === instanceId ? 'as-ordered' : 'differs'),
};

/** The desired address; empty when the address has no instance for the site. */
function addressFor({ traffic: { address: its } }: NamedService, site: string): readonly Placed<AddressDesired>[] {
  if (its?.instances[site] === undefined) return [];
  return [{ region: its.region, desired: { kind: 'address', site } }];
}
