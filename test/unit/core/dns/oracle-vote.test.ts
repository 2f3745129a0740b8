import { describe, expect, it } from 'vitest';
import { oraclePath, oracleVote } from '../../../../src/core/dns/oracle-vote.ts';
import type { Service } from '../../../../src/core/model/service.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';

const site = (priority: number) =>
  ({
    region: 'us-east-1',
    priority,
    standby: 'hot',
    capacity: 100,
    probes: [],
    require: 'all',
    scale: [],
    bootMs: 60_000,
    measures: {},
  }) as const;

/** Three sites, first to last: virginia, ohio, oregon. */
const service: Service = {
  mode: 'active-passive',
  sites: { oregon: site(10), virginia: site(100), ohio: site(50) },
  detection: {
    intervalMs: 2_000,
    fallCount: 3,
    riseCount: 5,
    suspectIntervalMs: 500,
    minDownMs: 0,
    quorum: 2,
    opinionTtlMs: 10_000,
    grey: { windowTicks: 0, clockOffsetMs: 30_000, certificateDays: 14 },
    bootGraceMs: 0,
  },
  failover: {
    automatic: true,
    blockMs: 3_600_000,
    maxMovesPerDay: 3,
    leaseMs: 15_000,
    requireFenceProof: false,
    reconcileMs: 30_000,
    stepTimeoutMs: 10_000,
    stepAttemptsMax: 3,
    runAttemptsMax: 3,
    onStartFailure: 'wait',
    allDown: 'keep',
  },
  capacity: { limitPercent: 90, spareSites: 0, shortage: 'shed' },
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

describe('oracleVote on a pool', () => {
  const dns = {
    zone: { id: 'Z1', name: 'shop.example' },
    record: 'www.shop.example',
    ttlSeconds: 30,
    mode: 'oracle',
    policy: 'weighted',
    addresses: { virginia: { a: '192.0.2.1' }, ohio: { a: '192.0.2.2' }, oregon: { a: '192.0.2.3' } },
  } as const;
  const pool: Service = { ...service, mode: 'active-active', traffic: { dns } };
  const withEndpoint: Service = { ...pool, traffic: { dns: { ...dns, lastResort: { a: '192.0.2.9' } } } };
  const votesIn = (of: Service, register: Register | null) =>
    sites.filter((name) => oracleVote(register, of, name) === 'off');

  it.each([
    [['virginia', 'ohio', 'oregon'], []],
    [['ohio', 'oregon'], ['virginia']],
    [['virginia', 'oregon'], ['ohio']],
    [['virginia', 'ohio'], ['oregon']],
    [['oregon'], ['virginia', 'ohio']],
    [['virginia'], ['ohio', 'oregon']],
  ])('votes off whatever does not serve, wherever it stands (serving=%j, off=%j)', (names, off) => {
    expect(votesIn(pool, serving(...names))).toEqual(off);
    expect(votesIn(withEndpoint, serving(...names))).toEqual(off);
  });

  it.each([
    ['no register', null],
    ['an empty pool', serving()],
    ['a pool of strangers', serving('tokyo')],
    ['a stranger in the pool', serving('virginia', 'tokyo')],
  ])('does not vote when in doubt: %s', (_, register) => {
    expect(votesIn(pool, register)).toEqual([]);
    expect(votesIn(withEndpoint, register)).toEqual([]);
  });

  it('votes every site off only while the static endpoint serves, and there is one', () => {
    expect(votesIn(withEndpoint, serving('last-resort'))).toEqual(sites);
    expect(votesIn(pool, serving('last-resort'))).toEqual([]);
  });
});

describe('oraclePath', () => {
  it('names service and site', () => {
    expect(oraclePath('web', 'virginia')).toBe('/v1/web/virginia/off');
  });
});
