import { expect, test } from 'vitest';
import type { Order } from '../../../../src/core/kinds/order.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { canEnd } from '../../../../src/core/watcher/run/rehearsal.ts';
import { takeOver } from '../../../../src/core/watcher/run/takeover.ts';
import { fence, registerWith, runWith, serviceWith, step } from '../service.fixture.ts';
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

/** A switchover from `one` to `far` that a person has opened, and that no watcher has looked at. */
const steps = [step('fence'), step('promote', ['fence']), step('notify', ['promote'])];
const byHand = { kind: 'switchover', from: 'one', to: 'far', reason: 'operator', holder: null, steps } as const;
const asked = { ...opened, serving: ['one'], run: runWith({ ...byHand, epoch: 3, state: 'running' }) };

/** The register that a watcher leaves first, and the orders that it gives before; functions answer a rehearsal so. */
function takenOver(held: Register, reaction: Reaction) {
  const own = new OwnRegion(service, held);
  own.reaction = ({ manner }) => (manner === 'rehearse' ? reaction : asIs);
  if (held.run !== null) own.run(takeOver(own.state, service, { ...held, run: held.run }), 1_000);
  return { own, first: own.proposed[0] };
}

test('a switchover that a person asks for, and that could not end, cuts nobody off', () => {
  const { own, first } = takenOver(asked, noAnswer);

  expect(own.orders.map(({ manner }) => manner)).not.toContain('enforce');
  expect(first?.owed).toEqual([]);
  expect(first?.run?.steps.map(({ name, state }) => `${name}: ${state}`)).toEqual([
    'fence: failed',
    'promote: failed',
    'notify: pending',
  ]);
  expect(first?.run?.steps[0]?.detail).toEqual(expect.stringMatching(/^not begun: fence: .*timeout/));
});

test('it is begun where every function would carry it out', () => {
  const { own, first } = takenOver(asked, asIs);

  expect(own.orders.slice(0, 2).map(({ kind, manner }) => [kind, manner])).toEqual([
    ['fence', 'rehearse'],
    ['fence', 'enforce'],
  ]);
  expect(first?.owed).toEqual(owed);
});

test.each([
  ['forces', { kind: 'failover' }],
  ['has been begun by another watcher', { holder: { region: 'region-2', invocation: 'b' }, attempt: 2 }],
  ['was decided by a watcher', { reason: 'planned' }],
] as const)('a move that somebody %s is not rehearsed', (_, change) => {
  const { own } = takenOver({ ...asked, run: { ...asked.run, ...change } }, noAnswer);

  expect(own.orders.map(({ manner }) => manner)).not.toContain('rehearse');
});
