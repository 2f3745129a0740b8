import { expect, test } from 'vitest';
import { renamingOf, unknownSitesIn, withSitesRenamed } from '../../../../src/core/register/renaming.ts';
import { registerWith, runWith, service, serviceWith } from '../service.fixture.ts';

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
