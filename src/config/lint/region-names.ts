import { closest } from '../closest-word.ts';
import { isOptIn, knownRegions, partitionOf } from '../regions.ts';
import { regionsNamed } from '../rules/regions.ts';
import type { LintRule } from './finding.ts';

const unknownRegion: LintRule = {
  name: 'unknown-region',
  about: 'A region has a name that AWS had not given when this version was made.',
  reason:
    'It is new, or misspelt. A misspelt one is found by the first deployment, or never, where it is that of a site.',
  check: (deployment) =>
    regionsNamed(deployment)
      .filter(({ region }) => partitionOf(region) === null)
      .map(({ region, path }) => {
        const meant = closest(region, knownRegions);
        return {
          path: path.join('.'),
          what: `${region} is no region of AWS that this version knows`,
          breaks: `what is to be in ${region} cannot be deployed, and a site there is taken for one that no other region's loss touches`,
          hint: meant === null ? 'correct it, or accept the finding if the region is new' : `write ${meant}`,
        };
      }),
};

const optInRegion: LintRule = {
  name: 'opt-in-region',
  about: 'A region has to be enabled in the account before anything can be there.',
  reason: 'AWS launched it after March 20, 2019; such regions are disabled in an account until somebody enables them.',
  check: (deployment) => {
    const named = regionsNamed(deployment).filter(({ region }) => isOptIn(region));
    return [...new Set(named.map(({ region }) => region))].map((region) => ({
      path: named.find((each) => each.region === region)?.path.join('.') ?? '',
      what: `${region} is an opt-in region, and a configuration cannot tell whether the account has it`,
      breaks: `until ${region} is enabled, no stack can be deployed there, and every call to it is refused`,
      hint: `enable it (aws account enable-region --region-name ${region}), in every account that has sites there, and accept the finding`,
    }));
  },
};

/** Findings about the names of regions. */
export const regionNameLintRules: readonly LintRule[] = [unknownRegion, optInRegion];
