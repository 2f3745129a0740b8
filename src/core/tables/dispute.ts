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
  const keys = new Set([...Object.keys(own), ...Object.values(voices).flatMap(({ digests }) => Object.keys(digests))]);
  return [...keys]
    .filter((key) => isDigestOf(service, key))
    .sort()
    .flatMap((key) => {
      const regions = Object.entries(voices)
        .filter(([, { digests }]) => digests[key] !== own[key])
        .map(([region]) => region)
        .sort();
      return regions.length === 0 ? [] : [{ site: key === service ? null : key.slice(prefix.length), regions }];
    });
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
