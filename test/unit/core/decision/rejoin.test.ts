import { expect, test } from 'vitest';
import { isBack, mayOpen, type RejoinFacts, rejoined } from '../../../../src/core/decision/rejoin.ts';
import type { OwedFence } from '../../../../src/core/register/owed-fence.ts';
import { globalData, registerWith, service, serviceWith } from '../service.fixture.ts';

const groups = { kind: 'groups', instanceIds: ['i-1'], isolationGroupId: 'sg-1' } as const;
const readOnly = { kind: 'read-only', functionName: 'fence' } as const;
const hidden = serviceWith({ sites: { one: { fence: groups } } });
const seen = serviceWith({ sites: { one: { fence: readOnly } } });
const data = serviceWith({ sites: { one: { fence: groups } }, data: globalData });
const closed: OwedFence = { site: 'one', epoch: 2, proof: 'closed' };
/** `one` was left for `two` when it failed. */
const left = registerWith({ epoch: 2, active: 'two', writer: 'two', serving: ['two'], lost: ['one'], owed: [closed] });

const facts = (more: Partial<RejoinFacts> = {}): RejoinFacts => ({
  verdict: 'down',
  isAnswering: true,
  survey: null,
  epochAgeMs: 0,
  ...more,
});

test.each([
  ['up', true],
  ['degraded', false],
  ['unclear', false],
  ['down', false],
] as const)('S4: a site that was left is no standby before it is found up (%s: %s)', (verdict, isSo) => {
  expect(isBack(service, left, 'one', facts({ verdict }))).toBe(isSo);
  expect(isBack(seen, left, 'one', facts({ verdict, survey: { isWellInside: false } }))).toBe(isSo);
});

test('a site that its fence hides is back when its own region finds it well inside', () => {
  expect(isBack(hidden, left, 'one', facts({ survey: { isWellInside: true } }))).toBe(true);
  expect(isBack(hidden, left, 'one', facts({ survey: { isWellInside: false } }))).toBe(false);
  expect(isBack(hidden, left, 'one', facts({ survey: {} }))).toBe(false);
  expect(isBack(hidden, left, 'one', facts())).toBe(false);
  const unproven = { ...left, owed: [{ ...closed, proof: 'lease' } as const] };
  expect(isBack(hidden, unproven, 'one', facts({ survey: { isWellInside: true } }))).toBe(false);
  expect(isBack(serviceWith({}), left, 'one', facts({ survey: { isWellInside: true } }))).toBe(false);
});

test('a read-only fence hides a site from a probe that writes, so what is known inside counts there as well', () => {
  expect(isBack(seen, left, 'one', facts({ survey: { isWellInside: true } }))).toBe(true);
});

test('a read-only fence hides no site that answers nobody', () => {
  const silent = facts({ isAnswering: false, survey: { isWellInside: true } });

  expect(isBack(seen, left, 'one', silent)).toBe(false);
  expect(isBack(hidden, left, 'one', silent)).toBe(true);
});

test('a site with one writer for its data is back when its data is a replica, however well it is inside', () => {
  expect(isBack(data, left, 'one', facts({ survey: { dataRole: 'replica' as const } }))).toBe(true);
  expect(isBack(data, left, 'one', facts({ survey: { dataRole: 'takes-writes' as const, isWellInside: true } }))).toBe(
    false,
  );
  const everywhere = serviceWith({
    sites: { one: { fence: groups } },
    data: { kind: 'dynamodb-global', tableName: 't' },
  });
  expect(isBack(everywhere, left, 'one', facts({ survey: { isWellInside: true } }))).toBe(true);
});

test('a cold site is back once the epoch has lasted for healthyForMs', () => {
  const cold = serviceWith({ sites: { one: { standby: 'cold' } } });

  expect(isBack(cold, left, 'one', facts({ epochAgeMs: 60_000 }))).toBe(true);
  expect(isBack(cold, left, 'one', facts({ epochAgeMs: 59_999 }))).toBe(false);
  expect(isBack(service, left, 'one', facts({ epochAgeMs: 60_000 }))).toBe(false);
});

const back = { ...left, lost: [] };

test.each([
  ['its fence is proven closed', back, true],
  ['its fence is closed by lease alone', { ...back, owed: [{ ...closed, proof: 'lease' } as const] }, false],
  ['it owes no fence', { ...back, owed: [] }, false],
  ['another site owes the fence', { ...back, owed: [{ ...closed, site: 'far' }] }, false],
  ['it is still lost', left, false],
  ['it writes', { ...back, writer: 'one' }, false],
  ['it is active', { ...back, active: 'one' }, false],
  ['it serves', { ...back, serving: ['one'] }, false],
])('S16: a fence may be opened when %s: %s', (_, register, isSo) => {
  expect(mayOpen(hidden, register, 'one', facts())).toBe(isSo);
});

test.each([
  [{ dataRole: 'replica' as const }, true],
  [{ dataRole: 'takes-writes' as const }, false],
  [{}, false],
  [null, false],
])('S16: the fence of data with one writer is opened by the word of its API alone (%j: %s)', (survey, isSo) => {
  expect(mayOpen(data, back, 'one', facts({ survey }))).toBe(isSo);
});

test('S16: a fence that is owed for data stays closed where the configuration has the data no more', () => {
  const guard = { ...back, owed: [{ ...closed, guardsData: true as const }] };

  expect(mayOpen(hidden, guard, 'one', facts({ survey: { isWellInside: true } }))).toBe(false);
  expect(mayOpen(data, guard, 'one', facts({ survey: { dataRole: 'replica' as const } }))).toBe(true);
});

test('coming back and being opened are one value, with a line in the history', () => {
  const change = rejoined(hidden, left, () => facts({ verdict: 'up' }), 'region-1', 7);

  expect(change).toMatchObject({ back: ['one'], opened: ['one'], register: { lost: [], owed: [], opening: ['one'] } });
  expect(change?.register.history[0]).toEqual({
    epoch: 2,
    atMs: 7,
    by: 'region-1',
    what: 'rejoin one as standby, release the fence of one',
  });
});

test('a site may come back while its fence stays, and nothing is written when nothing changes', () => {
  const change = rejoined(data, left, () => facts({ verdict: 'up' }), 'region-1', 7);

  expect(change).toMatchObject({ back: ['one'], opened: [], register: { lost: [], owed: [closed] } });
  expect(change?.register.history[0]?.what).toBe('rejoin one as standby');
  expect(rejoined(data, left, () => facts(), 'region-1', 7)).toBeNull();
  const opened = rejoined(hidden, back, () => facts(), 'region-1', 7);
  expect(opened?.register.history[0]?.what).toBe('release the fence of one');
});

test('a site that comes back leaves the others lost', () => {
  const both = { ...left, lost: ['one', 'far'] };

  const change = rejoined(hidden, both, (site) => facts({ verdict: site === 'one' ? 'up' : 'down' }), 'region-1', 7);

  expect(change).toMatchObject({ back: ['one'], register: { lost: ['far'] } });
});
