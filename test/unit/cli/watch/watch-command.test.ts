import { describe, expect, test } from 'vitest';
import { terminalPage } from '../../../../src/cli/terminal.ts';
import { type Watched, watchTarget } from '../../../../src/cli/watch/watch-command.ts';
import type { Ports } from '../../../../src/ports/ports.ts';
import { type FakeTarget, fakeTarget, memoriesSaying } from '../operator/target.fixture.ts';
import { recordTerminal } from '../terminal.fixture.ts';

const clearScreen = '\u001B[H\u001B[J';

function watched(target: FakeTarget, more: Partial<Watched> = {}): Watched {
  const resolve = async () => ({ addresses: ['192.0.2.1'] });
  const all = { target, resolve, service: null, sliceMs: 500, forMs: 10_000, isJson: false, ...more };
  return all as Watched;
}

/** The same deployment, over tables that change after some looks. */
function turning(from: FakeTarget, to: FakeTarget, afterReads: number): FakeTarget {
  let reads = 0;
  const of = (target: FakeTarget) => target.ports.handlers.readTable as NonNullable<Ports['handlers']['readTable']>;
  const readTable = (input: Parameters<ReturnType<typeof of>>[0]) => {
    reads += 1;
    return of(reads <= afterReads ? from : to)(input);
  };
  return { ...from, ports: { ...from.ports, handlers: { ...from.ports.handlers, readTable } } };
}

/** A deployment whose first site is found down after ten looks. */
const failing = () => turning(fakeTarget(), fakeTarget([], { down: ['virginia'] }), 30);

describe('elsewhere than on a terminal', () => {
  test('prints what is so at first, and then a line a change', async () => {
    const terminal = recordTerminal();

    await watchTarget(watched(failing()), terminal);

    const lines = terminal.printed.out.trimEnd().split('\n').slice(1);
    expect(lines.every((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}web: .+: .+ > .+/.test(line))).toBe(true);
    expect(lines.filter((line) => line.includes('new > '))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('verdict on virginia: up > down'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('us-east-1 on virginia: up > down'))).toHaveLength(1);
    expect(terminal.printed.out).not.toContain('\u001B');
  });

  test('says where DNS leads clients elsewhere, as status does', async () => {
    const terminal = recordTerminal();

    await watchTarget(watched(fakeTarget([], { dns: memoriesSaying(() => 'ALARM') })), terminal);

    expect(terminal.printed.out).toContain(
      'UNPROTECTED (DNS leads clients to oregon, and the register to virginia (memories: oregon 3/3))',
    );
  });

  test('prints nothing while nothing changes', async () => {
    const terminal = recordTerminal();

    await watchTarget(watched(fakeTarget(), { forMs: 60_000 }), terminal);

    expect(
      terminal.printed.out
        .trimEnd()
        .split('\n')
        .filter((line) => !line.includes('new > ')),
    ).toHaveLength(1);
  });

  test('prints JSON, an object a line', async () => {
    const terminal = recordTerminal();

    await watchTarget(watched(failing(), { isJson: true }), terminal);

    const changes = terminal.printed.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(changes).toContainEqual(
      expect.objectContaining({ service: 'web', name: 'verdict on virginia', before: 'up', after: 'down' }),
    );
  });

  test.each([
    ['seen', null],
    ['not seen', new Error('the clock stands still')],
  ])('tells whether anything was %s', async (_, fault) => {
    const target = fakeTarget();
    const wallMs = () => {
      if (fault !== null) throw fault;
      return target.ports.clock.wallMs();
    };
    const clock = { ...target.ports.clock, wallMs };

    const hasSeen = await watchTarget(watched({ ...target, ports: { ...target.ports, clock } }), recordTerminal());

    expect(hasSeen).toBe(fault === null);
  });

  test('says once that it cannot see, and goes on', async () => {
    const target = fakeTarget();
    let looks = 0;
    const clock = {
      ...target.ports.clock,
      wallMs: () => {
        looks += 1;
        if (looks < 20) throw new Error('the clock stands still');
        return target.ports.clock.wallMs();
      },
    };
    const terminal = recordTerminal();

    await watchTarget(watched({ ...target, ports: { ...target.ports, clock } }), terminal);

    expect(terminal.printed.err).toBe('cdk-failover: cannot see: the clock stands still\n');
    expect(terminal.printed.out).toContain('protection: new > PROTECTED');
  });
});

describe('on a terminal', () => {
  test.each([80, 60])('no line is wider than it (width=%i)', async (width) => {
    const terminal = recordTerminal({ page: terminalPage(width, false) });

    await watchTarget(watched(failing()), terminal);

    const frames = terminal.printed.out.split(clearScreen).slice(1);
    expect(frames.length).toBeGreaterThan(3);
    expect(Math.max(...frames.flatMap((frame) => frame.split('\n').map(({ length }) => length)))).toBeLessThanOrEqual(
      width,
    );
    expect(frames.at(-1)).toMatch(/us-east-1 on virginia +\.*-+X+\n/);
    expect(frames.at(-1)).toMatch(/register +\.*virginia=+\n/);
    expect(frames.at(-1)).toMatch(/verdict on virginia: up > down/);
  });

  test('colour is left out where it is not wanted, and is no part of the width where it is', async () => {
    const [plain, coloured] = [false, true].map((has) => recordTerminal({ page: terminalPage(80, has) }));

    for (const terminal of [plain, coloured]) if (terminal) await watchTarget(watched(failing()), terminal);

    const last = (text = '') => text.split(clearScreen).at(-1) ?? '';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours are what is looked for.
    const stripped = last(coloured?.printed.out).replace(/\u001B\[[\d;]+m/g, '');
    expect(last(plain?.printed.out)).not.toContain('\u001B');
    expect(last(coloured?.printed.out)).toContain('\u001B[1;31mX');
    expect(stripped).toBe(last(plain?.printed.out));
  });
});

test('an interruption ends it at once, and without an error', async () => {
  const end = new AbortController();
  const terminal = recordTerminal({ signal: end.signal });
  const target = fakeTarget();
  let sleeps = 0;
  const clock = {
    ...target.ports.clock,
    sleep: async (ms: number) => {
      sleeps += 1;
      if (sleeps === 5) end.abort(new Error('interrupted'));
      await target.ports.clock.sleep(ms);
    },
  };

  await watchTarget(
    watched({ ...target, ports: { ...target.ports, clock } }, { forMs: Number.POSITIVE_INFINITY }),
    terminal,
  );

  expect(sleeps).toBe(5);
});
