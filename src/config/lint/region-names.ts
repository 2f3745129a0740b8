import { closest } from '../closest-word.ts';
import { knownRegions, partitionOf } from '../regions.ts';
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

/** Findings about the names of regions. */
export const regionNameLintRules: readonly LintRule[] = [unknownRegion];
