import { eachService, type LintRule } from './finding.ts';

const failsOverByItself: LintRule = {
  name: 'origin-group-fails-over',
  about: 'A service with data is reached through CloudFront.',
  reason:
    'An origin group sends a GET or HEAD that fails at its first origin to the second one, whose data may not be promoted. It asks nobody, and keeps no other site from writes.',
  check: eachService(({ name, traffic, data }, at) =>
    traffic.edge === undefined || data === undefined
      ? []
      : [
          {
            path: `${at}.traffic.edge`,
            what: `CloudFront may have an origin group, which reads for ${name} at whichever origin answers`,
            breaks: 'when the region of the active site is lost, readers come to a standby before its data is promoted',
            hint: 'give the cache behavior single origins and let the function choose, and accept this by name once that is so',
          },
        ],
  ),
};

/** Findings about CloudFront. */
export const edgeLintRules: readonly LintRule[] = [failsOverByItself];
