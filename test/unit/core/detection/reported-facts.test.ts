import { describe, expect, it } from 'vitest';
import { factsReader, roleLengthMax } from '../../../../src/core/detection/reported-facts.ts';
import type { ReportPaths } from '../../../../src/core/model/probe.ts';

const paths: ReportPaths = {
  ...{ role: 'db.role', lag: 'db.lagSeconds', load: 'load[0]', ready: 'ready' },
  ...{ lagUnitMs: 1_000, activeRoles: ['active', 'primary'] },
};
const ofHeaders = { role: 'standby', replicationLagMs: 7, load: 3, ready: false, clockOffsetMs: 9 };
const read = (json: unknown, more: Partial<ReportPaths> = {}, headers: object = {}) =>
  factsReader({ ...paths, ...more })(json, headers);

describe('what JSON says of a site', () => {
  it('stands in place of what the headers said', () => {
    const json = { db: { role: 'primary', lagSeconds: 2 }, load: [40], ready: true };

    expect(read(json, {}, ofHeaders)).toEqual({
      ...{ role: 'active', replicationLagMs: 2_000, load: 40, ready: true },
      clockOffsetMs: 9,
    });
  });

  it.each([
    ['says nothing of it', {}],
    ['is none', undefined],
    ['says something else there', { db: { role: 5, lagSeconds: -1 }, load: ['many'], ready: 'perhaps' }],
  ])('leaves a fact unknown that has a path, whatever a header says, where it %s', (_, json) => {
    expect(read(json, {}, ofHeaders)).toEqual({ clockOffsetMs: 9 });
  });

  it('is not asked for a fact without a path: the header counts', () => {
    const none = { role: undefined, lag: undefined, load: undefined, ready: undefined };

    expect(read({ db: { role: 'primary' }, ready: true }, none, ofHeaders)).toEqual(ofHeaders);
  });

  it.each([
    ['active', 'active'],
    ['PRIMARY ', 'active'],
    ['Replica', 'replica'],
    ['x'.repeat(40), 'x'.repeat(roleLengthMax)],
    [' ', undefined],
    [null, undefined],
  ])('of the role %j is %j', (role, expected) => {
    expect(read({ db: { role } }).role).toBe(expected);
  });

  it.each([
    [0, 0],
    [1.5, 1_500],
    ['2', 2_000],
    ['12', 12_000],
    ['0.25', 250],
    ['1e3', undefined],
    ['-1', undefined],
    [' 1', undefined],
    ['1 s', undefined],
    ['1234567890123456', undefined],
    [-1, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [true, undefined],
    [null, undefined],
  ])('of the lag %j is %j ms (lagUnitMs=1000)', (lagSeconds, expected) => {
    expect(read({ db: { lagSeconds } }).replicationLagMs).toBe(expected);
  });

  it.each([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    [1, undefined],
    ['yes', undefined],
    [null, undefined],
  ])('of readiness %j is %j', (ready, expected) => {
    expect(read({ ready }).ready).toBe(expected);
  });

  it('stands under a key that is no path by its own name', () => {
    expect(read({ 'a..b': 12 }, { load: 'a..b' }).load).toBe(12);
  });
});
