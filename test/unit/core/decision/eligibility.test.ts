import { expect, test } from 'vitest';
import {
  candidateOrder,
  chooseCandidate,
  explainCandidates,
  type Ineligibility,
  ineligibilities,
} from '../../../../src/core/decision/eligibility.ts';
import type { SiteKnowledge } from '../../../../src/core/detection/site-knowledge.ts';
import type { DataRole } from '../../../../src/core/model/data.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { fence, globalData, oracleDns, recordsDns, registerWith, service, serviceWith } from '../service.fixture.ts';

const known: SiteKnowledge = { verdicts: { one: 'down', two: 'up', far: 'up' }, reports: {}, dependencies: {} };
const lagging = (replicationLagMs: number): SiteKnowledge => ({
  ...known,
  reports: { two: { replicationLagMs } },
  dependencies: {},
});
const fenced = serviceWith({ sites: { two: { fence } } });
const withData = serviceWith({ data: globalData });
const playing = (dataRole: DataRole): SiteKnowledge => ({ ...known, reports: { two: { dataRole } } });
const privateZone = { ...oracleDns, zone: { ...oracleDns.zone, private: true } };
const limited = serviceWith({ failover: { maxReplicationLagMs: 500 } });

test('nothing speaks against a standby that is up', () => {
  const found = ineligibilities(service, registerWith(), known, 'two');

  expect(found).toEqual([]);
});

test.each<[Ineligibility, Parameters<typeof ineligibilities>]>([
  ['is-active', [service, registerWith({ active: 'two' }), known, 'two']],
  ['never-eligible', [serviceWith({ sites: { two: { priority: 0 } } }), registerWith(), known, 'two']],
  ['in-maintenance', [service, registerWith({ maintenance: ['two'] }), known, 'two']],
  ['not-up', [service, registerWith(), { ...known, verdicts: { two: 'degraded' } }, 'two']],
  ['not-up', [service, registerWith(), { verdicts: {}, reports: {}, dependencies: {} }, 'two']],
  ['region-not-allowed', [serviceWith({ failover: { allowedRegions: ['region-1'] } }), registerWith(), known, 'far']],
  ['lag-over-limit', [limited, registerWith(), lagging(501), 'two']],
  ['lag-unknown', [limited, registerWith(), known, 'two']],
  ['not-ready', [service, registerWith(), { ...known, reports: { two: { ready: false } }, dependencies: {} }, 'two']],
  ['lost-in-last-failover', [service, registerWith({ lost: ['two'] }), known, 'two']],
  ['fence-owed', [fenced, registerWith({ owed: [{ site: 'two', epoch: 2, proof: 'closed' }] }), known, 'two']],
  ['self-fenced', [fenced, registerWith(), { ...known, reports: { two: { isSelfFenced: true } } }, 'two']],
  ['fence-owed', [fenced, registerWith({ opening: ['two'] }), known, 'two']],
  ['takes-writes', [withData, registerWith(), playing('takes-writes'), 'two']],
  ['not-in-dns', [service, registerWith({ ledTo: ['far', 'one'] }), known, 'two']],
])('%s alone keeps a site from becoming active', (reason, input) => {
  const found = ineligibilities(...input);

  expect(found).toEqual([reason]);
});

test.each<[string, Parameters<typeof ineligibilities>]>([
  ['is a replica', [withData, registerWith(), playing('replica'), 'two']],
  [
    'is the only writer of all, by a move that was made by hand',
    [withData, registerWith(), playing('sole-writer'), 'two'],
  ],
  ['is the writer by the register', [withData, registerWith({ writer: 'two' }), playing('takes-writes'), 'two']],
  ['may have been promoted', [withData, registerWith({ promoting: ['two'] }), playing('takes-writes'), 'two']],
  ['is written everywhere', [service, registerWith(), playing('takes-writes'), 'two']],
  ['is unknown', [withData, registerWith(), known, 'two']],
])('the data of a site keeps it from nothing where it %s', (_, input) => {
  expect(ineligibilities(...input)).toEqual([]);
});

test.each<[string, NamedService, Register['ledTo']]>([
  ['nobody has seen yet where they lead', service, undefined],
  ['they lead there', service, ['one', 'two']],
  ['they lead to its former name', serviceWith({ sites: { two: { renamedFrom: 'old' } } }), ['old', 'one']],
  ['they are edited', serviceWith({ traffic: { dns: recordsDns } }), ['one']],
  ['their zone is private', serviceWith({ traffic: { dns: privateZone } }), ['one']],
  ['there are none', serviceWith({ traffic: {} }), ['one']],
])('DNS records keep a site from nothing where %s', (_, given, ledTo) => {
  const register = registerWith(ledTo === undefined ? {} : { ledTo });

  expect(ineligibilities(given, register, known, 'two')).toEqual([]);
});

test('a person may force a move to a site that no record leads to yet', () => {
  const overrides = { isVerdictWaived: true, isDataLossAllowed: false };

  expect(ineligibilities(service, registerWith({ ledTo: ['one'] }), known, 'two', overrides)).toEqual([]);
});

test('a person who allows data to be lost may go to data that takes writes of its own', () => {
  const overrides = { isVerdictWaived: false, isDataLossAllowed: true };

  expect(ineligibilities(withData, registerWith(), playing('takes-writes'), 'two', overrides)).toEqual([]);
});

test('S12: nobody is forced to an old writer behind its fence once the data is configured no more, but at its loss', () => {
  const owed = [{ site: 'two', epoch: 2, proof: 'closed', guardsData: true }] as const;
  const guarded = registerWith({ owed });
  const forced = { isVerdictWaived: true, isDataLossAllowed: false };

  expect(ineligibilities(fenced, guarded, known, 'two', forced)).toEqual(['takes-writes']);
  expect(ineligibilities(fenced, guarded, known, 'two', { ...forced, isDataLossAllowed: true })).toEqual([]);
});

test('a site whose fence is gone from the configuration waits for no opening', () => {
  expect(ineligibilities(service, registerWith({ opening: ['two'] }), known, 'two')).toEqual([]);
});

test('a lag that is just the limit is allowed (replicationLagMs=500)', () => {
  const found = ineligibilities(limited, registerWith(), lagging(500), 'two');

  expect(found).toEqual([]);
});

test.each([
  ['the site that writes', { active: 'one', writer: 'two' }],
  ['a site whose promotion was ordered', { promoting: ['two'] }],
])('an unknown lag of %s is nothing against it, and a lag over the limit is', (_, register) => {
  expect(ineligibilities(limited, registerWith(register), known, 'two')).toEqual([]);
  expect(ineligibilities(limited, registerWith(register), lagging(501), 'two')).toEqual(['lag-over-limit']);
});

test('allowed data loss sets aside the lag and nothing else', () => {
  const overrides = { isVerdictWaived: false, isDataLossAllowed: true };

  const found = ineligibilities(limited, registerWith({ lost: ['two'] }), lagging(900), 'two', overrides);

  expect(found).toEqual(['lost-in-last-failover']);
});

test.each([
  ['unclear', []],
  ['degraded', []],
  ['down', ['not-up']],
] as const)('a waived verdict accepts a lost site, but none that is down (%s: %j)', (verdict, expected) => {
  const overrides = { isVerdictWaived: true, isDataLossAllowed: false };
  const knowledge: SiteKnowledge = { verdicts: { two: verdict }, reports: {}, dependencies: {} };

  const found = ineligibilities(service, registerWith({ lost: ['two'] }), knowledge, 'two', overrides);

  expect(found).toEqual(expected);
});

test('a site that the service does not have is refused loudly', () => {
  const asking = () => ineligibilities(service, registerWith(), known, 'nowhere');

  expect(asking).toThrow(RangeError);
});

test('candidates: same region first, then priority, then least lag, then name', () => {
  const near = candidateOrder(service, registerWith(), known);
  const fromFar = candidateOrder(service, registerWith({ active: 'far' }), known);
  const equal = serviceWith({ sites: { one: { priority: 50 } } });
  const byLag = candidateOrder(equal, registerWith({ active: 'far' }), lagging(1));
  const byName = candidateOrder(equal, registerWith({ active: 'far' }), known);

  expect(near).toEqual(['two', 'far']);
  expect(fromFar).toEqual(['one', 'two']);
  expect(byLag).toEqual(['two', 'one']);
  expect(byName).toEqual(['one', 'two']);
});

test('the first eligible candidate is chosen, and none when none is', () => {
  const second = chooseCandidate(service, registerWith({ maintenance: ['two'] }), known);
  const none = chooseCandidate(service, registerWith({ maintenance: ['two', 'far'] }), known);

  expect([second, none]).toEqual(['far', null]);
});

test('the explanation has each candidate with its reasons', () => {
  const text = explainCandidates(service, registerWith({ maintenance: ['two'], lost: ['two'] }), known);

  expect(text).toBe('two: in-maintenance, lost-in-last-failover; far: eligible');
});
