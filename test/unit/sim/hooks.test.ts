import { expect, test } from 'vitest';
import { Scheduler } from '../../../src/sim/scheduler.ts';
import { SimHooks } from '../../../src/sim/world/resources/hooks.ts';

const older = { epoch: 3, attempt: 2 };
const newer = { epoch: 4, attempt: 1 };

/** What the function of one fence says after it has had an order to close it. */
function closedBy(token: typeof older): SimHooks {
  const hooks = new SimHooks(new Scheduler());
  hooks.refuses('web/one', true, token);
  return hooks;
}

test.each([
  ['an older order to open is refused', newer, 'web/one', false, older, true],
  ['the same order to open is obeyed', newer, 'web/one', false, newer, false],
  ['a newer order to open is obeyed', older, 'web/one', false, newer, false],
  ['an older order to close is obeyed', newer, 'web/one', true, older, false],
  ['another fence has orders of its own', newer, 'web/two', false, older, false],
])('a function of a fence remembers its newest order: %s', (_, before, fence, isIsolated, token, isRefused) => {
  expect(closedBy(before).refuses(fence, isIsolated, token)).toBe(isRefused);
});

test('an older order in between is not what is remembered', () => {
  const hooks = closedBy(newer);
  hooks.refuses('web/one', true, older);

  expect(hooks.refuses('web/one', false, older)).toBe(true);
});
