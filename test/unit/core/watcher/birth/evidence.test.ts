import { expect, test } from 'vitest';
import type { Order } from '../../../../../src/core/kinds/order.ts';
import { call } from '../../../../../src/core/routine.ts';
import type { Evidence } from '../../../../../src/core/tables/opinion-item.ts';
import { evidenceOf } from '../../../../../src/core/watcher/birth/evidence.ts';
import { registerWith, serviceWith } from '../../service.fixture.ts';
import { noAnswer, OwnRegion, type Reaction } from '../fencing/own-region.fixture.ts';

const address = {
  allocationId: ['eipalloc-1'],
  region: 'region-1',
  instances: { one: [{ instanceId: 'i-one' }], two: [{ instanceId: 'i-two' }] },
};
const data = { kind: 'custom', functions: { one: 'promote', two: 'promote', far: 'promote' } } as const;
const addressed = serviceWith({ traffic: { address } as never });
const written = serviceWith({ data: data as never, traffic: { address } as never });
const isSo: Reaction = { outcome: 'as-ordered', hasWritten: false };
const wouldChange: Reaction = { outcome: 'pending', hasWritten: false, detail: 'it would be done' };

/** What is said of a service whose writer and whose address are at these sites. */
function ask(service: typeof addressed, at: { writer?: string; address?: string }, more?: (order: Order) => Reaction) {
  const own = new OwnRegion(service, registerWith({}));
  own.reaction = (order) => {
    const given = more?.(order);
    if (given !== undefined && given !== isSo) return given;
    const held = order.kind === 'promote' ? at.writer : at.address;
    const asked = 'to' in order ? order.to : 'site' in order ? order.site : null;
    return asked === held ? isSo : wouldChange;
  };
  let evidence: Evidence | null = null;
  own.run(
    (function* () {
      const facts = { ownRegion: 'region-1', controlRegions: ['region-1', 'region-2', 'region-3'] };
      evidence = yield* evidenceOf(service, facts, (region, order) => call('invoke', { region, order }));
    })(),
    1_000,
  );
  return { evidence, own };
}

test('who holds everything serves, and nothing is written to find that out', () => {
  const { evidence, own } = ask(written, { writer: 'two', address: 'two' });

  expect(evidence).toEqual({ kind: 'site', site: 'two' });
  expect(new Set(own.orders.map(({ manner }) => manner))).toEqual(new Set(['rehearse']));
});

test('the preferred site is asked first, and alone when it holds everything', () => {
  const { evidence, own } = ask(written, { writer: 'one', address: 'one' });

  expect(evidence).toEqual({ kind: 'site', site: 'one' });
  expect(own.orders).toHaveLength(2);
});

test('the writer comes before the address', () => {
  expect(ask(written, { writer: 'two', address: 'one' }).evidence).toEqual({ kind: 'site', site: 'two' });
});

test('without data the address says it', () => {
  expect(ask(addressed, { address: 'two' }).evidence).toEqual({ kind: 'site', site: 'two' });
});

test('what belongs to nobody yet says nobody', () => {
  expect(ask(written, {}).evidence).toEqual({ kind: 'nobody' });
});

test('a service that only oracles steer has nothing to say', () => {
  expect(ask(serviceWith({}), {}).evidence).toEqual({ kind: 'nobody' });
});

test.each([
  ['has no answer', noAnswer],
  ['could not read', { outcome: 'failed', fault: noAnswer }],
  ['is of another configuration', { outcome: 'disagreed', detail: 'another digest' }],
] satisfies readonly (readonly [string, Reaction])[])('nothing is known while a function %s', (_, reaction) => {
  const { evidence } = ask(written, { writer: 'two' }, ({ kind }) => (kind === 'address' ? reaction : isSo));

  expect(evidence).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('in region-1') });
});
