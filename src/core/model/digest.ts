import type { NamedService, Service } from './service.ts';

/**
 * Digests of what the watchers of one deployment must agree on before one of them acts.
 *
 * By thing: `web` for what concerns the service as a whole, `web/virginia` for one site. Thresholds are left out: two
 * watchers may have different patience and still mean the same by a move.
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

/** The digests of one service: of the whole, and of each site. */
export function digestsOf(service: NamedService): Digests {
  const { name, sites } = service;
  return Object.fromEntries([
    [digestKey(name), hashOf(wholeOf(service))],
    ...Object.keys(sites).map((site) => [digestKey(name, site), hashOf(siteOf(service, site))] as const),
  ]);
}

/** What concerns the service and not one site: its mode, and its switches and data without the sites' own parts. */
function wholeOf({ mode, sites, traffic, data, clients }: Service): unknown {
  const isSite = (key: string) => Object.hasOwn(sites, key);
  return [mode, without(traffic, isSite), without(data, isSite), clients !== undefined];
}

/** What concerns one site: where it is, its rank, how it is cut off, and its part in each switch and in the data. */
function siteOf({ sites, traffic, data, clients }: Service, site: string): unknown {
  const place = sites[site];
  return [
    place?.region,
    place?.priority,
    place?.fence,
    place?.scale,
    partsOf(traffic, site),
    partsOf(data, site),
    clients?.endpoints[site],
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

/** Keys that say how fast, and not what. */
const paceKeys: readonly string[] = ['ramp', 'ttlSeconds', 'clientKeepAliveSeconds', 'corroborating'];

/** Every entry of one site, wherever it stands, with the path to it. */
function partsOf(value: unknown, site: string, path = ''): readonly unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === site ? [[path, part]] : partsOf(part, site, `${path}.${key}`),
  );
}

/**
 * A short mark of plain data: two equal values have the same, two different ones hardly ever (1 in 4 x 10^9).
 *
 * FNV-1a, 32 bit, over the value as JSON with sorted keys; a key without a value counts as absent. Against mistakes,
 * not against attackers. Source: IETF draft-eastlake-fnv, "The FNV Non-Cryptographic Hash Algorithm".
 */
export function hashOf(value: unknown): string {
  const text = JSON.stringify(value, inOrder) ?? '';
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
