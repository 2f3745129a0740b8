import { expect, test } from 'vitest';
import type { Order } from '../../../../src/core/kinds/order.ts';
import { registerWith, serviceWith } from '../service.fixture.ts';
import { dispatch, done, type Outside } from './dispatch.fixture.ts';

const work = [{ kind: 'eventbridge-rule', name: 'nightly', bus: 'default' }] as const;
const working = serviceWith({ sites: { one: { work }, far: { work } } });
const outline = { from: 'one', to: 'far', serving: ['far'] };
const register = registerWith({ epoch: 2, active: 'far' });
const unclaimed = { outcome: 'failed', fault: { kind: 'unavailable', detail: 'no table' } } as const;

const orderOf = (request: Parameters<Outside>[0]) =>
  (request.input as { readonly order: Order }).order as Order & {
    readonly site: string;
  };

/** The old region answers that it cannot claim, and what a look there finds; the new one does as it is told. */
function tableDark(isSeenOff: (look: number) => boolean): Outside {
  let looks = 0;
  return (request) => {
    if (request.name !== 'invoke') return { answer: { ok: true, value: undefined }, afterMs: 1 };
    const order = orderOf(request);
    const isLook = order.manner === 'rehearse';
    if (isLook) looks += 1;
    const looked = { outcome: isSeenOff(looks) ? 'as-ordered' : 'pending', hasWritten: false, detail: 'on' };
    return { answer: { ok: true, value: order.site === 'far' ? done : isLook ? looked : unclaimed }, afterMs: 10 };
  };
}

const turnedOnAt = (calls: ReturnType<typeof dispatch>['calls']) =>
  calls.find((one) => one.name === 'invoke' && orderOf(one).site === 'far')?.atMs ?? null;

test('S11: where nothing can be claimed, work that is seen off for as long as an old claim may count is off', () => {
  const outside = tableDark(() => true);

  const { end, calls } = dispatch('work', working, outside, { states: outline, register });

  expect(end).toMatchObject({ state: 'done' });
  expect(turnedOnAt(calls)).toBeGreaterThan(2_000);
});

test('S11: work that is seen on where nothing can be claimed is turned on nowhere else', () => {
  const outside = tableDark(() => false);

  const { end, calls } = dispatch('work', working, outside, { states: outline, register });

  expect(end).toMatchObject({ state: 'failed', detail: expect.stringContaining('not off at one') });
  expect(turnedOnAt(calls)).toBeNull();
});

test('S11: work that is seen on again was not off', () => {
  const outside = tableDark((look) => look % 2 === 1);

  const { end, calls } = dispatch('work', working, outside, { states: outline, register });

  expect(end).toMatchObject({ state: 'failed' });
  expect(turnedOnAt(calls)).toBeNull();
});
