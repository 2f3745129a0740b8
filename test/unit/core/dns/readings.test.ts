import { describe, expect, it, test } from 'vitest';
import { guardsIn } from '../../../../src/core/dns/checks.ts';
import {
  type MemoryState,
  majoritySays,
  memoriesIn,
  type OracleReading,
  questionsIn,
  sitesLedTo,
  wordsOfMemory,
  wordsOfOracle,
} from '../../../../src/core/dns/readings.ts';
import { dnsTree } from '../../../../src/core/dns/record-tree.ts';
import { lastResortName, type NamedService } from '../../../../src/core/model/service.ts';
import type { DnsTraffic } from '../../../../src/core/model/traffic.ts';
import { answersAnywhere } from '../../../../src/sim/world/dns/route53.ts';
import { deploymentOf } from '../group.fixture.ts';
import { controlRegions, dns, lastResort, poolWith, record } from '../pool.fixture.ts';

function chainWith(changes: Partial<DnsTraffic> = {}): NamedService {
  return { ...poolWith({ policy: 'failover', ...changes }), mode: 'active-passive' };
}

/** Sites whose addresses anybody is answered, by Route 53's rules, while the guards of some sites say off. */
function answered(service: NamedService, off: readonly string[]): readonly string[] {
  const { checks, records } = dnsTree({ name: 'shop', controlRegions }, service);
  const isHealthy = (id: string) => {
    const check = checks.find((each) => each.id === id);
    const first = check?.kind === 'calculated' ? checks.find((each) => each.id === check.children[0]) : undefined;
    return first === undefined || first.kind === 'calculated' || !off.includes(first.site);
  };
  const all: DnsTraffic['addresses'] = { ...dns.addresses, [lastResortName]: lastResort };
  return answersAnywhere(records, isHealthy, record, 'A')
    .values.flatMap((value) => Object.keys(all).filter((site) => all[site]?.a?.includes(value)))
    .toSorted();
}

describe('where a name leads is what Route 53 answers, whichever guards say off', () => {
  it.each<[string, NamedService]>([
    ['a chain', chainWith()],
    ['a chain with a last resort', chainWith({ lastResort })],
    ['a chain with memory', chainWith({ memory: true })],
    ['a chain by memory alone', chainWith({ mode: 'memory', memory: undefined })],
    ['a pool', poolWith()],
    ['a pool with a last resort', poolWith({ lastResort })],
    ['a pool by latency', poolWith({ policy: 'latency' })],
    ['a pool of many values', poolWith({ policy: 'multivalue' })],
  ])('%s', (_, service) => {
    const guards = guardsIn(service).map(({ site }) => site);
    const subsets = Array.from({ length: 2 ** guards.length }, (_, bits) =>
      guards.filter((_, place) => (bits >> place) % 2 === 1),
    );

    for (const off of subsets) {
      const led = sitesLedTo(service, ({ site }) => off.includes(site));
      expect([off, led?.toSorted()]).toEqual([off, answered(service, off)]);
    }
  });
});

test.each<[string, NamedService, Readonly<Record<string, boolean | null>>, readonly string[] | null]>([
  ['the first of a chain', chainWith(), { virginia: null, frankfurt: true }, null],
  ['one behind the answer', chainWith(), { virginia: false, frankfurt: null }, ['virginia']],
  ['one of a pool', poolWith(), { virginia: false, frankfurt: null, ireland: false }, null],
])('a guard that is not known leaves the answer open where it matters (%s)', (_, service, words, expected) => {
  expect(sitesLedTo(service, ({ site }) => words[site] ?? null)).toEqual(expected);
});

test.each<[readonly (boolean | null)[], boolean | null]>([
  [[true, true, false], true],
  [[true, true, null], true],
  [[true, null, false], null],
  [[false, null, false], false],
  [[null, null, false], null],
  [[], null],
])('a majority of three says what it says, whatever others might (%j)', (words, expected) => {
  const said = Object.fromEntries(words.map((word, place) => [controlRegions[place] ?? '', word]));

  expect(majoritySays({ controlRegions }, said)).toBe(expected);
});

const deployment = deploymentOf({ web: chainWith({ memory: true }) }, {});

test('every oracle is asked about each guard, and each guard is remembered', () => {
  const sites = guardsIn(chainWith()).map(({ site }) => site);

  expect(questionsIn(deployment).map(({ service, site }) => [service, site])).toEqual(
    sites.map((site) => ['web', site]),
  );
  expect(memoriesIn(deployment).map(({ site }) => site)).toEqual(sites);
});

test.each<[string, OracleReading, boolean | null, string | null]>([
  ['a vote', { kind: 'answered', statuses: { 'web/virginia': 200 }, why: null }, true, null],
  ['no vote', { kind: 'answered', statuses: { 'web/virginia': 503 }, why: null }, false, null],
  ['a fault', { kind: 'answered', statuses: { 'web/virginia': 403 }, why: null }, null, 'answers with status 403'],
  [
    'no answer to this question',
    { kind: 'answered', statuses: { 'web/frankfurt': 503 }, why: 'no answer: timeout' },
    null,
    'no answer: timeout',
  ],
  ['silence', { kind: 'silent', why: 'no answer: refused' }, null, 'no answer: refused'],
  ['no address', { kind: 'no-address' }, null, 'has no function URL'],
])('what an oracle says: %s', (_, reading, isOff, why) => {
  expect(wordsOfOracle(deployment, reading)['web/virginia']).toEqual({ isOff, why });
});

test.each<[MemoryState | undefined, boolean | null, string | null]>([
  ['ALARM', true, null],
  ['OK', false, null],
  ['INSUFFICIENT_DATA', null, 'has no data, so its last word stands'],
  ['missing', null, 'has no alarm'],
  [undefined, null, 'has no alarm'],
])('what a memory says: %s', (state, isOff, why) => {
  const [memory] = memoriesIn(deployment);
  const states = state === undefined ? {} : { [memory?.alarm ?? '']: state };

  expect(wordsOfMemory(deployment, { kind: 'read', states })['web/virginia']).toEqual({ isOff, why });
});

test('a memory that could not be read says why', () => {
  expect(wordsOfMemory(deployment, { kind: 'unread', why: 'denied' })['web/virginia']).toEqual({
    isOff: null,
    why: 'denied',
  });
});
