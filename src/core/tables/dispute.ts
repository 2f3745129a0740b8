import { type Digests, digestKey, groupPart, isDigestOf } from '../model/digest.ts';
import type { OpinionItem } from './opinion-item.ts';

/** A part of a service for which living watchers have different configurations. */
export interface Dispute {
  /** The site; `groupPart` for the group that the service fails over with; null for the service as a whole. */
  readonly site: string | null;
  /** Control regions whose watchers have another configuration of it than the reader; sorted. */
  readonly regions: readonly string[];
}

/**
 * The parts of one service for which living watchers have another configuration than the reader.
 *
 * A watcher that does not know the service differs in all of it. A watcher without digests differs in nothing; no
 * version of this project writes an item without them.
 *
 * @param own - the reader's digests of the service
 * @param voices - of the watchers with a fresh opinion item, by control region
 */
export function disputesOf(
  service: string,
  own: Digests,
  voices: Readonly<Record<string, Pick<OpinionItem, 'digests'>>>,
): readonly Dispute[] {
  const prefix = digestKey(service, '');
  const apart = new Map<string, string[]>();
  for (const region of Object.keys(voices).sort())
    for (const key of keysApart(own, voices[region]?.digests ?? {}))
      if (isDigestOf(service, key)) apart.set(key, [...(apart.get(key) ?? []), region]);
  return [...apart.keys()]
    .sort()
    .map((key) => ({ site: key === service ? null : key.slice(prefix.length), regions: apart.get(key) ?? [] }));
}

/** What two watchers have different digests of, or only one of them has. There is hardly ever any. */
function keysApart(own: Digests, others: Digests): readonly string[] {
  if (others === own) return [];
  const missing = Object.keys(others).filter((key) => own[key] === undefined);
  return [...Object.keys(own).filter((key) => others[key] !== own[key]), ...missing];
}

/** The disputes about the service as a whole, or about one of these sites. */
export function disputesAbout(disputes: readonly Dispute[], sites: readonly string[]): readonly Dispute[] {
  return disputes.filter(({ site }) => site === null || sites.includes(site));
}

/** The disputes in words, with the regions to deploy to. */
export function describeDisputes(disputes: readonly Dispute[]): string {
  return disputes
    .map(({ site, regions }) => `${partName(site) ?? 'the service'} is configured differently in ${regions.join(', ')}`)
    .join('; ');
}

/** What a dispute is about, as people call it; null for the service as a whole. */
export function partName(site: string | null): string | null {
  return site === groupPart ? 'the group' : site;
}
