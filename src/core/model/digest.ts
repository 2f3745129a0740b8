import type { Group } from './group.ts';
import { groupOf, groupOrder } from './group.ts';
import { placeOf } from './place.ts';
import type { NamedService, Service } from './service.ts';

/**
 * Digests of what the watchers of one deployment must agree on before one of them acts.
 *
 * Keys: `web` for the service as a whole, `web/virginia` for one of its sites, `web/(group)` for the group that it
 * fails over with. Thresholds are left out: two watchers may wait for different times and still mean the same move.
 */
export type Digests = Readonly<Record<string, string>>;

/** Name under which the digest of a service as a whole, or of one of its sites, is kept. */
export function digestKey(service: string, site: string | null = null): string {
  return site === null ? service : `${service}/${site}`;
}

/** Whether a name under which a digest is kept is that of a service, or of one of its sites. */
export function isDigestOf(service: string, key: string): boolean {
  return key === service || key.startsWith(digestKey(service, ''));
}

/** Stands where the name of a site stands, for what concerns the group of a service. No site can have this name. */
export const groupPart = '(group)';

/**
 * The digest of the group that a service fails over with: who leads it, and who goes after whom. Empty for a service
 * that fails over alone. Only decisions rest on it, so no order carries it.
 */
export function groupDigestOf(
  deployment: { readonly groups: Readonly<Record<string, Group>> },
  service: string,
): Digests {
  const group = groupOf(deployment, service);
  if (group === null) return {};
  const needs = groupOrder(group).map((name) => [name, [...(group.members[name] ?? [])].sort()]);
  return { [digestKey(service, groupPart)]: hashOf(needs) };
}

/** The digests of one service: of the whole, and of each site. */
export function digestsOf(service: NamedService): Digests {
  const known = digests.get(service);
  if (known !== undefined) return known;
  const { name, sites } = service;
  const made = Object.fromEntries([
    [digestKey(name), hashOf(wholeOf(service))],
    ...Object.keys(sites).map((site) => [digestKey(name, site), hashOf(siteOf(service, site))] as const),
  ]);
  digests.set(service, made);
  return made;
}

/** The digests that were worked out already: every order carries them, and a service never changes. */
const digests = new WeakMap<NamedService, Digests>();

/**
 * The parts that concern the whole service: its mode, and its traffic and data without the entries of single sites.
 */
function wholeOf({ mode, sites, traffic, data, clients }: Service): unknown {
  const isSite = (key: string) => Object.hasOwn(sites, key);
  return [mode, without(traffic, isSite), without(data, isSite), clients !== undefined];
}

/** The parts that concern one site: its place, priority and fence, and its entries in the traffic and in the data. */
function siteOf({ sites, traffic, data, clients }: Service, site: string): unknown {
  const place = sites[site];
  return [
    place && placeOf(place),
    place?.priority,
    place?.fence,
    place?.scale,
    place?.work,
    partsOf(traffic, site),
    partsOf(data, site),
    clients?.endpoints[site],
    // Only where there is one: whoever was deployed before there were accounts and reserves means the same.
    ...(place?.account === undefined ? [] : [place.account]),
    ...(place?.reserve === true ? ['reserve'] : []),
  ];
}

/** A copy without the entries of single sites, and without how fast traffic is shifted. */
function without(value: unknown, isSite: (key: string) => boolean): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !isSite(key) && !paceKeys.includes(key))
      .map(([key, part]) => [key, without(part, isSite)]),
  );
}

/** Keys that say how fast something happens, and not what happens. */
const paceKeys: readonly string[] = ['ramp', 'ttlSeconds', 'clientKeepAliveSeconds', 'corroborating'];

/** Every entry of one site, wherever it stands, with the path to it. */
function partsOf(value: unknown, site: string, path = ''): readonly unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === site ? [[path, part]] : partsOf(part, site, `${path}.${key}`),
  );
}

/**
 * A short hash of plain data. Equal values have the same hash; two different values have the same hash with a
 * probability of 1 in 4 x 10^9.
 *
 * FNV-1a, 32 bit, over the value as JSON with sorted keys; a key without a value counts as absent. It detects mistakes,
 * not attacks. Source: IETF draft-eastlake-fnv, "The FNV Non-Cryptographic Hash Algorithm".
 */
export function hashOf(value: unknown): string {
  return fnv1a(JSON.stringify(value, inOrder) ?? '').toString(36);
}

/** The hash of a text: FNV-1a, a whole number of 32 bits. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
