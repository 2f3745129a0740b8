import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rampPercent } from '../../../../../src/core/register/share.ts';
import {
  campaignsOf,
  isWeighted,
  landing,
  landingMin,
  limitOf,
  overloadedBy,
  play,
  spareOf,
  type World,
} from './pool-campaign.fixture.ts';

const campaigns = campaignsOf(false);
const withReserve = campaignsOf(true);

test('whatever dies and comes back, no move puts a living site above its limit (sites=2..5, load=20..90 %)', () => {
  fc.assert(
    fc.property(campaigns, (campaign) => {
      play(campaign, (worlds) => {
        for (const [place, world] of worlds.slice(1).entries()) {
          expect(overloadedBy(worlds[place] as World, world)).toEqual([]);
        }
      });
    }),
    { numRuns: 400 },
  );
});

test('each move gains, more clients that are served or more room for them, and there are at most three a site', () => {
  fc.assert(
    fc.property(campaigns, (campaign) => {
      play(campaign, (worlds, movesMax) => {
        expect(worlds.length - 1).toBeLessThanOrEqual(movesMax);
        for (const [place, world] of worlds.slice(1).entries()) {
          const before = worlds[place] as World;
          expect(landing(world) > landing(before) + 1e-9 || spareOf(world) > spareOf(before)).toBe(true);
        }
      });
    }),
    { numRuns: 400 },
  );
});

test('in the end all that are well are in, and a dead one only as far as the others cannot carry its clients', () => {
  fc.assert(
    fc.property(campaigns, (campaign) => {
      const end = play(campaign, (worlds) => {
        const world = worlds.at(-1) as World;
        const { register, service, dead, demand } = world;
        const living = Object.keys(service.sites).filter((site) => !dead.includes(site));
        if (living.length === 0) return;
        const room = living.reduce((sum, site) => sum + limitOf(world, site), 0);
        const isInParts = isWeighted(service);
        for (const site of living) expect(register.serving).toContain(site);
        for (const site of dead) {
          if (room >= demand) expect(rampPercent(register, site)).toBe(0);
          else if (isInParts) expect(landing(world)).toBeGreaterThan(landingMin(world, living, room));
        }
      });

      expect(end.register.serving).toEqual(Object.keys(end.service.sites));
      expect(end.register.ramp).toEqual({});
    }),
    { numRuns: 400 },
  );
});

test('a reserve overloads nobody either, serves only while another is dead, and moves stay few', () => {
  fc.assert(
    fc.property(withReserve, (campaign) => {
      const end = play(campaign, (worlds, movesMax) => {
        expect(worlds.length - 1).toBeLessThanOrEqual(movesMax);
        for (const [place, world] of worlds.slice(1).entries()) {
          expect(overloadedBy(worlds[place] as World, world)).toEqual([]);
        }
        const { register, service, dead, demand } = worlds.at(-1) as World;
        const living = Object.keys(service.sites).filter((site) => !dead.includes(site));
        const room = living.reduce((sum, site) => sum + limitOf(worlds.at(-1) as World, site), 0);
        if (living.length === 0 || room < demand) return;
        for (const site of dead) expect(rampPercent(register, site)).toBe(0);
      });

      expect(end.register.serving).toEqual(Object.keys(end.service.sites).slice(0, -1));
      expect(end.register.ramp).toEqual({});
    }),
    { numRuns: 400 },
  );
});
