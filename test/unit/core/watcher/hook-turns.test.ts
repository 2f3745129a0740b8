import { expect, test } from 'vitest';
import type { Answer, Fault } from '../../../../src/core/fault.ts';
import { newOrder, type StepReport } from '../../../../src/core/kinds/order.ts';
import type { Fence } from '../../../../src/core/model/site.ts';
import { makeBallot } from '../../../../src/core/register/ballot.ts';
import type { RegisterMemory } from '../../../../src/core/tables/register-memory.ts';
import { hookEndMs } from '../../../../src/core/timing.ts';
import { type HookTurns, orderInTurn } from '../../../../src/core/watcher/run/hook-turns.ts';
import { Process } from '../../../../src/sim/process.ts';
import { seededRandom } from '../../../../src/sim/random.ts';
import { Scheduler } from '../../../../src/sim/scheduler.ts';
import { fence, registerWith, serviceWith } from '../service.fixture.ts';

const token = { epoch: 2, attempt: 1 };
const custom: Fence = { kind: 'custom', functionName: 'cut-off' };

const done: Answer<StepReport> = { ok: true, value: { outcome: 'as-ordered', hasWritten: true } };
const failed = (kind: Fault['kind']): Answer<StepReport> => ({
  ok: true,
  value: { outcome: 'failed', fault: { kind, detail: '' } },
});
const lost = (kind: Fault['kind']): Answer<StepReport> => ({ ok: false, fault: { kind, detail: '' } });

/** When each of two orders that are given at once, or one after the other's answer, reaches the function. */
function timesOf(
  answer: Answer<StepReport>,
  {
    fence: own = custom,
    areAtOnce = false,
    isOpening = false,
    decidedMs = Number.POSITIVE_INFINITY,
  }: { fence?: Fence; areAtOnce?: boolean; isOpening?: boolean; decidedMs?: number },
): readonly number[] {
  const service = serviceWith({ sites: { one: { fence: own } } });
  const scheduler = new Scheduler();
  const times: number[] = [];
  const turns: HookTurns = new Map();
  const memories = new Map<string, RegisterMemory>();
  scheduler.after(Math.min(decidedMs, 20 * 60_000), () => {
    const newer = { ballot: makeBallot(9, 'region-2.x.1'), register: registerWith({ epoch: 3 }) };
    memories.set(service.name, { decided: newer, newest: newer });
  });
  const process = new Process(
    { role: 'watcher', place: 'region-2', serial: 1, watcher: 'region-2' },
    {
      scheduler,
      random: seededRandom(1),
      skewMs: () => 0,
      reach: (_process, _name, _input, reply) => {
        times.push(scheduler.nowMs);
        scheduler.after(100, () => reply(answer as never));
      },
    },
  );
  const orderOf = (isIsolated: boolean) =>
    newOrder(service, token, 'enforce', { kind: 'fence', site: 'one', isIsolated, isSelfFence: false });
  const give = (isIsolated: boolean, then: () => void) =>
    process.start(orderInTurn({ hookTurns: turns, memories }, service, 'region-1', orderOf(isIsolated)), then);
  const second = () => give(!isOpening, () => {});
  give(true, areAtOnce ? () => {} : second);
  if (areAtOnce) second();
  scheduler.runUntil(10 * 60_000);
  return times;
}

const endMs = hookEndMs(serviceWith({}).failover);

test.each([
  ['the actuator says timeout', failed('timeout')],
  ['the actuator gives no answer', lost('timeout')],
  ['the actuator dies', lost('unavailable')],
])('the same is ordered again once the function must have ended (%s)', (_, answer) => {
  expect(timesOf(answer, {})).toEqual([0, endMs]);
});

test('an order that has waited is not given once something newer was decided', () => {
  expect(timesOf(lost('timeout'), { decidedMs: endMs / 2 })).toEqual([0]);
  expect(timesOf(lost('timeout'), { decidedMs: endMs * 2 })).toEqual([0, endMs]);
});

test.each([
  ['it is done', done],
  ['the function failed', failed('unavailable')],
  ['the function says no', failed('denied')],
  ['the actuator was never begun', lost('throttled')],
])('the same is ordered again at once when the function has ended (%s)', (_, answer) => {
  expect(timesOf(answer, {})).toEqual([0, 100]);
});

test('of two orders for the same at once, one waits for the answer to the other', () => {
  const [first, second = 0] = timesOf(done, { areAtOnce: true });

  expect(first).toBe(0);
  expect(second).toBeGreaterThanOrEqual(100);
  expect(second).toBeLessThanOrEqual(600);
});

test('nothing waits where no function of the user is asked, nor for a request of another kind', () => {
  expect(timesOf(lost('timeout'), { fence, areAtOnce: true })).toEqual([0, 0]);
  expect(timesOf(lost('timeout'), { isOpening: true })).toEqual([0, 100]);
});
