import { describe, expect, test } from 'vitest';
import type { FuzzFlags } from '../../../../src/cli/program.ts';
import { fuzz } from '../../../../src/cli/simulate/fuzz-command.ts';
import type { JobOutcome, SimulationJob } from '../../../../src/cli/simulate/simulation-job.ts';
import { checkerKinds } from '../../../../src/sim/checkers/checker-list.ts';
import { plantedBugs } from '../../../../src/sim/planted/bugs.ts';
import type { RunReport } from '../../../../src/sim/run.ts';
import { recordTerminal } from '../terminal.fixture.ts';

const violation = { property: 'S3', atMs: 61_200, detail: 'no quorum' } as const;

function ran(name: string, violations: RunReport['violations'] = [], lines: readonly string[] = []): JobOutcome {
  const isPassed = violations.length === 0;
  const report = {
    name,
    fileName: name,
    seed: 1,
    durationMs: 1_000,
    isPassed,
    failures: [],
    violations,
    recoveryMs: {},
    stakes: {},
  };
  return { kind: 'ran', report, tookMs: 5, lines };
}

/** Runs the verb over outcomes that are made up. */
async function run(flags: FuzzFlags, outcomeOf: (job: SimulationJob) => JobOutcome) {
  const terminal = recordTerminal();
  const asked: SimulationJob[] = [];
  const exit = await fuzz(flags, terminal, async (jobs, onOutcome) => {
    asked.push(...jobs);
    for (const [index, job] of jobs.entries()) onOutcome(outcomeOf(job), index);
  });
  return { exit, asked, ...terminal.printed };
}

const nameOf = (job: SimulationJob) => ('seed' in job ? `seed ${job.seed}` : '');

/** Each way of each property at stake once. */
const once = Object.fromEntries(
  checkerKinds.map(({ property, stakes }) => [property, Object.fromEntries(stakes.map((stake) => [stake, 1]))]),
);

describe('seeds', () => {
  test.each([
    [{}, 1, 100],
    [{ seeds: 3 }, 1, 3],
    [{ seed: 7 }, 7, 1],
    [{ seed: 7, seeds: 2 }, 7, 2],
  ])('%j starts at %d and takes %d', async (flags, first, count) => {
    const { exit, asked, out } = await run(flags, (job) => {
      const outcome = ran(nameOf(job));
      return outcome.kind === 'ran' ? { ...outcome, report: { ...outcome.report, stakes: once } } : outcome;
    });

    expect(exit).toBe(0);
    expect(asked[0]).toEqual({ kind: 'seed', seed: first, isTraced: false });
    expect(asked).toHaveLength(count);
    expect(out).toMatch(new RegExp(`^${count} seeds?: ${count} passed, 0 failed \\(`));
  });

  test('one that fails says of what and how to replay it; exit 1', async () => {
    const { exit, out } = await run({ seeds: 3 }, (job) =>
      ran(nameOf(job), nameOf(job) === 'seed 2' ? [violation] : []),
    );

    expect(exit).toBe(1);
    expect(out).toMatch(
      /^FAIL seed 2\n {7}property S3 broken at 61\.2 s: no quorum\n {7}replay at (commit \w+|this version): cdk-failover fuzz --seed 2\n3 seeds: 2 passed, 1 failed/,
    );
  });

  test('one that breaks the simulation fails', async () => {
    const { exit, out } = await run({ seed: 4 }, () => ({ kind: 'broken', error: 'TypeError: x' }));

    expect(exit).toBe(1);
    expect(out).toMatch(/^FAIL seed 4\n {7}the simulation broke: TypeError: x\n/);
  });

  test('--shrink makes the lowest failing seed small', async () => {
    const { exit, asked, out } = await run({ seeds: 3, shrink: true }, (job) =>
      job.kind === 'shrink'
        ? ran('seed 2, shrunk to 1 events', [violation], ['   61.2 s  stop virginia'])
        : ran(nameOf(job), nameOf(job) === 'seed 1' ? [] : [violation]),
    );

    expect(exit).toBe(1);
    expect(asked.at(-1)).toEqual({ kind: 'shrink', seed: 2, isTraced: false });
    expect(out).toContain('seed 2, shrunk to 1 events:\n   61.2 s  stop virginia\n');
  });

  test('--json prints the failures as data and nothing else', async () => {
    const { out } = await run({ seeds: 2, json: true }, (job) => ran(nameOf(job), [violation]));

    expect(JSON.parse(out)).toMatchObject({ passed: 0, failed: 2, seeds: 2, failures: [{ seed: 1 }, { seed: 2 }] });
  });
});

describe('stakes', () => {
  const staking = (stakes: RunReport['stakes'], flags: FuzzFlags) =>
    run(flags, (job) => {
      const outcome = ran(nameOf(job));
      return outcome.kind === 'ran' ? { ...outcome, report: { ...outcome.report, stakes } } : outcome;
    });

  test('are counted over all seeds, and printed', async () => {
    const [text, json] = [await staking(once, { seeds: 3 }), await staking(once, { seeds: 3, json: true })];

    expect(text.out).toMatch(/\nat stake:\n {2}S1 {3}\w/);
    expect(text.out).toMatch(/\n {2}S5 {3}write 3, older order 3, older claim 3\n/);
    expect(JSON.parse(json.out)).toMatchObject({
      stakes: { S5: { write: 3, 'older order': 3, 'older claim': 3 } },
      untested: [],
    });
  });

  test.each([
    [299, 0],
    [300, 1],
  ])('a campaign of %i seeds in which a way of a property never was at stake exits with %i', async (seeds, exit) => {
    const never = { ...once, S5: { write: 1, 'older order': 1, 'older claim': 0 } };

    const campaign = await staking(never, { seeds });

    expect(campaign.exit).toBe(exit);
    expect(campaign.out.includes('never at stake: S5 older claim\n')).toBe(exit === 1);
  });

  test.each([
    [99, 0],
    [100, 1],
  ])('a campaign of %i seeds in which nothing of a property was at stake exits with %i', async (seeds, exit) => {
    const never = { ...once, S5: { write: 0, 'older order': 0, 'older claim': 0 } };

    const campaign = await staking(never, { seeds });

    expect(campaign.exit).toBe(exit);
    expect(campaign.out.includes('never at stake: S5\n')).toBe(exit === 1);
  });
});

describe('planted bugs', () => {
  const propertyOf = (job: SimulationJob) =>
    plantedBugs.find(({ name }) => job.kind === 'planted' && name === job.bug)?.property ?? 'S1';

  test('all caught by the property that they break: exit 0', async () => {
    const { exit, out } = await run({ planted: true }, (job) =>
      ran('planted', [{ property: propertyOf(job), atMs: 1_000, detail: 'seen' }]),
    );

    expect(exit).toBe(0);
    expect(out.match(/^caught {2}/gm)).toHaveLength(plantedBugs.length);
    expect(out).toMatch(new RegExp(`\n${plantedBugs.length} of ${plantedBugs.length} planted bugs caught\n$`));
  });

  test('one that nothing notifications is missed, and what it does wrong is said: exit 1', async () => {
    const missed = plantedBugs[0];
    const { exit, out } = await run({ planted: true }, (job) =>
      ran(
        'planted',
        job.kind === 'planted' && job.bug === missed?.name ? [] : [{ ...violation, property: propertyOf(job) }],
      ),
    );

    expect(exit).toBe(1);
    expect(out).toContain(
      `MISSED  ${missed?.name}: ${missed?.mistake}, and ${missed?.property} did not notice (nothing did)`,
    );
  });

  test('a scenario that is not there is wrong usage', async () => {
    const wrong: JobOutcome = { kind: 'wrong', error: 'x.yaml: no such file or folder' };

    await expect(run({ planted: true }, () => wrong)).rejects.toMatchObject({ code: 'SCENARIO' });
  });
});
