import { describe, expect, test } from 'vitest';
import type { Actions } from '../../../src/cli/program.ts';
import { run } from '../../../src/cli/run.ts';
import { Interruption } from '../../../src/cli/terminal.ts';
import { FailoverError } from '../../../src/core/errors.ts';
import { recordTerminal } from './terminal.fixture.ts';

/** Every verb ends in the same way; what it was asked is remembered. */
function actionsThat(end: () => number) {
  const asked: unknown[][] = [];
  const act = async (...given: unknown[]) => {
    asked.push(given);
    return end();
  };
  const actions: Actions = {
    operate: act,
    predict: act,
    doctor: act,
    init: act,
    validate: act,
    cost: act,
    tune: act,
    probe: act,
    simulate: act,
    fuzz: act,
    drill: act,
    lab: act,
    dashboard: act,
    watch: act,
    gameDay: act,
  };
  return { actions, asked };
}

async function runLine(line: string, end: () => number = () => 0, signal?: AbortSignal) {
  const terminal = recordTerminal(signal ? { signal } : {});
  const { actions, asked } = actionsThat(end);
  const exit = await run(line === '' ? [] : line.split(' '), actions, terminal, '1.2.3');
  return { exit, asked, ...terminal.printed };
}

const fail = (error: unknown) => () => {
  throw error;
};

describe('help', () => {
  const operatorVerbs = ['status', 'plan', 'switchover', 'failover', 'failback', 'pause', 'resume', 'ack'];
  const others = [
    'maintenance',
    'quorum',
    'history',
    'init',
    'validate',
    'cost',
    'probe',
    'simulate',
    'fuzz',
    'drill',
    'lab',
  ];

  test.each([...operatorVerbs, ...others])('of %s has a description, an example and --json', async (verb) => {
    const { exit, out, err } = await runLine(`${verb} --help`);

    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(new RegExp(`^Usage: cdk-failover ${verb} .*\n\n\\w.{15,}`));
    expect(out).toContain(`\nExample:\n  cdk-failover ${verb}`);
    expect(out).toContain('--json');
  });

  test('of the program lists every verb and the exit codes', async () => {
    const { exit, out } = await runLine('--help');

    expect(exit).toBe(0);
    for (const verb of [...operatorVerbs, ...others]) expect(out).toMatch(new RegExp(`\n  ${verb} `));
    expect(out).toContain('Exit codes: 0 done, 1 refused or failed');
  });

  test('is shown, with exit 2, when no verb is named', async () => {
    const { exit, out, err } = await runLine('');

    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(/^Usage: cdk-failover [\s\S]*\ncdk-failover: name a verb; "cdk-failover --help" lists them\n$/);
  });

  test('--version prints the version', async () => {
    expect(await runLine('--version')).toMatchObject({ exit: 0, out: '1.2.3\n' });
  });
});

describe('grammar', () => {
  test.each([
    ['validate a.yaml b.yaml --json', [['a.yaml', 'b.yaml'], { json: true }]],
    ['simulate scenarios --seed 7 --trace', [['scenarios'], { seed: 7, trace: true }]],
    ['simulate scenarios --campaign', [['scenarios'], { campaign: true }]],
    ['fuzz', [{}]],
    ['fuzz --seeds 500 --seed 3 --shrink --json', [{ seeds: 500, seed: 3, shrink: true, json: true }]],
    ['drill', [{ out: 'out' }]],
    ['lab --fault hang --after 30s --out x', [{ fault: 'hang', after: '30s', out: 'x' }]],
    ['fuzz --planted', [{ planted: true }]],
  ])('%s', async (line, given) => {
    const { exit, asked } = await runLine(line);

    expect(exit).toBe(0);
    expect(asked).toEqual([given.map((each) => (Array.isArray(each) ? each : expect.objectContaining(each)))]);
  });

  test.each([
    ['probe a.yaml', ['a.yaml', null, {}]],
    ['probe a.yaml web/oregon --json', ['a.yaml', 'web/oregon', { json: true }]],
  ])('%s', async (line, given) => {
    expect((await runLine(line)).asked).toEqual([given]);
  });

  test('flags of operators reach the verb', async () => {
    const { asked } = await runLine('failback web --json --by bob --yes --lab x.json');

    expect(asked).toEqual([
      [
        { verb: 'command', service: 'web', command: { verb: 'failback' }, isWaiting: true },
        { json: true, by: 'bob', lab: 'x.json', isWatching: false, isConfirmed: true },
      ],
    ]);
  });

  const reading = ['status', 'plan', 'quorum', 'explain', 'history', 'watch', 'doctor', 'validate', 'cost'];
  test.each(reading.flatMap((verb) => [`${verb} --yes`, `${verb} --by bob`]))(
    'a verb that only reads asks nobody and signs nothing: %s',
    async (line) => {
      const { exit, asked, err } = await runLine(line);

      expect({ exit, asked }).toEqual({ exit: 2, asked: [] });
      expect(err).toBe(`cdk-failover: unknown option '${line.split(' ')[1]}'\n`);
    },
  );
});

test('a program asks again itself: --watch and --json exclude each other', async () => {
  const { exit, asked, err } = await runLine('status --watch --json');

  expect({ exit, asked }).toEqual({ exit: 2, asked: [] });
  expect(err).toBe('cdk-failover: --watch is for people: leave out --json, or ask in a loop\n');
});

describe('wrong usage exits 2 with one line', () => {
  test.each([
    ['frobnicate', "cdk-failover: unknown command 'frobnicate'\n"],
    ['history --since yesterday', 'cdk-failover: --since yesterday: write a duration such as 30m or 12h\n'],
    ['status --frob', "cdk-failover: unknown option '--frob'\n"],
    [
      'lab lab.config.yaml',
      `cdk-failover: too many arguments for 'lab'. Expected 0 arguments but got 1. A file may need an option before it: see "cdk-failover lab --help"\n`,
    ],
    ['validate', `cdk-failover: missing required argument 'files': see "cdk-failover validate --help"\n`],
    ['simulate', `cdk-failover: missing required argument 'paths': see "cdk-failover simulate --help"\n`],
    ['predict', `cdk-failover: required option '--lose <name>' not specified: see "cdk-failover predict --help"\n`],
    [
      'maintenance',
      'cdk-failover: say on or off, the service and the site: cdk-failover maintenance on SERVICE SITE\n',
    ],
    ['release', 'cdk-failover: say the service and the site: cdk-failover release SERVICE SITE\n'],
    ['skip', /^cdk-failover: say the service and one step: cdk-failover skip SERVICE STEP \(steps: fence, /],
    [
      'init --path healthz',
      "cdk-failover: option '--path <path>' argument 'healthz' is invalid. Give a path that begins with a slash, such as /healthz.\n",
    ],
    ['help stauts', "cdk-failover: unknown command 'stauts' (Did you mean status?)\n"],
    ['predict --lose us-east-1 --seeds 1001', /Give 1 to 1000.\n$/],
    ['gameday web --seeds 1001', /Give 1 to 1000.\n$/],
    [
      'fuzz --seeds many',
      /^cdk-failover: option '--seeds <number>' argument 'many' is invalid. Give a whole number.\n$/,
    ],
    ['fuzz --seeds 0', /Give 1 or more.\n$/],
    [
      'drill --fault flood',
      /^cdk-failover: option '--fault <kind>' argument 'flood' is invalid. Allowed choices are kill,/,
    ],
  ])('%s', async (line, says) => {
    const { exit, asked, out, err } = await runLine(line);

    expect({ exit, asked, out }).toEqual({ exit: 2, asked: [], out: '' });
    expect(err).toMatch(says);
    expect(err.trimEnd()).not.toContain('\n');
  });

  test.each([
    ['pause', '--by', ''],
    ['pause', '--by', ' '],
    ['pause', '--by', 'alice\nbob'],
    ['gameday', '--by', '\u001B[31mred'],
    ['dashboard', '--by', 'x'.repeat(65)],
    ['pause', '--reason', ''],
    ['pause', '--reason', 'work\n2026-11-30T09:00:00Z  7  alice  resume'],
    ['pause', '--reason', '\u001B]0;title\u0007'],
    ['pause', '--reason', 'x'.repeat(201)],
    ['switchover', '--reason', '\u202Egnirts'],
    ['status', '--lab', ''],
    ['status', '--config', ''],
    ['plan', '--to', ''],
    ['drill', '--out', ''],
  ])('what a history or a path cannot hold: %s %s %j', async (...words) => {
    const terminal = recordTerminal();
    const { actions, asked } = actionsThat(() => 0);
    const exit = await run(words, actions, terminal, '1.2.3');

    expect({ exit, asked }).toEqual({ exit: 2, asked: [] });
    expect(terminal.printed.err).toMatch(
      / Give (a value, or leave the option out|one line of 1 to \d+ characters)\.\n$/,
    );
  });

  test('with --json the error is JSON on standard output as well', async () => {
    const { exit, out, err } = await runLine('frobnicate --json');

    expect(exit).toBe(2);
    expect(JSON.parse(out)).toEqual({ error: "unknown command 'frobnicate'" });
    expect(err).toBe("cdk-failover: unknown command 'frobnicate'\n");
  });
});

describe('exit codes', () => {
  test.each([0, 1, 2])('the code of the verb is the code of the program (%d)', async (code) => {
    expect(await runLine('status', () => code)).toMatchObject({ exit: code, out: '', err: '' });
  });

  test.each([
    ['CONFIG', 2],
    ['SCENARIO', 2],
    ['USAGE', 2],
    ['NOT_RUNNING', 2],
    ['NO_MAJORITY', 1],
    ['INVARIANT', 1],
    ['FAULT', 1],
  ] as const)('an error %s exits %d', async (code, exit) => {
    const ended = await runLine('status', fail(new FailoverError(code, 'it is so')));

    expect(ended).toMatchObject({ exit, out: '', err: 'cdk-failover: it is so\n' });
  });

  test('what nobody foresaw exits 1 without a stack', async () => {
    const ended = await runLine('status', fail(new TypeError('x is not a function')));

    expect(ended.exit).toBe(1);
    expect(ended.err).toBe('cdk-failover: something unforeseen happened: x is not a function; --debug shows where\n');
  });

  test.each(['--debug status', 'status --debug'])('%s prints the stack and the cause', async (line) => {
    const cause = new Error('deep down');
    const { err } = await runLine(line, fail(new FailoverError('FAULT', 'it is so', { cause })));

    expect(err).toMatch(/^cdk-failover: it is so\n[\s\S]*run\.test\.ts[\s\S]*caused by Error: deep down/);
  });

  test('an interrupted verb exits as shells expect, and says nothing', async () => {
    const stop = new AbortController();
    const end = () => {
      stop.abort(new Interruption('interrupted', 130));
      throw stop.signal.reason;
    };

    expect(await runLine('status', end, stop.signal)).toMatchObject({ exit: 130, out: '', err: '' });
  });
});
