import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { recordsFollowMs } from '../../../src/core/timing.ts';
import { World } from '../../../src/sim/world/world.ts';
import {
  american,
  controlRegions,
  french,
  german,
  lastResort,
  locations,
  poolWith,
  record,
} from '../core/pool.fixture.ts';

/** A world at its first instant, all sites of the pool serving. */
function worldOf(...[changes, failover]: Parameters<typeof poolWith>): World {
  const { name, ...pool } = poolWith(changes, failover);
  const deployment: Deployment = {
    name: 'shop',
    controlRegions,
    services: { [name]: pool },
    notify: { emails: [], topics: [], webhooks: [] },
    watcher: { tracing: false },
    doctor: { hourly: true },
    accept: {},
    groups: {},
  };
  return new World(deployment, { seed: 1 });
}

const virginia = '203.0.113.1';
const frankfurt = '203.0.113.2';
const ireland = '203.0.113.3';

describe('the name of a pool', () => {
  it.each([{}, { policy: 'latency' }, { policy: 'multivalue' }, { policy: 'geolocation', locations }] as const)(
    'resolves to all that somebody is answered with (%j)',
    (changes) => {
      expect(worldOf(changes).names.addressesOf(record)).toEqual([virginia, frankfurt, ireland]);
    },
  );

  it('is answered by who asks', () => {
    const { names } = worldOf({ policy: 'geolocation', locations });

    const answers = [german, french, american, {}].map((asker) => names.answerOf(record, 0, asker).addresses);
    expect(answers).toEqual([[frankfurt], [ireland], [virginia], [virginia]]);
  });

  it('has shares by capacity, and others once weights are edited', () => {
    const { names, cloud } = worldOf({ mode: 'records' });
    const shares = () => names.sharesOf(record).map(({ values, share }) => [values[0], share]);

    const before = shares();
    cloud.writeRecordWeights(record, { virginia: 0, frankfurt: 10, ireland: 30 }, -recordsFollowMs);

    expect(before).toEqual([
      [virginia, 0.5],
      [frankfurt, 0.25],
      [ireland, 0.25],
    ]);
    expect(shares()).toEqual([
      [frankfurt, 0.25],
      [ireland, 0.75],
    ]);
    expect(names.addressesOf(record)).toEqual([frankfurt, ireland]);
  });

  it.each([
    [recordsFollowMs - 1, [virginia, frankfurt, ireland]],
    [recordsFollowMs, [frankfurt, ireland]],
  ])('answers %i ms after an edit as the name servers know it by then', (agoMs, expected) => {
    const { names, cloud } = worldOf({ mode: 'records' });

    cloud.writeRecordWeights(record, { virginia: 0, frankfurt: 10, ireland: 30 }, -agoMs);

    expect(names.addressesOf(record)).toEqual(expected);
  });

  it('is the static endpoint once that has the only weight', () => {
    const { names, cloud } = worldOf({ mode: 'records', lastResort }, { allDown: 'last-resort' });
    const before = names.addressesOf(record);

    cloud.writeRecordWeights(record, { virginia: 0, frankfurt: 0, ireland: 0, 'last-resort': 100 }, -recordsFollowMs);

    expect(before).toEqual([virginia, frankfurt, ireland]);
    expect(names.addressesOf(record)).toEqual(lastResort.a);
  });
});
