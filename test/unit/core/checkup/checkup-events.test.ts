import { expect, test } from 'vitest';
import { bad, doubtful, ok, unknown } from '../../../../src/core/checkup/check.ts';
import { badIn, checkupEvents } from '../../../../src/core/checkup/checkup-events.ts';

const quorum = { name: 'quorum', subject: 'web' };
const pause = { name: 'pause', subject: 'web' };
const drill = { name: 'last move', subject: 'web' };
const oracle = { name: 'oracle', subject: 'us-east-2' };

test('a checkup is one line of counts, then a line for each check that is not ok', () => {
  const events = checkupEvents([
    bad(pause, 'paused by ann', 'allow automatic moves again'),
    doubtful(drill, 'none yet', 'rehearse one'),
    unknown(oracle, 'no answer: timeout'),
    ok(quorum, 'three of three'),
  ]);

  expect(events.map(({ kind, service, detail }) => [kind, service, detail])).toEqual([
    ['checkup', null, 'would a failover work now: 1 bad, 1 doubtful, 1 unknown, 1 ok'],
    ['finding', null, 'BAD pause of web: paused by ann'],
    ['finding', null, 'DOUBTFUL last move of web: none yet'],
    ['finding', null, 'UNKNOWN oracle of us-east-2: no answer: timeout'],
  ]);
  expect(events[1]?.data).toEqual({
    state: 'bad',
    check: 'pause',
    subject: 'web',
    todo: 'allow automatic moves again',
  });
  expect(events[3]?.data.todo).toBeNull();
});

test('what is bad is counted, none too; what is doubtful or unknown is not', () => {
  const countOf = (...checks: Parameters<typeof checkupEvents>[0]) => checkupEvents(checks).map(badIn);

  expect(countOf(ok(quorum, 'three of three'))).toEqual([0]);
  expect(countOf(doubtful(drill, 'none yet', 'rehearse one'), unknown(oracle, 'no answer'))).toEqual([0, null, null]);
  expect(countOf(bad(pause, 'paused', 'resume'), bad(quorum, 'none', 'mend it'))).toEqual([2, null, null]);
});
