import { expect, test } from 'vitest';
import { runAgainst } from '../../../../src/cli/operator/operator-command.ts';
import { statusSchema, statusShape } from '../../../../src/config/published/status-schema.ts';
import type { ProtectionLevel } from '../../../../src/core/operator/protection.ts';
import { newRunTimes } from '../../../../src/core/register/ledger.ts';
import type { Run } from '../../../../src/core/register/run.ts';
import { type FakeTarget, fakeTarget } from '../../cli/operator/target.fixture.ts';
import { recordTerminal } from '../../cli/terminal.fixture.ts';
import { readRepository } from '../shop.fixture.ts';

const step = { region: null, after: [], state: 'done', detail: 'oracles vote for oregon' } as const;

const switchover: Run = {
  kind: 'switchover',
  epoch: 2,
  attempt: 1,
  retries: 0,
  holder: { region: 'us-west-2', invocation: 'a' },
  from: 'virginia',
  to: 'oregon',
  serving: ['oregon'],
  reason: 'operator',
  by: 'alice',
  isDataLossAllowed: false,
  isProofWaived: false,
  isShortAllowed: false,
  demand: null,
  rampBefore: {},
  steps: [{ ...step, name: 'dns', resource: 'www.shop.example' }],
  state: 'running',
  times: newRunTimes(1_767_225_600_000),
};

const paused = { by: 'alice', reason: 'network work' };

const situations: readonly (readonly [ProtectionLevel, FakeTarget])[] = [
  ['protected', fakeTarget()],
  ['protected', fakeTarget(['us-east-2'])],
  ['unprotected', fakeTarget([], { register: { pause: paused } })],
  ['unprotected', fakeTarget([], { down: ['oregon'] })],
  ['moving', fakeTarget([], { register: { epoch: 2, active: 'oregon', writer: 'virginia', run: switchover } })],
  ['stuck', fakeTarget([], { down: ['virginia', 'oregon'] })],
  [
    'moving',
    fakeTarget([], {
      register: {
        epoch: 2,
        active: 'oregon',
        run: { ...switchover, state: 'failed', steps: [{ ...step, name: 'dns', resource: 'www', state: 'failed' }] },
      },
    }),
  ],
  [
    'unprotected',
    fakeTarget([], { register: { owed: [{ site: 'oregon', epoch: 1, proof: 'closed' }], maintenance: [], lost: [] } }),
  ],
  ['cannot-see', fakeTarget(['us-west-2', 'us-east-2'])],
];

async function statusJson(
  target: FakeTarget,
): Promise<{ readonly services: { readonly web: { readonly protection: unknown } } }> {
  const terminal = recordTerminal();
  const flags = { json: true, lab: undefined, config: undefined, by: undefined, isWatching: false };
  await runAgainst(target, { verb: 'status', service: null }, flags, terminal);
  return JSON.parse(terminal.printed.out);
}

test('schemas/status.schema.json is what the shape says (npm run docs writes it)', () => {
  expect(readRepository('schemas/status.schema.json')).toBe(statusSchema());
});

test.each(situations)('status --json has the published shape, and no field besides (%s)', async (level, target) => {
  const json = await statusJson(target);

  expect(json.services.web.protection).toMatchObject({ level });
  expect(statusShape.parse(json)).toEqual(json);
});

test('every first line of status is tried', () => {
  const levels = statusShape.shape.services.valueType.shape.protection.shape.level.options;

  expect(new Set(situations.map(([level]) => level))).toEqual(new Set(levels));
});

test.each(['version', 'where', 'deployment', 'services', 'silent'])(
  'an answer without %s has not the shape',
  async (key) => {
    const json = await statusJson(fakeTarget());

    expect(statusShape.safeParse({ ...json, [key]: undefined }).success).toBe(false);
  },
);
