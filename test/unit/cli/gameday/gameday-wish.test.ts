import { describe, expect, test } from 'vitest';
import type { GameDayFlags } from '../../../../src/cli/gameday/gameday-verb.ts';
import { readWish, repeatLine } from '../../../../src/cli/gameday/gameday-wish.ts';

const command = { stopCommand: 'stop it', startCommand: 'start it' } as const;

describe('what the flags ask for', () => {
  test('nothing more is a dry run of the loss of a site, without a report', () => {
    expect(readWish({})).toMatchObject({ manner: 'dry-run', hits: 'site', fault: null, out: null });
  });

  test('an experiment of FIS is taken to hit the region, and takes its time', () => {
    const wish = readWish({ full: true, fisTemplate: 'EXT1' });

    expect(wish).toMatchObject({ manner: 'full', hits: 'region', waitMs: 300_000, out: 'out', isReturning: true });
    expect(wish.fault).toEqual({ kind: 'fis', template: { region: null, name: 'EXT1' }, startCommand: null });
  });

  test('a region may stand before a template and before an alarm, whose name may have slashes', () => {
    const { fault, alarms } = readWish({
      full: true,
      fisTemplate: 'eu-west-1/EXT1',
      abortAlarm: ['us-gov-east-1/a/b', 'plain'],
    });

    expect(fault).toMatchObject({ template: { region: 'eu-west-1', name: 'EXT1' } });
    expect(alarms).toEqual([
      { region: 'us-gov-east-1', name: 'a/b' },
      { region: null, name: 'plain' },
    ]);
  });

  test.each<[string, GameDayFlags]>([
    ['--rehearse writes nothing and --full does', { rehearse: true, full: true }],
    ['--full needs a fault', { full: true }],
    ['--stop-command needs a --start-command', { full: true, stopCommand: 'stop it' }],
    ['are two faults', { full: true, fisTemplate: 'EXT1', ...command }],
    ['--stop-command goes with --full', { stopCommand: 'stop it' }],
    ['--stay goes with --full', { rehearse: true, stay: true }],
    ['--start-command is empty', { full: true, stopCommand: 'stop it', startCommand: ' ' }],
    ['--wait soon: give a duration', { full: true, ...command, wait: 'soon' }],
    ['--abort-alarm " "', { full: true, ...command, abortAlarm: [' '] }],
  ])('is refused in one line: %s', (says, flags) => {
    expect(() => readWish(flags)).toThrow(says);
  });

  test('the line that repeats it holds all that matters, quoted for a shell', () => {
    const flags: GameDayFlags = { full: true, ...command, with: ['api'], stay: true, yes: true, json: true };

    expect(repeatLine('web', flags)).toBe(
      "npx cdk-failover gameday web --full --stop-command 'stop it' --start-command 'start it' --with api --stay",
    );
  });
});
