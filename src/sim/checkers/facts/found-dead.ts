import type { Site } from '../../../core/model/site.ts';

/**
 * Whether enough of a site's plain probes can say that it is dead.
 *
 * A metric that the site writes has no value any more. Only where missing is down does that say anything.
 */
export function canBeFoundDead({ probes, require }: Pick<Site, 'probes' | 'require'>): boolean {
  const plain = probes.filter(({ corroborating }) => !corroborating);
  const mute = plain.filter((probe) => probe.type === 'cloudwatch-metric' && probe.missing !== 'down').length;
  const needed = require === 'all' ? plain.length : require === 'any' ? 1 : require.atLeast;
  // The site fails when even all that do not fail are too few.
  return mute < needed;
}
