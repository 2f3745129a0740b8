import { describe, expect, it } from 'vitest';
import { oraclePath, oracleQuestions, oracleVote } from '../../../../src/core/dns/oracle-vote.ts';
import type { Service } from '../../../../src/core/model/service.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';
import { deploymentOf } from '../../cli/deployment.fixture.ts';

const site = (priority: number) =>
  ({
    region: 'us-east-1',
    priority,
    standby: 'hot',
    capacity: 100,
    probes: [],
    require: 'all',
    scale: [],
    work: [],
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

/** What the record of a site in the chain asks about. */
function upTo(name: string): readonly string[] {
  return sites.slice(0, sites.indexOf(name) + 1);
}

function serving(...names: readonly string[]): Register {
  return { ...genesis('virginia'), serving: names };
}

function votes(register: Register | null): readonly string[] {
  return sites.filter((name) => oracleVote(register, service, upTo(name)) === 'off');
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
    expect(oracleVote(serving(name), service, upTo(name))).toBe('no-vote');
  });

  it.each([
    ['no register', null],
    ['an empty serving list', serving()],
  ])('does not vote when in doubt: %s', (_, register) => {
    expect(votes(register)).toEqual([]);
  });

  it.each(['tokyo', '', 'Virginia', '__proto__'])(
    'votes by the register alone on sites of another configuration (site=%j)',
    (name) => {
      expect(oracleVote(serving('oregon'), service, [name])).toBe('off');
      expect(oracleVote(serving('oregon'), service, [name, 'oregon'])).toBe('no-vote');
      expect(oracleVote(null, service, [name])).toBe('no-vote');
    },
  );

  it('does not vote when it is asked about nobody', () => {
    expect(oracleVote(serving('oregon'), service, [])).toBe('no-vote');
  });

  it.each([
    ['ohio', ['ohio'], 'no-vote'],
    ['ohio', ['dublin'], 'no-vote'],
    ['dublin', ['ohio'], 'no-vote'],
    ['dublin', ['dublin'], 'no-vote'],
    ['dublin', ['virginia'], 'off'],
    ['oregon', ['dublin'], 'off'],
  ] as const)('knows a site by its old name too: %s serves, asked about %j', (name, asked, vote) => {
    const ohio = { ...site(50), renamedFrom: 'dublin' };

    const renamed = { ...service, sites: { ...service.sites, ohio } };
    expect(oracleVote(serving(name), renamed, asked)).toBe(vote);
  });

  it.each([
    [['tokyo'], sites],
    [
      ['oregon', 'tokyo'],
      ['virginia', 'ohio'],
    ],
    [['last-resort'], sites],
  ])('counts a site of another configuration as any other (serving=%j, off=%j)', (names, off) => {
    expect(votes(serving(...names))).toEqual(off);
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
    addresses: { virginia: { a: ['192.0.2.1'] }, ohio: { a: ['192.0.2.2'] }, oregon: { a: ['192.0.2.3'] } },
  } as const;
  const pool: Service = { ...service, mode: 'active-active', traffic: { dns } };
  const withEndpoint: Service = { ...pool, traffic: { dns: { ...dns, lastResort: { a: ['192.0.2.9'] } } } };
  const votesIn = (of: Service, register: Register | null) =>
    sites.filter((name) => oracleVote(register, of, [name]) === 'off');

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
  ])('does not vote when in doubt: %s', (_, register) => {
    expect(votesIn(pool, register)).toEqual([]);
    expect(votesIn(withEndpoint, register)).toEqual([]);
  });

  it('votes every site off while the static endpoint serves', () => {
    expect(votesIn(withEndpoint, serving('last-resort'))).toEqual(sites);
  });
});

describe('a path', () => {
  const deployment = deploymentOf('web', 'api');
  const questionAt = oracleQuestions(deployment);
  const { name } = deployment;
  const zoneId = 'Z0EXAMPLE';
  const pathOf = (service: string, sites: readonly string[], at = {}) =>
    oraclePath({ deployment: name, service, zoneId, ...at }, sites);

  it('is read as what it was made of, by any deployment that has the sites', () => {
    expect(questionAt(pathOf('web', ['virginia', 'oregon']))).toMatchObject({
      service: { name: 'web' },
      sites: ['virginia', 'oregon'],
    });
    expect(questionAt(pathOf('web', ['tokyo', 'oregon']))?.sites).toEqual([expect.stringMatching(/^#/), 'oregon']);
  });

  it('says nothing of names', () => {
    const path = pathOf('web', ['virginia', 'oregon']);

    expect(path).toMatch(/^\/v1\/[0-9a-f]{12}\/[0-9a-f]{12}[+][0-9a-f]{12}$/);
  });

  it('is short enough for Route 53, with ten sites of the longest names (at most 255 characters)', () => {
    const names = Array.from({ length: 10 }, (_, index) => `${index}`.padStart(31, 'x'));

    expect(pathOf('y'.repeat(31), names, { deployment: 'x'.repeat(31) }).length).toBeLessThanOrEqual(255);
  });

  it.each([
    '/',
    '/v1/web/virginia/off',
    `${pathOf('web', ['virginia'])}/`,
    pathOf('web', ['virginia']).toUpperCase(),
    pathOf('tokyo', ['virginia']),
    pathOf('web', ['virginia'], { deployment: 'other' }),
    pathOf('web', ['virginia'], { zoneId: 'Z1EXAMPLE' }),
    pathOf('web', []),
    pathOf(
      'web',
      Array.from({ length: 11 }, () => 'virginia'),
    ),
  ])('asks for no vote: %s', (path) => {
    expect(questionAt(path)).toBeNull();
  });
});
