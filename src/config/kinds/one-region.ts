import { sitePlaceText } from '../../core/model/place.ts';
import type { Service } from '../../core/model/service.ts';
import type { Traffic } from '../../core/model/traffic.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, claimedTwice, type ServiceRule, unknownSites } from '../rules/rule.ts';

/** A kind whose thing is in one region and leads to one of several sites there. */
export interface OneRegionKind<C extends { readonly region: string }, P> {
  /** Key under `traffic`, and below that of the parts by site. */
  readonly key: string;
  readonly parts: string;
  readonly of: (traffic: Traffic) => C | undefined;
  readonly partsOf: (its: C) => Readonly<Record<string, P>>;
  /** The ids in a site's part; the ids of two sites must differ. */
  readonly textsOf: (part: P) => readonly string[];
  readonly abouts: { readonly parts: string; readonly region: string; readonly control: string };
  readonly words: {
    /** `instances of two sites or more`, and why fewer are of no use. */
    readonly parts: string;
    readonly lonely: string;
    /** What is allowed for a site that uses the same part as another one. */
    readonly other: (site: string) => string;
    readonly otherWhy: string | null;
    /** Why its sites must be in its region, and what to do instead. */
    readonly stays: string;
    readonly hint: string;
    /** Why its region must be a control region. */
    readonly act: string;
  };
}

/** The rules of such a kind. */
export interface OneRegionRules {
  readonly parts: ServiceRule;
  readonly region: ServiceRule;
  readonly control: ServiceRule;
}

/** The rules for every such kind: two sites or more, all in its region, which is a control region. */
export function inOneRegion<C extends { readonly region: string }, P>(kind: OneRegionKind<C, P>): OneRegionRules {
  const { words, abouts } = kind;
  const ruleOf =
    (check: (its: C, sites: Service['sites'], at: Path, controlRegions: readonly string[]) => readonly Breach[]) =>
    ({ sites, traffic }: Service, path: Path, { controlRegions }: { readonly controlRegions: readonly string[] }) => {
      const its = kind.of(traffic);
      return its === undefined ? [] : check(its, sites, [...path, 'traffic', kind.key], controlRegions);
    };
  return {
    parts: {
      about: abouts.parts,
      check: ruleOf((its, sites, at) => {
        const parts = kind.partsOf(its);
        const here = [...at, kind.parts];
        const count = Object.keys(parts).length;
        const claims = Object.entries(parts).flatMap(([site, part]) =>
          kind.textsOf(part).map((id) => [id, site] as const),
        );
        return [
          ...unknownSites(parts, sites, here),
          ...(count >= 2 ? [] : [breach(here, String(count), words.parts, words.lonely)]),
          ...claimedTwice(claims).map(([id, other, site]) =>
            breach([...here, site], id, words.other(other), words.otherWhy),
          ),
        ];
      }),
    },
    region: {
      about: abouts.region,
      check: ruleOf((its, sites, at) =>
        Object.keys(kind.partsOf(its)).flatMap((site) => {
          const place = Object.hasOwn(sites, site) ? sites[site] : undefined;
          if (place === undefined || place.region === its.region) return [];
          const allowed = `sites in ${its.region}: ${words.stays}`;
          return [breach([...at, kind.parts, site], `a site in ${sitePlaceText(place)}`, allowed, words.hint)];
        }),
      ),
    },
    control: {
      about: abouts.control,
      check: ruleOf(({ region }, _sites, at, controlRegions) =>
        controlRegions.includes(region)
          ? []
          : [
              breach(
                [...at, 'region'],
                region,
                `a control region: ${controlRegions.join(', ')}`,
                `make ${region} a control region; ${words.act}`,
              ),
            ],
      ),
    },
  };
}
