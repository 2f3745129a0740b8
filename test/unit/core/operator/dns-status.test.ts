import { describe, expect, it, test } from 'vitest';
import { oracleVote } from '../../../../src/core/dns/oracle-vote.ts';
import {
  type DnsReadings,
  guardKey,
  type MemoryReading,
  memoriesIn,
  type OracleReading,
  questionsIn,
} from '../../../../src/core/dns/readings.ts';
import type { DnsTraffic } from '../../../../src/core/model/traffic.ts';
import { type DnsStatus, dnsStatus, dnsText } from '../../../../src/core/operator/dns-status.ts';
import { ill, withLeading } from '../../../../src/core/operator/protection.ts';
import { newRunTimes } from '../../../../src/core/register/ledger.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { longestShiftMs, recoveryBound } from '../../../../src/core/timing.ts';
import { deploymentOf } from '../group.fixture.ts';
import { oracleDns, registerWith, runWith, serviceWith } from '../service.fixture.ts';

const movedMs = 1_000_000;

function worldOf(dns: Partial<DnsTraffic> = {}) {
  const service = serviceWith({ traffic: { dns: { ...oracleDns, ...dns } } });
  return { service, deployment: deploymentOf({ shop: service }, {}) };
}

const { service, deployment } = worldOf();

/** What an oracle says whose register sends clients to a site. */
function votesFor(site: string): OracleReading {
  const register = registerWith({ serving: [site] });
  const guards = memoriesIn(deployment);
  const statuses = questionsIn(deployment).map(({ site: asked }) => {
    const sites = guards.find((guard) => guard.site === asked)?.sites ?? [];
    return [guardKey('shop', asked), oracleVote(register, service, sites) === 'off' ? 200 : 503] as const;
  });
  return { kind: 'answered', statuses: Object.fromEntries(statuses), why: null };
}

/** What is remembered once the site has served for long. */
function remembers(site: string): MemoryReading {
  const states = memoriesIn(deployment).map(({ alarm, sites }) => [alarm, sites.includes(site) ? 'OK' : 'ALARM']);
  return { kind: 'read', states: Object.fromEntries(states) };
}

const dark: OracleReading = { kind: 'silent', why: 'no answer: timeout' };
const unread: MemoryReading = { kind: 'unread', why: 'denied' };

function read<T>(...said: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(said.map((each, place) => [`region-${place + 1}`, each]));
}

function readings(
  oracles: readonly [OracleReading, OracleReading, OracleReading],
  memories: readonly [MemoryReading, MemoryReading, MemoryReading],
): DnsReadings {
  return { oracles: read(...oracles), memories: read(...memories) };
}

const three = <T>(each: T) => [each, each, each] as const;

/** The register after a move that ended at `movedMs`. */
function moved(from: string, to: string): Register {
  const times = { ...newRunTimes(movedMs - 5_000), shiftedMs: movedMs };
  const run = { ...runWith(), from, to, epoch: 2, state: 'done', times } as const;
  return registerWith({ epoch: 2, active: to, writer: to, serving: [to], run });
}

const seen = (register: Register | null, said: DnsReadings, afterMs = 3_600_000) =>
  dnsStatus(deployment, service, register, said, movedMs + afterMs);

describe('against the register', () => {
  it.each<[string, DnsReadings]>([
    ['everybody', readings(three(votesFor('two')), three(remembers('two')))],
    ['votes, while memories are not known', readings(three(votesFor('two')), three(unread))],
    ['memories, while every oracle is dark', readings(three(dark), three(remembers('two')))],
    ['a majority of memories', readings(three(dark), [remembers('two'), remembers('two'), unread])],
    ['votes, while memories have seen nothing', readings(three(votesFor('two')), three(remembers('one')))],
  ])('it agrees by %s', (_, said) => {
    expect(seen(moved('one', 'two'), said)).toMatchObject({ state: 'agrees', leadsTo: ['two'], followLeftMs: null });
  });

  it.each<[string, DnsReadings]>([
    ['votes', readings(three(votesFor('one')), three(remembers('one')))],
    ['a majority of votes', readings([votesFor('one'), votesFor('one'), dark], three(remembers('one')))],
  ])('it differs by %s', (_, said) => {
    expect(seen(moved('one', 'two'), said)).toMatchObject({ state: 'differs', leadsTo: ['one'] });
  });

  it.each<[string, DnsReadings]>([
    ['votes', readings(three(votesFor('two')), three(remembers('one')))],
    ['memories, whatever oracles vote', readings(three(votesFor('one')), three(remembers('two')))],
  ])('it differs without a move, by %s', (_, said) => {
    expect(seen(registerWith(), said)).toMatchObject({ state: 'differs', leadsTo: ['two'] });
  });

  it.each<[string, DnsReadings]>([
    ['nobody answers', readings(three(dark), three(unread))],
    ['one vote is not known that decides', readings([votesFor('one'), votesFor('two'), dark], three(remembers('one')))],
    ['votes are missing', readings([votesFor('one'), dark, dark], three(remembers('one')))],
    ['memories are not known', readings(three(votesFor('one')), [remembers('one'), unread, unread])],
  ])('it is not known where %s', (_, said) => {
    expect(seen(moved('one', 'two'), said)).toMatchObject({ state: 'unknown', leadsTo: null, followLeftMs: null });
  });

  it('is not known while the register is not', () => {
    expect(seen(null, readings(three(votesFor('one')), three(remembers('one'))))).toMatchObject({
      state: 'unknown',
      leadsTo: ['one'],
    });
  });
});

describe('after a move it may go on to follow', () => {
  const { shiftMs, recallMs } = recoveryBound(service);

  it.each<[string, string, string, DnsReadings, number]>([
    ['a move to a site', 'one', 'two', readings(three(votesFor('one')), three(remembers('one'))), shiftMs],
    [
      'a move back, which memories delay',
      'two',
      'one',
      readings(three(votesFor('one')), three(remembers('two'))),
      shiftMs + recallMs,
    ],
  ])('for the bound of %s', (_, from, to, said, boundMs) => {
    const register = moved(from, to);

    expect(longestShiftMs(service, { from, to })).toBe(boundMs);
    expect(seen(register, said, boundMs - 1)).toMatchObject({ state: 'follows', followLeftMs: 1, leadsTo: [from] });
    expect(seen(register, said, boundMs)).toMatchObject({ state: 'differs', followLeftMs: null });
  });

  it('for the longest bound when the register was founded again', () => {
    const history = [{ epoch: 4, atMs: movedMs, by: 'eve', what: 'founded again with two active' }];
    const register = registerWith({ epoch: 4, active: 'two', writer: 'two', serving: ['two'], history });
    const said = readings(three(votesFor('one')), three(remembers('one')));

    expect(seen(register, said, shiftMs + recallMs - 1)).toMatchObject({ state: 'follows' });
    expect(seen(register, said, shiftMs + recallMs)).toMatchObject({ state: 'differs' });
  });
});

test.each<[string, Partial<DnsTraffic>, DnsReadings | null]>([
  ['nobody reads it', {}, null],
  ['records are edited', { mode: 'records' }, readings(three(dark), three(unread))],
  ['nothing of it can be read from here', { mode: 'memory' }, { oracles: read(dark), memories: null }],
])('there is nothing to say where %s', (_, dns, said) => {
  const world = worldOf(dns);

  expect(dnsStatus(world.deployment, world.service, registerWith(), said, 0)).toBeNull();
});

test('a name that remembers nothing tells of votes alone', () => {
  const world = worldOf({ memory: false });
  const said = readings(three(votesFor('one')), three(remembers('two')));

  expect(dnsStatus(world.deployment, world.service, registerWith(), said, 0)).toMatchObject({
    state: 'agrees',
    memories: null,
  });
});

test('each region is counted by the site that it leads to, and what is not known comes last, with its reason', () => {
  const status = seen(registerWith(), readings([dark, votesFor('one'), votesFor('two')], three(remembers('far'))));

  expect(dnsText(status as DnsStatus)).toBe('oracles: one 1/3, two 1/3, unknown 1/3; memories: far 3/3');
  expect(status?.oracles?.['region-1']).toEqual({ sites: null, why: 'no answer: timeout' });
  expect(status?.oracles?.['region-2']).toEqual({ sites: ['one'], why: null });
});

describe('the first line of status', () => {
  const well = { level: 'protected', why: 'if two fails, one takes over', isWell: true } as const;
  const said = readings(three(votesFor('one')), three(remembers('one')));
  const differs = seen(moved('one', 'two'), said);
  const why = 'DNS leads clients to one, and the register to two (oracles: one 3/3; memories: one 3/3)';

  const world = worldOf({ memory: false });
  const forgetful = dnsStatus(world.deployment, world.service, registerWith(), readings(three(dark), three(unread)), 0);

  it('says where clients are led instead', () => {
    expect(withLeading(well, differs, ['two'])).toEqual({ level: 'unprotected', why, isWell: false });
    expect(withLeading(ill('unprotected', 'paused'), differs, ['two'])).toEqual(ill('unprotected', `${why}; paused`));
  });

  it.each(['moving', 'stuck', 'cannot-see'] as const)('stays as it is when it is %s', (level) => {
    expect(withLeading(ill(level, 'so'), differs, ['two'])).toEqual(ill(level, 'so'));
  });

  it.each<[string, DnsStatus | null]>([
    ['it follows as it may', seen(moved('one', 'two'), said, 1)],
    [
      'one oracle of three is silent',
      seen(registerWith(), readings([dark, votesFor('one'), votesFor('one')], three(unread))),
    ],
    ['nobody reads it', null],
  ])('stays as it is while %s', (_, dns) => {
    expect(withLeading(well, dns, ['two'])).toEqual(well);
  });

  it('says how much later DNS follows while no majority of oracles votes', () => {
    const dns = seen(registerWith(), readings([dark, dark, votesFor('one')], three(remembers('one'))));
    const later = 'DNS would follow by its memory alone, up to 3 min later';
    const counts = 'oracles: one 1/3, unknown 2/3; memories: one 3/3';

    expect(withLeading(well, dns, ['one'])).toEqual({ ...well, why: `${well.why}; ${later} (${counts})` });
    expect(withLeading(ill('unprotected', 'paused'), dns, ['one'])).toEqual(ill('unprotected', 'paused'));
  });

  it.each<[string, DnsStatus | null]>([
    ['its memory cannot be read either', seen(registerWith(), readings(three(dark), three(unread)))],
    ['it remembers nothing', forgetful],
  ])('says that it is not known while no majority of oracles votes and %s', (_, dns) => {
    const words = `whether DNS would follow is not known here (${dnsText(dns as DnsStatus)})`;

    expect(withLeading(well, dns, ['one'])).toEqual({ ...well, why: `${well.why}; ${words}` });
  });
});
