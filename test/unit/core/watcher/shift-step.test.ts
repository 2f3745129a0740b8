import { expect, test } from 'vitest';
import { registerWith, serviceWith, step, targets } from '../service.fixture.ts';
import { dispatch, done, says } from './dispatch.fixture.ts';

const both = registerWith({ epoch: 2, serving: ['one', 'two'] });
const pool = serviceWith({
  mode: 'active-active',
  sites: { one: { capacity: 100 }, two: { capacity: 100 }, far: { capacity: 1 } },
  traffic: { targets },
});

test.each([0, 40, 120, 400])(
  'S8: a shift goes by the demand that it was decided by (demand=120, limit=90, two reports %i)',
  (load) => {
    const states = { kind: 'withdraw', serving: ['two'], demand: 120, steps: [step('targets')] } as const;
    const knowledge = {
      verdicts: { one: 'down', two: 'up', far: 'up' },
      reports: { one: { load: 0 }, two: { load } },
      dependencies: {},
    } as const;

    const { ramps, end } = dispatch('targets', pool, says(done), { states, knowledge, register: both });

    // 120 * 100 / (100 + 34) = 89.6: no less may stay at the dead site.
    expect(ramps).toEqual([{ one: 34 }]);
    expect(end).toMatchObject({ state: 'fallback', detail: '66 % shifted; more would overload two' });
  },
);
