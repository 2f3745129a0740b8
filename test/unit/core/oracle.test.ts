import { describe, expect, it } from 'vitest';
import type { Service } from '../../../src/core/deployment.ts';
import { oraclePath, oracleVote } from '../../../src/core/oracle.ts';
import { genesis, type Register } from '../../../src/core/register/register.ts';

const site = (priority: number) =>
  ({ region: 'us-east-1', priority, standby: 'hot', capacity: 100, probes: [], require: 'all' }) as const;

/** Three sites, first to last: virginia, ohio, oregon. */
const service: Service = {
  mode: 'active-passive',
  sites: { oregon: site(10), virginia: site(100), ohio: site(50) },
  detection: { intervalMs: 2_000, fallCount: 3, riseCount: 5, quorum: 2, opinionTtlMs: 10_000 },
  failover: {
    automatic: true,
    blockMs: 3_600_000,
    maxMovesPerDay: 3,
    leaseMs: 15_000,
    allowCrossRegion: true,
    reconcileMs: 30_000,
    stepTimeoutMs: 10_000,
    stepAttemptsMax: 3,
  },
  failback: { mode: 'manual', healthyForMs: 600_000 },
  traffic: {},
};

const sites = ['virginia', 'ohio', 'oregon'];

function serving(...names: readonly string[]): Register {
  return { ...genesis('virginia'), serving: names };
}

function votes(register: Register | null): readonly string[] {
  return sites.filter((name) => oracleVote(register, service, name) === 'off');
}

describe('oracleVote', () => {
  it.each([
    ['virginia', []],
    ['ohio', ['virginia']],
    ['oregon', ['virginia', 'ohio']],
  ])('votes off what stands before the serving site in the chain (serving=%s, off=%j)', (name, off) => {
    expect(votes(serving(name))).toEqual(off);
  });

  it.each([
    [['virginia', 'oregon'], []],
    [['oregon', 'ohio'], ['virginia']],
    [['ohio', 'ohio'], ['virginia']],
  ])('votes off what stands before every serving site (serving=%j, off=%j)', (names, off) => {
    expect(votes(serving(...names))).toEqual(off);
  });

  it.each(sites)('never votes off a site that serves (serving=%s)', (name) => {
    expect(oracleVote(serving(name), service, name)).toBe('no-vote');
  });

  it.each([
    ['no register', null],
    ['an empty serving list', serving()],
    ['an unknown serving site', serving('tokyo')],
    ['an unknown site beside a known one', serving('oregon', 'tokyo')],
  ])('does not vote when in doubt: %s', (_, register) => {
    expect(votes(register)).toEqual([]);
  });

  it.each(['tokyo', '', 'Virginia', '__proto__'])('does not vote on a site that it does not know (site=%j)', (name) => {
    expect(oracleVote(serving('oregon'), service, name)).toBe('no-vote');
  });

  it('follows `serving`, not `active`: DNS turns with its own step of a run', () => {
    const register = { ...genesis('oregon'), serving: ['virginia'] };

    expect(votes(register)).toEqual([]);
  });
});

describe('oraclePath', () => {
  it('names service and site', () => {
    expect(oraclePath('web', 'virginia')).toBe('/v1/web/virginia/off');
  });
});
