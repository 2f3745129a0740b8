import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../../../src/core/fault.ts';
import type { Placed } from '../../../../../src/core/kinds/kind.ts';
import type { Desired } from '../../../../../src/core/kinds/kinds.ts';
import type { StepReport } from '../../../../../src/core/kinds/order.ts';
import { digestsOf } from '../../../../../src/core/model/digest.ts';
import type { OpinionItem } from '../../../../../src/core/tables/opinion-item.ts';
import {
  closedBy,
  closingsSaid,
  inheritClosings,
  isUnclosed,
  noteClosings,
} from '../../../../../src/core/watcher/fencing/closing-terms.ts';
import { noteAgreement } from '../../../../../src/core/watcher/fencing/own-function.ts';
import type { WatcherState } from '../../../../../src/core/watcher/state.ts';
import { serviceWith } from '../../service.fixture.ts';
import { watcherOf } from '../change.fixture.ts';

const fence = { kind: 'read-only', functionName: 'fence' } as const;
const work = [{ kind: 'eventbridge-rule', name: 'nightly', bus: 'default' }] as const;
const service = serviceWith({
  sites: { one: { region: 'region-1', fence }, two: { region: 'region-2', fence, work }, far: { region: 'region-3' } },
});
const all = ['shop/one', 'shop/two', 'shop/two/work'];

/** A watcher of `region-1` whose function there agrees with it. */
function agreed(): WatcherState {
  const state = watcherOf(service);
  state.agreed.add('shop/one');
  return state;
}

/** What a region's item says. */
function hears(
  state: WatcherState,
  region: string,
  closes?: OpinionItem['closes'],
  unclosed?: OpinionItem['unclosed'],
): void {
  const item = { generation: 1, invocation: region, sequence: 1, tracks: {}, closes, unclosed };
  const opinions = item as unknown as OpinionItem;
  state.reads.set(region, { view: { acceptors: {}, opinions }, askedAtMs: 0 });
  state.sightings = { ...state.sightings, [region]: { mark: region, readAtMs: 0, changedAtMs: 0 } };
}

describe('what a configuration closes', () => {
  test('is each fence and all work of sites with a lease', () => {
    expect(closedBy([service])).toEqual(all);
    expect(closedBy([{ ...service, mode: 'active-active' }])).toEqual([]);
  });

  test('is said by the former name of a site that was renamed as well', () => {
    const { two, ...others } = service.sites;
    const west = { ...two, renamedFrom: 'two' } as typeof service.sites.one;
    const renamed = { ...service, sites: { ...others, west } } as typeof service;

    expect(closedBy([renamed])).toEqual(['shop/one', 'shop/west', 'shop/two', 'shop/west/work', 'shop/two/work']);
  });

  test('is said by each watcher, and left out where it is nothing', () => {
    expect(closingsSaid(agreed())).toEqual({ closes: all });
    expect(closingsSaid(watcherOf(serviceWith({})))).toEqual({});
  });
});

describe('what the own region closes', () => {
  const home = serviceWith({ sites: { one: { region: 'region-1', fence, work }, two: { region: 'region-2', fence } } });
  const answered = (outcome: 'as-ordered' | 'disagreed' | 'failed'): Answer<StepReport> =>
    ({
      ok: true,
      value: { outcome, hasWritten: false, detail: '', fault: { kind: 'denied', detail: '' } },
    }) as Answer<StepReport>;
  const look = (state: WatcherState, kind: 'fence' | 'work', answer: Answer<StepReport>, region = 'region-1') => {
    const desired = {
      kind,
      site: region === 'region-1' ? 'one' : 'two',
      isSelfFence: false,
      isIsolated: false,
      isOn: true,
    };
    noteAgreement(state, home, { region, desired } as Placed<Desired>, answer);
  };

  test('is said only once the function there was found to mean the same', () => {
    const state = watcherOf(home);
    expect(closingsSaid(state)).toEqual({ closes: ['shop/two'] });

    look(state, 'fence', answered('as-ordered'));
    look(state, 'work', answered('failed'));
    expect(closingsSaid(state)).toEqual({ closes: ['shop/one', 'shop/two'] });

    look(state, 'work', { ok: true, value: { outcome: 'disagreed', detail: '', isSameThing: true } });
    expect(closingsSaid(state)).toEqual({ closes: ['shop/one', 'shop/one/work', 'shop/two'] });

    look(state, 'fence', { ok: false, fault: { kind: 'timeout', detail: '' } });
    look(state, 'work', answered('disagreed'));
    expect(closingsSaid(state)).toEqual({ closes: ['shop/one', 'shop/two'] });
  });

  test('is not learned from the function of another region', () => {
    const state = watcherOf(home);

    look(state, 'fence', answered('disagreed'), 'region-2');

    expect(closingsSaid(state)).toEqual({ closes: ['shop/two'] });
  });

  const digests = digestsOf(home);

  test.each<[string, Partial<OpinionItem>, readonly string[]]>([
    ['said so and meant the same', { closes: ['shop/one', 'shop/two'], digests }, ['shop/one', 'shop/two']],
    ['had not been agreed with', { closes: ['shop/two'], digests }, ['shop/two']],
    ['meant another fence', { closes: ['shop/one'], digests: { ...digests, 'shop/one': 'x' } }, ['shop/two']],
    ['said nothing of what it meant', { closes: ['shop/one'] }, ['shop/two']],
  ])('is known from a predecessor that %s', (_, said, expected) => {
    const state = watcherOf(home);

    inheritClosings(state, said as OpinionItem);

    expect(closingsSaid(state).closes).toEqual(expected);
  });
});

describe('what a silent region does not close', () => {
  test.each<[string, readonly string[] | undefined, boolean, boolean]>([
    ['has both', all, false, false],
    ['has the fence alone', ['shop/two'], false, true],
    ['has nothing', undefined, true, true],
  ])('when its last word %s', (_, closes, isFenceLeft, isWorkLeft) => {
    const state = watcherOf(service);
    hears(state, 'region-2', closes);

    noteClosings(state, 0);
    state.reads.delete('region-2');
    noteClosings(state, 0);

    expect(isUnclosed(state, service, 'two', 'fence')).toBe(isFenceLeft);
    expect(isUnclosed(state, service, 'two', 'work')).toBe(isWorkLeft);
  });

  test('is nothing where it was never heard', () => {
    const state = watcherOf(service);

    noteClosings(state, 0);

    expect(isUnclosed(state, service, 'two', 'fence')).toBe(false);
  });

  test('ends with its next word', () => {
    const state = agreed();
    state.unclosed = { 'region-2': ['shop/two'] };
    hears(state, 'region-2', all);

    noteClosings(state, 0);

    expect(closingsSaid(state)).toEqual({ closes: all });
  });

  test('is known by its former name too', () => {
    const { two, ...others } = service.sites;
    const renamed = {
      ...service,
      sites: { ...others, west: { ...two, renamedFrom: 'two' } as typeof service.sites.one },
    };
    const state = watcherOf(renamed as typeof service);
    hears(state, 'region-2', ['shop/two']);

    noteClosings(state, 0);
    state.reads.delete('region-2');
    noteClosings(state, 0);

    expect(state.unclosed).toEqual({ 'region-2': ['shop/west/work'] });
  });

  test.each<[string, number, readonly string[] | undefined, boolean]>([
    ['lives, while the region itself is not heard', 0, undefined, true],
    ['lives, while the region itself is heard and has it', 0, all, false],
    ['has been silent for long', 600_000, undefined, false],
  ])('is known from another region that remembers it and %s', (_, nowMs, closes, isLeft) => {
    const state = watcherOf(service);
    hears(state, 'region-3', all, { 'region-2': ['shop/two'] });
    if (closes !== undefined) hears(state, 'region-2', closes);

    noteClosings(state, nowMs);

    expect(isUnclosed(state, service, 'two', 'fence')).toBe(isLeft);
    expect(isUnclosed(state, service, 'two', 'work')).toBe(false);
  });

  test.each<[string, Partial<OpinionItem>, readonly string[] | undefined]>([
    ['knew it, and heard nothing else', { closes: all }, undefined],
    ['heard so', { closes: all, unclosed: { 'region-2': ['shop/two'] } }, ['shop/two']],
    ['did not have it itself', {}, ['shop/two', 'shop/two/work']],
  ])('is handed on by a predecessor that %s', (_, said, expected) => {
    const state = watcherOf(service);

    inheritClosings(state, said as OpinionItem);

    expect(state.unclosed['region-2']).toEqual(expected);
  });
});
