import { expect, test } from 'vitest';
import { keptEpochs, pastRunOf } from '../../../../../src/core/operator/explaining/past-run.ts';
import { genesis, historyLengthMax, type Register } from '../../../../../src/core/register/register.ts';
import { runWith } from '../../service.fixture.ts';

const line = (epoch: number, what: string) => ({ epoch, atMs: 1_000 * epoch, by: 'us-east-1', what });

/** @param lines - oldest first */
function registerOf(lines: readonly ReturnType<typeof line>[]): Register {
  return { ...genesis('one'), epoch: 4, run: runWith({ epoch: 4 }), history: lines.toReversed() };
}

const begun = line(2, 'failover one > two (active-down)');
const acknowledged = line(2, 'ack');
const next = line(3, 'failback two > one (failback-due)');

test('an older run is told from the history: what began it, what else happened, what came next', () => {
  const past = pastRunOf(registerOf([line(1, 'pause: work'), begun, acknowledged, next, line(4, 'x')]), 2);

  expect(past).toMatchObject({ kept: 'history', epoch: 2, begun, later: [acknowledged], next });
  expect(past?.unknown).toHaveLength(1);
});

test('a line that is the oldest of a full history is not taken for the begin', () => {
  const full = Array.from({ length: historyLengthMax }, (_, index) => line(index < 2 ? 2 : 3, `line ${index}`));

  const past = pastRunOf(registerOf(full), 2);

  expect(past?.begun).toBeNull();
  expect(past?.later).toHaveLength(2);
  expect(past?.unknown[0]).toContain('the history has dropped that line');
});

test('the first epoch was begun by no run', () => {
  expect(pastRunOf(registerOf([line(1, 'pause: work'), begun]), 1)).toMatchObject({
    begun: null,
    later: [line(1, 'pause: work')],
    unknown: [expect.stringContaining('of the newest run alone')],
  });
});

test('an epoch without a line is not kept, and those with one are named, newest first', () => {
  const register = registerOf([begun, acknowledged, next]);

  expect(pastRunOf(register, 7)).toBeNull();
  expect(keptEpochs(register)).toEqual([4, 3, 2]);
});
