import { expect, test } from 'vitest';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { OwedFence } from '../../../../src/core/register/owed-fence.ts';
import { sitesAdopted } from '../../../../src/core/watcher/surveys/adopted-sites.ts';
import { registerWith, serviceWith } from '../service.fixture.ts';
import { fencedService, OwnRegion } from './fencing/own-region.fixture.ts';

const owing = (site: string, proof: OwedFence['proof'] = 'closed'): OwedFence => ({ site, epoch: 2, proof });

/** Sites that the watcher of region-1 has adopted, while these watchers speak. */
function adopted(
  owed: readonly OwedFence[],
  speaking: readonly string[],
  service: NamedService = fencedService,
): readonly string[] {
  const own = new OwnRegion(service, registerWith({ epoch: 2, owed }));
  for (const atMs of [400, 500]) {
    own.speak(speaking);
    own.look(atMs);
  }
  return sitesAdopted(own.state, service, 600);
}

test.each([
  ['the watcher there is silent', [owing('far')], ['region-1', 'region-3'], ['far']],
  ['the watcher there is silent, and no fence is owed', [], ['region-1', 'region-3'], ['far']],
  ['the watcher there speaks', [owing('far')], ['region-1', 'region-2', 'region-3'], []],
  ['no majority speaks', [owing('far')], ['region-1'], []],
])('a site of another region is surveyed from here while %s: %j', (_, owed, speaking, expected) => {
  expect(adopted(owed, speaking)).toEqual(expected);
});

test('all that hear a majority survey for a silent watcher', () => {
  const own = new OwnRegion(fencedService, registerWith({ epoch: 2, owed: [] }));
  // The watcher of region-1 has no answer from there, and the one of region-3 has not said so.
  own.state.unanswered = ['region-2'];
  for (const atMs of [400, 500]) {
    own.speak(['region-1', 'region-3']);
    own.look(atMs);
  }

  expect(sitesAdopted(own.state, fencedService, 600)).toEqual(['far']);
});

test('sites that have nothing to survey are not surveyed, and nothing is before anybody was heard', () => {
  const own = new OwnRegion(fencedService, null);

  expect(sitesAdopted(own.state, fencedService, 600)).toEqual([]);
  expect(adopted([], ['region-1', 'region-3'], serviceWith({}))).toEqual([]);
});

test('a site for which no region acts is surveyed by nobody', () => {
  const data = { kind: 'custom', functions: {} } as never;
  const outside = serviceWith({ data, sites: { one: {}, two: {}, far: { region: undefined, location: 'dc' } } });

  expect(adopted([], ['region-1', 'region-3'], outside)).toEqual([]);
});
