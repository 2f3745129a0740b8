import { expect, test } from 'vitest';
import { explanationOf } from '../../../../../src/core/operator/explaining/explanation.ts';
import { newRunTimes } from '../../../../../src/core/register/ledger.ts';
import { runWith, step } from '../../service.fixture.ts';

const times = {
  ...newRunTimes(4_000, { faultMs: 1_000, detectedMs: 3_900, dataAtRiskMs: 2_000 }),
  fencedMs: 5_000,
  promotedMs: 25_000,
  verifiedMs: 26_000,
};

test('what happened stands in order, from the first failed probe on', () => {
  const { phases } = explanationOf(runWith({ times }));

  expect(phases.map(({ sinceStartMs, message }) => [sinceStartMs, message])).toEqual([
    [0, 'the first probe of one failed'],
    [2_900, 'the watcher that decided saw a quorum hold one down'],
    [3_000, 'region-1 decided the failover, and a majority of state tables holds it'],
    [4_000, 'one was known to be cut off'],
    [24_000, 'the data of two took writes'],
    [25_000, 'two was seen to be answered'],
  ]);
});

test('phases of clocks that differ are in the order of their times, and none is before the start', () => {
  const { phases } = explanationOf(runWith({ times: { ...times, fencedMs: 500 } }));

  expect(phases[0]).toEqual({ atMs: 500, sinceStartMs: 0, message: 'one was known to be cut off' });
  expect(phases.every(({ sinceStartMs }) => sinceStartMs >= 0)).toBe(true);
});

test.each([
  ['active-down', 'a quorum of watchers held one down, and no majority saw it well'],
  ['operator', 'ann asked for it'],
  ['something-new', 'something-new'],
])('why, for people: %s', (reason, why) => {
  expect(explanationOf(runWith({ reason, by: 'ann' })).why).toBe(why);
});

test.each<[string, Parameters<typeof runWith>[0], readonly string[]]>([
  ['nothing besides', {}, []],
  ['what was lost', { times: { ...times, lossMs: 1_500 } }, ['At most the writes of 1.5 s are lost.']],
  ['what was at risk', { times }, ['Replication was 2.0 s behind when it was decided.']],
  ['another try', { retries: 2 }, ['It failed before anything had moved, and was tried again (2).']],
  ['a loss that was allowed', { isDataLossAllowed: true }, ['A person allowed a loss of data.']],
  ['a proof that was waived', { isProofWaived: true }, ['A person waived the proof that the old site is cut off.']],
])('notes: %s', (_, more, notes) => {
  expect(explanationOf(runWith(more)).notes).toEqual(notes);
});

test('each step has its end and what was seen', () => {
  const failed = { ...step('dns', [], 'failed'), detail: 'Route 53 did not answer' };

  expect(explanationOf(runWith({ steps: [failed] })).steps).toEqual([
    { name: 'dns', resource: 'dns', state: 'failed', detail: 'Route 53 did not answer', tookMs: null },
  ]);
});

test('a step took from the end of what it waited for, or from the decision', () => {
  const fence = { ...step('fence', [], 'done'), endedMs: 5_000 };
  const promote = { ...step('promote', ['fence'], 'done'), endedMs: 25_000 };
  const dns = step('dns', ['promote'], 'pending');
  const verify = { ...step('verify', ['dns'], 'done'), endedMs: 30_000 };

  const { steps } = explanationOf(runWith({ times, steps: [fence, promote, dns, verify] }));

  expect(steps.map(({ name, tookMs }) => [name, tookMs])).toEqual([
    ['fence', 1_000],
    ['promote', 20_000],
    ['dns', null],
    ['verify', null],
  ]);
});

test('what was refused: sites that could not be chosen, and the step that stopped the move', () => {
  const grounds = { verdicts: { three: 'down' }, opinions: {}, refused: { three: ['not-up', 'in-maintenance'] } };
  const steps = [{ ...step('promote', [], 'failed'), detail: 'AccessDenied' }];

  expect(explanationOf(runWith({ grounds, steps })).refused).toEqual([
    'three could not be chosen: not-up, in-maintenance.',
    'promote of promote stopped the move: AccessDenied.',
  ]);
});

test('what is not kept is said', () => {
  const steps = [step('dns', [], 'done')];

  expect(explanationOf(runWith({ attempt: 3, steps, times: newRunTimes(4_000) })).unknown).toEqual([
    'What each watcher held when it was decided: that is not kept.',
    'When the first probe failed.',
    'How long these took: dns.',
    'What attempts before attempt 3 did, beyond what the steps say.',
    'Which state tables accepted it: a majority of the voters did.',
  ]);
});
