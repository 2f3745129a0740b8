import { expect, test } from 'vitest';
import { failedInRow, findFirstFailure } from '../../../../src/cli/drill/first-failure.ts';
import type { ClientAnswer } from '../../../../src/dashboard/drill-result.ts';
import type { LabEvent } from '../../../../src/dashboard/lab-event.ts';

const lateMs = 100_000;

function answer(sentMs: number, isGood: boolean, site = 'one', tookMs = 5): ClientAnswer {
  return { sentMs, endedMs: sentMs + tookMs, site, isGood, reason: isGood ? null : 'refused' };
}

function opinion(atMs: number, opinion: string, place = 'us-east-1', site = 'one'): LabEvent {
  return {
    atMs,
    actor: 'watcher',
    place,
    kind: 'opinion-changed',
    service: 'web',
    site,
    detail: opinion,
    data: { opinion },
  };
}

const failing = (fromMs: number, count: number, tookMs = 5) =>
  Array.from({ length: count }, (_, index) => answer(fromMs + 50 * index, false, 'one', tookMs));

test.each([
  ['the first of several in a row', [answer(0, true), ...failing(50, failedInRow)], 50],
  ['none while too few have failed', failing(50, failedInRow - 1), null],
  ['none when a good answer came after them', [...failing(50, 5), answer(300, true)], null],
  ['the first after the newest good answer', [...failing(0, 5), answer(300, true), ...failing(350, 3)], 350],
  ['the first although later ones ended before it', [...failing(50, 1, 900), ...failing(100, 2)], 50],
  ['none by what ended before the stop was asked for', failing(-500, 5), null],
  ['none by another site', Array.from({ length: 5 }, (_, index) => answer(index, false, 'two')), null],
])('a site that is stopped by somebody fails from %s', (_, answers, atMs) => {
  const found = findFirstFailure({ answers, events: [] }, 'one', 0, lateMs);

  expect(found?.atMs ?? null).toBe(atMs);
});

test.each([
  ['when a watcher that holds it down began to suspect it', [opinion(100, 'suspect'), opinion(900, 'down')], 100],
  ['not by a suspicion that passed', [opinion(100, 'suspect'), opinion(200, 'up')], null],
  [
    'by the newest suspicion of that watcher',
    [opinion(100, 'suspect'), opinion(200, 'up'), opinion(300, 'suspect'), opinion(900, 'down')],
    300,
  ],
  ['not by an opinion of another site', [opinion(100, 'suspect', 'us-east-1', 'two')], null],
  ['not while requests are under way that may be earlier', [opinion(lateMs + 1, 'down')], null],
])('a site that answers clients fails %s', (_, events, atMs) => {
  const answers = [answer(0, true), answer(5_000, true)];

  const found = findFirstFailure({ answers, events }, 'one', 0, lateMs);

  expect(found?.atMs ?? null).toBe(atMs);
});

test('what was seen first counts', () => {
  const events = [opinion(100, 'suspect'), opinion(900, 'down')];

  const found = findFirstFailure({ answers: failing(50, 5), events }, 'one', 0, lateMs);

  expect(found).toEqual({ atMs: 50, seen: 'first failed request: refused' });
});
