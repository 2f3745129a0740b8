import { isAwsProbe, type Probe } from '../../../core/model/probe.ts';
import type { Site } from '../../../core/model/site.ts';

/**
 * Whether enough of a site's plain probes can say that it is dead.
 *
 * A metric that the site writes has no value any more. Only where missing is down does that say anything. Where an API
 * of AWS is asked in a region that is lost, no answer is no failure (docs/config.md).
 */
export function canBeFoundDead(
  { probes, require }: Pick<Site, 'probes' | 'require'>,
  isRegionDead: (region: string) => boolean,
): boolean {
  const plain = probes.filter(({ corroborating }) => !corroborating);
  const isMute = (probe: Probe) =>
    isAwsProbe(probe) &&
    ((probe.type === 'cloudwatch-metric' && probe.missing !== 'down') || isRegionDead(probe.region));
  const mute = plain.filter(isMute).length;
  const needed = require === 'all' ? plain.length : require === 'any' ? 1 : require.atLeast;
  // The site fails when even all that do not fail are too few.
  return mute < needed;
}
