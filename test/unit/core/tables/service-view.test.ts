import { describe, expect, it, test } from 'vitest';
import { blankTrack, type Opinion, type SiteTrack } from '../../../../src/core/detection/opinion.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { digestsOf } from '../../../../src/core/model/digest.ts';
import type { State } from '../../../../src/core/register/quorum.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import {
  composeServiceView,
  isActiveSuspected,
  registerViewOf,
  type Voice,
  wantingVoters,
} from '../../../../src/core/tables/service-view.ts';
import type { TableView } from '../../../../src/core/tables/table-view.ts';
import { holding, votedBy } from '../register/register.fixture.ts';
import { service } from '../service.fixture.ts';

const controlRegions = ['a', 'b', 'c'];
const deployment = { name: 'shop', controlRegions, services: { shop: service }, groups: {} } as unknown as Deployment;
const table = (state: State | null): TableView => ({ opinions: null, acceptors: { shop: state } });
const heldBy = (regions: readonly string[], register: Register, counter = 1) =>
  Object.fromEntries(regions.map((region) => [region, table(holding(region, register, counter))]));

/** The voice of a watcher that holds these opinions, with some of its tracks replaced. */
function voice(opinions: Readonly<Record<string, Opinion>>, more: Partial<SiteTrack> = {}): Voice {
  const tracks = Object.entries(opinions).map(([site, opinion]) => [site, { ...blankTrack, opinion, ...more }]);
  return { tracks: { shop: Object.fromEntries(tracks) }, digests: digestsOf(service) };
}

const founded = votedBy(controlRegions);

describe('the view of a service', () => {
  const views = heldBy(controlRegions, founded);

  it('has what each watcher that speaks holds of each site, and the verdict on it', () => {
    const voices = { a: voice({ one: 'down', two: 'up' }), b: voice({ one: 'down' }), c: voice({ one: 'suspect' }) };

    const { register, testimonies, knowledge } = composeServiceView(deployment, service, views, voices);

    expect(register.kind).toBe('decided');
    expect(testimonies.one?.map(({ watcher, opinion }) => [watcher, opinion])).toEqual([
      ['a', 'down'],
      ['b', 'down'],
      ['c', 'suspect'],
    ]);
    expect(testimonies.two?.map(({ watcher }) => watcher)).toEqual(['a']);
    expect(testimonies.far).toEqual([]);
    expect(knowledge.verdicts).toEqual({ one: 'down', two: 'unclear', far: 'unclear' });
  });

  it('counts a site as alive when a watcher has corroborated that', () => {
    const voices = { a: voice({ one: 'down' }), b: voice({ one: 'down' }, { isCorroboratedAlive: true }) };

    expect(composeServiceView(deployment, service, views, voices).knowledge.verdicts.one).toBe('degraded');
  });

  it('has the less favourable report of each site', () => {
    const voices = {
      a: voice({ one: 'up' }, { report: { replicationLagMs: 5 } }),
      b: voice({ one: 'up' }, { report: { replicationLagMs: 900 } }),
    };

    const { reports } = composeServiceView(deployment, service, views, voices).knowledge;

    expect(reports.one).toMatchObject({ replicationLagMs: 900 });
    expect(reports.two?.replicationLagMs).toBeUndefined();
  });

  it('names each dependency that fails somewhere once, in order', () => {
    const voices = {
      a: voice({ one: 'up' }, { dependencies: ['queue', 'cache'] }),
      b: voice({ one: 'up' }, { dependencies: ['queue'] }),
      c: voice({ one: 'up' }),
    };

    const { dependencies } = composeServiceView(deployment, service, views, voices).knowledge;

    expect(dependencies).toEqual({ one: ['cache', 'queue'], two: [], far: [] });
  });

  it('leaves out what a watcher says of other services alone', () => {
    const other: Voice = { tracks: { mail: { one: { ...blankTrack, opinion: 'down' } } }, digests: {} };

    const { testimonies, knowledge, freshWatchers } = composeServiceView(deployment, service, views, { a: other });

    expect(testimonies.one).toEqual([]);
    expect(knowledge.dependencies.one).toEqual([]);
    expect(freshWatchers).toEqual(['a']);
  });

  it('says whose functions do not answer whom, where there are any', () => {
    const voices = { a: { ...voice({}), unanswered: ['c'] }, b: { ...voice({}), unanswered: [] }, c: voice({}) };

    expect(composeServiceView(deployment, service, views, voices).unanswered).toEqual({ a: ['c'] });
  });

  it('says where another watcher is configured differently from the reader', () => {
    const voices = { a: voice({}), b: { ...voice({}), digests: { ...digestsOf(service), shop: 'other' } } };

    expect(composeServiceView(deployment, service, views, voices).disputes).toEqual([{ site: null, regions: ['b'] }]);
    expect(composeServiceView(deployment, service, views, voices).loss).toBeUndefined();
  });
});

describe('who votes', () => {
  it('is who the register names, and nobody else is heard', () => {
    const views = heldBy(['a', 'b', 'd'], votedBy(['a', 'b', 'd']));
    const voices = { a: voice({ one: 'down' }), c: voice({ one: 'down' }), d: voice({ one: 'down' }) };

    const view = composeServiceView(deployment, service, views, voices);

    expect(view.register.kind).toBe('decided');
    expect(view.members).toEqual(['a', 'b', 'd']);
    expect(view.freshWatchers).toEqual(['a', 'd']);
    expect(view.testimonies.one?.map(({ watcher }) => watcher)).toEqual(['a', 'd']);
  });

  it('is who the newest known value names while no majority answers', () => {
    const views = { a: heldBy(['a'], votedBy(['a', 'b', 'd'])).a };

    const view = composeServiceView(deployment, service, views, {});

    expect(view.register.kind).toBe('no-majority');
    expect(view.members).toEqual(['a', 'b', 'd']);
  });

  it('is who the configuration names before there is a register, and while nothing is known of one', () => {
    const empty = Object.fromEntries(controlRegions.map((region) => [region, table(null)]));

    expect(composeServiceView(deployment, service, empty, {})).toMatchObject({
      register: { kind: 'absent' },
      members: controlRegions,
    });
    expect(composeServiceView(deployment, service, {}, {})).toMatchObject({
      register: { kind: 'no-majority', lastKnown: null },
      members: controlRegions,
    });
  });

  it('makes up the majority that a verdict is measured by', () => {
    const five = ['a', 'b', 'c', 'd', 'e'];
    const views = heldBy(five, votedBy(five));
    const voices = { a: voice({ one: 'down' }), b: voice({ one: 'down' }), ...wellFor(['c', 'd', 'e']) };

    // Two of five call it down, which is the quorum here, but three see it well.
    expect(composeServiceView(deployment, service, views, voices).knowledge.verdicts.one).not.toBe('down');
  });

  function wellFor(regions: readonly string[]): Readonly<Record<string, Voice>> {
    return Object.fromEntries(regions.map((region) => [region, voice({ one: 'up' })]));
  }
});

describe('a register that is lost', () => {
  it('is one that a majority of its voters have forgotten', () => {
    const views = { a: table(holding('a', founded)), b: table(null), c: table(null) };

    expect(composeServiceView(deployment, service, views, {}).loss).toEqual({ named: null, isAnswered: false });
  });

  it('is none of which too few tables answer', () => {
    const views = { a: table(holding('a', founded)) };

    expect(composeServiceView(deployment, service, views, {}).loss).toBeUndefined();
  });
});

test('a register is read from what each region answered, in that order', () => {
  const regions = ['a', 'b', 'c'];
  const views = regions.map((region) => table(holding(region, founded)));

  expect(registerViewOf(regions, 'shop', views)).toMatchObject({ kind: 'decided', isTidy: true });
  expect(registerViewOf(regions, 'shop', [views[0], undefined, views[2]])).toMatchObject({ kind: 'decided' });
  expect(registerViewOf(regions, 'shop', [views[0], undefined, undefined]).kind).toBe('no-majority');
  expect(registerViewOf(regions, 'mail', views).kind).toBe('no-majority');
});

test.each<[string, Readonly<Record<string, readonly string[]>>, number]>([
  ['nobody speaks', {}, 0],
  ['all want it, in whatever order', { a: ['a', 'b', 'd'], b: ['d', 'b', 'a'], c: ['b', 'a', 'd'] }, 3],
  ['one wants more', { a: ['a', 'b', 'd', 'e'], b: ['a', 'b', 'd'] }, 1],
  ['one wants less', { a: ['a', 'b'], b: ['a', 'b', 'd'] }, 1],
  ['one wants another region', { a: ['a', 'b', 'c'] }, 0],
  ['somebody without a vote wants it', { e: ['a', 'b', 'd'] }, 0],
])('while %s (%j) the wish for a, b and d has %i voters', (_, wishes, count) => {
  expect(wantingVoters(founded, wishes, ['a', 'b', 'd'])).toBe(count);
});

test.each<['active-passive' | 'active-active', string, Opinion, boolean]>([
  ['active-passive', 'one', 'down', true],
  ['active-passive', 'one', 'suspect', true],
  ['active-passive', 'one', 'up', false],
  ['active-passive', 'one', 'unknown', false],
  ['active-passive', 'two', 'down', false],
  ['active-active', 'two', 'suspect', true],
  ['active-active', 'far', 'suspect', false],
])('%s: a fault is suspected when one watcher finds %s %s: %s', (mode, site, opinion, isSuspected) => {
  const register = votedBy(controlRegions, { active: 'one', serving: ['one', 'two'] });
  const well = { watcher: 'a', opinion: 'up', isCorroboratedAlive: false, report: {} } as const;
  const testimonies = { [site]: [well, { ...well, watcher: 'b', opinion }] };

  expect(isActiveSuspected({ mode }, register, { testimonies })).toBe(isSuspected);
});
