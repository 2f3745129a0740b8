import { type Digests, digestKey, isDigestOf } from '../model/digest.ts';
import type { OpinionItem } from './opinion-item.ts';

/** Something that living watchers were configured differently for. */
export interface Dispute {
  /** The site, or null for what concerns the service as a whole. */
  readonly site: string | null;
  /** Control regions whose watchers do not hold what the reader holds; sorted. */
  readonly regions: readonly string[];
}

/**
 * What the living watchers contradict the reader about, of one service.
 *
 * A watcher that does not know the service at all contradicts all of it. One that says nothing of digests is older than
 * they are, and contradicts nobody: there is none in a deployment that was made by this version.
 *
 * @param own - the reader's digests of the service
 * @param voices - of the watchers that have spoken lately, by control region
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

/** The disputes that something rests on which concerns the service and some of its sites. */
export function disputesAbout(disputes: readonly Dispute[], sites: readonly string[]): readonly Dispute[] {
  return disputes.filter(({ site }) => site === null || sites.includes(site));
}

/** Disputes in words that say where to deploy. */
export function describeDisputes(disputes: readonly Dispute[]): string {
  return disputes
    .map(({ site, regions }) => `${site ?? 'the service'} is configured differently in ${regions.join(', ')}`)
    .join('; ');
}
