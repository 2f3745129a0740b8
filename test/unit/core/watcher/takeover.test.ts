import { expect, test } from 'vitest';
import type { Register } from '../../../../src/core/register/register.ts';
import { takeOver } from '../../../../src/core/watcher/run/takeover.ts';
import { fence, registerWith, runWith, serviceWith, step } from '../service.fixture.ts';
import { noAnswer, OwnRegion, type Reaction } from './fencing/own-region.fixture.ts';

const service = serviceWith({ sites: { one: { fence }, two: {}, far: {} } });
const owed = [{ site: 'one', epoch: 3, proof: 'none' }] as const;
const steps = [step('fence'), step('start', ['fence']), step('notify', ['start'])];
const asIs: Reaction = { outcome: 'as-ordered', hasWritten: false };

/** A switchover from `one` to `far` that a person has opened, and that no watcher has looked at. */
const asked = {
  ...registerWith({ epoch: 3, active: 'far', writer: 'one', serving: ['one'], owed }),
  run: runWith({ epoch: 3, kind: 'switchover', from: 'one', to: 'far', reason: 'operator', holder: null, steps }),
};

/** The register that a watcher leaves first, and all that it does; functions answer a rehearsal so. */
function takenOver(seen: typeof asked, reaction: Reaction, held: Register = seen) {
  const own = new OwnRegion(service, held);
  own.reaction = ({ manner }) => (manner === 'rehearse' ? reaction : asIs);
  own.run(takeOver(own.state, service, seen), 1_000);
  return { own, first: own.proposed[0] };
}

/** The same with another run. */
const changed = (change: Partial<typeof asked.run>) => ({ ...asked, run: { ...asked.run, ...change } });

test('a switchover that a person asks for, and that could not end, cuts nobody off', () => {
  const { own, first } = takenOver(asked, noAnswer);

  expect(own.orders.map(({ manner }) => manner)).not.toContain('enforce');
  expect(first?.owed).toEqual([]);
  expect(first?.run?.steps.map(({ name, state }) => `${name}: ${state}`)).toEqual([
    'fence: failed',
    'start: failed',
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
  expect(own.events.map(({ kind }) => kind).slice(0, 2)).toEqual(['run-taken-over', 'step-started']);
});

test.each([
  ['forces', { kind: 'failover' }],
  ['has been begun by another watcher', { holder: { region: 'region-2', invocation: 'b' }, attempt: 2 }],
  ['was decided by a watcher', { reason: 'planned' }],
] as const)('a move that somebody %s is not rehearsed', (_, change) => {
  const { own } = takenOver(changed(change), noAnswer);

  expect(own.orders.map(({ manner }) => manner)).not.toContain('rehearse');
});

test('the watcher holds the run from then on, in the next attempt', () => {
  const { own, first } = takenOver(asked, asIs);
  const { region } = own.state.setup;

  expect(first?.run).toMatchObject({ attempt: 2, holder: { region, invocation: own.state.invocation } });
  expect(own.events[0]).toMatchObject({ kind: 'run-taken-over', data: { epoch: 3, attempt: 2 } });
  expect(own.events[0]?.detail).toBe('switchover one > far taken over from an operator');
});

test('it says from whom it has a run that another watcher held', () => {
  const { own } = takenOver(changed({ holder: { region: 'region-2', invocation: 'b' } }), asIs);

  expect(own.events[0]?.detail).toBe('switchover one > far taken over from region-2');
});

test('people hear of a switchover that is not begun', () => {
  const { own } = takenOver(asked, noAnswer);

  expect(own.events[1]).toMatchObject({
    kind: 'step-ended',
    detail: expect.stringMatching(/^fence: failed, not begun: fence: /),
    data: { step: 'fence', epoch: 3, attempt: 2, state: 'failed' },
  });
});

test.each([
  ['another attempt', { attempt: 2 }],
  ['another epoch', { epoch: 4 }],
  ['an end', { state: 'done' }],
] as const)('nothing is taken over once the run has %s', (_, change) => {
  const { own } = takenOver(asked, asIs, changed(change));

  expect(own.proposed).toEqual([]);
  expect(own.events).toEqual([]);
});
