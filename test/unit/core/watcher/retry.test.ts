import { expect, test } from 'vitest';
import type { Register } from '../../../../src/core/register/register.ts';
import { failedWatch } from '../../../../src/core/tables/stopwatch.ts';
import { isRetryDue, retryRun } from '../../../../src/core/watcher/run/retry.ts';
import { registerWith, runWith, service, serviceWith, step } from '../service.fixture.ts';
import { controlRegions, Tables, watcherOf } from './change.fixture.ts';

const run = runWith({ state: 'failed', steps: [step('start', [], 'failed'), step('dns', ['start'], 'failed')] });
const failed = registerWith({ epoch: 2, active: 'two', writer: 'two', run });
const knowledge = { verdicts: { one: 'down', two: 'up' }, reports: {}, dependencies: {} };
const view = {
  freshWatchers: controlRegions,
  members: controlRegions,
  outOfContact: [],
  unanswered: {},
  knowledge,
} as never;
const pause = { by: 'op', reason: 'look' };

function isDue(register: Register, more: { readonly living?: readonly string[]; readonly failedMs?: number } = {}) {
  const state = watcherOf(service);
  state.stopwatches = { [failedWatch('shop', run)]: more.failedMs ?? 90_000 };
  const heard = {
    freshWatchers: more.living ?? controlRegions,
    members: controlRegions,
    outOfContact: [],
    unanswered: {},
    knowledge,
  };
  return isRetryDue(state, service, heard as never, register);
}

test('a failed run whose site writes is due again after three rounds of drift repair', () => {
  expect(isDue(failed)).toBe(true);
  expect(isDue(failed, { failedMs: 89_999 })).toBe(false);
});

test('L2: a site that was left may come back before a run to a dead site is tried again', () => {
  const isDueTo = (verdict: string, failedMs: number) => {
    const state = watcherOf(service);
    state.stopwatches = { [failedWatch('shop', run)]: failedMs };
    const verdicts = { one: 'down', two: verdict };
    const heard = { freshWatchers: controlRegions, members: controlRegions, outOfContact: [], unanswered: {} };
    return isRetryDue(state, service, { ...heard, knowledge: { ...knowledge, verdicts } } as never, failed);
  };
  // Two rounds of drift repair, one call to the fence, and the probes that find the site well.
  const letBackMs = 2 * 30_000 + 5_000 + 5 * 1_000;

  expect(isDueTo('down', 90_000 + letBackMs - 1)).toBe(false);
  expect(isDueTo('down', 90_000 + letBackMs)).toBe(true);
  expect(isDueTo('degraded', 90_000)).toBe(true);
});

test('S7: no retry is due while a person has paused', () => {
  expect(isDue({ ...failed, pause })).toBe(false);
});

test.each([
  ['there is no run', { ...failed, run: null }],
  ['something was decided since', { ...failed, epoch: 3 }],
  ['the run is done', { ...failed, run: { ...run, state: 'done' as const } }],
  ['its site does not write', { ...failed, writer: 'one' }],
  ['nothing but people failed', { ...failed, run: { ...run, steps: [step('notify', [], 'failed')] } }],
])('no retry is due when %s', (_, register) => {
  expect(isDue(register)).toBe(false);
});

test.each([
  ['too few watchers speak', ['region-1']],
  ['another comes before it', ['region-2', 'region-1']],
])('no retry is due for a watcher when %s', (_, living) => {
  expect(isDue(failed, { living })).toBe(false);
});

test('a retry is journaled before its first step, under a higher attempt and its own name', () => {
  const tables = new Tables(failed);

  tables.run(retryRun(watcherOf(service), service, view, failed));

  const [first] = tables.proposed();
  expect(first?.run).toMatchObject({ attempt: 2, state: 'running', holder: { region: 'region-1', invocation: 'x' } });
});

test.each([
  ['S7: a pause decided meanwhile stops a retry', { ...failed, pause }],
  ['another try decided meanwhile stops a retry', { ...failed, run: { ...run, attempt: 2 } }],
  ['another epoch decided meanwhile stops a retry', { ...failed, epoch: 3 }],
  ['a run that goes on meanwhile is not tried again', { ...failed, run: { ...run, state: 'running' as const } }],
])('%s', (_, now) => {
  const tables = new Tables(now);

  tables.run(retryRun(watcherOf(service), service, view, failed));

  expect(tables.proposed()).toEqual([]);
});

const short = serviceWith({ failover: { onStartFailure: 'serve-as-is' } });

test('with serve-as-is, a site that is up and lacks its size alone serves at once with what there is', () => {
  const tables = new Tables(failed);

  const isAtOnce = isRetryDue(watcherOf(short), short, view, failed);
  tables.run(retryRun(watcherOf(short), short, view, failed));

  expect(isAtOnce).toBe(true);
  expect(tables.proposed()[0]?.run).toMatchObject({ attempt: 2, isShortAllowed: true });
});

test.each([
  ['that was tried already', { ...run, isShortAllowed: true }],
  ['the move was planned', { ...run, kind: 'switchover' as const }],
  ['its data was not promoted', { ...run, steps: [step('promote', [], 'failed'), step('start', [], 'failed')] }],
])('with serve-as-is, a retry waits all the same when %s', (_, one) => {
  expect(isRetryDue(watcherOf(short), short, view, { ...failed, run: one })).toBe(false);
});

test('the pause before a further attempt is twice as long (attempts=2)', () => {
  const again = { ...failed, run: { ...run, retries: 1 } };

  expect(isDue(again, { failedMs: 179_999 })).toBe(false);
  expect(isDue(again, { failedMs: 180_000 })).toBe(true);
});

const between = runWith({ kind: 'recover', state: 'failed', steps: [step('promote', [], 'failed')] });
const byLease = { ...between, steps: [step('fence', [], 'fallback'), ...between.steps] };
const often = { ...between, retries: service.failover.runAttemptsMax - 1 };

test.each([
  ['is down and silent', byLease, 'down', 'failover'],
  ['is down, and was asked in vain as often as a site is', often, 'down', 'failover'],
  ['is down behind its fence', between, 'down', 'recover'],
  ['is not known to be down', byLease, 'unclear', 'recover'],
] as const)('a move is taken back from a site that %s (%#)', (_, run, one, kind) => {
  const register = { ...failed, run };
  const tables = new Tables(register);
  const seen = { ...(view as object), knowledge: { ...knowledge, verdicts: { one, two: 'down' } } } as never;

  tables.run(retryRun(watcherOf(service), service, seen, register));

  expect(tables.proposed()[0]?.run).toMatchObject({ kind, attempt: run.attempt + 1, state: 'running' });
});
