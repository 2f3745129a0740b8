import { expect, test } from 'vitest';
import { requestMsMax } from '../../../../src/cli/drill/client.ts';
import { judgeRest, refuseRest } from '../../../../src/cli/drill/rest.ts';
import type { ProbedSite } from '../../../../src/cli/show/probe.ts';
import { parseShape } from '../../../../src/config/loader.ts';
import { serviceOf } from '../../../../src/core/model/deployment.ts';
import { startRole } from '../../../../src/dashboard/drill-result.ts';

type Input = Readonly<Record<string, unknown>>;

const page = (site: string) => ({ type: 'http', url: `http://${site}.shop.example/healthz` });
const alarm = { type: 'cloudwatch-alarm', name: 'errors', region: 'us-east-1' };

function service(two: Input = {}, failover: Input = {}, sites = 2, address = '198.51.100.20') {
  const all = {
    one: { region: 'us-east-1', priority: 100, probes: [page('one')] },
    two: { region: 'us-west-2', priority: 50, probes: [page('two')], ...two },
  };
  const web = {
    mode: 'active-passive',
    sites: Object.fromEntries(Object.entries(all).slice(0, sites)),
    failover,
    traffic: {
      dns: {
        zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
        record: 'www',
        addresses: { one: { a: '203.0.113.10' }, ...(sites > 1 && { two: { a: address } }) },
      },
    },
  };
  const shape = { name: 'shop', controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'], services: { web } };
  return serviceOf(parseShape(shape, 'test'), 'web');
}

function answer(more: Partial<ProbedSite> = {}, saw = 'status 200'): ProbedSite {
  const outcome = more.outcome ?? 'pass';
  const observation: ProbedSite['probes'][number]['observation'] =
    outcome === 'pass'
      ? { outcome, latencyMs: 5, saw }
      : outcome === 'fail'
        ? { outcome, reason: 'wrong-body', latencyMs: 5, saw }
        : { outcome, detail: saw };
  const probe = { type: 'http', target: 'http://x/healthz', wanted: '', isCorroborating: false, dependency: null };
  return { outcome, require: 'all', probes: [{ ...probe, observation }], report: {}, roleToJudge: null, ...more };
}

test('all is well when every site passes and another one could take over', () => {
  const rest = judgeRest(service(), { one: answer(), two: answer() });

  expect(rest.fault).toBeNull();
  expect(rest.answers).toMatchObject([
    { site: 'one', place: 'us-east-1', isActive: true, outcome: 'pass', asked: 'http http://x/healthz' },
    { site: 'two', isActive: false },
  ]);
  expect(() => refuseRest('web', rest)).not.toThrow();
});

test.each([
  ['active-passive', ['active', 'standby']],
  ['active-active', ['active', 'in the pool']],
] as const)('the sites are called by what they do when the drill begins (mode=%s)', (mode, roles) => {
  const { answers } = judgeRest({ ...service(), mode }, { one: answer(), two: answer() });

  expect(answers.map(startRole)).toEqual(roles);
});

test.each([
  ['one second for the name server and as much for the page', 250, 2_000],
  ["what the longest probe gives, where that's more", 3_000, 4_000],
])('a request of the client takes at most %s (timeout=%i)', (_, timeoutMs, ms) => {
  const timed = (site: string, timeout: number) => ({ probes: [{ ...page(site), timeoutMs: timeout }] });
  const shape = service(timed('two', timeoutMs));
  const quick = service(timed('one', 250)).sites.two;

  expect(requestMsMax({ sites: { ...(quick && { quick }), ...(shape.sites.two && { two: shape.sites.two }) } })).toBe(
    ms,
  );
});

test.each([
  ['the active site fails', service(), { one: answer({ outcome: 'fail' }) }, /one fails \(http .*: wrong-body after/],
  ['the standby fails', service(), { two: answer({ outcome: 'fail' }, 'body "no"') }, /two fails .*body "no"/],
  [
    'a site cannot be judged',
    service(),
    { two: answer({ outcome: 'unknown' }, 'no credentials') },
    /two cannot be judged from here .*no credentials/,
  ],
  [
    'the active site calls itself a standby',
    service(),
    { one: answer({ roleToJudge: 'standby' }) },
    /one, which comes first by priority, says that it is standby/,
  ],
  [
    'the client cannot tell the sites apart',
    service({}, {}, 2, '203.0.113.10'),
    {},
    /one and two have the same address 203.0.113.10/,
  ],
  ['there is one site', service({}, {}, 1), {}, /one is its only site/],
  [
    'the other may never become active',
    service({ priority: 0 }),
    {},
    /no site could take over \(two: never-eligible\)/,
  ],
  [
    'the other lags behind',
    service({}, { maxReplicationLagMs: 1_000 }),
    { two: answer({ report: { replicationLagMs: 5_000 } }) },
    /two: lag-over-limit/,
  ],
  ['the other is not ready', service(), { two: answer({ report: { ready: false } }) }, /two: not-ready/],
  ['no client could ask it', service({ probes: [alarm] }), {}, /no probe of two is a request that a client could make/],
])('refuses to begin while %s', (_, named, differently, says) => {
  const rest = judgeRest(named, { one: answer(), two: answer(), ...differently });

  expect(rest.fault).toMatch(says);
  expect(() => refuseRest('web', rest)).toThrow(/^the drill of web begins only when all is well: /);
});
