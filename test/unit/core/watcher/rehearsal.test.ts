import { describe, expect, test } from 'vitest';
import type { Order } from '../../../../src/core/kinds/order.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { canEnd } from '../../../../src/core/watcher/run/rehearsal.ts';
import { fence, registerWith, runWith, serviceWith } from '../service.fixture.ts';
import { noAnswer, OwnRegion, type Reaction } from './fencing/own-region.fixture.ts';

const service = serviceWith({ sites: { one: { fence }, two: {}, far: {} } });
const rest = registerWith({ epoch: 2, active: 'one', writer: 'one' });
const owed = [{ site: 'one', epoch: 3, proof: 'none' }] as const;
const opened = { ...rest, epoch: 3, active: 'far', owed, run: runWith({ kind: 'failback', from: 'one', to: 'far' }) };
const asIs: Reaction = { outcome: 'as-ordered', hasWritten: false };

/** Rehearses a failback from `one` to `far`, whose functions answer so. */
function rehearse(reaction: (order: Order) => Reaction, held: Register = rest) {
  const own = new OwnRegion(service, held);
  own.reaction = reaction;
  let isReady: boolean | null = null;
  const routine = (function* () {
    isReady = yield* canEnd(own.state, service, rest, opened);
  })();
  own.run(routine, 1_000);
  return { own, isReady };
}

test('every function of a move is asked to read, and none to write', () => {
  const { own, isReady } = rehearse(() => asIs);

  expect(isReady).toBe(true);
  expect(own.orders.map(({ kind }) => kind)).toContain('fence');
  expect(new Set(own.orders.map(({ manner }) => manner))).toEqual(new Set(['rehearse']));
  expect(own.proposed).toEqual([]);
});

test.each([
  ['has no answer', noAnswer],
  ['would fail', { outcome: 'failed', fault: noAnswer }],
  ['is of another configuration', { outcome: 'disagreed', detail: 'another digest' }],
] satisfies readonly (readonly [string, Reaction])[])('a move is not begun when a function %s', (_, reaction) => {
  const { own, isReady } = rehearse((order) => (order.kind === 'fence' ? reaction : asIs));

  expect(isReady).toBe(false);
  expect(own.held().flatMap((register) => register?.setbacks ?? [])).toContainEqual(
    expect.objectContaining({ site: 'far', kind: 'rehearsal', step: 'fence', count: 1 }),
  );
  expect(own.events.map(({ kind, site, data }) => [kind, site, data.kind])).toEqual([['decision', 'far', 'hold']]);
});

test.each([
  ['does not answer, so that its lease stands for it', noAnswer, true],
  ['is refused, so that proof is needed', { outcome: 'failed', fault: noAnswer }, false],
] satisfies readonly (readonly [string, Reaction, boolean])[])(
  'the fence of a third site, owed since an earlier move, that %s',
  (_, reaction, expected) => {
    const fenced = serviceWith({ sites: { one: { fence }, two: { fence }, far: {} } });
    const both = [...owed, { site: 'two', epoch: 3, proof: 'lease' }] as const;
    const own = new OwnRegion(fenced, rest);
    own.reaction = (order) => (order.kind === 'fence' && order.site === 'two' ? reaction : asIs);
    let isReady: boolean | null = null;
    const routine = (function* () {
      isReady = yield* canEnd(own.state, fenced, rest, { ...opened, owed: both });
    })();

    own.run(routine, 1_000);

    expect(isReady).toBe(expected);
  },
);

test.each([
  ['another epoch has begun', { ...rest, epoch: 3 }],
  ['a run is open', { ...rest, run: runWith({ state: 'running' }) }],
] as const)('a refusal is not noted once %s', (_, held) => {
  const { own, isReady } = rehearse(() => noAnswer, held);

  expect(isReady).toBe(false);
  expect(own.held().flatMap((register) => register?.setbacks ?? [])).toEqual([]);
});

test('a refusal that another watcher has noted meanwhile is not counted twice', () => {
  const setback = { site: 'far', kind: 'rehearsal', epoch: 2, atMs: 1, count: 1, step: 'fence', detail: 'denied' };
  const { own } = rehearse(() => noAnswer, { ...rest, setbacks: [setback as never] });

  expect(own.held().map((register) => register?.setbacks)).toEqual([[setback], [setback], [setback]]);
});

test.each([
  ['some regions', ['region-2'], true],
  ['any region', ['region-1', 'region-2', 'region-3'], false],
] as const)('clients inside that cannot be told in %s', (_, dark, expected) => {
  const clients = { endpoints: { one: 'one:1', two: 'two:1', far: 'far:1' }, fleet: 0, askMs: 5_000 };
  const told = serviceWith({ sites: { one: { fence }, two: {}, far: {} }, clients });
  const own = new OwnRegion(told, rest);
  let count = 0;
  own.reaction = (order) => {
    if (order.kind !== 'publish') return asIs;
    count += 1;
    return dark.some((region) => region === `region-${count}`) ? noAnswer : asIs;
  };
  let isReady: boolean | null = null;
  const routine = (function* () {
    isReady = yield* canEnd(own.state, told, rest, opened);
  })();

  own.run(routine, 1_000);

  expect([isReady, count]).toEqual([expected, 3]);
});

describe('a move of the first member of a group', () => {
  const member = { ...serviceWith({ sites: { one: { fence }, two: {}, far: {} } }), name: 'member' };

  /** Rehearses it, while a member is so, and a function of the member refuses or not; who was asked, and the end. */
  function rehearseAll(held: Register, isRefused: boolean, order: Readonly<Record<string, readonly string[]>>) {
    const own = new OwnRegion(service, rest);
    const { state } = own;
    const { name, ...others } = member;
    const { deployment } = state.setup;
    Object.assign(deployment.services, { [name]: others });
    Object.assign(deployment.groups, { all: { members: order } });
    const view = { register: { kind: 'decided', register: held }, knowledge: { verdicts: {}, reports: {} } };
    const nothing = { view: undefined, tracks: undefined, digests: undefined, unanswered: undefined };
    const silent = { ...nothing, isOutOfContact: false };
    const voice = { ...silent, tracks: state.tracks, digests: state.digests, unanswered: state.unanswered };
    state.composedViews.set(name, { parts: [voice, silent, silent], view: view as never });
    own.reaction = (given) => (isRefused && given.service === name ? noAnswer : asIs);
    let isReady: boolean | null = null;
    const routine = (function* () {
      isReady = yield* canEnd(state, service, rest, opened);
    })();
    own.run(routine, 1_000);
    return { isReady, asked: new Set(own.orders.map((given) => given.service)), setbacks: own.held()[0]?.setbacks };
  }
  const led = { [service.name]: [], member: [service.name] };

  test('is not begun where a member could not follow, and names it', () => {
    const { isReady, setbacks } = rehearseAll(rest, true, led);

    expect(isReady).toBe(false);
    expect(setbacks).toContainEqual(
      expect.objectContaining({ step: 'fence', detail: expect.stringMatching(/^member: /) }),
    );
  });

  test('is begun where every member could follow', () => {
    expect(rehearseAll(rest, false, led)).toMatchObject({ isReady: true, asked: new Set([service.name, 'member']) });
  });

  test.each([
    ['is there already', { ...rest, active: 'far' }, led],
    ['has a run under way', { ...rest, run: runWith({ state: 'running' }) }, led],
    ['is the first one itself', rest, { member: [], [service.name]: ['member'] }],
  ] as const)('asks no member that %s', (_, held, order) => {
    expect(rehearseAll(held, true, order)).toMatchObject({ isReady: true, asked: new Set([service.name]) });
  });
});
