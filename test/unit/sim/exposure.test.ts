import { describe, expect, test } from 'vitest';
import { readScenario } from '../../../src/cli/simulate/scenarios.ts';
import { runFile } from '../../support/scenarios.ts';

/** Two regions with fences; the data's kind says whether AWS demotes the old writer. */
const configOf = (data: string, more = '') => `
  name: shop
  controlRegions: [us-east-1, us-west-2, us-east-2]
  services:
    web:
      mode: active-passive
      sites:
        virginia: { region: us-east-1, priority: 100, fence: { kind: read-only, functionName: fence }, probes: [{ type: https, url: "https://virginia.shop.example/", expect: { body: ok } }] }
        oregon: { region: us-west-2, priority: 50, fence: { kind: read-only, functionName: fence }, probes: [{ type: https, url: "https://oregon.shop.example/", expect: { body: ok } }] }
      ${data}
      failover: { maxReplicationLagMs: 30s${more} }
      traffic:
        dns: { zone: { id: Z0EXAMPLE, name: shop.example }, record: www.shop.example, addresses: { virginia: { a: 203.0.113.10 }, oregon: { a: 198.51.100.20 } } }
`;
const replica = 'data: { kind: rds-replica, instances: { virginia: shop-v, oregon: shop-o } }';
const aurora =
  'data: { kind: aurora-global, globalId: shop, clusters: { virginia: "arn:aws:rds:us-east-1:123456789012:cluster:shop", oregon: "arn:aws:rds:us-west-2:123456789012:cluster:shop" } }';

function whysOf(config: string, events: readonly string[], expectations: readonly string[], durationMs = '6m') {
  const list = (name: string, lines: readonly string[]) => [`${name}:`, ...lines.map((line) => `  - ${line}`)];
  const head = ['name: "a fact"', `duration: ${durationMs}`, `config:${config}`];
  const text = [...head, ...list('events', events), ...list('expect', expectations)].join('\n');
  return runFile(readScenario(text, 's.yaml', () => '')).failures.map(({ why }) => why);
}

describe('what outsiders find', () => {
  test('is one open site that is written, and none cut off, while nothing happens', () => {
    const whys = whysOf(
      configOf(replica),
      ['{ at: 60s, set: { site: oregon, ready: true } }'],
      [
        '{ at: end, open: { web: [virginia] }, writable: { web: [virginia] }, isolated: { web: [] }, lost: { web: 0 } }',
        '{ at: end, noAlarm: site-down }',
      ],
    );

    expect(whys).toEqual([]);
  });

  test('is told with what was found, and what was expected', () => {
    const whys = whysOf(
      configOf(replica),
      ['{ at: 60s, stop: site/virginia }'],
      [
        '{ at: 30s, open: { web: [oregon] } }',
        '{ at: 30s, writable: { web: "> 1" } }',
        '{ at: 30s, isolated: { web: [virginia] } }',
        '{ at: end, alarmResolved: watcher-silent }',
        '{ at: end, noAlarm: site-down }',
      ],
    );

    expect(whys).toEqual([
      'web serves clients at: found ["virginia"], expected ["oregon"]',
      'web can be written at virginia; sites: found 1, expected > 1',
      'web is cut off at: found [], expected ["virginia"]',
      'alarm watcher-silent is not resolved (it was never raised)',
      expect.stringMatching(/^alarm site-down was raised at \d/),
    ]);
  });
});

test('an alarm counts as raised at once, and as resolved when people were told so', () => {
  const lag = (atMs: number, replicationLagMs: number) =>
    `{ at: ${atMs}ms, set: { site: oregon, replicationLagMs: ${replicationLagMs} } }`;
  const events = [lag(60_000, 600_000), lag(120_000, 0)];

  const whys = whysOf(configOf(replica), events, [
    '{ at: 115s, alarm: replication-lag }',
    '{ at: 230s, alarmResolved: replication-lag }',
  ]);

  expect(whys).toEqual([]);
});

describe('an old writer', () => {
  const dead = ['{ at: 60s, stop: region/us-east-1 }', '{ at: 4m, start: region/us-east-1 }'];
  // Watchers that are dead fence nobody: what is seen is the data's own doing.
  const unwatched = [
    '{ at: 200s, stop: watcher/us-east-1 }',
    '{ at: 235s, fail: { api: "lambda:Invoke", region: us-east-1, with: denied, for: 5m } }',
  ];

  test.each([
    ['is demoted once its region is back', 'aurora-global', aurora, '[oregon]'],
    ['goes on writing beside the new one', 'rds-replica', replica, '[virginia, oregon]'],
  ])('%s (%s)', (_, _kind, data, writable) => {
    const whys = whysOf(
      configOf(data),
      [...dead, ...unwatched],
      [
        '{ at: 239s, writer: { web: oregon }, writable: { web: [oregon] } }',
        `{ at: 5m, writable: { web: ${writable} } }`,
      ],
    );

    expect(whys).toEqual([]);
  });

  test('is a replica again once a person has made it one', () => {
    const rebuilt = '{ at: 5m, set: { site: virginia, data: replica } }';

    const whys = whysOf(
      configOf(replica),
      [...dead, ...unwatched, rebuilt],
      ['{ at: end, writable: { web: [oregon] } }'],
    );

    expect(whys).toEqual([]);
  });

  test('that clients still reach costs what they write there', () => {
    const whys = whysOf(
      configOf(replica),
      [...dead, ...unwatched],
      ['{ at: 239s, lost: { web: 0 } }', '{ at: end, lost: { web: "> 60" } }'],
    );

    expect(whys).toEqual([]);
  });
});

test('what is acknowledged while two regions cannot reach each other is lost with the move', () => {
  const cut = ['{ at: 60s, cut: [us-east-1, us-west-2] }', '{ at: 60s, cut: [us-east-1, us-east-2] }'];

  const whys = whysOf(configOf(replica), cut, ['{ at: end, writer: { web: oregon }, lost: { web: ">= 10" } }']);

  expect(whys).toEqual([]);
});
