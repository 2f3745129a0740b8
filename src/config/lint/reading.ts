import { isAwsProbe, type Probe } from '../../core/model/probe.ts';
import type { Site } from '../../core/model/site.ts';
import { eachService, type LintRule } from './finding.ts';

const blindWhenLost: LintRule = {
  name: 'blind-when-lost',
  about: 'A site is judged by what AWS says in its own region, such as an alarm, and not by enough other plain probes.',
  reason: 'When the region is lost, that is not said either. A missing answer is unknown, and unknown moves nothing.',
  check: eachService(({ sites }, at) =>
    Object.entries(sites).flatMap(([name, site]) => {
      // A site outside AWS is not lost with any region.
      if (site.region === undefined || canFailWithRegion(site, site.region)) return [];
      return [
        {
          path: `${at}.sites.${name}.probes`,
          what: `${name} is judged by what AWS says in ${site.region}`,
          breaks: `when ${site.region} is lost, ${name} is unknown and not down: nothing moves away from it`,
          hint: `add a probe over the network, such as https, or read from another region than ${site.region}`,
        },
      ];
    }),
  ),
};

/** Whether the probes that still answer when the region is lost are enough to find the site down. */
function canFailWithRegion({ probes, require }: Site, region: string): boolean {
  const plain = probes.filter(({ corroborating }) => !corroborating);
  const needed = require === 'all' ? plain.length : require === 'any' ? 1 : require.atLeast;
  const silent = plain.filter((probe) => isSaidIn(probe, region)).length;
  // `combineObservations` finds a site failed when even all the probes without a failure would be too few.
  return silent < needed;
}

function isSaidIn(probe: Probe, region: string): boolean {
  return isAwsProbe(probe) && probe.region === region;
}

/**
 * Age below which values of AWS's own services are often not there yet: they come one or two minutes late. Source: our
 * own.
 */
const lateMsMax = 120_000;

const missingTooSoon: LintRule = {
  name: 'missing-too-soon',
  about:
    'A metric that makes its site down when it has no value, and whose values count as missing within two minutes.',
  reason: 'CloudWatch shows values a minute or two late. Until then there is none, and that counts as down.',
  check: eachService(({ sites }, at) =>
    Object.entries(sites).flatMap(([name, { probes }]) =>
      probes.flatMap((probe, index) =>
        probe.type !== 'cloudwatch-metric' || probe.missing !== 'down' || probe.maxAgeMs > lateMsMax
          ? []
          : [
              {
                path: `${at}.sites.${name}.probes.${index}.maxAgeMs`,
                what: `a value of ${probe.name} is missing after ${probe.maxAgeMs / 1_000} s, and missing is down`,
                breaks: `when CloudWatch is late, ${name} is down although it is well`,
                hint: 'write maxAgeMs: 5m, or missing: unknown',
              },
            ],
      ),
    ),
  ),
};

/** Findings about probes that AWS answers. */
export const readingLintRules: readonly LintRule[] = [blindWhenLost, missingTooSoon];
