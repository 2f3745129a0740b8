import { expect, test } from 'vitest';
import type { Register } from '../../../../src/core/register/register.ts';
import { renamingOf, unknownSitesIn, withSitesRenamed } from '../../../../src/core/register/renaming.ts';
import { registerWith, runWith, service, serviceWith, step } from '../service.fixture.ts';

const renamed = serviceWith({ sites: { two: { renamedFrom: 'second' } } });

test('a site that the register calls by its old name is renamed', () => {
  const register = registerWith({ active: 'second', serving: ['second'] });

  expect(renamingOf(renamed, register)).toEqual({ second: 'two' });
  expect(unknownSitesIn(renamed, register)).toEqual([]);
});

test('nothing is renamed where the register has the new name, or no name at all is known', () => {
  expect(renamingOf(renamed, registerWith({ active: 'two', serving: ['two'] }))).toEqual({});
  expect(renamingOf(service, registerWith({ active: 'second', serving: ['second'] }))).toEqual({});
});

test('a site that the configuration does not have is unknown, the static endpoint is not', () => {
  expect(unknownSitesIn(service, registerWith({ active: 'second', serving: ['last-resort'] }))).toEqual(['second']);
});

test('a renaming reaches every place of the register, and only names change', () => {
  const run = runWith({ from: 'one', to: 'second', serving: ['second'] });
  const register = registerWith({
    active: 'second',
    serving: ['second'],
    ramp: { second: 50 },
    maintenance: ['second'],
    lost: ['one', 'second'],
    run,
  });

  const after = withSitesRenamed(register, { second: 'two' });

  expect(JSON.stringify(after)).not.toContain('second');
  expect(withSitesRenamed(after, { two: 'second' })).toEqual(register);
  expect({ epoch: after.epoch, state: after.run?.state }).toEqual({ epoch: register.epoch, state: run.state });
});

test('every place in which a register names a site is called by the new name, and is found under the old one', () => {
  const old = 'second';
  const owed = [{ site: old, epoch: 2, proof: 'none' as const }];
  const setbacks = [{ site: old, epoch: 2, count: 1, step: 'start' as const, detail: '', kind: 'move' as const }];
  const places: Partial<Register>[] = [
    { active: old },
    { writer: old },
    { promoting: [old] },
    { owed },
    { opening: [old] },
    { setbacks },
    { serving: [old] },
    { ramp: { [old]: 50 } },
    { maintenance: [old] },
    { lost: [old] },
    { planned: { from: old, to: 'far', atMs: 1, latestMs: 2, by: 'eve', reason: '' } },
    { planned: { from: 'far', to: old, atMs: 1, latestMs: 2, by: 'eve', reason: '' } },
    { approval: { from: old, askedMs: 1 } },
    { moves: [{ epoch: 2, kind: 'failover', from: old, to: 'far', isAcknowledged: false }] },
    { moves: [{ epoch: 2, kind: 'failback', from: 'far', to: old, isAcknowledged: false }] },
    { gameDay: { startMs: 1, untilMs: 2, home: old, to: 'far', isReturning: false } },
    { gameDay: { startMs: 1, untilMs: 2, home: 'far', to: old, isReturning: false } },
    { run: runWith({ from: old, to: 'far', serving: ['far'] }) },
    { run: runWith({ to: old, serving: ['far'] }) },
    { run: runWith({ to: 'far', serving: [old] }) },
    { run: runWith({ to: 'far', serving: ['far'], joining: [old] }) },
    { run: runWith({ to: 'far', serving: ['far'], rampBefore: { [old]: 10 } }) },
  ];

  for (const place of places) {
    const register = registerWith(place);
    const renaming = renamingOf(renamed, register);
    expect(renaming).toEqual({ [old]: 'two' });
    expect(withSitesRenamed(withSitesRenamed(register, renaming), { two: old })).toEqual(register);
    expect(JSON.stringify(withSitesRenamed(register, renaming))).not.toContain(old);
  }
});

test('what is only told is renamed along: steps, and the grounds of a run', () => {
  const register = registerWith({
    run: runWith({
      steps: [{ ...step('verify'), resource: 'second' }],
      grounds: { verdicts: { second: 'up' }, opinions: { second: { a: 'up' } }, refused: { second: ['lost'] } },
    }),
  });

  const after = withSitesRenamed(register, { second: 'two' });

  expect(JSON.stringify(after)).toBe(JSON.stringify(register).replaceAll('second', 'two'));
});

test('sites that nobody renames keep their names, in maintenance in the order of their names', () => {
  const register = registerWith({ maintenance: ['far', 'second'], lost: ['one'] });

  expect(withSitesRenamed(register, { second: 'a' })).toMatchObject({ maintenance: ['a', 'far'], lost: ['one'] });
});

test('unknown sites are told once each, by name', () => {
  const register = registerWith({ active: 'b', serving: ['b', 'a', 'one', 'last-resort'] });

  expect(unknownSitesIn(service, register)).toEqual(['a', 'b']);
});

test('a part that only another version knows is kept as it is', () => {
  const register = { ...registerWith({ active: 'second' }), later: { site: 'second' } } as Register;

  expect(renamingOf(renamed, register)).toEqual({ second: 'two' });
  expect(withSitesRenamed(register, { second: 'two' })).toMatchObject({ active: 'two', later: { site: 'second' } });
});
