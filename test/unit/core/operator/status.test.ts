import { describe, expect, test } from 'vitest';
import { blankTrack } from '../../../../src/core/detection/opinion.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import { oracleVote } from '../../../../src/core/dns/oracle-vote.ts';
import { guardKey, memoriesIn, questionsIn } from '../../../../src/core/dns/readings.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { serviceOf } from '../../../../src/core/model/deployment.ts';
import { judgeState, protectionFor, type ServiceStatus, statusOf } from '../../../../src/core/operator/status.ts';
import type { DeploymentView } from '../../../../src/core/operator/table-survey.ts';
import type { RegisterView } from '../../../../src/core/register/quorum.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import type { OpinionItem } from '../../../../src/core/tables/opinion-item.ts';
import type { ServiceView } from '../../../../src/core/tables/service-view.ts';
import { deploymentOf, memberWith } from '../group.fixture.ts';
import { fence, globalData, madeMove, noTimes, registerWith, runWith, step } from '../service.fixture.ts';

const regions = ['region-1', 'region-2', 'region-3'];
const alone = { ...deploymentOf({ shop: memberWith({}) }, {}), groups: {} };
/** `app` follows `data`. */
const grouped = deploymentOf({ data: memberWith({}), app: memberWith({}) }, { data: [], app: ['data'] });

/** What the tables say of one service: all sites up and all watchers heard, unless it is said. */
function sees(
  register: Register | RegisterView,
  verdicts: Readonly<Record<string, Verdict>> = {},
  more: Partial<ServiceView> = {},
): ServiceView {
  const view: RegisterView = 'kind' in register ? register : { kind: 'decided', register, isTidy: true };
  return {
    register: view,
    members: regions,
    knowledge: { verdicts: { one: 'up', two: 'up', far: 'up', ...verdicts }, reports: {}, dependencies: {} },
    testimonies: {},
    freshWatchers: regions,
    outOfContact: [],
    unanswered: {},
    disputes: [],
    ...more,
  };
}

const item = (services: readonly string[]) =>
  ({ tracks: Object.fromEntries(services.map((name) => [name, { one: { ...blankTrack, opinion: 'up' } }])) }) as never;

function tablesSay(serviceViews: DeploymentView['serviceViews'], more: Partial<DeploymentView> = {}): DeploymentView {
  const said: OpinionItem = item(Object.keys(serviceViews));
  return {
    serviceViews,
    answered: regions,
    silent: {},
    items: Object.fromEntries(regions.map((region) => [region, said])),
    stopwatches: {},
    heardAgoMs: {},
    listenedMs: 10_000,
    ...more,
  };
}

/** The status of the service that stands alone. */
function shop(view: ServiceView, more: Partial<DeploymentView> = {}, deployment: Deployment = alone): ServiceStatus {
  return statusOf(deployment, 'shop', tablesSay({ shop: view }, more));
}

const paused = { pause: { by: 'eve', reason: 'drill' } };
const open = registerWith({ epoch: 2, run: runWith({ state: 'running' }) });

describe('the state of a service in one word', () => {
  const standbysDown = { two: 'down', far: 'down' } as const;
  const oneFails = {
    one: [{ watcher: 'region-2', opinion: 'suspect' as const, isCorroboratedAlive: false, report: {} }],
  };

  test.each<[string, string, string, ServiceView, Partial<DeploymentView>]>([
    ['nothing is wrong', 'steady', 'healthy', sees(registerWith()), {}],
    ['the active site is degraded', 'steady', 'degraded', sees(registerWith(), { one: 'degraded' }), {}],
    [
      'some watcher finds a fault',
      'suspected',
      'suspected',
      sees(registerWith(), { one: 'unclear' }, { testimonies: oneFails }),
      {},
    ],
    ['a run is open', 'moving', 'run-in-progress', sees(open), {}],
    ['a move is about to begin', 'moving', 'active-down', sees(registerWith(), { one: 'down' }), {}],
    ['a person has paused it', 'paused', 'paused', sees(registerWith(paused)), {}],
    ['a person has paused it, and it is down', 'paused', 'paused', sees(registerWith(paused), { one: 'down' }), {}],
    ['a person has paused it amid a run', 'moving', 'run-in-progress', sees({ ...open, ...paused }), {}],
    [
      'the only standby was left lately',
      'blocked',
      'blocked',
      sees(registerWith({ epoch: 2, maintenance: ['far'], moves: [madeMove(2)] }), { one: 'down' }),
      { stopwatches: { 'epoch:shop:2': 1_000 } },
    ],
    [
      'too few watchers are heard',
      'failsafe',
      'no-majority',
      sees(registerWith(), {}, { freshWatchers: ['region-1'] }),
      {},
    ],
    ['no standby is left', 'stuck', 'no-eligible-site', sees(registerWith(), { one: 'down', ...standbysDown }), {}],
    [
      'a person has paused it, and too few are heard',
      'paused',
      'no-majority',
      sees(registerWith(paused), {}, { freshWatchers: ['region-1'] }),
      {},
    ],
  ])('when %s: %s', (_, state, reason, view, more) => {
    expect(shop(view, more)).toMatchObject({ state, reason });
  });

  test('goes by the calendar, where the time is known', () => {
    const frozen = { ...memberWith({}), freeze: [{ cron: '* * * * *', forMs: 60_000, moves: 'all' }] } as never;
    const deployment = { ...alone, services: { shop: frozen } };
    const view = sees(registerWith(), { one: 'down' });

    expect(shop(view, { wallMs: 90_000 }, deployment)).toMatchObject({ state: 'blocked', reason: 'frozen' });
    expect(shop(view, {}, deployment)).toMatchObject({ state: 'moving', reason: 'active-down' });
  });

  test.each<[string, ServiceView['register'], Partial<DeploymentView>, object]>([
    [
      'the register was never there',
      { kind: 'absent' },
      {},
      { state: 'unborn', reason: 'unborn', detail: 'no register yet: its watchers have not run' },
    ],
    [
      'tables do not answer',
      { kind: 'no-majority', lastKnown: null, isForgotten: false },
      { silent: { 'region-2': 'timeout', 'region-3': 'denied' } },
      {
        state: 'failsafe',
        reason: 'no-majority',
        detail: 'region-2 (timeout), region-3 (denied); traffic stays where it is, and nothing can be changed',
      },
    ],
    [
      'a table has forgotten',
      { kind: 'no-majority', lastKnown: null, isForgotten: false },
      {},
      { state: 'failsafe', detail: 'a table forgot; traffic stays where it is, and nothing can be changed' },
    ],
  ])('is told without a register when %s', (_, register, more, expected) => {
    expect(shop(sees(register), more)).toMatchObject(expected);
  });

  test.each([
    [null, 'its functions have named no site'],
    ['two', 'its functions say that two writes and serves'],
  ])('is stuck when the tables have lost the register, and its functions name %s', (named, said) => {
    const status = shop(sees({ kind: 'absent' }, {}, { loss: { named, isAnswered: true } }));

    expect(status).toMatchObject({ state: 'stuck', reason: 'register-lost', named });
    expect(status.detail).toContain(`until a person founds it again; ${said}`);
    expect(status.protection).toEqual({ level: 'stuck', why: status.detail, isWell: false });
  });
});

describe('a member of a group whose site is down', () => {
  const dead = registerWith();
  const app = (leader: ServiceView | undefined, own = sees(dead, { one: 'down' })) =>
    tablesSay({ app: own, ...(leader === undefined ? {} : { data: leader }) });
  const judged = (tables: DeploymentView) => {
    const view = tables.serviceViews.app as ServiceView;
    const state = judgeState(grouped, serviceOf(grouped, 'app'), view, tables);
    return { ...state, protection: protectionFor(grouped, serviceOf(grouped, 'app'), tables, state) };
  };

  test('moves when the first member does', () => {
    const found = judged(app(sees(dead)));

    expect(found).toMatchObject({ state: 'moving', reason: 'active-down' });
    expect(found.detail).toMatch(/^one is down; data, which decides for the group: /);
    expect(found.protection.level).toBe('moving');
  });

  test('is stuck with the first member', () => {
    const found = judged(app(sees(dead, { two: 'down', far: 'down' })));

    expect(found).toMatchObject({ state: 'stuck', reason: 'no-eligible-site' });
    expect(found.protection).toMatchObject({ level: 'stuck', isWell: false });
    expect(found.protection.why).toMatch(/^one is down; data, which decides for the group: /);
  });

  test('is stuck where the first member sees nothing wrong', () => {
    const found = judged(app(sees(registerWith({ active: 'two', serving: ['two'], writer: 'two' }))));

    expect(found.state).not.toBe('steady');
  });

  const deaf = memberWith({ detection: { quorum: 5 } });
  const deafGroup = deploymentOf({ data: deaf, app: memberWith({}) }, { data: [], app: ['data'] });

  test('is stuck where the first member can decide nothing, and calls that steady', () => {
    const tables = app(sees(dead));

    expect(judgeState(deafGroup, serviceOf(deafGroup, 'app'), tables.serviceViews.app as ServiceView, tables)).toEqual({
      state: 'stuck',
      reason: 'group-waits',
      detail: 'one is down; data, which decides for the group: quorum is 5 of 3 watchers',
    });
  });

  test.each<[string, Deployment, string]>([
    ['the first member itself', deafGroup, 'data'],
    ['a service that stands alone', { ...alone, services: { shop: deaf } }, 'shop'],
  ])('goes by nobody else where it is %s', (_, deployment, name) => {
    const tables = tablesSay({ [name]: sees(dead, { one: 'down' }), app: sees(dead) });
    const view = tables.serviceViews[name] as ServiceView;

    expect(judgeState(deployment, serviceOf(deployment, name), view, tables)).toMatchObject({
      state: 'steady',
      reason: 'quorum-unreachable',
    });
  });

  test('is told by its own run while that is open', () => {
    expect(judged(app(sees(dead), sees(open, { one: 'down', two: 'down' })))).toMatchObject({
      state: 'moving',
      reason: 'run-in-progress',
    });
  });

  test('that is well is told by itself, whatever the first member does', () => {
    expect(judged(app(sees(dead, { one: 'down' }), sees(dead)))).toMatchObject({ state: 'steady', reason: 'healthy' });
  });

  test('that is the first one is judged by itself', () => {
    const tables = tablesSay({ data: sees(dead, { one: 'down' }), app: sees(dead) });
    const state = judgeState(grouped, serviceOf(grouped, 'data'), tables.serviceViews.data as ServiceView, tables);

    expect(state).toMatchObject({ state: 'moving', reason: 'active-down', detail: 'one is down for a quorum' });
  });

  test('is protected as the first member is, while it is well', () => {
    expect(judged(app(sees(dead), sees(dead))).protection).toMatchObject({
      level: 'protected',
      why: 'if one fails, two takes over',
    });
  });

  test('cannot be judged where the register of the first member cannot be read', () => {
    const unread = sees({ kind: 'no-majority', lastKnown: null, isForgotten: false });

    expect(judged(app(unread, sees(dead))).protection).toEqual({
      level: 'cannot-see',
      why: 'the register of data, which decides, cannot be read',
      isWell: false,
    });
  });
});

describe('the protection of a service', () => {
  const told = (view: ServiceView, more: Partial<DeploymentView> = {}) => shop(view, more).protection;

  test.each<[string, string, ServiceView]>([
    ['it was never born', 'unprotected', sees({ kind: 'absent' })],
    ['no majority answers', 'cannot-see', sees({ kind: 'no-majority', lastKnown: null, isForgotten: false })],
    ['a run is open', 'moving', sees(open)],
    ['no standby is left', 'stuck', sees(registerWith(), { one: 'down', two: 'down', far: 'down' })],
    ['a person has paused it', 'unprotected', sees(registerWith(paused))],
    ['all is well', 'protected', sees(registerWith())],
  ])('when %s is %s', (_, level, view) => {
    expect(told(view).level).toBe(level);
  });

  test('cannot be seen where too few watchers are heard, and is told in their words', () => {
    const status = shop(sees(registerWith(), {}, { freshWatchers: ['region-1'] }));

    expect(status.protection).toEqual({ level: 'cannot-see', why: status.detail, isWell: false });
  });

  test('that is stuck is told by what stands in the way', () => {
    const status = shop(sees(registerWith(), { one: 'down', two: 'down', far: 'down' }));

    expect(status.protection.why).toBe(status.detail);
  });

  test('of a service that a person has paused, and that is down, is told by both', () => {
    expect(told(sees(registerWith(paused), { one: 'down' })).why).toBe('one is down; paused by eve: drill');
  });

  test('cannot be seen with too few watchers that know', () => {
    expect(told(sees(registerWith()), { items: {} }).level).toBe('cannot-see');
  });

  test('cannot be judged of a register that cannot be read, whatever was judged before', () => {
    const tables = tablesSay({ shop: sees({ kind: 'absent' }) });
    const before = { state: 'steady', reason: 'healthy', detail: 'one is up' } as const;

    expect(protectionFor(alone, serviceOf(alone, 'shop'), tables, before)).toEqual({
      level: 'cannot-see',
      why: 'one is up',
      isWell: false,
    });
    expect(protectionFor(alone, serviceOf(alone, 'shop'), tablesSay({}), before).level).toBe('cannot-see');
  });

  test('counts functions that answer no watcher', () => {
    const deployment = { ...alone, services: { shop: memberWith({ data: globalData }) } };
    const dark = (...out: readonly string[]) => Object.fromEntries(regions.map((region) => [region, out]));
    const found = (unanswered: ServiceView['unanswered']) =>
      shop(sees(registerWith(), {}, { unanswered }), {}, deployment).protection;

    expect(found(dark('region-1', 'region-2'))).toMatchObject({ level: 'unprotected', reason: 'no-eligible-site' });
    expect(found(dark('region-1')).why).toBe('if one fails, far takes over');
    expect(found({ 'region-1': ['region-1', 'region-2'] }).why).toBe('if one fails, two takes over');
  });

  test('is told with the time for which it has been lacking', () => {
    const view = sees(registerWith(), { two: 'down', far: 'down' });

    expect(told(view, { stopwatches: { 'unprotected:shop': 90_000 } })).toMatchObject({ forMs: 90_000 });
  });
});

describe('what status shows', () => {
  test('of a register that is decided', () => {
    const register = registerWith({
      epoch: 3,
      active: 'two',
      writer: 'one',
      serving: ['one'],
      lost: ['far'],
      owed: [{ site: 'far', epoch: 3, proof: 'closed' }],
      ...paused,
    });
    const withFences = { ...alone, services: { shop: memberWith({ sites: { far: { fence } } }) } };

    expect(shop(sees(register), {}, withFences)).toMatchObject({
      ...{ epoch: 3, active: 'two', writer: 'one', serving: ['one'], lost: ['far'] },
      owed: [expect.objectContaining({ site: 'far' })],
      ...{ pause: { by: 'eve', reason: 'drill', untilMs: null }, run: null, stuck: null, blockLeftMs: 0 },
      ...{ lastKnown: null, named: null, planned: null, away: null, approval: null, dns: null, disputes: [] },
      voters: expect.objectContaining({ now: regions }),
    });
    expect(Object.keys(shop(sees(register)).sites)).toEqual(['one', 'two', 'far']);
  });

  test('of a pause that ends by itself is its end', () => {
    const pause = { by: 'eve', reason: 'drill', untilMs: 7_000 };

    expect(shop(sees(registerWith({ pause }))).pause).toEqual(pause);
  });

  test('of one that cannot be read is nothing but what is known', () => {
    const lastKnown = registerWith({ epoch: 7, active: 'far' });
    const status = shop(sees({ kind: 'no-majority', lastKnown, isForgotten: false }));

    expect(status).toMatchObject({
      ...{ epoch: null, active: null, writer: null, owed: [], serving: [], voters: null, pause: null },
      ...{ blockLeftMs: 0, planned: null, away: null, approval: null, lost: [], run: null, stuck: null },
      lastKnown: { epoch: 7, active: 'far' },
    });
  });

  test('of one that nobody ever knew is no last word', () => {
    expect(shop(sees({ kind: 'no-majority', lastKnown: null, isForgotten: true })).lastKnown).toBeNull();
  });

  test('of a run are its steps, and of one that is stuck what can be done', () => {
    const run = runWith({
      state: 'failed',
      steps: [{ ...step('address', [], 'failed'), resource: '203.0.113.1', detail: 'no answer' }],
    });
    const status = shop(sees(registerWith({ epoch: 2, active: 'two', writer: 'two', serving: ['two'], run })));

    expect(status).toMatchObject({ state: 'stuck', reason: 'run-unfinished', run: { epoch: 2 } });
    expect(status.stuck?.clients).toEqual(['two']);
  });

  test('of a block is what is left of it', () => {
    const register = registerWith({ epoch: 2, moves: [madeMove(2)] });

    expect(shop(sees(register), { stopwatches: { 'epoch:shop:2': 600_000 } }).blockLeftMs).toBe(3_000_000);
  });

  test('of watchers is who is heard, who is silent, and whose table does not answer', () => {
    const status = shop(sees(registerWith()), {
      items: { 'region-1': item(['shop']) },
      silent: { 'region-3': 'timeout' },
    });

    expect(status.watchers).toEqual({ 'region-1': 'fresh', 'region-2': 'silent', 'region-3': 'unreachable' });
  });

  test('of the calendar is what is open, where the time is known', () => {
    expect(shop(sees(registerWith())).calendar).toBeUndefined();
    expect(shop(sees(registerWith()), { wallMs: 1_000 }).calendar).toBeDefined();
  });

  test('of a failover that a person has approved is who has', () => {
    const approval = { from: 'one', askedMs: 1_000, approvedBy: 'eve' };
    const asking = { ...alone, services: { shop: memberWith({ failover: { approval: {} } }) } };

    expect(shop(sees(registerWith({ approval })), {}, asking).approval).toMatchObject({ approvedBy: 'eve' });
  });

  test('of votes that lead elsewhere is where the register leads, once no move explains it any more', () => {
    const guards = memoriesIn(alone);
    const twoServes = registerWith({ serving: ['two'] });
    const statuses = questionsIn(alone).map(({ site }) => {
      const sites = guards.find((guard) => guard.site === site)?.sites ?? [];
      return [guardKey('shop', site), oracleVote(twoServes, serviceOf(alone, 'shop'), sites) === 'off' ? 200 : 503];
    });
    const vote = { kind: 'answered', statuses: Object.fromEntries(statuses), why: null } as const;
    const states = Object.fromEntries(
      guards.map(({ alarm, sites }) => [alarm, sites.includes('two') ? 'OK' : 'ALARM']),
    );
    const of = (each: unknown) => Object.fromEntries(regions.map((region) => [region, each]));
    const readings = { oracles: of(vote), memories: of({ kind: 'read', states }) } as never;
    const times = { ...noTimes, shiftedMs: 1_000_000 };
    const moved = registerWith({
      epoch: 2,
      run: runWith({ from: 'two', to: 'one', serving: ['one'], state: 'done', times }),
    });
    const at = (wallMs: number) => statusOf(alone, 'shop', tablesSay({ shop: sees(moved) }, { wallMs }), readings);

    expect(at(1_001_000)).toMatchObject({ dns: { state: 'follows' }, protection: { level: 'protected' } });
    expect(at(9_000_000)).toMatchObject({ dns: { state: 'differs' }, protection: { level: 'unprotected' } });
    expect(at(9_000_000).protection.why).toMatch(/^DNS leads clients to two, and the register to one \(/);
  });

  test('of the votes that Route 53 follows is where they lead', () => {
    const readings = { oracles: {}, memories: {} } as never;

    expect(statusOf(alone, 'shop', tablesSay({ shop: sees(registerWith()) }), readings).dns).not.toBeNull();
    expect(statusOf(alone, 'shop', tablesSay({ shop: sees({ kind: 'absent' }) }), readings).dns?.state).toBe('unknown');
  });

  test('of a service that nobody has looked at is nothing', () => {
    expect(() => statusOf(alone, 'shop', tablesSay({}))).toThrow('nothing is known of shop');
  });
});
