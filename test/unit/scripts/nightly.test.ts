import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tryInput } from '../../../scripts/nightly/input/input.ts';
import { mutated, mutations } from '../../../scripts/nightly/input/mutations.ts';
import { type Reader, readersOf } from '../../../scripts/nightly/input/readers.ts';
import { surveyCalls, whyNoBase } from '../../../scripts/nightly/matrix/call-survey.ts';
import { readCase, root, scenarioText } from '../../../scripts/nightly/matrix/failover-case.ts';
import { matrixExamples } from '../../../scripts/nightly/matrix/matrix.ts';
import { faultAt, faultsAt, isStruck, matrixTable, pointsOf, spread } from '../../../scripts/nightly/matrix/trials.ts';
import { judgeMonth, monthText, runMonth, slopeOf } from '../../../scripts/nightly/month.ts';
import { partNames, readOptions } from '../../../scripts/nightly/options.ts';
import { isPassed, lineOf, showReports } from '../../../scripts/nightly/report.ts';
import { firstSeedOf, trySeeds } from '../../../scripts/nightly/seeds.ts';
import { calmMs, planStrikes, type Victim } from '../../../scripts/nightly/soak/plan.ts';
import { breachesOf, judgeSoak, readSample } from '../../../scripts/nightly/soak/samples.ts';
import { readScenario, surroundingsOf } from '../../../src/cli/simulate/scenarios.ts';
import { seededRandom } from '../../../src/sim/random.ts';
import { runScenario } from '../../../src/sim/run.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const scenarioOf = (text: string) => readScenario(text, 'x.yaml', (path) => read(join('out/nightly', path)));

describe('options', () => {
  test('a night is 10,000 seeds, half an hour of soak and every part', () => {
    expect(readOptions([])).toEqual({
      parts: partNames,
      seeds: 10_000,
      soakMs: 1_800_000,
      isQuick: false,
      isJson: false,
    });
  });

  test('parts run in their own order', () => {
    expect(readOptions(['--only', 'seeds,matrix', '--seeds', '20', '--quick'])).toMatchObject({
      parts: ['matrix', 'seeds'],
      seeds: 20,
      isQuick: true,
    });
  });

  test.each([
    [['--only', 'moon'], /no "moon"; there are: matrix/],
    [['--seeds', '0'], /--seeds takes 1 to/],
    [['--soak', 'long'], /--soak long: give a duration/],
    [['--soak', '1s'], /from 30s to 24h/],
  ])('%j is refused', (words, why) => {
    expect(() => readOptions(words)).toThrow(why);
  });
});

describe('matrix', () => {
  const call = (atMs: number, api = 'dynamodb:UpdateItem') => ({ api, region: 'us-west-2', by: 'us-east-1', atMs });

  test('every example of the matrix is there', () => {
    expect(matrixExamples.filter((name) => !existsSync(join(root, 'examples', name)))).toEqual([]);
  });

  test('the first, the middle and the last call of each API are failed', () => {
    const calls = [1, 2, 3, 4, 5].map((atMs) => call(atMs));

    expect(pointsOf([...calls, call(9, 'sns:Publish')], 3)).toEqual([
      call(1),
      call(3),
      call(5),
      call(9, 'sns:Publish'),
    ]);
    expect(spread([1, 2, 3], 1)).toEqual([1]);
  });

  test('a fault is in force when its call is on the way', () => {
    expect(faultAt(call(1_000), 'timeout')).toMatchObject({ atMs: 954, forMs: 12, with: 'timeout' });
    expect(faultAt({ ...call(1_000), by: 'us-west-2' }, 'late')).toMatchObject({ atMs: 996, forMs: 2 });
  });

  test('only reads that may lag are stale', () => {
    expect(faultsAt([call(1_000)]).map((fault) => fault.with)).not.toContain('stale');
    expect(faultsAt([call(1_000, 'ec2:DescribeInstances')]).map((fault) => fault.with)).toContain('stale');
  });

  test('a cell counts what met a call', () => {
    const fault = faultAt(call(1_000), 'timeout');
    const table = matrixTable([
      { fault, verdict: 'passed' },
      { fault, verdict: 'failed' },
      { fault, verdict: 'missed' },
    ]);

    expect(table[0]?.slice(0, 3)).toEqual(['API', 'timeout', 'throttle']);
    expect(table[1]?.slice(0, 3)).toEqual(['dynamodb:UpdateItem', '1/2', '-']);
  });

  test('a failover and the way back that meets a fault once (two-regions)', () => {
    const base = readCase('two-regions', read);
    const survey = surveyCalls(scenarioOf(scenarioText(base, [], [])), base.stopMs, base.movedMs);
    const [first] = pointsOf(survey.calls, 1);
    const fault = faultAt(first ?? call(0), 'denied');
    const scenario = scenarioOf(scenarioText(base, [fault], [{ at: 'end', active: survey.end.active }]));
    const lines: string[] = [];
    const report = runScenario(scenario, { ...surroundingsOf(scenario), onTrace: (line) => lines.push(line) });

    expect(whyNoBase(survey, base.site)).toBeNull();
    expect(survey.moved.active).toEqual({ web: 'oregon' });
    expect(lines.filter((line) => isStruck(line, fault))).not.toEqual([]);
    expect(report).toMatchObject({ violations: [], failures: [] });
  });

  test('a run that leaves nothing, or does not come back, is no base', () => {
    const at = (site: string) => ({ active: { web: site }, serving: { web: [site] } });
    const survey = { calls: [], before: at('a'), moved: at('b'), end: at('a'), violations: [] };

    expect(whyNoBase(survey, 'a')).toBeNull();
    expect(whyNoBase({ ...survey, moved: at('a') }, 'a')).toMatch(/web stayed at a, which is down/);
    expect(whyNoBase({ ...survey, end: at('b') }, 'a')).toMatch(/ended with/);
    expect(whyNoBase({ ...survey, violations: ['S1: two'] }, 'a')).toBe('S1: two');
  });
});

describe('input', () => {
  const reader = (read: Reader['read']): Reader => ({
    name: 'reader',
    samples: ['a: b'],
    read,
    namesPlace: (message) => message.includes(':'),
  });

  test('every sample is sound before it is spoiled', () => {
    for (const { samples, read: readText } of readersOf(root).filter(({ name }) => name !== 'scenario')) {
      expect(samples.map(readText).filter((answer) => answer !== null)).toEqual([]);
    }
  });

  test('spoiled texts are refused as they should be (40 each)', () => {
    expect(tryInput(readersOf(root), 40, 1, () => performance.now()).findings).toEqual([]);
  });

  test('every mutation changes some text, the same way for the same seed', () => {
    const text = 'one: 1\ntwo: { three: 3 }\nfour: five\n';

    for (const [name, mutate] of Object.entries(mutations)) {
      const outcomes = Array.from({ length: 20 }, (_, seed) => mutate(text, seededRandom(seed)));
      expect(
        outcomes.some((outcome) => outcome !== text),
        name,
      ).toBe(true);
    }
    expect(mutated(text, seededRandom(7))).toEqual(mutated(text, seededRandom(7)));
  });

  test('a crash is found', () => {
    const crashing = reader(() => {
      throw new TypeError('x is undefined');
    });

    expect(tryInput([crashing], 1, 1, () => 0).findings[0]).toMatch(/TypeError: x is undefined/);
  });

  test('a refusal without a place, and one that takes too long, are found', () => {
    let nowMs = 0;
    const slow = reader(() => {
      nowMs += 3_000;
      return null;
    });

    expect(tryInput([reader(() => 'no')], 1, 1, () => 0).findings[0]).toMatch(/names no place: "no"/);
    expect(tryInput([slow], 1, 1, () => nowMs).findings[0]).toMatch(/took 3000 ms/);
  });
});

describe('seeds', () => {
  test('each day has seeds of its own', () => {
    expect(firstSeedOf(86_400_000) - firstSeedOf(0)).toBe(100_000);
  });

  test('a seed that fails is named with what repeats it', async () => {
    const asked: (readonly string[])[] = [];
    const printed = { passed: 19, seeds: 20, failures: [{ seed: 107 }], untested: ['S9'] };
    const report = await trySeeds(20, 100, async (words) => {
      asked.push(words);
      return JSON.stringify(printed);
    });

    expect(asked).toEqual([['fuzz', '--seeds', '20', '--seed', '100', '--json']]);
    expect(report.findings).toEqual(['npm run fuzz -- --seed 107 --shrink', 'never at stake: S9']);
    expect(report.summary).toBe('19 of 20 seeds from 100 passed');
  });
});

describe('month', () => {
  const moveText =
    'name: a move\nconfig: ../../examples/two-regions/failover.config.yaml\nduration: 5m\nevents: [{ at: 1m, stop: site/virginia }]\n';
  const monthOf = (megabytesOf: (day: number) => number) => ({
    samples: Array.from({ length: 28 }, (_, index) => ({ day: index + 1, megabytes: megabytesOf(index + 1) })),
    moves: 8,
  });

  test('memory that grows by a tenth between the second week and the last is found', () => {
    expect(
      judgeMonth(
        monthOf(() => 50),
        28,
      ).findings,
    ).toEqual([]);
    expect(
      judgeMonth(
        monthOf((day) => 50 + day / 7),
        28,
      ).findings,
    ).toEqual([]);
    expect(
      judgeMonth(
        monthOf((day) => 50 + day),
        28,
      ).findings[0],
    ).toMatch(/memory grows: 60.0|memory grows: 61/);
    expect(judgeMonth({ ...monthOf(() => 50), moves: 7 }, 28).findings).toEqual(['7 moves, expected 8']);
    expect(slopeOf(monthOf((day) => 2 * day).samples)).toBeCloseTo(2);
  });

  test('its text is a scenario with a failover each week (days=15)', () => {
    expect(scenarioOf(monthText(15)).events.filter(({ kind }) => kind === 'stop')).toHaveLength(3);
  });

  test('memory is sampled in even steps, and moves are counted (5 min)', () => {
    const { samples, moves } = runMonth(scenarioOf(moveText), () => 2 ** 20);

    expect(samples.every(({ megabytes }) => megabytes === 1)).toBe(true);
    expect(samples.at(-1)?.day).toBeCloseTo(300 / 86_400);
    expect(moves).toBe(1);
  });
});

describe('soak', () => {
  const victims: readonly Victim[] = [
    { role: 'watchers', place: 'us-east-1' },
    { role: 'tables', place: 'us-east-1' },
    { role: 'sites', place: 'oregon' },
  ];

  test('blows fall one after another, the same for the same seed, and leave the end calm', () => {
    const strikes = planStrikes(1, 600_000, victims);

    expect(planStrikes(1, 600_000, victims)).toEqual(strikes);
    expect(planStrikes(2, 600_000, victims)).not.toEqual(strikes);
    expect(strikes.length).toBeGreaterThan(20);
    expect(strikes.every(({ atMs }, index) => atMs > (strikes[index - 1]?.backMs ?? 0))).toBe(true);
    expect(strikes.at(-1)?.backMs).toBeLessThanOrEqual(600_000 - calmMs);
    expect(strikes.filter(({ role, blow }) => role === 'tables' && blow === 'kill')).toEqual([]);
  });

  const sample = (active: string, epoch: number, serving = [active], level = 'protected') => ({
    atMs: 1_000,
    level,
    epoch,
    active,
    serving,
  });

  test('what must never be seen is found', () => {
    expect(breachesOf([sample('a', 1), sample('b', 2), sample('b', 2)])).toEqual([]);
    expect(breachesOf([sample('a', 1, ['a', 'b'])])).toEqual(['after 1 s a and b served at once']);
    expect(breachesOf([sample('a', 1), sample('b', 1)])[0]).toMatch(/b was active in epoch 1, in which a had been/);
    expect(breachesOf([sample('a', 2), sample('a', 1)])).toEqual(['after 1 s epoch 1 was seen after 2']);
  });

  test('the end must be protected', () => {
    const strikes = planStrikes(1, 60_000, victims);

    expect(judgeSoak(strikes, [sample('a', 1)], 0, 1).findings).toEqual([]);
    expect(judgeSoak(strikes, [sample('a', 1, ['a'], 'stuck')], 0, 1).findings[0]).toMatch(/says stuck/);
    expect(judgeSoak([], [], 3, 1).findings).toEqual([
      'no blow fell: the time is too short',
      'at the end status says nothing, not protected',
    ]);
  });

  test('status is read as far as it is needed', () => {
    const web = { protection: { level: 'protected' }, epoch: 1, active: 'a', serving: ['a'] };

    expect(readSample(JSON.stringify({ services: { web } }), 'web', 1_000)).toEqual(sample('a', 1));
    expect(readSample('{}', 'web', 1_000)).toBeNull();
    expect(readSample('no lab', 'web', 1_000)).toBeNull();
  });
});

describe('report', () => {
  const good = { part: 'seeds', tookMs: 1_000, summary: '20 of 20', table: [], findings: [] };
  const bad = {
    ...good,
    part: 'matrix',
    table: [
      ['API', 'late'],
      ['x:Y', '0/1'],
    ],
    findings: ['x:Y late: S1'],
  };

  test('a finding is shown with its part, and nothing passes by default', () => {
    expect(lineOf(good)).toBe('ok    seeds   20 of 20 (1.0 s)');
    expect(lineOf(bad)).toMatch(/^FOUND/);
    expect(showReports([good, bad])).toMatch(/x:Y[\s\S]*FOUND by matrix: x:Y late: S1[\s\S]*seeds +passed/);
    expect([isPassed([good]), isPassed([good, bad]), isPassed([])]).toEqual([true, false, false]);
  });
});
