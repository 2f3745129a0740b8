import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readConfigFile } from '../../../../src/cli/deploy/config-file.ts';
import { type Now, predictFrom, readState } from '../../../../src/cli/operator/predict-command.ts';
import { plainPage } from '../../../../src/cli/show/layout.ts';
import type { PredictionJson } from '../../../../src/cli/show/prediction.ts';
import { atRest, type StartingState } from '../../../../src/sim/prediction/starting-state.ts';
import { recordTerminal } from '../terminal.fixture.ts';
import { fakeTarget } from './target.fixture.ts';

const example = (name: string) =>
  readConfigFile(fileURLToPath(new URL(`../../../../examples/${name}/failover.config.yaml`, import.meta.url)));

async function predictIn(name: string, lose: string, starting: Readonly<Record<string, StartingState>> = {}) {
  const terminal = recordTerminal();
  const now: Now = { deployment: await example(name), where: null, starting };
  const exit = await predictFrom(now, { lose, seeds: 2, json: true }, terminal);
  return { exit, ...(JSON.parse(terminal.printed.out) as PredictionJson) };
}

test('the loss of the active region is a move, with its times', async () => {
  const { exit, services } = await predictIn('two-regions', 'us-east-1');

  expect(exit).toBe(0);
  expect(services.web).toHaveLength(2);
  for (const { from, to, decidedMs, lastBadMs } of services.web ?? []) {
    expect({ from, to }).toEqual({ from: ['virginia'], to: ['oregon'] });
    expect(decidedMs).toBeGreaterThan(0);
    expect(lastBadMs).toBeGreaterThan(decidedMs ?? 0);
  }
});

test('the loss of a region that serves nobody is felt by nobody', async () => {
  const { exit, services } = await predictIn('two-regions', 'us-west-2');

  expect(exit).toBe(0);
  expect(services.web?.map(({ to, lastBadMs }) => ({ to, lastBadMs }))).toEqual([
    { to: ['virginia'], lastBadMs: 0 },
    { to: ['virginia'], lastBadMs: 0 },
  ]);
});

test('it starts from who is active now', async () => {
  const { services } = await predictIn('two-regions', 'oregon', { web: { ...atRest, active: 'oregon' } });

  expect(services.web?.map(({ from, to }) => [from, to])).toEqual([
    [['oregon'], ['virginia']],
    [['oregon'], ['virginia']],
  ]);
});

test.each<[string, Partial<StartingState>]>([
  ['paused', { isPaused: true }],
  ['the other site is down', { down: ['oregon'] }],
  ['the other site is in maintenance', { maintenance: ['oregon'] }],
])('what forbids a move now forbids it there, and clients fail: %s', async (_, state) => {
  const { exit, services } = await predictIn('two-regions', 'virginia', { web: { ...atRest, ...state } });

  expect(exit).toBe(1);
  for (const { to, decidedMs, badAtEndPercent } of services.web ?? []) {
    expect({ to, decidedMs, badAtEndPercent }).toEqual({ to: ['virginia'], decidedMs: null, badAtEndPercent: 100 });
  }
});

test('a lag over the limit holds the move', async () => {
  const lagging = { db: { ...atRest, lagMs: { oregon: 600_000 } } };
  const { services } = await predictIn('database', 'virginia', lagging);

  expect(services.db?.map(({ to }) => to)).toEqual([['virginia'], ['virginia']]);
});

test('the same state and seed give the same outcome', async () => {
  expect(await predictIn('active-active', 'us-east-1')).toEqual(await predictIn('active-active', 'us-east-1'));
});

test('an unknown name is one line with the names that there are', async () => {
  const deployment = await example('two-regions');

  const asked = predictFrom({ deployment, where: null, starting: {} }, { lose: 'rome' }, recordTerminal());
  await expect(asked).rejects.toThrow(
    '--lose rome: no region and no site has this name; there are us-east-1, us-west-2, us-east-2; virginia, oregon',
  );
});

test('what is now is read from the tables', async () => {
  const { starting } = await readState(fakeTarget(), recordTerminal());

  expect(starting).toEqual({ web: { ...atRest, active: 'virginia' } });
});

test('nothing is predicted from what nobody knows', async () => {
  const target = fakeTarget(['us-east-1', 'us-west-2']);

  await expect(readState(target, recordTerminal())).rejects.toThrow(/^web: nobody knows who is active .*--at-rest$/);
});

test('people read where it goes, how long it takes, and what is not known', async () => {
  const terminal = recordTerminal();
  await predictFrom(
    { deployment: await example('two-regions'), where: null, starting: {} },
    { lose: 'us-east-1', seeds: 2 },
    terminal,
  );

  expect(terminal.printed.out).toMatch(
    /^If us-east-1 were lost, from a state of rest \(simulated 2 times; nothing was touched\):\n {2}web\n {4}virginia -> oregon\n {4}decided after /,
  );
  expect(terminal.printed.out).toContain('rehearse it by a game day');
});

test('an interruption ends it between two simulations', async () => {
  const stop = new AbortController();
  const terminal = recordTerminal({ signal: stop.signal });
  const now: Now = { deployment: await example('two-regions'), where: null, starting: {} };
  const asked = predictFrom(now, { lose: 'us-east-1', seeds: 1_000 }, terminal);
  stop.abort(new Error('enough'));

  await expect(asked).rejects.toThrow();
  expect(terminal.printed.out).toBe('');
});

test('a page of 60 columns is not passed (lose=us-east-1)', async () => {
  const terminal = recordTerminal({ page: { ...plainPage, width: 60 } });
  const now: Now = { deployment: await example('two-regions'), where: null, starting: {} };
  await predictFrom(now, { lose: 'us-east-1', seeds: 1 }, terminal);

  expect(terminal.printed.out.split('\n').filter((line) => line.length > 60)).toEqual([]);
});
