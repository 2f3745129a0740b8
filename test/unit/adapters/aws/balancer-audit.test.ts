import { describe, expect, it } from 'vitest';
import { balancerFindings } from '../../../../src/adapters/aws/survey/balancer-audit.ts';

const oneZone = { areZonesDifferent: false };
const twoZones = { areZonesDifferent: true };
const targets = (healthy: number, registered: number) => ({ healthy, registered });

describe('what of a balancer would hinder a move', () => {
  it.each([
    ['nothing is known', {}, twoZones],
    ['no client stays anywhere', { stickySeconds: [0, 0] }, twoZones],
    ['a cookie is declared', { stickySeconds: [3_600] }, { ...twoZones, stickinessSeconds: 3_600 }],
    ['enough targets are healthy', { healthyTargetsMin: 2, targets: targets(2, 9) }, twoZones],
    ['a large enough part is', { healthyPercentMin: 50, targets: targets(2, 4) }, twoZones],
    ['a cold site has none yet', { healthyTargetsMin: 2, healthyPercentMin: 50, targets: targets(0, 2) }, twoZones],
    ['clients cross zones', { isAcrossZones: true }, twoZones],
    ['both sites are in one zone', { isAcrossZones: false }, oneZone],
  ])('is nothing where %s', (_, facts, expected) => {
    expect(balancerFindings(facts, expected)).toEqual([]);
  });

  it.each([
    ['a cookie that nobody declared', { stickySeconds: [0, 3_600] }, oneZone, 'stickinessSeconds: 3600'],
    ['unhealthy targets', { healthyTargetsMin: 3, targets: targets(2, 3) }, oneZone, 'fewer than 3 are healthy'],
    [
      'unhealthy targets by their part',
      { healthyTargetsMin: 1, healthyPercentMin: 51, targets: targets(2, 4) },
      oneZone,
      'fewer than 3 are healthy',
    ],
    ['zones that clients stay in', { isAcrossZones: false }, twoZones, 'load_balancing.cross_zone.enabled: false'],
  ])('is %s', (_, facts, expected, says) => {
    expect(balancerFindings(facts, expected)).toEqual([expect.stringContaining(says)]);
  });
});
