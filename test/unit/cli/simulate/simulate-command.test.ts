import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SimulateFlags } from '../../../../src/cli/program.ts';
import { simulate } from '../../../../src/cli/simulate/simulate-command.ts';
import { runHere } from '../run-here.fixture.ts';
import { recordTerminal } from '../terminal.fixture.ts';

const config = fileURLToPath(new URL('../../../../examples/two-regions/failover.config.yaml', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failover-simulate-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** A scenario in which nothing happens but what an operator says. */
async function write(name: string, ...expectations: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const lines = [
    `name: "${name}"`,
    `config: ${relative(dirname(path), config)}`,
    'duration: 40s',
    'events:',
    '  - { at: 30s, operator: "pause web --reason \'planned work\'", as: op1 }',
    'expect:',
    ...expectations.map((expectation) => `  - ${expectation}`),
  ];
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

async function run(paths: readonly string[], flags: SimulateFlags = {}) {
  const terminal = recordTerminal();
  const exit = await simulate(paths, flags, terminal, runHere);
  return { exit, ...terminal.printed };
}

const holds = '{ operator: op1, exit: 0, says: "web is paused" }';
const fails = '{ at: 5s, active: { web: oregon } }';

test('a scenario that holds is one line, and the last line counts', async () => {
  const { exit, out, err } = await run([await write('a.yaml', holds)]);

  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  expect(out).toMatch(/^ok {3}a\.yaml \(\d+\.\d s, simulated 40 s\)\n1 passed, 0 failed\n$/);
});

test('a scenario that fails names the first expectation by file and line; exit 1', async () => {
  const path = await write('a.yaml', holds, fails);
  const { exit, out } = await run([path]);

  expect(exit).toBe(1);
  expect(out).toMatch(
    new RegExp(`^FAIL a\\.yaml \\(seed 1\\)\n {7}${path}:8: at 5\\.0 s: .*oregon.*\n0 passed, 1 failed`),
  );
});

test('a folder is searched to its bottom, in order, and a wrong file does not keep the others from running', async () => {
  await write('b/deep.yaml', holds);
  await write('a.yaml', holds);
  await write('c.yaml', '{ at: 5s, activ: { web: oregon } }');
  await writeFile(join(folder, 'notes.txt'), 'not a scenario');
  const { exit, out, err } = await run([folder]);

  expect(exit).toBe(2);
  expect(out).toMatch(/^ok {3}a\.yaml .*\nok {3}b\/deep\.yaml .*\n2 passed, 0 failed, 1 wrong file\n$/);
  expect(err).toMatch(new RegExp(`^${join(folder, 'c.yaml')}:7: .*activ`));
});

test('paths that lead nowhere are wrong usage', async () => {
  await expect(run([join(folder, 'absent')])).rejects.toMatchObject({ code: 'CONFIG' });
  await expect(run([folder])).rejects.toMatchObject({ message: `${folder}: no *.yaml in this folder` });
});

test('--seed replaces the seed of the file', async () => {
  const { out } = await run([await write('a.yaml', fails)], { seed: 7 });

  expect(out).toMatch(/^FAIL a\.yaml \(seed 7\)/);
});

test('--trace prints what happens, the operator included', async () => {
  const { out } = await run([await write('a.yaml', holds)], { trace: true });

  expect(out).toMatch(/^ +30\.\d+ \$\$ op1: pause web .* -> 0 web is paused/m);
});

test('--json prints reports, and with --trace what happened', async () => {
  const path = await write('a.yaml', holds);
  const json = JSON.parse((await run([path], { json: true })).out);
  const traced = JSON.parse((await run([path], { json: true, trace: true })).out);

  expect(json).toMatchObject({ passed: 1, failed: 0, wrong: 0, scenarios: [{ name: 'a.yaml', isPassed: true }] });
  expect(traced.scenarios[0].trace.join('\n')).toContain('$$ op1: pause web');
});

test('--json counts how often each property was at stake, over all scenarios, and names what never was', async () => {
  const { out } = await run([await write('a.yaml', holds), await write('b.yaml', holds)], { json: true });

  const printed = JSON.parse(out);
  expect(Object.keys(printed.stakes)).toEqual(expect.arrayContaining(['S1', 'S16', 'L1', 'L2']));
  expect(printed.stakes.S5).toEqual({ write: 0, 'older order': 0, 'older claim': 0 });
  expect(printed.scenarios[0].stakes.S5).toEqual({ write: 0, 'older order': 0, 'older claim': 0 });
  expect(printed.untested).toContain('S5 older claim');
});

test('a campaign fails when a property was never at stake, and says which; without the word it does not', async () => {
  const path = await write('a.yaml', holds);

  const [plain, campaign] = [await run([path]), await run([path], { campaign: true })];

  expect(plain.exit).toBe(0);
  expect(plain.out).not.toContain('never at stake');
  expect(campaign.exit).toBe(1);
  expect(campaign.out).toMatch(/\n1 passed, 0 failed\nnever at stake: .*S8; /);
});

test('--json says what was never at stake, and a campaign fails there, too', async () => {
  const { exit, out } = await run([await write('a.yaml', holds)], { campaign: true, json: true });

  expect(exit).toBe(1);
  expect(JSON.parse(out).untested).toContain('S5 older claim');
});
