import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { repeatLine, strikeOf } from '../../../../src/cli/drill/drill-flags.ts';
import type { DrillFlags } from '../../../../src/cli/program.ts';

const flags = (more: Partial<DrillFlags>): DrillFlags => ({ out: 'out', ...more });
const voice = { tell: () => {} };

test.each<[Partial<DrillFlags>, string]>([
  [{}, 'kill'],
  [{ fault: 'hang' }, 'hang'],
  [{ fault: 'by-hand', config: 'a.yaml' }, 'by-hand'],
  [{ stopCommand: 'stop', config: 'a.yaml' }, 'command'],
  [{ stopCommand: 'stop', startCommand: 'start', config: 'a.yaml', runs: 3 }, 'command'],
])('the flags %j ask for %s', (more, fault) => {
  expect(strikeOf(flags(more), voice).fault).toBe(fault);
});

test.each<[Partial<DrillFlags>, string]>([
  [{ fault: 'by-hand' }, '--fault by-hand is for sites of your own: name their configuration with --config'],
  [{ stopCommand: 'stop' }, '--stop-command is for sites of your own'],
  [{ stopCommand: 'stop', fault: 'kill', config: 'a' }, '--stop-command stops the site instead of --fault kill'],
  [{ stopCommand: ' ', config: 'a' }, '--stop-command is empty'],
  [{ startCommand: 'start', config: 'a' }, '--start-command goes with --fault by-hand or --stop-command'],
  [{ wait: '10m' }, '--wait goes with --fault by-hand or --stop-command'],
  [{ fault: 'by-hand', config: 'a', wait: 'soon' }, '--wait soon: give a duration such as 30s, 10m or 1h'],
  [{ fault: 'by-hand', config: 'a', wait: '0s' }, '--wait 0s: give a duration'],
  [{ fault: 'by-hand', config: 'a', runs: 2 }, '--runs is for what needs no person'],
  [{ stopCommand: 'stop', config: 'a', runs: 2 }, '--runs 2 needs a --start-command'],
])('refuses %j in one line', (more, says) => {
  expect(() => strikeOf(flags(more), voice)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  expect(() => strikeOf(flags(more), voice)).toThrow(says);
});

test('the line that repeats a drill is what a shell takes for the same words', () => {
  const stopCommand = `ssh one "echo it's \\$HOME"`;
  const line = repeatLine(flags({ config: 'my file.yaml', stopCommand, out: 'elsewhere' }));

  const printed = execFileSync('sh', ['-c', line.replace('npx cdk-failover drill', "printf '%s\\n'")], {
    encoding: 'utf8',
  });

  expect(printed.trimEnd().split('\n')).toEqual([
    '--config',
    'my file.yaml',
    '--stop-command',
    stopCommand,
    '--out',
    'elsewhere',
  ]);
});
