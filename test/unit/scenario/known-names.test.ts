import { describe, expect, test } from 'vitest';
import { readScenario } from '../../../src/cli/simulate/scenarios.ts';
import { worldApis } from '../../../src/sim/world/api-names.ts';
import { complaintsOf, readRepository } from '../config/shop.fixture.ts';

const config = readRepository('examples/two-regions/failover.config.yaml');

const complaints = (text: string) => complaintsOf(() => readScenario(text, 's.yaml', () => config));

/** What is said of one event, in line 4, and of one expectation, in line 6. */
function complaint(event: string, expectation = '{ at: end, moves: { web: 0 } }'): readonly string[] {
  return complaints(
    ['name: x', 'config: shop.yaml', 'events:', `  - ${event}`, 'expect:', `  - ${expectation}`].join('\n'),
  );
}

const calm = '{ at: 1s, stop: site/virginia }';

describe('an event that names what is not there is refused', () => {
  test.each([
    [
      '{ at: 1s, fail: { api: "foo:Bar", with: error, for: 1s } }',
      /^s\.yaml:4: events\.0\.fail: found "foo", allowed a known service of APIs: arc-zonal-shift, autoscaling, .*route53/,
    ],
    [
      '{ at: 1s, fail: { api: "dynamodb:UpdateItm", with: error, for: 1s } }',
      /^s\.yaml:4: events\.0\.fail: found "dynamodb:UpdateItm", allowed a known API of dynamodb: dynamodb:BatchGetItem, dynamodb:DescribeTable, dynamodb:GetItem, dynamodb:UpdateItem, dynamodb:UpdateTable; did you mean "dynamodb:UpdateItem"\?$/,
    ],
    ['{ at: 1s, fail: { api: "dynamo:*", with: error, for: 1s } }', /found "dynamo", .*did you mean "dynamodb"\?$/],
    [
      '{ at: 1s, cut: [us-east-1, aws/dynamo/us-east-1] }',
      /found "dynamo", allowed a known service of AWS: .*did you mean "dynamodb"\?$/,
    ],
    [
      '{ at: 1s, dependency: { name: payments, state: failing } }',
      /^s\.yaml:4: events\.0\.dependency: found "payments", allowed a known dependency: there is none$/,
    ],
    [
      '{ at: 1s, grey: { site: virginia, failingProbe: 9 } }',
      /^s\.yaml:4: events\.0\.grey: found "9", allowed a known probe of virginia: 0/,
    ],
    [
      '{ at: 1s, misplace: { record: ww.shop.example, to: 192.0.2.1 } }',
      /^s\.yaml:4: events\.0\.misplace: found "ww\.shop\.example", allowed a known record: www\.shop\.example; did you mean/,
    ],
    [
      '{ at: 1s, misplace: { address: eipalloc-9, to: i-1 } }',
      /found "eipalloc-9", allowed a known address: there is none$/,
    ],
    ['{ at: 1s, misplace: { route: rtb-9, to: i-1 } }', /found "rtb-9", allowed a known route table: there is none$/],
    [
      '{ at: 1s, misplace: { weights: web, to: { virgina: 1 } } }',
      /found "web\/virgina", allowed a known site: .*did you mean "web\/virginia"\?$/,
    ],
    ['{ at: 1s, redeploy: [eu-west-1] }', /events\.0\.redeploy: found "eu-west-1", allowed a known control region: /],
    [
      '{ at: 1s, operator: "status web", from: mars }',
      /events\.0\.from: found "mars", allowed a known region or location: .*, outside$/,
    ],
  ])('%s', (event, says) => {
    expect(complaint(event)).toEqual([expect.stringMatching(says)]);
  });
});

describe('an expectation that names what is not there is refused', () => {
  test.each([
    [
      '{ calls: { "route53:Nope": 0 } }',
      /^s\.yaml:6: expect\.0\.calls: found "route53:Nope", allowed a known API of route53: /,
    ],
    ['{ at: end, eip: { eipalloc-9: null } }', /found "eipalloc-9", allowed a known address: /],
    ['{ at: end, route: { rtb-9: null } }', /found "rtb-9", allowed a known route table: /],
    ['{ heard: { "arn:aws:sns:us-east-1:111122223333:ops": 0 } }', /allowed a known topic: there is none$/],
    ['{ at: end, weights: { web: { mars: 0 } } }', /found "web\/mars", allowed a known site: /],
    ['{ at: end, scale: { web: { mars: 0 } } }', /found "web\/mars", allowed a known site: /],
    ['{ at: end, work: { web: [mars] } }', /found "web\/mars", allowed a known site: /],
    ['{ at: end, voters: { web: [eu-west-1] } }', /found "eu-west-1", allowed a known control region: /],
  ])('%s', (expectation, says) => {
    expect(complaint(calm, expectation)).toEqual([expect.stringMatching(says)]);
  });
});

test('each API of the world is known, and all those of its service together', () => {
  for (const api of worldApis) {
    const [service = ''] = api.split(':');
    expect(complaint(`{ at: 1s, fail: { api: "${api}", with: error, for: 1s } }`)).toEqual([]);
    expect(complaint(`{ at: 1s, fail: { api: "${service}:*", with: error, for: 1s } }`)).toEqual([]);
  }
});

describe("an operator's line that means nothing", () => {
  const line = '{ at: 1s, operator: "switchovr web", as: op1 }';

  test('is refused with what the command line would say', () => {
    expect(complaint(line)).toEqual([
      expect.stringMatching(
        /^s\.yaml:4: events\.0\.operator: found "switchovr web", allowed a line of an operator's verb, or that operator expected to end with exit: 2; .*switchover/,
      ),
    ]);
  });

  test('is taken where its refusal is what is expected', () => {
    expect(complaint(line, '{ operator: op1, exit: 2 }')).toEqual([]);
    expect(complaint(line, '{ operator: op1, exit: 0 }')).toHaveLength(1);
  });

  test('means something when it does once a redeploy has come', () => {
    const site =
      '{ region: us-east-2, priority: 1, probes: [{ type: tcp, host: ohio, port: 443 }] }, services.web.traffic.dns.addresses.ohio: { a: 192.0.2.3 }';
    const events = [
      `{ at: 1s, redeploy: true, overrides: { services.web.sites.ohio: ${site} } }`,
      '{ at: 60s, operator: "switchover web --to ohio" }',
    ];

    expect(complaints(['name: x', 'config: c', 'events:', ...events.map((one) => `  - ${one}`)].join('\n'))).toEqual(
      [],
    );
  });
});

describe('the rules of configurations', () => {
  const broken = config
    .replace(/controlRegions: .*/, 'controlRegions: [us-east-1, us-east-1, us-west-2]')
    .replace('quorum: 2', 'quorum: 5');

  test('hold for one that stands in the file itself, by its lines there', () => {
    const found = complaints(`name: x\nconfig:\n${broken.replace(/^/gm, '  ')}\n`);

    expect(found).toContainEqual(expect.stringMatching(/^s\.yaml:6: controlRegions: found us-east-1 twice, allowed/));
    expect(found).toContainEqual(expect.stringMatching(/^s\.yaml:\d+: services\.web\.detection\.quorum: found 5, /));
  });

  test('hold for one that is named, by its own', () => {
    const read = () => readScenario('name: x\nconfig: shop.yaml\n', 's.yaml', () => broken);

    expect(complaintsOf(read)).toContainEqual(expect.stringMatching(/^shop\.yaml:4: controlRegions: /));
  });
});

test.each([
  [
    '{ at: 9s, status: { web: { stat: steady } } }',
    /expect\.0\.status\.web\.stat: unknown key; did you mean "state"\?/,
  ],
  ['{ at: 9s, status: { web: { puase: null } } }', /status\.web\.puase: unknown key; did you mean "pause"\?/],
  [
    '{ at: 9s, status: { web: { protection: { lvl: stuck } } } }',
    /status\.web\.protection\.lvl: unknown key; allowed: level/,
  ],
  [
    '{ at: 9s, status: { web: { sites: { virginia: { rol: active } } } } }',
    /status\.web\.sites\.virginia\.rol: unknown key; did you mean "role"\?/,
  ],
])('a field that status does not have is refused: %s', (expectation, says) => {
  expect(complaint(calm, expectation)).toEqual([expect.stringMatching(says)]);
});

test('a field that status has may be expected by its value, a bound, or what it is not', () => {
  const parts =
    'state: steady, reason: { not: paused }, epoch: ">= 1", run: null, sites: { virginia: { role: active } }';

  expect(complaint(calm, `{ at: 9s, status: { web: { ${parts} } } }`)).toEqual([]);
});
