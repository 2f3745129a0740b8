import { describe, expect, it } from 'vitest';
import { isOnlyAt } from '../../../../src/core/dns/led-to.ts';
import { registerWith, runWith } from '../service.fixture.ts';

describe('a service that is at some sites alone', () => {
  const towards = (...serving: string[]) => runWith({ serving, state: 'running' });

  it.each([
    ['it is served there', registerWith({ serving: ['one'] }), true],
    ['one of them serves beside another', registerWith({ serving: ['one', 'far'] }), false],
    ['nobody serves', registerWith({ serving: [] }), false],
    ['a run leads there', registerWith({ serving: ['far'], run: towards('two') }), true],
    ['a run leads away from there', registerWith({ serving: ['one'], run: towards('far') }), true],
    ['a run there has failed', registerWith({ serving: ['far'], run: { ...towards('two'), state: 'failed' } }), false],
  ])('%s', (_, register, expected) => {
    expect(isOnlyAt(register, ['one', 'two'])).toBe(expected);
  });
});
