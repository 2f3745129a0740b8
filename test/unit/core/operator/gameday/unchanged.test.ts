import { expect, test } from 'vitest';
import { compareSnapshots, type Snapshot } from '../../../../../src/core/operator/gameday/unchanged.ts';
import { genesis } from '../../../../../src/core/register/register.ts';

const before: Snapshot = {
  register: genesis('virginia'),
  things: [{ name: 'fence of virginia', region: 'us-east-1', state: 'as the register wants it', why: null }],
  answers: ['203.0.113.10'],
  active: 'pass',
};

test('two readings that are the same prove that nothing changed', () => {
  const { differing, unknown, facts } = compareSnapshots(before, structuredClone(before));

  expect({ differing, unknown }).toEqual({ differing: [], unknown: [] });
  expect(facts.map(({ what }) => what)).toEqual([
    'register',
    'fence of virginia in us-east-1',
    'DNS answer',
    'probes of the active site',
  ]);
});

test('a field of the register that changed is named, however long it is', () => {
  const long = { epoch: 1, atMs: 1, by: 'alice', what: 'x'.repeat(400) };
  const [was, is] = [long, { ...long, what: `${long.what}y` }].map((entry) => ({
    ...before,
    register: { ...genesis('virginia'), history: [entry] },
  }));

  expect(compareSnapshots(was as Snapshot, is as Snapshot).differing.map(({ what }) => what)).toEqual([
    'register: history',
  ]);
});

test.each<[string, Partial<Snapshot>]>([
  ['DNS answer', { answers: ['198.51.100.20'] }],
  ['probes of the active site', { active: 'fail' }],
  ['fence of virginia in us-east-1', { things: [{ ...before.things[0], state: 'it would be done' } as never] }],
])('what is seen otherwise differs: %s', (what, after) => {
  expect(compareSnapshots(before, { ...before, ...after }).differing.map((fact) => fact.what)).toEqual([what]);
});

test.each<[string, Partial<Snapshot>]>([
  ['register', { register: null }],
  ['DNS answer', { answers: null }],
  ['fence of virginia in us-east-1', { things: [] }],
])('what cannot be read again is unknown and no proof: %s', (what, after) => {
  const { differing, unknown } = compareSnapshots(before, { ...before, ...after });

  expect(differing).toEqual([]);
  expect(unknown.map((fact) => fact.what)).toEqual([what]);
});
