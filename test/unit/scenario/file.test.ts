import { describe, expect, test } from 'vitest';
import { readScenario } from '../../../src/cli/simulate/scenarios.ts';
import { redeployment } from '../../../src/scenario/file.ts';
import type { ScenarioEvent } from '../../../src/scenario/scenario.ts';
import { complaintsOf, readRepository } from '../config/shop.fixture.ts';

const config = readRepository('examples/two-regions/failover.config.yaml');

function read(text: string) {
  return readScenario(text, 's.yaml', () => config);
}

/** A scenario with these lines below `events:` and `expect:`. The first event is in line 5. */
function scenarioText(events: readonly string[], expectations: readonly string[] = [], more = 'seed: 1'): string {
  const part = (name: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${name}:`, ...lines.map((line) => `  - ${line}`)];
  return ['name: "a fact"', 'config: shop.yaml', more, ...part('events', events), ...part('expect', expectations)].join(
    '\n',
  );
}

function eventOf(line: string): ScenarioEvent | undefined {
  return read(scenarioText([line])).events[0];
}

const complaints = (text: string) => complaintsOf(() => read(text));
const complaintOfEvent = (line: string) => complaints(scenarioText([line]));
const complaintOfExpectation = (line: string, ...events: readonly string[]) => complaints(scenarioText(events, [line]));

/** The configuration of the example, with both sites in one region and the address that the example speaks of. */
const addressed = config
  .replace('region: us-west-2', 'region: us-east-1')
  .replace(
    '    traffic:\n',
    '    traffic:\n      address: { allocationId: eipalloc-1, region: us-east-1, instances: { virginia: i-1, oregon: i-2 }, fallback: dns }\n',
  );

/** The example of the design, word for word. */
const example = `name: "no move without a majority"
source: "Redis Sentinel tests/sentinel/tests/00-base.tcl"   # optional
config: ../examples/two-regions/failover.config.yaml        # or the mapping itself
overrides: { services.web.detection.quorum: 1 }             # dotted paths; services and sites by name
seed: 1
duration: 5m              # default: the last expectation plus 30s
events:
  - { at: 60s, stop: site/virginia }              # start, hang, slow: {site, latency: 5s}, break: {site, status: 500} or {site, body: "x"} or {site, role: standby}
  - { at: 60s, stop: watcher/us-east-1 }          # start; freeze: watcher/R with for:; stop: oracle/R, table/R, region/R; lose: table/R (comes back empty)
  - { at: 60s, cut: [us-east-1, us-west-2] }      # heal: [...]; an end is a region, site/NAME or aws/SERVICE/REGION; oneWay: true
  - { at: 60s, fail: { api: "dynamodb:UpdateItem", region: us-west-2, with: throttle, for: 30s, rate: 1 } }   # throttle, timeout, error, denied, lost-response
  - { at: 60s, crash: { watcher: us-west-2, after: "step:dns" } }   # or before:, and journal, claim, accept for the register's own points
  - { at: 60s, skew: { region: us-east-1, by: 90s } }
  - { at: 60s, set: { site: oregon, replicationLagMs: 61000 } }     # also maintenance, capacity, ready, load, any fact of a site
  - { at: 60s, misplace: { address: eipalloc-1, to: i-standby } }   # drift made by a stranger; records and weights likewise
  - { at: 60s, redeploy: true }                   # with overrides: a config change
  - { at: 70s, operator: "switchover web --to oregon", as: op1 }    # any CLI line; several at one instant run at once
expect:
  - { at: 120s, active: { web: virginia } }       # at: an instant, or \`end\`
  - { by: 90s, serving: { web: [oregon] } }       # becomes true no later than
  - { from: 60s, to: 180s, always: { moves: { web: 0 } } }
  - { at: end, epochDelta: { web: 1 } }           # since the start
  - { at: end, dns: { www.shop.example: [oregon] }, eip: { eipalloc-1: i-oregon }, weights: { web: { virginia: 0, oregon: 100 } } }
  - { at: end, status: { web: { state: steady, reason: quorum-unreachable } } }   # fields of \`cdk-failover status --json\`
  - { at: end, opinion: { us-west-2: { virginia: down } }, verdict: { virginia: down } }
  - { operator: op1, exit: 1, says: "no eligible site" }            # a part of what it printed
  - { calls: { "route53:ChangeResourceRecordSets": 0, "ec2:AssociateAddress": "<= 2" } }
  - { writes: 0, from: 60s }                      # actuator writes of any kind
  - { rto: { web: "<= 20s" }, lost: { web: 0 } }  # first good client answer after the first event; writes lost
  - { alarm: watcher-silent, by: 180s }           # and notified: "failover"
`;

describe('the example of the design', () => {
  test('is read', () => {
    expect(complaintsOf(() => readScenario(example, 's.yaml', () => addressed))).toEqual([]);
  });

  test('says what it is about', () => {
    const scenario = readScenario(example, 's.yaml', () => addressed);

    expect(scenario).toMatchObject({
      name: 'no move without a majority',
      source: 'Redis Sentinel tests/sentinel/tests/00-base.tcl',
      fileName: 's.yaml',
      seed: 1,
      durationMs: 300_000,
      deployment: { services: { web: { detection: { quorum: 1 } } } },
      configuration: { services: { web: { detection: { quorum: 1 } } } },
    });
    expect(scenario.events).toEqual([
      { atMs: 60_000, line: 8, kind: 'stop', target: { kind: 'site', service: null, name: 'virginia' } },
      { atMs: 60_000, line: 9, kind: 'stop', target: { kind: 'watcher', name: 'us-east-1' } },
      { atMs: 60_000, line: 10, kind: 'cut', ends: ['us-east-1', 'us-west-2'], isOneWay: false },
      {
        atMs: 60_000,
        line: 11,
        kind: 'fail',
        api: 'dynamodb:UpdateItem',
        region: 'us-west-2',
        by: null,
        fault: 'throttle',
        forMs: 30_000,
        rate: 1,
      },
      { atMs: 60_000, line: 12, kind: 'crash', watcher: 'us-west-2', when: 'after', point: 'step:dns' },
      { atMs: 60_000, line: 13, kind: 'skew', region: 'us-east-1', byMs: 90_000 },
      {
        atMs: 60_000,
        line: 14,
        kind: 'set',
        site: { service: null, name: 'oregon' },
        facts: { replicationLagMs: 61_000 },
      },
      { atMs: 60_000, line: 15, kind: 'misplace', address: 'eipalloc-1', record: null, to: 'i-standby' },
      { atMs: 60_000, line: 16, kind: 'redeploy', regions: null, overrides: {}, as: null },
      {
        atMs: 70_000,
        line: 17,
        kind: 'operator',
        commandLine: 'switchover web --to oregon',
        as: 'op1',
        isStale: false,
      },
    ]);
    expect(scenario.expectations).toEqual([
      { line: 19, when: { kind: 'at', atMs: 120_000 }, active: { web: 'virginia' } },
      { line: 20, when: { kind: 'by', byMs: 90_000 }, serving: { web: ['oregon'] } },
      {
        line: 21,
        when: { kind: 'always', fromMs: 60_000, toMs: 180_000 },
        moves: { web: { operator: '=', value: 0 } },
      },
      { line: 22, when: { kind: 'end' }, epochDelta: { web: { operator: '=', value: 1 } } },
      {
        line: 23,
        when: { kind: 'end' },
        dns: { 'www.shop.example': ['oregon'] },
        eip: { 'eipalloc-1': 'i-oregon' },
        weights: { web: { virginia: 0, oregon: 100 } },
      },
      { line: 24, when: { kind: 'end' }, status: { web: { state: 'steady', reason: 'quorum-unreachable' } } },
      {
        line: 25,
        when: { kind: 'end' },
        opinion: { 'us-west-2': { virginia: 'down' } },
        verdict: { virginia: 'down' },
      },
      {
        line: 26,
        when: { kind: 'total', fromMs: 0 },
        operator: { name: 'op1', exit: 1, says: 'no eligible site' },
      },
      {
        line: 27,
        when: { kind: 'total', fromMs: 0 },
        calls: {
          'route53:ChangeResourceRecordSets': { operator: '=', value: 0 },
          'ec2:AssociateAddress': { operator: '<=', value: 2 },
        },
      },
      { line: 28, when: { kind: 'total', fromMs: 60_000 }, writes: { operator: '=', value: 0 } },
      {
        line: 29,
        when: { kind: 'total', fromMs: 0 },
        rto: { web: { operator: '<=', value: 20_000 } },
        lost: { web: { operator: '=', value: 0 } },
      },
      { line: 30, when: { kind: 'by', byMs: 180_000 }, alarm: 'watcher-silent' },
    ]);
  });
});

const virginia = { service: null, name: 'virginia' };

test.each([
  [
    '{ at: 1s, start: site/web/virginia }',
    { kind: 'start', target: { kind: 'site', service: 'web', name: 'virginia' } },
  ],
  ['{ at: 1s, start: region/us-west-2 }', { kind: 'start', target: { kind: 'region', name: 'us-west-2' } }],
  ['{ at: 1s, stop: oracle/us-west-2 }', { kind: 'stop', target: { kind: 'oracle', name: 'us-west-2' } }],
  ['{ at: 1s, stop: table/us-west-2 }', { kind: 'stop', target: { kind: 'table', name: 'us-west-2' } }],
  ['{ at: 1s, hang: site/virginia }', { kind: 'hang', target: { kind: 'site', ...virginia } }],
  ['{ at: 1s, hang: virginia }', { kind: 'hang', target: { kind: 'site', ...virginia } }],
  ['{ at: 1s, slow: { site: virginia, latency: 5s } }', { kind: 'slow', site: virginia, latencyMs: 5_000 }],
  [
    '{ at: 1s, break: { site: virginia, status: 500 } }',
    { kind: 'break', site: virginia, status: 500, body: null, role: null },
  ],
  [
    '{ at: 1s, break: { site: site/virginia, body: "x" } }',
    { kind: 'break', site: virginia, status: null, body: 'x', role: null },
  ],
  [
    '{ at: 1s, break: { site: virginia, role: standby } }',
    { kind: 'break', site: virginia, status: null, body: null, role: 'standby' },
  ],
  [
    '{ at: 1s, freeze: watcher/us-west-2, for: 60s }',
    { kind: 'freeze', role: 'watcher', region: 'us-west-2', forMs: 60_000 },
  ],
  [
    '{ at: 1s, freeze: actuator/us-west-2, for: 60s }',
    { kind: 'freeze', role: 'actuator', region: 'us-west-2', forMs: 60_000 },
  ],
  ['{ at: 1s, lose: table/us-west-2 }', { kind: 'lose', table: 'us-west-2' }],
  [
    '{ at: 1s, cut: [us-east-1, site/virginia], oneWay: true }',
    { kind: 'cut', ends: ['us-east-1', 'site/virginia'], isOneWay: true },
  ],
  [
    '{ at: 1s, heal: [us-east-1, aws/dynamodb/us-west-2] }',
    { kind: 'heal', ends: ['us-east-1', 'aws/dynamodb/us-west-2'] },
  ],
  [
    '{ at: 1s, fail: { api: "ec2:*", with: lost-response, for: 1s } }',
    { kind: 'fail', api: 'ec2:*', region: null, by: null, fault: 'lost-response', forMs: 1_000, rate: 1 },
  ],
  [
    '{ at: 1s, crash: { watcher: watcher/us-west-2, before: journal } }',
    { kind: 'crash', watcher: 'us-west-2', when: 'before', point: 'journal' },
  ],
  ['{ at: 1s, skew: { region: us-west-2, by: -90s } }', { kind: 'skew', region: 'us-west-2', byMs: -90_000 }],
  [
    '{ at: 1s, set: { site: virginia, ready: false, capacity: 50, load: 10, maintenance: true } }',
    { kind: 'set', site: virginia, facts: { ready: false, capacity: 50, load: 10, maintenance: true } },
  ],
  ['{ at: 1s, set: { site: virginia, data: writer } }', { kind: 'set', site: virginia, facts: { data: 'writer' } }],
  [
    '{ at: 1s, turn: { site: oregon, work: off } }',
    { kind: 'turn', site: { service: null, name: 'oregon' }, isOn: false },
  ],
  [
    '{ at: 1s, resize: { site: web/oregon, size: 6 } }',
    { kind: 'resize', site: { service: 'web', name: 'oregon' }, size: 6 },
  ],
  [
    '{ at: 1s, misplace: { weights: web, to: { virginia: 50, oregon: 50 } } }',
    { kind: 'misweigh', service: 'web', weights: { virginia: 50, oregon: 50 } },
  ],
  [
    '{ at: 1s, misplace: { record: www.shop.example, to: 192.0.2.1 } }',
    { kind: 'misplace', address: null, record: 'www.shop.example', to: '192.0.2.1' },
  ],
  [
    '{ at: 1s, redeploy: true, overrides: { services.web.detection.quorum: 3 }, as: op1 }',
    { kind: 'redeploy', regions: null, overrides: { 'services.web.detection.quorum': 3 }, as: 'op1' },
  ],
  [
    '{ at: 1s, redeploy: [us-east-1], watchersAfter: 3m, functionsAfter: 90s }',
    {
      kind: 'redeploy',
      regions: ['us-east-1'],
      overrides: {},
      watchersAfterMs: 180_000,
      functionsAfterMs: 90_000,
      as: null,
    },
  ],
  ['{ at: 1s, operator: "pause web" }', { kind: 'operator', commandLine: 'pause web', as: 'operator', isStale: false }],
  [
    '{ at: 1s, operator: "pause web", as: old, stale: true }',
    { kind: 'operator', commandLine: 'pause web', as: 'old', isStale: true },
  ],
])('%s', (line, event) => {
  expect(eventOf(line)).toEqual({ atMs: 1_000, line: 5, ...event });
});

const time = '0 to 9600h, as milliseconds or with a unit: 250ms, 30s, 5m, 1h, 2d';
const kinds =
  'stop, start, hang, freeze, lose, backup, restore, slow, break, cut, heal, fail, crash, skew, set, grey, dependency, resize, turn, misplace, redeploy, operator';

test.each([
  ['{ at: 1s, halt: site/virginia }', `events.0: found "halt", allowed an event with at and one of ${kinds}`],
  [
    '{ at: 1s, freze: watcher/us-west-2 }',
    `events.0: found "freze", allowed an event with at and one of ${kinds}; did you mean "freeze"?`,
  ],
  ['{ at: 1s }', `events.0: found {"at":"1s"}, allowed an event with at and one of ${kinds}`],
  ['stop', `events.0: found "stop", allowed an event with at and one of ${kinds}`],
  ['{ stop: site/virginia }', `events.0.at: found nothing, allowed ${time}`],
  ['{ at: soon, stop: site/virginia }', `events.0.at: found "soon", allowed ${time}`],
  [
    '{ at: 1s, stop: virginia }',
    'events.0.stop: found "virginia", allowed site/NAME, watcher/REGION, oracle/REGION, table/REGION or region/REGION',
  ],
  ['{ at: 1s, stop: site/virginia, for: 5s }', 'events.0.for: unknown key; allowed: at, stop'],
  [
    '{ at: 1s, stop: site/virgina }',
    'events.0.stop: found "virgina", allowed a known site: virginia, web/virginia, oregon, web/oregon; did you mean "virginia"?',
  ],
  [
    '{ at: 1s, stop: watcher/eu-west-1 }',
    'events.0.stop: found "eu-west-1", allowed a known control region: us-east-1, us-west-2, us-east-2; did you mean "us-west-2"?',
  ],
  ['{ at: 1s, cut: [us-east-1] }', 'events.0.cut: found ["us-east-1"], allowed two ends: [a, b]'],
  [
    '{ at: 1s, cut: [us-east-1, mars] }',
    'events.0.cut: found "mars", allowed a known region or location: us-east-1, us-west-2, us-east-2, clients, outside',
  ],
  [
    '{ at: 1s, set: { site: virginia, lag: 5 } }',
    'events.0.set.lag: unknown key; allowed: site, replicationLagMs, ready, capacity, load, maintenance, bootMs, canBoot, promotionMs, promotionEnds, hookMs, drainMs, findings, veto, data, page, backupAgeMs, restoreAgeMs',
  ],
  [
    '{ at: 1s, set: { site: virginia } }',
    'events.0.set: found {"site":"virginia"}, allowed a fact of the site: replicationLagMs, ready, capacity, load, maintenance, bootMs, canBoot, promotionMs, promotionEnds, hookMs, drainMs, findings, veto, data, page, backupAgeMs or restoreAgeMs',
  ],
  [
    '{ at: 1s, set: { site: virginia, data: primary } }',
    'events.0.set.data: found "primary", allowed replica, writer, usable or unusable',
  ],
  [
    '{ at: 1s, break: { site: virginia } }',
    'events.0.break: found {"site":"virginia"}, allowed what is broken: status, body or role',
  ],
  [
    '{ at: 1s, crash: { watcher: us-west-2, after: "step:lunch" } }',
    'events.0.crash.after: found "step:lunch", allowed journal, claim, accept, step:fence, step:promote, step:start, step:address, step:route, step:targets, step:accelerator, step:controls, step:edge, step:zonal, step:dns, step:work, step:rebuild, step:publish, step:verify or step:notify',
  ],
  [
    '{ at: 1s, crash: { watcher: us-west-2 } }',
    'events.0.crash: found {"watcher":"us-west-2"}, allowed either after or before',
  ],
  ['{ at: 1s, crash: { whatcher: us-west-2 } }', 'events.0.crash.watcher: found nothing, allowed watcher/REGION'],
  [
    '{ at: 1s, fail: { api: dynamodb, with: throttle, for: 1s } }',
    'events.0.fail.api: found "dynamodb", allowed service:Action or service:*, such as dynamodb:UpdateItem',
  ],
  [
    '{ at: 1s, fail: { api: "ec2:*", with: fire, for: 1s } }',
    'events.0.fail.with: found "fire", allowed throttle, timeout, error, denied, lost-response, late, twice or stale',
  ],
  [
    '{ at: 1s, misplace: { to: i-1 } }',
    'events.0.misplace: found {"to":"i-1"}, allowed an address, a record or the routes of a table and the place that it is moved to, or the weights of a service and what they become',
  ],
  [
    '{ at: 1s, misplace: { weights: web, to: i-1 } }',
    'events.0.misplace: found {"weights":"web","to":"i-1"}, allowed an address, a record or the routes of a table and the place that it is moved to, or the weights of a service and what they become',
  ],
  [
    '{ at: 1s, redeploy: yes }',
    'events.0.redeploy: found "yes", allowed true, or a list of the control regions whose stacks are deployed now',
  ],
])('%s is refused', (line, says) => {
  expect(complaintOfEvent(line)[0]).toBe(`s.yaml:5: ${says}`);
});

const whatToExpect =
  'active, serving, moves, epochDelta, voters, dns, route, eip, weights, writer, writable, open, isolated, work, scale, published, goodput, status, opinion, verdict, calls, hooks, writes, rto, lost, alarm, alarmResolved, noAlarm, notified, heard, operator, exit, says';

test.each([
  [
    '{ at: end, activ: { web: oregon } }',
    `expect.0.activ: unknown key; did you mean "active"? allowed: at, by, from, to, ${whatToExpect}, always`,
  ],
  ['{ at: end }', `expect.0: found {"at":"end"}, allowed something to expect: ${whatToExpect}`],
  [
    '{ at: 1s, by: 2s, writes: 0 }',
    'expect.0: found {"at":"1s","by":"2s","writes":0}, allowed one time form: at, or by, or from and to with always, or from alone',
  ],
  [
    '{ from: 1s, by: 2s, writes: 0 }',
    'expect.0: found {"from":"1s","by":"2s","writes":0}, allowed one time form: at, or by, or from and to with always, or from alone',
  ],
  [
    '{ from: 1s, to: 2s, writes: 0 }',
    'expect.0: found {"from":"1s","to":"2s","writes":0}, allowed to and always together',
  ],
  [
    '{ to: 2s, writes: 0, always: { writes: 0 } }',
    'expect.0: found {"to":"2s","writes":0,"always":{"writes":0}}, allowed what always holds inside always',
  ],
  ['{ to: 2s, always: {} }', `expect.0.always: found {}, allowed something to expect: ${whatToExpect}`],
  ['{ from: 5s, to: 2s, always: { writes: 0 } }', 'expect.0.from: found 5s, allowed at most to, 2s'],
  ['{ exit: 1 }', 'expect.0: found {"exit":1}, allowed exit and says with operator'],
  ['{ operator: op9, exit: 1 }', 'expect.0.operator: found "op9", allowed a known operator: there is none'],
  ['{ writes: few }', 'expect.0.writes: found "few", allowed a number or a bound such as "<= 2", "> 0" or "<= 20s"'],
  [
    '{ at: end, active: { wbe: oregon } }',
    'expect.0.active: found "wbe", allowed a known service: web; did you mean "web"?',
  ],
  [
    '{ at: end, active: { web: ohio } }',
    'expect.0.active: found "web/ohio", allowed a known site: virginia, web/virginia, oregon, web/oregon',
  ],
  [
    '{ at: end, dns: { ww.shop.example: [oregon] } }',
    'expect.0.dns: found "ww.shop.example", allowed a known record: www.shop.example; did you mean "www.shop.example"?',
  ],
  ['{ at: end, moves: { api: 0 } }', 'expect.0.moves: found "api", allowed a known service: web'],
  [
    '{ at: end, opinion: { eu-west-1: { virginia: down } } }',
    'expect.0.opinion: found "eu-west-1", allowed a known control region: us-east-1, us-west-2, us-east-2; did you mean "us-west-2"?',
  ],
  [
    '{ at: end, verdict: { virginia: dead } }',
    'expect.0.verdict.virginia: found "dead", allowed up, degraded, down or unclear',
  ],
  [
    '{ calls: { AssociateAddress: 0 } }',
    'expect.0.calls.AssociateAddress: found "AssociateAddress", allowed service:Action, such as ec2:AssociateAddress',
  ],
])('%s is refused', (line, says) => {
  expect(complaintOfExpectation(line)).toEqual([`s.yaml:5: ${says}`]);
});

test('an unknown alarm is refused with all that there are', () => {
  expect(complaintOfExpectation('{ alarm: watcher-gone }')[0]).toMatch(
    /^s\.yaml:5: expect\.0\.alarm: found "watcher-gone", allowed site-down, site-degraded, watcher-silent, /,
  );
});

test.each([
  ['2', { operator: '=', value: 2 }],
  ['"= 2"', { operator: '=', value: 2 }],
  ['"<= 2"', { operator: '<=', value: 2 }],
  ['">=1"', { operator: '>=', value: 1 }],
  ['"< 5"', { operator: '<', value: 5 }],
  ['"> 0"', { operator: '>', value: 0 }],
  ['"<= 1.5s"', { operator: '<=', value: 1_500 }],
])('the bound %s', (written, comparison) => {
  expect(read(scenarioText([], [`{ writes: ${written} }`])).expectations[0]?.writes).toEqual(comparison);
});

test('an operator is known by the event that it is named in, a redeploy too', () => {
  const events = ['{ at: 1s, operator: "pause web", as: op1 }', '{ at: 2s, redeploy: true, as: op2 }'];

  expect(complaintOfExpectation('{ operator: op1, exit: 0 }', ...events)).toEqual([]);
  expect(complaintOfExpectation('{ operator: op2, says: deployed }', ...events)).toEqual([]);
});

test.each([
  [
    '30 s after the last expectation',
    ['{ at: 60s, stop: site/virginia }'],
    ['{ by: 90s, active: { web: oregon } }'],
    120_000,
  ],
  [
    '60 s after the last event when the end is looked at',
    ['{ at: 60s, stop: site/virginia }'],
    ['{ at: end, writes: 0 }'],
    120_000,
  ],
  [
    'the later of the two',
    ['{ at: 60s, stop: site/virginia }'],
    ['{ at: end, writes: 0 }', '{ at: 200s, writes: 0 }'],
    230_000,
  ],
  ['long enough for every event', ['{ at: 10m, stop: site/virginia }'], ['{ at: 60s, writes: 0 }'], 600_000],
  ['60 s with nothing in it', [], [], 60_000],
])('without a duration a run takes %s', (_what, events, expectations, durationMs) => {
  expect(read(scenarioText(events, expectations)).durationMs).toBe(durationMs);
});

test('what comes after the end of the run is refused: it would never be looked at', () => {
  const events = ['{ at: 61s, stop: site/virginia }'];
  const expectations = ['{ at: 90s, writes: 0 }', '{ from: 50s, to: end, always: { writes: 0 } }'];

  expect(complaints(scenarioText(events, expectations, 'duration: 1m'))).toEqual([
    's.yaml:5: events.0.at: found 61s, allowed at most 1m, the length of the run; lengthen duration',
    's.yaml:7: expect.0.at: found 90s, allowed at most 1m, the length of the run; lengthen duration',
  ]);
});

test('always until the end is until the end of the run', () => {
  const { expectations } = read(scenarioText([], ['{ from: 5s, to: end, always: { writes: 0 } }'], 'duration: 1m'));

  expect(expectations[0]?.when).toEqual({ kind: 'always', fromMs: 5_000, toMs: 60_000 });
});

describe('the configuration', () => {
  test('may stand in the file itself', () => {
    const inline = `name: x\nconfig:\n${config.replace(/^/gm, '  ')}\n`;

    expect(read(inline).deployment.name).toBe('shop');
    expect(
      complaints(
        inline.replace('us-west-2 # the', 'mars # the').replace('[us-east-1, us-west-2,', '[mars, us-west-2,'),
      ),
    ).toEqual(['s.yaml:6: controlRegions.0: found "mars", allowed an AWS region, such as us-east-1']);
  });

  test('that cannot be read is refused with the reason', () => {
    const read = () => readScenario(scenarioText([]), 's.yaml', () => raise('shop.yaml: no such file'));

    expect(complaintsOf(read)).toEqual([
      's.yaml:2: config: found "shop.yaml", allowed a file that can be read; shop.yaml: no such file',
    ]);
  });

  test('that is wrong by itself is refused under its own name', () => {
    const broken = config.replace('quorum: 2', 'quorum: two');

    expect(complaintsOf(() => readScenario(scenarioText([]), 's.yaml', () => broken))).toEqual([
      'shop.yaml:29: services.web.detection.quorum: found "two", allowed a whole number from 1 to 25',
    ]);
  });

  test('may break rules by overrides, on purpose', () => {
    const { deployment } = read(scenarioText([], [], 'overrides: { services.web.detection.quorum: 4 }'));

    expect(deployment.services.web?.detection.quorum).toBe(4);
  });

  test('an override of a service or a site that is not there is one line each', () => {
    expect(
      complaints(
        scenarioText([], [], 'overrides:\n  services.wbe.detection.quorum: 1\n  services.web.sites.oregn.priority: 1'),
      ),
    ).toEqual([
      's.yaml:4: overrides.services.wbe.detection.quorum: found "wbe", allowed a service of the configuration: web; did you mean "web"?',
      's.yaml:5: overrides.services.web.sites.oregn.priority: found "oregn", allowed a site of the configuration: virginia, oregon; did you mean "oregon"?',
    ]);
  });

  test('an override that leads nowhere is refused in the line of the override', () => {
    expect(
      complaints(scenarioText([], [], 'overrides:\n  services.web.detection.quorum: 1\n  services.web.detecton: 1')),
    ).toEqual([
      's.yaml:5: services.web.detecton: unknown key; did you mean "detection"? allowed: mode, sites, detection, failover, failback, traffic, capacity, maintenance, freeze, gameDays, data, clients',
    ]);
  });

  test('may get sites and regions by a redeploy, and events may name them', () => {
    const ohio =
      '{ region: us-east-2, priority: 1, probes: [{ type: tcp, host: ohio, port: 443 }] }, services.web.traffic.dns.addresses.ohio: { a: 192.0.2.3 }';
    const redeploy = `{ at: 5s, redeploy: true, overrides: { services.web.sites.ohio: ${ohio} } }`;

    expect(complaintOfEvent('{ at: 6s, stop: site/ohio }')).toHaveLength(1);
    expect(complaints(scenarioText([redeploy, '{ at: 6s, stop: site/ohio }']))).toEqual([]);
  });
});

describe('a redeploy', () => {
  const plain = read(scenarioText([]));
  const unreachable = read(scenarioText([], [], 'overrides: { services.web.detection.quorum: 4 }'));

  test('is the configuration with its changes', () => {
    expect(redeployment(plain, { 'services.web.detection.quorum': 3 }).services.web?.detection.quorum).toBe(3);
  });

  test('is refused when it breaks a rule or is not well formed', () => {
    expect(complaintsOf(() => redeployment(plain, { 'services.web.detection.quorum': 4 }))).toEqual([
      'redeploy: services.web.detection.quorum: found 4, allowed 1 to 3 (the number of control regions); lower it or add control regions',
    ]);
    expect(complaintsOf(() => redeployment(plain, { 'services.web.detection.quorum': -1 }))).toHaveLength(1);
  });

  test('is not refused for what the scenario itself breaks on purpose', () => {
    expect(redeployment(unreachable, {}).services.web?.detection.quorum).toBe(4);
    expect(complaintsOf(() => redeployment(unreachable, { 'services.web.detection.quorum': 5 }))).toHaveLength(1);
  });
});

test('what is wrong with the file as a whole', () => {
  expect(complaints('nmae: x')).toEqual([
    's.yaml:1: name: found nothing, allowed a text of 1 to 300 characters',
    's.yaml:1: config: found nothing, allowed the path of a configuration, or the mapping itself',
    's.yaml:1: nmae: unknown key; did you mean "name"? allowed: name, source, config, overrides, seed, duration, events, expect',
  ]);
  expect(complaints('')).toEqual(['s.yaml: the file is empty']);
  expect(complaints(scenarioText([], [], 'events: stop'))).toEqual([
    's.yaml:3: events: found "stop", allowed a list of events',
  ]);
});

test('all mistakes of a file are told at once', () => {
  const lines = complaints(scenarioText(['{ at: 1s, stop: x }', '{ at: 1s, halt: x }'], ['{ at: end, writes: x }']));

  expect(lines.map((line) => line.split(': found')[0])).toEqual([
    's.yaml:5: events.0.stop',
    's.yaml:6: events.1',
    's.yaml:8: expect.0.writes',
  ]);
});

test('a wrong scenario and a wrong configuration have codes of their own', () => {
  expect(() => read('x: 1')).toThrow(expect.objectContaining({ code: 'SCENARIO', name: 'ConfigError' }));
  expect(() => readScenario(scenarioText([]), 's.yaml', () => 'x: 1')).toThrow(
    expect.objectContaining({ code: 'CONFIG' }),
  );
});

function raise(message: string): never {
  throw new Error(message);
}
