import type { NamedService } from '../model/service.ts';
import { movesActive } from '../register/run.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { ownOf } from './order/parts.ts';

/** The site that CloudFront takes its answers from. */
export interface EdgeDesired {
  readonly kind: 'edge';
  readonly site: string;
}

/** What stands under the key now; null while nothing does. */
export interface EdgeState {
  readonly value: string | null;
}

/** A key of a KeyValueStore, and the value that it must have. */
export interface EdgeThing {
  readonly storeArn: string;
  readonly key: string;
  readonly value: string;
  /** Region of the function: the store has one endpoint for all. */
  readonly region: string;
}

/**
 * Pause between two looks at a key at rest, in milliseconds. Each look is a request to the API of CloudFront, which is
 * paid by the request. Source: our own.
 */
export const edgeLookMs = 600_000;

/**
 * Writes which origin CloudFront goes to into a KeyValueStore, where a CloudFront Function of the user's reads it.
 *
 * A store is written as a whole version: a write names the version that it replaces and is refused when there is
 * another one, so an order that was late replaces nothing newer. The edge follows within seconds. Each request that no
 * cache answers asks the function, so no client keeps an old answer of DNS. Source: CloudFront Developer Guide, "Amazon
 * CloudFront KeyValueStore"; CloudFront API Reference, "UpdateKeys".
 */
export const edge: Kind<EdgeDesired, EdgeThing, EdgeState> = {
  name: 'edge',
  isOfSites: false,
  isOfNoRegion: true,
  lookMs: edgeLookMs,
  /** The store has one endpoint, which any region may ask, so every control region has a function for it. */
  isIn: ({ traffic }) => traffic.edge !== undefined,
  plan: ({ traffic: { edge: its } }, outline) =>
    movesActive(outline) && its?.originIds[outline.to] !== undefined
      ? { resource: `key ${its.key}`, region: null, after: readySteps }
      : null,
  mannerOf: () => ({ kind: 'at-once' }),
  inRun: ({ service, run, ownRegion }) => originFor(service, run.to, ownRegion),
  riskOfSkipping: stillLedTo,
  nothingToDo: 'the site is no origin',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: ({ service, register, ownRegion }) => originFor(service, register.active, ownRegion),
  sitesOf: ({ site }) => [site],
  nameOf: () => 'key of the edge',
  thingOf: ({ site }, { traffic: { edge: its } }, region) => {
    const value = ownOf(its?.originIds, site);
    if (its === undefined || value === undefined) return null;
    return { storeArn: its.storeArn, key: its.key, value, region };
  },
  compare: ({ value }, seen) => (seen.value === value ? 'as-ordered' : 'differs'),
};

/** The desired key; empty when the site is no origin. */
function originFor(
  { traffic: { edge: its } }: NamedService,
  site: string,
  region: string,
): readonly Placed<EdgeDesired>[] {
  return its?.originIds[site] === undefined ? [] : [{ region, desired: { kind: 'edge', site } }];
}
