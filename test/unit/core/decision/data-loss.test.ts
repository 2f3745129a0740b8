import { describe, expect, test } from 'vitest';
import { lossAtPromotion } from '../../../../src/core/decision/data-loss.ts';
import type { SiteKnowledge } from '../../../../src/core/detection/site-knowledge.ts';
import { globalData, runWith, serviceWith, step } from '../service.fixture.ts';

const service = serviceWith({ data: globalData, failover: { maxReplicationLagMs: 30_000 } });
const fencedBy = (state: 'done' | 'fallback') => runWith({ steps: [step('fence', [], state), step('promote')] });
const behind = (replicationLagMs?: number): SiteKnowledge => ({
  verdicts: {},
  reports: { two: replicationLagMs === undefined ? {} : { replicationLagMs } },
  dependencies: {},
});

describe('the loss of a promotion, reckoned under the fence', () => {
  test.each([
    [0, null],
    [30_000, null],
    [30_001, 'two is 30.001 s behind under the fence; the limit is 30 s'],
  ])('is the lag that is read again, and refused above the budget (lag=%i)', (lagMs, refusal) => {
    expect(lossAtPromotion(service, fencedBy('done'), behind(lagMs), 9_000, false)).toEqual({ lossMs: lagMs, refusal });
  });

  test('is refused while nobody says how far the site is behind', () => {
    expect(lossAtPromotion(service, fencedBy('done'), behind(), 9_000, false)).toEqual({
      lossMs: null,
      refusal: 'the lag of two under the fence is not known',
    });
  });

  test('counts what an unproven site may have acknowledged until its lease ran out, outside the budget', () => {
    const loss = lossAtPromotion(service, fencedBy('fallback'), behind(29_000), 21_000, false);

    expect(loss).toEqual({ lossMs: 50_000, refusal: null });
  });

  test.each([
    ['a person allowed it', service, { ...fencedBy('done'), isDataLossAllowed: true }],
    ['no budget is declared', serviceWith({ data: globalData }), fencedBy('done')],
  ])('is reported and not refused where %s', (_what, of, run) => {
    expect(lossAtPromotion(of, run, behind(99_000), 0, false)).toEqual({ lossMs: 99_000, refusal: null });
  });

  test.each([
    ['nothing is promoted', serviceWith({ failover: { maxReplicationLagMs: 30_000 } }), false],
    ['the promotion waits for everything', service, true],
  ])('is nothing where %s', (_what, of, isLossless) => {
    const loss = lossAtPromotion(of, fencedBy('done'), behind(), 0, isLossless);

    expect(loss).toEqual({ lossMs: 0, refusal: null });
  });
});
