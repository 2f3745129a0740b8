import { expect, test } from 'vitest';
import type { ServiceView } from '../../../../../src/core/tables/service-view.ts';
import { askWhoServes } from '../../../../../src/core/watcher/birth/witness.ts';
import { opinionItemOf } from '../../../../../src/core/watcher/opinion-handover.ts';
import { serviceWith } from '../../service.fixture.ts';
import { done, OwnRegion, type Reaction } from '../fencing/own-region.fixture.ts';

const data = { kind: 'custom', functions: { one: 'promote', two: 'promote', far: 'promote' } } as const;
const service = serviceWith({ data: data as never });
const regions = ['region-1', 'region-2', 'region-3'];
const elsewhere: Reaction = { outcome: 'pending', hasWritten: false, detail: 'it would be done' };

/** What a watcher hears of the others, in a deployment that has lost its register. */
function heard(freshWatchers: readonly string[]): ServiceView {
  return { freshWatchers, members: regions, outOfContact: [], unanswered: {} } as unknown as ServiceView;
}

function watcherWhereFarWrites(): OwnRegion {
  const own = new OwnRegion(service, null);
  own.reaction = (order) => (order.kind === 'promote' && order.to !== 'far' ? elsewhere : done);
  return own;
}

test('while a register is lost, what the functions say of who writes goes into the item', () => {
  const own = watcherWhereFarWrites();
  const work = askWhoServes(own.state, service, heard(regions), 0);
  if (work !== null) own.run(work, 1_000);

  const item = opinionItemOf(own.state, { monotonicMs: 1_000, wallMs: 1_000 });

  expect(item.evidence).toEqual({ shop: { kind: 'site', site: 'far' } });
  expect(own.orders.map(({ manner }) => manner)).toEqual(own.orders.map(() => 'rehearse'));
});

test('one watcher asks, and once a round of drift repair', () => {
  const own = watcherWhereFarWrites();
  const { reconcileMs } = service.failover;
  const isAsked = (nowMs: number, fresh = regions) => askWhoServes(own.state, service, heard(fresh), nowMs) !== null;

  expect(isAsked(0, ['region-2', 'region-3'])).toBe(false);
  expect(isAsked(0)).toBe(true);
  expect(isAsked(reconcileMs - 1)).toBe(false);
  expect(isAsked(reconcileMs)).toBe(true);
});

test('a watcher whose register is there says nothing of it', () => {
  const own = watcherWhereFarWrites();

  expect(opinionItemOf(own.state, { monotonicMs: 1_000, wallMs: 1_000 })).not.toHaveProperty('evidence');
});
