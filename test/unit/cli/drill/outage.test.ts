import { describe, expect, it } from 'vitest';
import { compare, expectationOf } from '../../../../src/cli/drill/expectation.ts';
import { readOutage } from '../../../../src/cli/drill/outage.ts';
import { quantile } from '../../../../src/cli/drill/quantile.ts';
import type { ClientAnswer } from '../../../../src/dashboard/drill-result.ts';

const good = (sentMs: number, site = 'virginia', tookMs = 5): ClientAnswer => ({
  sentMs,
  endedMs: sentMs + tookMs,
  site,
  isGood: true,
  reason: null,
});
const lost = (sentMs: number, tookMs = 5): ClientAnswer => ({
  sentMs,
  endedMs: sentMs + tookMs,
  site: 'virginia',
  isGood: false,
  reason: 'timeout',
});

describe('reading an outage off the answers of a client', () => {
  it('takes recovery as the end of the first good answer sent after the last lost request', () => {
    const outage = readOutage([good(-50), lost(0), lost(50), good(100, 'oregon'), good(150, 'oregon')], 'virginia');

    expect(outage).toEqual({ requests: 4, lostRequests: 2, recoveryMs: 105, movedMs: 105, goodForMs: 50 });
  });

  it('counts a request by when it was sent (lost after others got through)', () => {
    const outage = readOutage([lost(0, 1_000), good(100, 'oregon'), lost(50, 1_000)], 'virginia');

    expect(outage.recoveryMs).toBe(105);
  });

  it('does not take a good answer between two lost ones for recovery', () => {
    const outage = readOutage([lost(0), good(50, 'oregon'), lost(100), good(150, 'oregon')], 'virginia');

    expect(outage.recoveryMs).toBe(155);
  });

  it('counts a request that was under way at the fault only when it was lost', () => {
    const outage = readOutage([good(-10, 'virginia', 20), lost(-20, 25), good(50, 'oregon')], 'virginia');

    expect(outage).toMatchObject({ requests: 2, lostRequests: 1 });
  });

  it('has no recovery when no good answer came, and needs none when nothing was lost', () => {
    const none = readOutage([lost(0), lost(50)], 'virginia');
    const unneeded = readOutage([good(0), good(50)], 'virginia');

    expect(none).toMatchObject({ recoveryMs: null, movedMs: null, goodForMs: 0 });
    expect(unneeded).toMatchObject({ recoveryMs: 0, movedMs: null });
  });

  it('does not call traffic moved before the old site has given its last answer', () => {
    const outage = readOutage([good(0), good(50, 'oregon'), good(100), good(150, 'oregon')], 'virginia');

    expect(outage.movedMs).toBe(155);
  });
});

describe('comparing a drill with what was expected', () => {
  const course = { from: 'virginia', to: 'oregon', boundMs: 1_000 };
  const outage = { requests: 100, lostRequests: 10, recoveryMs: 900, movedMs: 900, goodForMs: 1_000 };

  it.each([
    ['within the bound', {}, {}, true],
    ['a millisecond late', { recoveryMs: 1_001, movedMs: 1_001 }, {}, false],
    ['never', { recoveryMs: null, movedMs: null }, {}, false],
    ['from the site that had the fault', { movedMs: null }, { to: 'virginia' }, false],
  ])('traffic that is back %s', (_, differently, elsewhere, isAsExpected) => {
    const said = compare('back-in-time', { ...outage, ...differently }, { ...course, ...elsewhere });

    expect(said.isAsExpected).toBe(isAsExpected);
  });

  it.each([
    ['nothing is lost', { lostRequests: 0, recoveryMs: 0 }, true],
    ['a request is lost', { lostRequests: 1 }, false],
  ])('a move around a partition in which %s', (_, differently, isAsExpected) => {
    const said = compare('moves-without-loss', { ...outage, ...differently }, course);

    expect(said.isAsExpected).toBe(isAsExpected);
  });

  it.each([
    ['stays', 'virginia', true],
    ['moves', 'oregon', false],
  ])('traffic that %s when a watcher is killed', (_, to, isAsExpected) => {
    const said = compare('stays', { ...outage, lostRequests: 0, recoveryMs: 0 }, { ...course, to });

    expect(said.isAsExpected).toBe(isAsExpected);
  });

  it('expects a site of the user to go on when the control parts beside it are gone', () => {
    expect(expectationOf('region', false)).toBe('stays');
    expect(expectationOf('region', true)).toBe('back-in-time');
  });

  it.each([
    [1, '1 request was lost'],
    [2, '2 requests were lost'],
    [0, 'no request was lost'],
  ])('says how many were lost (%i)', (lostRequests, words) => {
    expect(compare('back-in-time', { ...outage, lostRequests }, course).seen).toContain(words);
  });
});

describe('a quantile', () => {
  it.each([
    [[3, 1, 2], 0.5, 2],
    [[1, 2, 3, 4], 0.5, 2.5],
    [[7], 0.9, 7],
    [[1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.9, Number.POSITIVE_INFINITY],
  ])('of %j at %d is %d', (samples, share, expected) => {
    expect(quantile(samples, share)).toBe(expected);
  });
});
