import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runGameDay } from '../../../../src/cli/gameday/gameday-command.ts';
import type { GameDayFlags } from '../../../../src/cli/gameday/gameday-verb.ts';
import { readWish } from '../../../../src/cli/gameday/gameday-wish.ts';
import { whyUnmeasurable } from '../../../../src/cli/gameday/outside-client.ts';
import { Interruption, type Terminal } from '../../../../src/cli/terminal.ts';
import { gameDayShape } from '../../../../src/config/published/gameday-schema.ts';
import { serviceOf } from '../../../../src/core/model/deployment.ts';
import type { GameDayResult } from '../../../../src/dashboard/gameday-result.ts';
import { recordTerminal } from '../terminal.fixture.ts';
import { type FakeGround, fakeGround } from './ground.fixture.ts';

async function hold(ground: FakeGround, flags: GameDayFlags, more: Partial<Terminal> = {}) {
  const terminal = recordTerminal(more);
  const exit = await runGameDay(ground, 'web', readWish({ seeds: 1, ...flags }), flags, terminal);
  const result = flags.json ? (JSON.parse(terminal.printed.out) as GameDayResult) : null;
  // Whatever it prints has the shape that is published.
  if (result !== null) expect(gameDayShape.safeParse(result).error).toBeUndefined();
  return { exit, result, ...terminal.printed };
}

async function full(ground: FakeGround, more: Partial<GameDayFlags> = {}, terminal: Partial<Terminal> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'gameday-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const flags = { full: true, fisTemplate: 'EXT1', hits: 'site', out: folder, json: true, ...more } as const;
  return { folder, ...(await hold(ground, flags, terminal)) };
}

describe('a dry run', () => {
  test('says what would happen, asks no function and writes nothing', async () => {
    const ground = fakeGround();
    const before = ground.target.register();
    const { exit, result } = await hold(ground, { json: true });

    expect(exit).toBe(0);
    expect(result).toMatchObject({
      version: 1,
      manner: 'dry-run',
      expected: { from: 'virginia', to: 'oregon', predicted: { seeds: 1, movedCount: 1 } },
      obstacles: [],
      blastRadius: [],
      changes: [],
    });
    expect(result?.expected.steps.map(({ name }) => name)).toEqual(['dns', 'verify', 'notify']);
    expect(ground.asked).toEqual([]);
    expect(ground.target.register()).toEqual(before);
  });

  test('no line is wider than the terminal, but for a word that is', async () => {
    const page = { width: 60, mark: (_: unknown, text: string) => text };
    const { out } = await hold(fakeGround(), {}, { page });

    expect(out.split('\n').filter((line) => line.length > 60)).toEqual([]);
    expect(out).toContain('AS EXPECTED: web would move from virginia to oregon');
  });

  test('the loss of a site that is not active is none', async () => {
    await expect(hold(fakeGround(), { site: 'oregon' })).rejects.toThrow('virginia is active and not oregon');
  });

  test('another deployment than the one that is meant is refused', async () => {
    await expect(hold(fakeGround(), { deployment: 'other' })).rejects.toThrow(
      '--deployment says other, and this is shop',
    );
  });
});

describe('a rehearsal', () => {
  test('proves by two readings that the active side is as before', async () => {
    const ground = fakeGround();
    const before = ground.target.register();
    const { exit, result } = await hold(ground, { rehearse: true, json: true });

    expect(exit).toBe(0);
    expect(result?.rehearsal?.standby).toMatchObject({ site: 'oregon', outcome: 'pass' });
    expect(result?.rehearsal?.active.map(({ what, isSame }) => [what, isSame])).toEqual([
      ['register', true],
      ['DNS answer', true],
      ['probes of the active site', true],
    ]);
    expect(ground.target.register()).toEqual(before);
  });

  test('a name that leads elsewhere meanwhile is told, and exits 1', async () => {
    const ground = fakeGround();
    let asked = 0;
    const resolve = async () => ({ addresses: [`203.0.113.1${asked++}`] });
    const { exit, result } = await hold({ ...ground, resolve }, { rehearse: true, json: true });

    expect(exit).toBe(1);
    expect(result?.verdict).toBe('the active side changed meanwhile: DNS answer');
  });

  test('a standby that does not answer well fails it', async () => {
    const probe = async (_: string, site: string) => ({
      outcome: site === 'oregon' ? ('fail' as const) : ('pass' as const),
      require: 'all' as const,
      probes: [],
      report: {},
      roleToJudge: null,
    });

    expect(await hold({ ...fakeGround(), probe }, { rehearse: true, json: true })).toMatchObject({
      exit: 1,
      result: { verdict: 'oregon does not answer well: no probe' },
    });
  });
});

describe('a full game day with AWS FIS', () => {
  test('fails the site, sees the move, stops the experiment and moves back', async () => {
    const ground = fakeGround();
    const { exit, result, folder } = await full(ground);

    expect(result?.verdict).toMatch(/^web moved from virginia to oregon, decided after .*, and is back at virginia$/);
    expect(exit).toBe(0);
    expect(ground.asked).toEqual(['template', 'template', 'start', 'stop']);
    expect(ground.target.register()).toMatchObject({ active: 'virginia', serving: ['virginia'], epoch: 3 });
    expect(result?.fault).toMatchObject({ kind: 'fis', abortedBy: null, isOver: true });
    expect(result?.seen).toMatchObject({ to: 'oregon', requests: null });
    expect(result?.seen?.unmeasured).toContain('a client here is not well served');
    expect(result?.changes.filter(({ isBack }) => isBack === false)).toEqual([]);
    expect(JSON.parse(await readFile(join(folder, 'gameday.json'), 'utf8'))).toEqual(result);
    expect(await readFile(join(folder, 'gameday.html'), 'utf8')).toContain('class="bound"');
  });

  test('--stay leaves the service where it went', async () => {
    const ground = fakeGround();
    const { exit, result } = await full(ground, { stay: true });

    expect(exit).toBe(0);
    expect(result?.verdict).toContain('and stays there');
    expect(ground.target.register()).toMatchObject({ active: 'oregon', epoch: 2 });
  });

  test('an alarm that begins to ring stops the experiment, and it is said', async () => {
    const ground = { ...fakeGround(), hasWatchers: false };
    const { aws } = ground;
    let reads = 0;
    const alarms = () => ({
      stateOf: async () => ({ state: reads++ === 1 ? 'ALARM' : 'OK', evaluation: null, reason: '' }),
    });
    const alarmed = { ...ground, aws: aws && { ...aws, alarms } };
    const { exit, result, err } = await full(alarmed, { abortAlarm: ['shop-errors'] });

    expect(exit).toBe(1);
    expect(err).toContain('ABORTED: alarm us-east-1/shop-errors rings');
    expect(result?.verdict).toBe('aborted: alarm us-east-1/shop-errors rings');
    expect(result?.fault?.alarms).toEqual([{ name: 'us-east-1/shop-errors', worst: 'ALARM' }]);
    expect(ground.asked.at(-1)).toBe('stop');
  });

  test.each<['OK' | 'ALARM' | null, string]>([
    ['ALARM', 'rings already; nothing was begun'],
    [null, 'there is no such metric alarm'],
  ])('nothing is begun while an alarm is not well (state=%s)', async (alarm, says) => {
    const ground = Object.assign(fakeGround(), { alarm });

    await expect(full(ground, { abortAlarm: ['shop-errors'] })).rejects.toThrow(says);
    expect(ground.asked).not.toContain('start');
  });

  test('a start whose answer was lost is found by its token, and stopped', async () => {
    const ground = Object.assign(fakeGround(), { isStartLost: true, hasWatchers: false });
    const { exit, result } = await full(ground);

    expect(exit).toBe(1);
    expect(result?.verdict).toBe('aborted: FIS did not start the experiment: no answer');
    expect(ground.asked.slice(-2)).toEqual(['find', 'stop']);
  });

  test('Ctrl-C stops the experiment before it ends', async () => {
    const ground = Object.assign(fakeGround(), { hasWatchers: false });
    const stop = new AbortController();
    const err = (text: string) => {
      if (text.startsWith('Begins')) setTimeout(() => stop.abort(new Interruption('interrupted', 130)), 50);
    };

    await expect(full(ground, {}, { signal: stop.signal, err })).rejects.toThrow();
    expect(stop.signal.reason).toBeInstanceOf(Interruption);
    expect(ground.asked.at(-1)).toBe('stop');
  });

  test('on AWS nothing is begun before the name of the deployment is typed', async () => {
    const ground = fakeGround();
    const where = { kind: 'aws', account: '111122223333', isAccountChecked: true, regions: [] } as const;
    const there = { ...ground, target: { ...ground.target, where } };

    await expect(full(there, {}, { ask: async () => 'yes' })).rejects.toThrow('"yes" is not shop; nothing was changed');
    expect(ground.asked).not.toContain('start');
  });

  test('a lab has neither experiments nor alarms', async () => {
    await expect(full({ ...fakeGround(), aws: null })).rejects.toThrow('a lab is not in AWS');
    const command = { fisTemplate: undefined, stopCommand: 'true', startCommand: 'true', abortAlarm: ['x'] };
    await expect(full({ ...fakeGround(), aws: null }, command as never)).rejects.toThrow('a lab has no alarms');
  });
});

describe('a full game day with commands', () => {
  const command = { fisTemplate: undefined, stopCommand: 'echo stopping; exit 3', startCommand: 'echo started' };

  test('a stop command that fails is ended by the start command all the same', async () => {
    const { exit, result, folder } = await full(fakeGround(), command as never);

    expect(exit).toBe(1);
    expect(result?.verdict).toBe('aborted: the stop command failed: it exited with 3: stopping');
    expect(result?.fault).toMatchObject({ end: 'ended by "echo started"', isOver: true });
    expect(await readFile(join(folder, 'start-command.log'), 'utf8')).toBe('started\n');
  });

  test('a site that does not fail in its time is said, and nothing stays broken', async () => {
    const { exit, result } = await full(fakeGround(), { ...command, stopCommand: 'true', wait: '100ms' } as never);

    expect(exit).toBe(1);
    expect(result?.verdict).toBe('aborted: virginia did not fail within 100 ms');
    expect(result?.changes.filter(({ isBack }) => isBack === false)).toEqual([]);
  });
});

test('what has no address in the configuration cannot be measured from outside', () => {
  const service = serviceOf(fakeGround().target.deployment, 'web');
  const dns = service.traffic.dns;

  expect(whyUnmeasurable(service)).toBeNull();
  expect(whyUnmeasurable({ ...service, traffic: {} })).toBe('it has no name in DNS');
  expect(
    whyUnmeasurable({
      ...service,
      traffic: { dns: dns && { ...dns, addresses: { virginia: { a: ['203.0.113.10'] } } } },
    }),
  ).toContain('no address of oregon');
});
