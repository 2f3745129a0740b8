import { expect, test } from 'vitest';
import type { Register } from '../../../../../src/core/register/register.ts';
import { outsideWriterWatch } from '../../../../../src/core/tables/stopwatch.ts';
import { isWriterDue, learnWriter } from '../../../../../src/core/watcher/fencing/outside-writer.ts';
import { globalData, registerWith, runWith, serviceWith } from '../../service.fixture.ts';
import { Tables, watcherOf } from '../change.fixture.ts';

const service = serviceWith({ data: globalData });
const regions = ['region-1', 'region-2', 'region-3'];
const ended = { epoch: 2, active: 'one', run: runWith({ to: 'one', state: 'done' }) } as const;
/** A survey that counts, another watcher's item, and a tick. */
const provenMs = 30_000 + 3_000 + 1_000;

/** `one` is the writer by the register and a replica by its API; the site writes. */
const viewOf = (site: string, freshWatchers = regions) =>
  ({
    knowledge: { verdicts: {}, reports: { one: { dataRole: 'replica' }, [site]: { dataRole: 'sole-writer' } } },
    freshWatchers,
    members: regions,
    outOfContact: [],
    unanswered: {},
  }) as never;

/** Whether the watcher of region-1 makes the register learn who writes, once it was said for this long. */
function isDue(sinceMs: number, site = 'two', freshWatchers = regions, register = registerWith()): boolean {
  const state = watcherOf(service);
  state.stopwatches = { [outsideWriterWatch('shop', register.run, site)]: sinceMs };
  return isWriterDue(state, service, viewOf(site, freshWatchers), register);
}

test.each([
  [provenMs, true],
  [provenMs - 1, false],
])('S12: another writer is believed once no word can be from before: after %d ms, %s', (sinceMs, expected) => {
  expect(isDue(sinceMs)).toBe(expected);
});

test('S12: what was said before another run counts for nothing', () => {
  const state = watcherOf(service);
  state.stopwatches = {
    [outsideWriterWatch('shop', null, 'two')]: provenMs,
  };

  expect(isWriterDue(state, service, viewOf('two'), registerWith(ended))).toBe(false);
  expect(isWriterDue(watcherOf(service), service, viewOf('two'), registerWith())).toBe(false);
});

test('the watcher of the region that writes makes the register learn it, or the first that lives', () => {
  expect(isDue(provenMs, 'far')).toBe(false);
  expect(isDue(provenMs, 'far', ['region-1', 'region-3'])).toBe(true);
});

test('nothing is learned while the register is right', () => {
  const state = watcherOf(service);
  state.stopwatches = { [outsideWriterWatch('shop', null, 'two')]: provenMs };

  expect(isWriterDue(state, service, viewOf('two'), registerWith({ writer: 'two' }))).toBe(false);
});

/** What all tables hold once the watcher, which has seen one register, finds another one in them. */
function learned(held: Register, seen = registerWith()): Register | null | undefined {
  const tables = new Tables(held);
  tables.run(learnWriter(watcherOf(service), service, viewOf('two'), seen));
  return tables.held()[0];
}

test('the register names who writes, sends nobody there, and says what it was', () => {
  expect(learned(registerWith())).toMatchObject({
    writer: 'two',
    active: 'one',
    serving: ['one'],
    promoting: ['one'],
    history: [{ by: 'region-1', what: 'the data is written at two, not at one: moved outside of this tool' }],
  });
});

test.each<[string, Register, Register]>([
  ['another epoch has begun', registerWith({ epoch: 2 }), registerWith()],
  ['the run was tried again', registerWith({ ...ended, run: { ...ended.run, attempt: 2 } }), registerWith(ended)],
  ['another writer is named', registerWith({ writer: 'far' }), registerWith()],
])('S12: nothing is learned where %s meanwhile', (_, held, seen) => {
  expect(learned(held, seen)).toEqual(held);
});

test('nothing is learned where the register that was seen is right', () => {
  const right = registerWith({ writer: 'two' });

  expect(learned(right, right)).toEqual(right);
});
