import { expect, test } from 'vitest';
import { noKnowledge } from '../../../../../src/core/detection/site-knowledge.ts';
import type { CommandContext } from '../../../../../src/core/operator/command-outcome.ts';
import { type PauseOrder, pauseService } from '../../../../../src/core/operator/pausing/pause-order.ts';
import { genesis, type Pause } from '../../../../../src/core/register/register.ts';
import { runWith, service } from '../../service.fixture.ts';

const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 10, 29, 12);

function contextOf(pause: Pause | null, votersMs: number | null = nowMs): CommandContext {
  return {
    service,
    register: { ...genesis('virginia'), pause },
    knowledge: noKnowledge,
    stopwatches: {},
    group: null,
    disputes: [],
    by: 'bob',
    // The operator's own clock is far off, and does not count.
    wallMs: 77,
    votersMs,
  };
}

function paused(order: Partial<PauseOrder>, pause: Pause | null, votersMs?: number | null) {
  return pauseService({ verb: 'pause', reason: 'network', ...order }, contextOf(pause, votersMs));
}

const endless: Pause = { by: 'alice', reason: 'work' };
const ending: Pause = { ...endless, untilMs: nowMs + hourMs };

test.each([
  ['until a person ends it', {}, null, { by: 'bob', reason: 'network' }],
  ['by the voters clocks', { forMs: hourMs }, null, { by: 'bob', reason: 'network', untilMs: nowMs + hourMs }],
  ['longer, with its reason', { forMs: 2 * hourMs }, ending, { ...ending, untilMs: nowMs + 2 * hourMs }],
])('pauses %s', (_, order, before, after) => {
  const outcome = paused(order, before);

  expect(outcome.outcome === 'accepted' ? outcome.register.pause : outcome).toEqual(after);
});

test.each([
  ['one without an end, by one without', {}, endless],
  ['one without an end, by one with', { forMs: hourMs }, endless],
  ['one with an end, by one without', {}, ending],
  ['one with an end, by a shorter one', { forMs: hourMs / 2 }, ending],
])('leaves a pause as it is: %s', (_, order, before) => {
  expect(paused(order, before)).toMatchObject({
    outcome: 'unchanged',
    message: expect.stringContaining('is already paused by alice'),
  });
});

test('says that a move goes on which is under way', () => {
  const context = contextOf(null);
  const moving = { ...context, register: { ...context.register, run: runWith({ epoch: 1, to: 'oregon' }) } };

  expect(pauseService({ verb: 'pause', reason: 'network' }, moving)).toMatchObject({
    outcome: 'accepted',
    message: expect.stringMatching(/is paused; .*; the failover to oregon that is under way goes on to its end$/),
  });
});

test('is refused with an end that no majority of clocks can tell, and says what goes without', () => {
  expect(paused({ forMs: hourMs }, null, null)).toEqual({
    outcome: 'refused',
    message: expect.stringContaining('without --for pauses at once'),
  });
  expect(paused({}, null, null).outcome).toBe('accepted');
});
