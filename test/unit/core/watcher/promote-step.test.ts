import { expect, test } from 'vitest';
import { noKnowledge, type SiteKnowledge } from '../../../../src/core/detection/site-knowledge.ts';
import type { StepReport } from '../../../../src/core/kinds/order.ts';
import type { PromoteDesired } from '../../../../src/core/kinds/promote.ts';
import type { StepState } from '../../../../src/core/register/run.ts';
import { startWaitMs } from '../../../../src/core/timing.ts';
import { surveyIntervalMs } from '../../../../src/core/watcher/surveys/survey.ts';
import { globalData, registerWith, runWith, serviceWith, step } from '../service.fixture.ts';
import { dispatch, done, type Outside } from './dispatch.fixture.ts';

const capacity = { kind: 'aurora-serverless', cluster: 'two', size: 8, asActive: false, standbySize: 0.5 } as const;
const given = serviceWith({
  data: globalData,
  failover: { maxReplicationLagMs: 30_000 },
  sites: { two: { standby: 'warm', scale: [capacity] } },
});
const knowledge: SiteKnowledge = { ...noKnowledge, reports: { two: { replicationLagMs: 10 } } };
const steps = [step('start'), step('promote', ['fence'])];
const small: StepReport = { outcome: 'pending', hasWritten: false, detail: 'it would be done' };
const sizeMs = startWaitMs(given, 60_000);

/** The capacity is there after some time; the promotion is done at once. */
function grownAfter(grownMs: number, clock: () => number): Outside {
  return ({ input }) => {
    const { order } = input as { readonly order: { readonly kind: string } };
    const isGrown = order.kind === 'promote' || clock() >= grownMs;
    return { answer: { ok: true, value: isGrown ? done : small }, afterMs: 10 };
  };
}

/** @param startEndsMs - when the step that asks for the capacity ends */
function promoted(grownMs: number, more: { startEndsMs?: number; isShortAllowed?: boolean; writer?: string } = {}) {
  const { startEndsMs = Number.POSITIVE_INFINITY, isShortAllowed = false, writer = 'one' } = more;
  let nowMs = 0;
  const seen = (atMs: number) => {
    const state: StepState = atMs >= startEndsMs ? 'failed' : 'pending';
    return registerWith({ epoch: 2, run: runWith({ steps: [step('start', [], state), step('promote')] }) });
  };
  const { end, calls } = dispatch(
    'promote',
    given,
    grownAfter(grownMs, () => nowMs),
    {
      states: { steps, isShortAllowed },
      knowledge,
      register: registerWith({ epoch: 2, writer }),
      seen: (atMs) => {
        nowMs = atMs;
        return seen(atMs);
      },
    },
  );
  const orders = calls.map(({ input, atMs }) => ({ ...(input as { readonly order: object }).order, atMs }));
  return { end, orders: orders as unknown as { kind: string; manner: string; part?: string; atMs: number }[] };
}

test('data is promoted once its cluster has its capacity, which is only looked at until then', () => {
  const { end, orders } = promoted(20_000);

  expect(end).toMatchObject({ state: 'done' });
  const looks = orders.slice(0, -1);
  expect(new Set(looks.map(({ kind, manner, part }) => `${kind} ${manner} ${part}`))).toEqual(
    new Set(['start rehearse aurora-serverless two']),
  );
  expect(orders.at(-1)).toMatchObject({ kind: 'promote', manner: 'enforce' });
  expect(orders.at(-1)?.atMs).toBeGreaterThanOrEqual(20_000);
  expect(orders.at(-1)?.atMs).toBeLessThan(22_000);
});

test.each([
  ['the step that asks for it has ended', { startEndsMs: 5_000 }, 5_000],
  ['its time is over', {}, sizeMs],
  ['the site may serve at less than its full size', { isShortAllowed: true }, 0],
  ['the site is the writer already', { writer: 'two' }, 0],
])('a capacity that never comes is not waited for once %s', (_, more, atMs) => {
  const { end, orders } = promoted(Number.POSITIVE_INFINITY, more);

  expect(end).toMatchObject({ state: 'done' });
  expect(orders.at(-1)?.kind).toBe('promote');
  expect(orders.at(-1)?.atMs).toBeGreaterThanOrEqual(atMs);
  expect(orders.at(-1)?.atMs).toBeLessThanOrEqual(atMs + 2_000);
});

/** Every claim fails, or no function answers at all; a look afterwards is answered. */
function unanswered(look: StepReport, isHeard = true) {
  const plain = serviceWith({ data: globalData, failover: { maxReplicationLagMs: 30_000 } });
  const fault = { kind: 'timeout', detail: 'nobody' } as const;
  return dispatch(
    'promote',
    plain,
    ({ input }) => {
      const { order } = input as { readonly order: { readonly manner: string } };
      if (order.manner === 'rehearse') return { answer: { ok: true, value: look }, afterMs: 10 };
      return {
        answer: isHeard ? { ok: true, value: { outcome: 'failed', fault } } : { ok: false, fault },
        afterMs: 10,
      };
    },
    { states: { steps: [step('promote', ['fence'])] }, knowledge, register: registerWith({ epoch: 2, writer: 'one' }) },
  );
}

const mannersOf = (calls: readonly { readonly input: unknown }[]) =>
  calls.map(({ input }) => (input as { readonly order: { readonly manner: string } }).order.manner);

test('a promotion whose every claim fails has succeeded when the data says that the site writes', () => {
  const { end } = unanswered({ outcome: 'as-ordered', hasWritten: false });

  expect(end).toMatchObject({ state: 'done', detail: expect.stringContaining('it writes, although') });
});

test('a promotion whose every claim fails has failed when the data does not say that the site writes', () => {
  const { end, calls } = unanswered(small);

  expect(end).toMatchObject({ state: 'failed' });
  expect(mannersOf(calls).filter((manner) => manner === 'rehearse')).toHaveLength(1);
});

test('a region whose functions do not answer is not looked at once more', () => {
  const { end, calls } = unanswered({ outcome: 'as-ordered', hasWritten: false }, false);

  expect(end).toMatchObject({ state: 'failed' });
  expect(mannersOf(calls)).not.toContain('rehearse');
});

const well: SiteKnowledge = { ...noKnowledge, verdicts: { one: 'up', two: 'up' } };

test.each([
  ['whose target nobody can ask', { proof: 'lease', knowledge: well, writer: 'two', isReturn: true }],
  ['whose target is proven closed', { proof: 'closed', knowledge: well, writer: 'two', isReturn: undefined }],
  ['to a site that is not up', { proof: 'lease', knowledge: noKnowledge, writer: 'two', isReturn: undefined }],
  ['that has moved the writer', { proof: 'lease', knowledge: well, writer: 'one', isReturn: undefined }],
] as const)('S12: a move that is taken back, %s, calls its site the writer', (_, row) => {
  const says = () => ({ answer: { ok: true, value: done }, afterMs: 10 }) as const;
  const { calls } = dispatch('promote', serviceWith({ data: globalData }), says, {
    states: { steps: [step('promote', ['fence'])] },
    knowledge: row.knowledge,
    register: registerWith({ epoch: 2, writer: row.writer, owed: [{ site: 'one', epoch: 2, proof: row.proof }] }),
  });

  const orders = calls.map(({ input }) => (input as { readonly order: Partial<PromoteDesired> }).order);
  expect(orders.map(({ kind, isReturn }) => [kind, isReturn])).toEqual([['promote', row.isReturn]]);
});

/** The lag is not known; the region answers a look so, and carries out every order. */
function unknownLag(attempt: number, look: StepReport | null, isSilent = false, knownAtMs = Number.POSITIVE_INFINITY) {
  const plain = serviceWith({ data: globalData, failover: { maxReplicationLagMs: 30_000 } });
  const fault = { kind: 'throttled', detail: 'too many' } as const;
  return dispatch(
    'promote',
    plain,
    ({ input }) => {
      const { order } = input as { readonly order: { readonly manner: string } };
      if (order.manner === 'rehearse' && look === null) return { answer: { ok: false, fault }, afterMs: 10 };
      return { answer: { ok: true, value: order.manner === 'rehearse' ? (look ?? done) : done }, afterMs: 10 };
    },
    {
      states: { steps: [step('promote', ['fence'])], attempt },
      knowledge: ({ nowMs }) => (nowMs >= knownAtMs ? knowledge : noKnowledge),
      register: registerWith({ epoch: 2, writer: 'one' }),
      isSilent: () => isSilent,
    },
  );
}

const underWay: StepReport = { outcome: 'pending', hasWritten: false, detail: 'not there yet', isUnderWay: true };
const written: StepReport = { outcome: 'as-ordered', hasWritten: false };

test.each([
  ['by who has the run first', 1, underWay, false, []],
  ['that nobody has ordered', 2, small, false, ['rehearse']],
  ['of which nobody can tell', 2, null, false, ['rehearse', 'rehearse', 'rehearse']],
  ['in a region that is silent', 2, underWay, true, []],
])('nothing is promoted %s while the lag is not known', (_, attempt, look, isSilent, manners) => {
  const { end, calls } = unknownLag(attempt, look, isSilent);

  expect(end).toEqual({ state: 'failed', detail: 'the lag of two under the fence is not known' });
  expect(mannersOf(calls)).toEqual(manners);
});

test.each([
  ['is under way', underWay],
  ['has come through', written],
])('a promotion of whoever had the run before that %s is gone on with, without leave to lose anything', (_, look) => {
  const { end, calls } = unknownLag(2, look);

  expect(end).toMatchObject({ state: 'done' });
  const orders = calls.map(({ input }) => (input as { readonly order: object }).order);
  expect(orders).toMatchObject([{ manner: 'rehearse' }, { manner: 'enforce', isDataLossAllowed: false }]);
});

test.each([
  ['is read in time', 5_000, false, 5_000, 7_000, 'done'],
  ['is read too late', 60_000, false, surveyIntervalMs, surveyIntervalMs + 5_000, 'failed'],
  ['nobody can read, as the region is silent', 5_000, true, 0, 100, 'failed'],
])('a lag that nobody knows and that %s is waited for', (_, knownAtMs, isSilent, fromMs, toMs, state) => {
  const { end, endedMs } = unknownLag(1, small, isSilent, knownAtMs);

  expect(end).toMatchObject({ state });
  expect(endedMs).toBeGreaterThanOrEqual(fromMs);
  expect(endedMs).toBeLessThanOrEqual(toMs);
});
