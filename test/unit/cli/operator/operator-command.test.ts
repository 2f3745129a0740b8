import { describe, expect, test } from 'vitest';
import { runAgainst, watch } from '../../../../src/cli/operator/operator-command.ts';
import type { OperatorDraft } from '../../../../src/cli/operator/operator-draft.ts';
import { plainPage } from '../../../../src/cli/show/layout.ts';
import { Interruption } from '../../../../src/cli/terminal.ts';
import { type MemoryReading, memoriesIn } from '../../../../src/core/dns/readings.ts';
import { recordTerminal } from '../terminal.fixture.ts';
import { type FakeTarget, fakeTarget } from './target.fixture.ts';

const majorityDark = ['us-west-2', 'us-east-2'];
const pauseWeb: OperatorDraft = {
  verb: 'command',
  service: 'web',
  command: { verb: 'pause', reason: 'work' },
  isWaiting: true,
};

async function give(
  draft: OperatorDraft,
  target: FakeTarget = fakeTarget(),
  more: { json?: boolean; by?: string; deployment?: string; width?: number } = {},
) {
  const terminal = recordTerminal({ page: { ...plainPage, width: more.width ?? plainPage.width } });
  const { json = false, by, deployment } = more;
  const exit = await runAgainst(
    target,
    draft,
    { json, by, deployment, lab: undefined, config: undefined, isWatching: false },
    terminal,
  );
  return { exit, ...terminal.printed };
}

const unread = { kind: 'unread', why: 'denied' } as const;

const switchover = (to: string, isWaiting: boolean): OperatorDraft => ({
  verb: 'command',
  service: null,
  command: { verb: 'switchover', to },
  isWaiting,
});

describe('verbs that read', () => {
  test('status prints the layout, with --json the data', async () => {
    const status: OperatorDraft = { verb: 'status', service: null };
    const { exit, out, err } = await give(status);

    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(
      /^shop in the lab of process 1\nweb: PROTECTED: if virginia fails, oregon takes over\n {2}steady, healthy \(virginia is up\)\n {2}active: virginia since epoch 1\n/,
    );
    expect(JSON.parse((await give(status, fakeTarget(), { json: true })).out)).toMatchObject({
      deployment: 'shop',
      services: { web: { state: 'steady', active: 'virginia' } },
    });
  });

  test('status reads votes beside the tables, and tells where they lead', async () => {
    const findOracle = async () => null;
    const dns = { findOracle, readMemory: async () => unread, patienceMs: 100, keptMs: 0 };
    const { exit, out } = await give({ verb: 'status', service: null }, fakeTarget([], { dns }));

    expect(exit).toBe(0);
    expect(out).toMatch(/^web: PROTECTED: .*; whether DNS would follow is not known here/m);
    expect(out).toContain('\n  dns  oracles: unknown 3/3; memories: unknown 3/3\n');
    expect(out).toMatch(/\nus-east-1, us-west-2, us-east-2: its memory is not known \(denied\)\n$/);
  });

  test('status does not wait for votes and memories that never come', async () => {
    const never = () => new Promise<never>(() => undefined);
    const dns = { findOracle: never, readMemory: never, patienceMs: 100, keptMs: 0 };
    const target = fakeTarget([], { dns });
    const startMs = target.ports.clock.monotonicMs();

    const { exit, out } = await give({ verb: 'status', service: null }, target);
    const withThemMs = target.ports.clock.monotonicMs() - startMs;
    const plain = fakeTarget();
    await give({ verb: 'status', service: null }, plain);

    expect(exit).toBe(0);
    expect(out).toContain('its oracle is not known (no answer yet)');
    expect(withThemMs - plain.ports.clock.monotonicMs()).toBeLessThanOrEqual(500);
  });

  test('status reads the tables once more before it says that DNS leads elsewhere: a vote may be newer', async () => {
    let isMoved = false;
    let move = () => {};
    const moved = new Promise<void>((done) => {
      move = () => {
        isMoved = true;
        done();
      };
    });
    const readMemory = async (): Promise<MemoryReading> => {
      await moved;
      return { kind: 'read', states: { [memoriesIn(fakeTarget().deployment)[0]?.alarm ?? '']: 'ALARM' } };
    };
    const before = fakeTarget([], { dns: { findOracle: null, readMemory, patienceMs: 100, keptMs: 0 } });
    const after = fakeTarget([], { register: { epoch: 2, active: 'oregon', writer: 'oregon', serving: ['oregon'] } });
    const now = () => (isMoved ? after : before).ports;
    const clock = {
      wallMs: () => now().clock.wallMs(),
      monotonicMs: () => before.ports.clock.monotonicMs() + after.ports.clock.monotonicMs(),
      sleep: async (ms: number) => {
        // The tables have been read: now it is the readings of DNS that are waited for.
        if (ms === 50) move();
        await now().clock.sleep(ms);
      },
    };
    const readTable: FakeTarget['ports']['handlers']['readTable'] = async (input) => {
      const read = now().handlers.readTable;
      if (read === undefined) throw new TypeError('the fixture has tables');
      return read(input);
    };
    const ports = { ...before.ports, clock, handlers: { ...before.ports.handlers, readTable } };

    const { exit, out } = await give({ verb: 'status', service: null }, { ...before, ports });

    expect(exit).toBe(0);
    expect(out).toContain('active: oregon since epoch 2');
    expect(out).toContain('memories: oregon 3/3');
  });

  test('status without a majority cannot see, and exits 1', async () => {
    const { exit, out } = await give({ verb: 'status', service: 'web' }, fakeTarget(majorityDark));

    expect(exit).toBe(1);
    expect(out).toMatch(
      /\nweb: CANNOT SEE: [^\n]*\n {2}failsafe, no-majority[^\n]*nothing can be changed[^\n]*\n {2}active: not certain; the tables that answer say virginia since epoch 1/,
    );
  });

  test('quorum exits 0 when usable and 1 when not', async () => {
    expect(await give({ verb: 'quorum', service: 'web' })).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/\nweb: OK/),
      err: '',
    });
    expect(await give({ verb: 'quorum', service: 'web' }, fakeTarget(majorityDark))).toMatchObject({
      exit: 1,
      out: expect.stringMatching(/\nweb: NOQUORUM/),
    });
  });

  test('plan names the best site and writes nothing', async () => {
    const target = fakeTarget();
    const before = target.register();
    const { exit, out } = await give({ verb: 'plan', service: null, to: null }, target);

    expect(exit).toBe(0);
    expect(out).toMatch(/\nweb: virginia > oregon, epoch 2; nothing was written\n/);
    expect(target.register()).toBe(before);
  });
});

test('watching shows an answer once for as long as it stays the same, and ends when interrupted', async () => {
  const stop = new AbortController();
  const target = fakeTarget();
  const looks = { count: 0 };
  const terminal = recordTerminal({ signal: stop.signal });
  const readSilent = () => {
    looks.count += 1;
    if (looks.count === 3) stop.abort(new Interruption('interrupted', 130));
    return target.readSilent();
  };
  const flags = { json: false, by: undefined, lab: undefined, config: undefined, isWatching: true };

  const watching = watch({ ...target, readSilent }, { verb: 'status', service: 'web' }, flags, terminal);

  await expect(watching).rejects.toThrow('interrupted');
  expect(terminal.printed.out.match(/web: PROTECTED/g)).toHaveLength(1);
});

test('history leaves out what happened before the time asked for', async () => {
  const target = fakeTarget();
  await give(pauseWeb, target);
  const history = (sinceMs: number): OperatorDraft => ({ verb: 'history', service: null, sinceMs });
  await target.ports.clock.sleep(3_600_000);

  expect((await give(history(60_000), target)).out).toMatch(/web: nothing has happened in the last 60.0 s\n$/);
  expect((await give(history(7_200_000), target)).out).toMatch(/pause: work\n$/);
});

describe('commands', () => {
  test('an accepted command says what it did and by whom', async () => {
    const target = fakeTarget();

    expect(await give(pauseWeb, target)).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/^web is paused; automatic moves stop/),
      err: 'shop in the lab of process 1\n',
    });
    expect(target.register()).toMatchObject({ pause: { by: 'alice', reason: 'work' } });
    expect((await give({ verb: 'history', service: null, sinceMs: null }, target)).out).toMatch(
      /alice {2}pause: work\n/,
    );
  });

  test('--by names somebody else', async () => {
    const target = fakeTarget();
    await give(pauseWeb, target, { by: 'bob' });

    expect(target.register()).toMatchObject({ pause: { by: 'bob' } });
  });

  test('--no-wait returns after the decision', async () => {
    const target = fakeTarget();

    expect(await give(switchover('oregon', false), target)).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/has begun \(epoch 2\)\n$/),
    });
    expect(target.register()).toMatchObject({ epoch: 2, active: 'oregon' });
  });

  test('a move that nobody carries out fails, on standard error', async () => {
    const { exit, out, err } = await give(switchover('oregon', true));

    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toMatch(
      /\ncdk-failover: switchover of web [^\n]* has begun \(epoch 2\)\nnot begun after \d+ s: no watcher has taken it up/,
    );
  });

  test('a refusal exits 1 and changes nothing', async () => {
    const target = fakeTarget();
    await give(switchover('oregon', false), target);
    const before = target.register();
    const { exit, out, err } = await give(switchover('virginia', true), target);

    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toMatch(/\ncdk-failover: a switchover to oregon is in progress/);
    expect(target.register()).toEqual(before);
  });

  test('without a majority nothing is changed', async () => {
    const { exit, err } = await give(pauseWeb, fakeTarget(majorityDark));

    expect(exit).toBe(1);
    expect(err).toMatch(
      /\ncdk-failover: no majority of state tables answers[^\n]*nothing can be changed[^\n]*\ncdk-failover: us-west-2: no answer\ncdk-failover: us-east-2: no answer\n$/,
    );
  });
});

describe('names that do not exist exit 2', () => {
  test.each([
    [
      { verb: 'status', service: 'nosuch' } as const,
      'cdk-failover: unknown service "nosuch"; this deployment has: web\n',
    ],
    [
      switchover('mars', true),
      'shop in the lab of process 1\ncdk-failover: unknown site "mars"; service web has: virginia, oregon\n',
    ],
  ])('%j', async (draft, says) => {
    expect(await give(draft)).toEqual({ exit: 2, out: '', err: says });
  });

  test('with --json as JSON too', async () => {
    const { exit, out } = await give({ verb: 'status', service: 'nosuch' }, fakeTarget(), { json: true });

    expect(exit).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: 'unknown service "nosuch"; this deployment has: web' });
  });
});

const looks: readonly OperatorDraft[] = [
  { verb: 'status', service: null },
  { verb: 'quorum', service: null },
  { verb: 'history', service: null, sinceMs: null },
  { verb: 'explain', service: null },
  { verb: 'plan', service: null, to: null },
  { verb: 'planned', service: null },
];

test.each(looks)('--deployment of another name is refused by what only looks, too ($verb)', async (draft) => {
  await expect(give(draft, fakeTarget(), { deployment: 'bank' })).rejects.toMatchObject({
    code: 'USAGE',
    message: '--deployment says bank, and this is shop: name the file of the one you mean',
  });
  expect(await give(draft, fakeTarget(), { deployment: 'shop' })).toMatchObject({ exit: 0 });
});

test.each(looks.flatMap((draft) => [[draft.verb, draft, []] as const, [draft.verb, draft, majorityDark] as const]))(
  'no line of %s is wider than a page of 60 columns',
  async (_, draft, dark) => {
    const { out, err } = await give(draft, fakeTarget(dark), { width: 60 });

    expect(`${out}`.split('\n').filter((line) => line.length > 60)).toEqual([]);
    expect(`${out}${err}`).not.toBe('');
  },
);
