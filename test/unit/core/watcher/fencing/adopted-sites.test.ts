import { expect, test } from 'vitest';
import type { OwedFence } from '../../../../../src/core/register/owed-fence.ts';
import { sitesAdopted } from '../../../../../src/core/watcher/fencing/adopted-sites.ts';
import { registerWith } from '../../service.fixture.ts';
import { fencedService, OwnRegion } from './own-region.fixture.ts';

const owing = (site: string, proof: OwedFence['proof'] = 'closed'): OwedFence => ({ site, epoch: 2, proof });

/** Sites that the watcher of region-1 has adopted, while these watchers speak. */
function adopted(owed: readonly OwedFence[], speaking: readonly string[]): readonly string[] {
  const own = new OwnRegion(fencedService, registerWith({ epoch: 2, owed }));
  for (const atMs of [400, 500]) {
    own.speak(speaking);
    own.look(atMs);
  }
  return sitesAdopted(own.state, fencedService, 600);
}

test.each([
  ['the watcher there is silent', [owing('far')], ['region-1', 'region-3'], ['far']],
  ['the watcher there speaks', [owing('far')], ['region-1', 'region-2', 'region-3'], []],
  ['its fence is not known as closed', [owing('far', 'lease')], ['region-1', 'region-3'], []],
  ['it is a site of the own region', [owing('one')], ['region-1', 'region-3'], []],
  ['no fence is owed', [], ['region-1', 'region-3'], []],
  ['it is a site that no region acts for', [owing('gone')], ['region-1', 'region-3'], []],
  ['no majority speaks', [owing('far')], ['region-1'], []],
])('a site of another region whose fence is owed is looked after while %s: %j', (_, owed, speaking, expected) => {
  expect(adopted(owed, speaking)).toEqual(expected);
});

test.each([
  ['nothing was ever read', null],
  ['no majority is known to hold what is owed', registerWith({ epoch: 2, owed: [owing('far')] })],
])('no site is looked after while %s', (_, undecided) => {
  const own = new OwnRegion(fencedService, null);
  if (undecided !== null) own.hold(undecided, ['region-3']);
  if (undecided !== null) own.look(500);

  expect(sitesAdopted(own.state, fencedService, 600)).toEqual([]);
});
